"""Keys, addresses and exports: sealed by one's own key, read by oneself, gone with the key."""

from __future__ import annotations

import asyncio
from itertools import count
from secrets import token_bytes
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.cryptography.blind_index import HmacBlindIndex
from bitten_adapters.cryptography.vault import AesGcmVault
from bitten_adapters.files.privacy.export_shelf import FolderExportShelf
from bitten_adapters.files.privacy.zip_archive import zip_archive
from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_adapters.system.identity import SystemIdentity
from bitten_adapters.system.tokens import os_token
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.errors import InvalidInput
from bitten_domain.membership.denial import Denial, DenialCode
from bitten_domain.membership.privacy import ErasureEntry
from bitten_domain.ports.membership.person_data import PersonTable
from bitten_domain.use_cases.privacy.email import ReadEmail, RemoveEmail, SetEmail
from bitten_domain.use_cases.privacy.erase_person import erase_person
from bitten_domain.use_cases.privacy.export_data import AskedExport, AskExport, BuildExport, FetchExport
from bitten_domain.use_cases.privacy.personal_rows import JournalSearched
from bitten_domain.use_cases.privacy.sealing import RotateVaultKeys, key_for, key_place
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeVar

    from bitten_domain.ports.unit_of_work import Repositories

    T = TypeVar("T")

ANN, BEN = UserId("user-1"), UserId("user-2")
NOW = s.NOON
OLD, NEW = token_bytes(32), token_bytes(32)
INDEX = HmacBlindIndex(token_bytes(32))
VAULT = AesGcmVault([OLD])


@pytest.fixture
def store() -> MemoryUnitOfWork:
    numbers = count(1)
    made = MemoryUnitOfWork(lambda: next(numbers).to_bytes(16, "big"))
    asyncio.run(made.run(lambda r: s.add_accounts(r, 2)))
    return made


def erase(store: MemoryUnitOfWork, user: UserId) -> None:
    nothing = JournalSearched((), {})
    asyncio.run(store.run(lambda r: erase_person(r, ErasureEntry(user, NOW), nothing, NOW)))


async def source(user_id: UserId) -> tuple[PersonTable, ...]:
    return (PersonTable("users", ("public_id", "rank"), ((user_id, "ELITE"),)),)


# Addresses


def test_given_an_address_when_kept_then_it_is_sealed_and_its_person_reads_it_as_it_was_given(
    store: MemoryUnitOfWork,
) -> None:
    asyncio.run(SetEmail(store, VAULT, INDEX)(ANN, "  Ann@Example.org ", NOW))

    kept = asyncio.run(store.read(lambda r: r.emails.get(ANN)))
    assert kept is not None
    assert b"xample" not in kept.sealed.ciphertext + kept.sealed.nonce + kept.index
    assert asyncio.run(ReadEmail(store, VAULT)(ANN)) == "Ann@Example.org"
    assert asyncio.run(store.read(lambda r: r.emails.by_index(INDEX("email", b"ann@example.org")))) == (ANN,)
    assert asyncio.run(ReadEmail(store, VAULT)(BEN)) is None


def test_given_two_persons_of_one_address_when_kept_then_neither_learns_of_the_other(store: MemoryUnitOfWork) -> None:
    for user in (ANN, BEN):
        asyncio.run(SetEmail(store, VAULT, INDEX)(user, "both@example.org", NOW))

    sealed = [asyncio.run(store.read(lambda r, user=user: r.emails.get(user))) for user in (ANN, BEN)]  # type: ignore[misc]
    assert sealed[0] is not None
    assert sealed[1] is not None
    assert sealed[0].sealed != sealed[1].sealed
    assert asyncio.run(RemoveEmail(store)(ANN, NOW)) is True
    assert asyncio.run(ReadEmail(store, VAULT)(BEN)) == "both@example.org"


def test_given_what_is_no_address_when_set_then_it_is_refused_and_not_repeated(store: MemoryUnitOfWork) -> None:
    with pytest.raises(InvalidInput) as refused:
        asyncio.run(SetEmail(store, VAULT, INDEX)(ANN, "secret words", NOW))

    assert "secret" not in str(refused.value)


# Keys


def test_given_a_new_key_of_the_operator_when_keys_are_rotated_then_the_old_one_is_needed_no_more(
    store: MemoryUnitOfWork,
) -> None:
    for user in (ANN, BEN):
        asyncio.run(SetEmail(store, VAULT, INDEX)(user, f"{user}@example.org", NOW))
    erase(store, BEN)
    both = AesGcmVault([OLD, NEW])

    first, second = (asyncio.run(RotateVaultKeys(store, both)(NOW)) for _ in range(2))

    assert (first, second) == (1, 0)
    assert asyncio.run(ReadEmail(store, AesGcmVault([NEW]))(ANN)) == "user-1@example.org"
    with pytest.raises(InvalidInput, match="is not there"):
        asyncio.run(ReadEmail(store, AesGcmVault([OLD]))(ANN))


def test_given_a_key_sealed_by_one_that_is_gone_when_rotated_then_it_says_which_and_changes_nothing(
    store: MemoryUnitOfWork,
) -> None:
    sealed, _ = asyncio.run(key_for(store, VAULT, ANN, NOW))

    with pytest.raises(InvalidInput, match=sealed.key_id):
        asyncio.run(RotateVaultKeys(store, AesGcmVault([NEW]))(NOW))

    kept = asyncio.run(store.read(lambda r: r.person_keys.get(ANN)))
    assert kept is not None
    assert kept.sealed == sealed


def test_given_a_key_that_is_destroyed_while_it_is_rotated_when_both_are_over_then_it_stays_destroyed(
    store: MemoryUnitOfWork,
) -> None:
    asyncio.run(key_for(store, VAULT, ANN, NOW))
    both = AesGcmVault([OLD, NEW])

    class Meanwhile:
        """Lets the person be erased between the reading of the keys and the writing of one."""

        async def read(self, work: Callable[[Repositories], T]) -> T:
            found = await store.read(work)
            await store.run(lambda r: erase_person(r, ErasureEntry(ANN, NOW), JournalSearched((), {}), NOW))
            return found

        async def run(self, work: Callable[[Repositories], T]) -> T:
            return await store.run(work)

    assert asyncio.run(RotateVaultKeys(Meanwhile(), both)(NOW)) == 0
    kept = asyncio.run(store.read(lambda r: r.person_keys.get(ANN)))
    assert kept is not None
    assert kept.sealed is None


def test_given_somebody_who_was_erased_when_something_is_sealed_for_them_then_it_is_refused(
    store: MemoryUnitOfWork,
) -> None:
    erase(store, ANN)

    with pytest.raises(InvalidInput, match="there is no person"):
        asyncio.run(SetEmail(store, VAULT, INDEX)(ANN, "ann@example.org", NOW))
    assert asyncio.run(store.read(lambda r: r.emails.get(ANN))) is None


def test_given_a_key_when_asked_for_again_then_it_is_the_same(store: MemoryUnitOfWork) -> None:
    first, second = (asyncio.run(key_for(store, VAULT, ANN, NOW + later)) for later in (0, 9))

    assert first == second
    assert first[1] == key_place(ANN)


# Exports


def asked(store: MemoryUnitOfWork, at: int = NOW, user: UserId = ANN) -> AskedExport | Denial:
    return asyncio.run(AskExport(store, SystemIdentity(), os_token)(user, at))


def built(store: MemoryUnitOfWork, shelf: FolderExportShelf, at: int = NOW) -> AskedExport:
    answer = asked(store, at)
    assert isinstance(answer, AskedExport)
    asyncio.run(BuildExport(store, source, VAULT, zip_archive, shelf)(answer.request, at))
    return answer


def test_given_many_who_ask_at_once_when_answered_then_one_export_a_day_is_given(store: MemoryUnitOfWork) -> None:
    answers = [asked(store, NOW + second) for second in (0, 0, 86_399, 86_400)]

    assert [isinstance(answer, AskedExport) for answer in answers] == [True, False, False, True]
    assert isinstance(asked(store, NOW, BEN), AskedExport)


def test_given_an_export_when_fetched_twice_in_the_same_second_then_once_is_all(
    store: MemoryUnitOfWork, tmp_path: Path
) -> None:
    shelf = FolderExportShelf(tmp_path)
    export = built(store, shelf)
    fetch = FetchExport(store, VAULT, shelf)

    async def both() -> list[object]:
        return list(await asyncio.gather(fetch(export.token, NOW + 5), fetch(export.token, NOW + 5)))

    answers = asyncio.run(both())

    assert sorted(isinstance(answer, bytes) for answer in answers) == [False, True]
    assert shelf.read(export.request.export_id) is None


def test_given_an_export_that_is_not_ready_when_fetched_then_the_link_does_not_work(
    store: MemoryUnitOfWork, tmp_path: Path
) -> None:
    answer = asked(store)
    assert isinstance(answer, AskedExport)

    denied = asyncio.run(FetchExport(store, VAULT, FolderExportShelf(tmp_path))(answer.token, NOW))

    assert isinstance(denied, Denial)
    assert denied.codes == (DenialCode.LINK_NOT_VALID,)


def test_given_a_person_who_is_erased_while_their_export_is_built_when_it_ends_then_no_file_waits(
    store: MemoryUnitOfWork, tmp_path: Path
) -> None:
    shelf = FolderExportShelf(tmp_path)
    answer = asked(store)
    assert isinstance(answer, AskedExport)

    async def leaving(user_id: UserId) -> tuple[PersonTable, ...]:
        read = await source(user_id)
        await store.run(lambda r: erase_person(r, ErasureEntry(ANN, NOW), JournalSearched((), {}), NOW))
        return read

    with pytest.raises(InvalidInput):
        asyncio.run(BuildExport(store, leaving, VAULT, zip_archive, shelf)(answer.request, NOW))
    assert list(tmp_path.iterdir()) == []


def test_given_each_step_when_done_then_it_is_noted_without_anything_personal(
    store: MemoryUnitOfWork, tmp_path: Path
) -> None:
    shelf = FolderExportShelf(tmp_path)
    asyncio.run(SetEmail(store, VAULT, INDEX)(ANN, "ann@example.org", NOW))
    export = built(store, shelf)
    asyncio.run(FetchExport(store, VAULT, shelf)(export.token, NOW))
    asyncio.run(RemoveEmail(store)(ANN, NOW))

    def read(r: Repositories) -> list[tuple[str, str, str]]:
        return [(one.action, one.subject, one.detail) for one in reversed(r.audit.recent(99))]

    assert asyncio.run(store.read(read)) == [
        (action, ANN, "{}")
        for action in ("EMAIL_SET", "EXPORT_ASKED", "EXPORT_READY", "EXPORT_FETCHED", "EMAIL_REMOVED")
    ]
