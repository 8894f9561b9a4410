"""Two persons with trades, points and a diary; one is erased: nothing of hers is left anywhere, all of his is."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.cryptography.signer import is_signed_ed25519, signer_of
from bitten_adapters.files.journal.sink import FolderJournalSink
from bitten_adapters.files.privacy.zip_archive import zip_archive
from bitten_adapters.memory.anchor_publisher import MemoryAnchorPublisher
from bitten_adapters.replay.clock import ReplayClock
from bitten_adapters.system.identity import SystemIdentity
from bitten_adapters.system.tokens import os_token
from bitten_apps.testkit.privacy.planted import ANN, BEN
from bitten_apps.testkit.privacy.traces import needles, traces
from bitten_apps.testkit.unit_of_work.member_samples import telegram_key
from bitten_apps.testkit.unit_of_work.samples import NOON, account_id
from bitten_domain.errors import InvalidInput
from bitten_domain.membership import Person
from bitten_domain.membership.denial import Denial
from bitten_domain.membership.privacy import ErasureEntry
from bitten_domain.membership.privacy import Place as StorePlace
from bitten_domain.use_cases.platform.anchor_day import AnchorDay, AnchorDayCommand
from bitten_domain.use_cases.platform.export_journal import ExportJournal
from bitten_domain.use_cases.platform.stored_journal import StoredJournal
from bitten_domain.use_cases.platform.verify_journal import VerifyJournal, VerifyJournalCommand
from bitten_domain.use_cases.privacy.deletion import AskDeletion, ConfirmDeletion, UndoDeletion
from bitten_domain.use_cases.privacy.email import ReadEmail
from bitten_domain.use_cases.privacy.export_data import AskedExport, AskExport, BuildExport, FetchExport
from bitten_domain.use_cases.privacy.forgetters import FORGETTERS
from bitten_domain.vocabulary import AccountStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_apps.testkit.privacy.place import Place
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.record.verification import Verdict
    from bitten_domain.use_cases.privacy.carry_out import CarriedOut
    from bitten_domain.use_cases.privacy.forgetters import Forgetter
    from bitten_domain.values import UserId

ASKED = NOON + 10_000
DUE = ASKED + 7 * 86_400
SEALED_AT = StorePlace("user_emails", "ciphertext", ANN.user_id)
SIGNER = signer_of(bytes(range(32)))


async def nothing(_user: UserId) -> None:
    """Pause nobody."""


def confirmed(place: Place) -> None:
    """Let Ann ask for her deletion and confirm it."""

    async def both() -> None:
        await AskDeletion(place.store, SystemIdentity())(ANN.user_id, ASKED)
        await ConfirmDeletion(place.store, nothing)(ANN.user_id, ASKED)

    asyncio.run(both())


def exported(place: Place) -> str:
    """Let Ann's data be built and wait; give its token."""

    async def built() -> str:
        asked = await AskExport(place.store, SystemIdentity(), os_token)(ANN.user_id, ASKED)
        assert isinstance(asked, AskedExport)
        build = BuildExport(place.store, place.source, place.vault, zip_archive, place.shelf)
        await build(asked.request, ASKED)
        return asked.token

    return asyncio.run(built())


def anchored(place: Place) -> None:
    publish = AnchorDay(place.store, SIGNER, MemoryAnchorPublisher(), ReplayClock())
    asyncio.run(publish(AnchorDayCommand(19_724)))


def verified(place: Place) -> Verdict:
    command = VerifyJournalCommand(SIGNER.public_key)
    return asyncio.run(VerifyJournal(StoredJournal(place.store), is_signed_ed25519)(command))


def carried_out(place: Place, at: int = DUE, forgetters: Mapping[str, Forgetter] = FORGETTERS) -> CarriedOut:
    return asyncio.run(place.carry_out(forgetters)(at))


def found(place: Place, who: object = ANN) -> dict[str, list[str]]:
    wanted = needles(ANN if who is ANN else BEN, is_binary_store=place.is_sqlite)
    return {name: hits for name, content in place.contents().items() if (hits := traces(content, wanted))}


def books(r: Repositories) -> list[object]:
    """Read what must add up as before: balances, ledgers, points."""
    rows: list[object] = []
    for planted in (ANN, BEN):
        account = r.accounts.get(account_id(planted.number))
        total = r.deals.total(account_id(planted.number))
        assert account is not None
        assert total is not None
        assert account.balance == account.opening + total
        rows += [account, total, r.xp.totals(planted.user_id), r.trades.recent(account.account_id, 99)]
        rows += [r.positions.open(account.account_id), r.market_days.briefed_at(planted.user_id, 19_723)]
    return rows


def test_given_two_persons_when_nothing_is_erased_then_the_search_finds_each_of_her_things(place: Place) -> None:
    place.scrub_now()
    hits = {name for names in found(place).values() for name in names}

    wanted = set(needles(ANN, is_binary_store=place.is_sqlite))
    sealed = {name for name in wanted if "email" in name}
    # Her address stands unsealed in a row of the journal only, which PostgreSQL dumps in hex.
    assert wanted - hits <= {name for name in wanted if name.endswith("in hex")} | sealed | {"email"}
    assert {"telegram_id", "callsign", "zone", "pseudonym", "diary", "said", "told"} <= hits
    assert hits & sealed


def test_given_two_persons_when_one_is_erased_then_nothing_of_hers_is_in_any_byte_and_all_of_his_is(
    place: Place,
) -> None:
    exported(place)
    anchored(place)
    confirmed(place)
    his = asyncio.run(place.source(BEN.user_id))
    before = place.read(books)
    rows = verified(place).rows

    assert carried_out(place).done == (ANN.user_id,)

    assert found(place) == {}
    place.store.close()
    assert found(place) == {}
    place.reopen()
    assert asyncio.run(place.source(BEN.user_id)) == his
    assert asyncio.run(ReadEmail(place.store, place.vault)(BEN.user_id)) == BEN.email
    assert place.read(books) == before
    verdict = verified(place)
    # A row of her account's stream and one of the system's are personal.
    assert (verdict.is_intact, verdict.rows, verdict.erased) == (True, rows, 2)
    hits = {name for names in found(place, BEN).values() for name in names}
    assert {"telegram_id", "callsign", "zone", "pseudonym", "diary", "said", "told"} <= hits


def test_given_an_erasure_when_the_journal_is_exported_then_its_files_hold_nothing_of_hers(place: Place) -> None:
    confirmed(place)
    carried_out(place)

    asyncio.run(ExportJournal(place.store, FolderJournalSink(place.folder / "journal"))())

    assert (place.folder / "journal").is_dir()
    assert found(place) == {}


@pytest.mark.parametrize("left_out", sorted(set(FORGETTERS) - {"person_keys", "mandates", "export_requests"}))
def test_given_a_forgetter_that_is_left_out_when_one_is_erased_then_something_of_hers_is_found(
    place: Place, left_out: str
) -> None:
    # Some tables are one record to the domain, and have one forgetter.
    forgetters = {table: forget for table, forget in FORGETTERS.items() if forget is not FORGETTERS[left_out]}
    confirmed(place)

    carried_out(place, forgetters=forgetters)

    rows = {table.name: table.rows for table in asyncio.run(place.source(ANN.user_id))}
    assert found(place) or rows[left_out]


def test_given_sqlite_when_what_was_deleted_is_not_overwritten_then_something_of_hers_is_found(place: Place) -> None:
    async def no_scrub() -> None:
        """Overwrite nothing."""

    confirmed(place)

    asyncio.run(replace(place.carry_out(), scrub=no_scrub)(DUE))

    # A dump shows rows that are there; a file shows what was there too.
    assert bool(found(place)) is place.is_sqlite


def test_given_an_erasure_when_it_is_done_then_what_is_left_of_her_is_an_id_and_what_books_point_to(
    place: Place,
) -> None:
    exported(place)
    confirmed(place)

    carried_out(place)

    left = place.read(lambda r: r.people.get(ANN.user_id))
    assert left == Person(ANN.user_id, NOON, status=AccountStatus.DELETED)
    rows = {table.name: len(table.rows) for table in asyncio.run(place.source(ANN.user_id)) if table.rows}
    assert set(rows) == {
        "accounts", "audit_log", "deals", "deletion_requests", "dispatches", "erasures", "fire_attempts",
        "fire_intents", "gateway_events", "journal", "journal_streams", "mandates", "market_days",
        "payment_transactions", "person_keys", "positions", "reservations", "risk_sessions", "trades", "user_choices",
        "user_profiles", "user_subscriptions", "users", "xp_transactions",
    }  # fmt: skip
    assert place.read(lambda r: r.mandates.standing(account_id(ANN.number))) is None
    assert place.read(lambda r: r.people.by_telegram(ANN.telegram_id)) is None
    # Each Telegram id has one pass and one trial for ever: the keyed hash stays, and belongs to nobody.
    kept = place.read(lambda r: (r.press_passes.by_key(telegram_key(1)), r.trials.by_key(telegram_key(1))))
    assert None not in kept
    assert [None if one is None else one.user_id for one in kept] == [None, None]


def test_given_a_copy_of_the_store_from_before_when_the_key_is_destroyed_then_what_was_sealed_opens_nowhere(
    place: Place,
) -> None:
    token = exported(place)
    kept = place.read(lambda r: r.emails.get(ANN.user_id))
    confirmed(place)
    carried_out(place)

    answer = asyncio.run(FetchExport(place.store, place.vault, place.shelf)(token, DUE))
    assert isinstance(answer, Denial)
    assert kept is not None
    key = place.read(lambda r: r.person_keys.get(ANN.user_id))
    assert key is not None
    assert key.sealed is None
    with pytest.raises(InvalidInput, match="is not there"):
        place.vault.open(kept.sealed, SEALED_AT)


def test_given_an_erasure_when_it_is_carried_out_again_then_nothing_changes(place: Place) -> None:
    confirmed(place)
    carried_out(place)
    before = place.read(lambda r: (r.audit.recent(99), r.erasures.all(), r.deletions.of(ANN.user_id)))

    assert carried_out(place, DUE + 5) == ((), {})

    assert place.read(lambda r: (r.audit.recent(99), r.erasures.all(), r.deletions.of(ANN.user_id))) == before
    assert place.erasure_list.all() == (ErasureEntry(ANN.user_id, DUE),)


def test_given_a_deletion_that_is_due_when_it_is_taken_back_at_the_same_time_then_one_of_both_happens(
    place: Place,
) -> None:
    confirmed(place)

    async def race() -> tuple[object, object]:
        undo = UndoDeletion(place.store)
        return await asyncio.gather(place.carry_out()(DUE), undo(ANN.user_id, DUE), return_exceptions=True)

    done, undone = asyncio.run(race())

    (request,) = place.read(lambda r: r.deletions.of(ANN.user_id))
    person = place.read(lambda r: r.people.get(ANN.user_id))
    assert person is not None
    is_erased = person.status is AccountStatus.DELETED
    assert is_erased is (request.done_at is not None)
    assert is_erased is not (request.withdrawn_at is not None)
    assert is_erased is isinstance(undone, InvalidInput)
    assert is_erased is bool(done.done)  # type: ignore[attr-defined]
    assert is_erased is (place.read(lambda r: r.diary.recent(ANN.user_id, 1)) == ())
