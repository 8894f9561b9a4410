"""A day is anchored once, and every anchor is published until it is noted as published."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.cryptography.signer import is_signed_ed25519, signer_of
from bitten_adapters.memory.anchor_publisher import MemoryAnchorPublisher
from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_domain.errors import Conflict, Unavailable
from bitten_domain.record.anchor import key_id_of, root_over, signing_bytes
from bitten_domain.use_cases.platform.anchor_day import AnchorDay, AnchorDayCommand, AnchorDayResult
from bitten_domain.use_cases.platform.stored_journal import StoredJournal
from bitten_domain.use_cases.platform.verify_journal import VerifyJournal, VerifyJournalCommand

if TYPE_CHECKING:
    from bitten_domain.record.anchor import Anchor
    from bitten_domain.record.journal_row import StreamHead

SIGNER = signer_of(bytes(range(32)))
DAY = 20_454
EVENING = DAY * 86_400 + 79_200


class Ticking:
    """A clock that goes on by a second each time it is read."""

    def __init__(self) -> None:
        self._seconds = count(EVENING)

    def now(self) -> datetime:
        return datetime.fromtimestamp(next(self._seconds), UTC)

    def monotonic_seconds(self) -> float:
        return 0.0


class Shaky(MemoryAnchorPublisher):
    """A place that is down for its first calls, after which it may have taken the anchor or not."""

    def __init__(self, failures: int, takes: bool) -> None:
        super().__init__()
        self._failures = failures
        self._takes = takes

    async def publish(self, anchor: Anchor) -> None:
        self._failures -= 1
        if self._failures >= 0 and not self._takes:
            raise Unavailable("the place is down")
        await super().publish(anchor)
        if self._failures >= 0:
            raise Unavailable("the answer was lost")


def store() -> MemoryUnitOfWork:
    salts = count()
    return MemoryUnitOfWork(lambda: next(salts).to_bytes(16))


def written(unit_of_work: MemoryUnitOfWork, *payloads: bytes) -> StreamHead:
    return asyncio.run(unit_of_work.run(lambda repositories: repositories.journal.append("system", payloads)))


def kept(unit_of_work: MemoryUnitOfWork) -> tuple[Anchor, ...]:
    return asyncio.run(unit_of_work.read(lambda repositories: repositories.anchors.all()))


def closed(
    unit_of_work: MemoryUnitOfWork, publisher: MemoryAnchorPublisher, day: int = DAY, clock: Ticking | None = None
) -> AnchorDayResult:
    use_case = AnchorDay(unit_of_work, SIGNER, publisher, clock or Ticking())
    return asyncio.run(use_case(AnchorDayCommand(day)))


def test_given_a_journal_when_a_day_is_closed_then_its_heads_are_signed_kept_published_and_noted() -> None:
    unit_of_work, publisher = store(), MemoryAnchorPublisher()
    head = written(unit_of_work, b"one", b"two")

    result = closed(unit_of_work, publisher)

    (anchor,) = kept(unit_of_work)
    statement = signing_bytes(DAY, EVENING, root_over((head,)), 1, key_id_of(SIGNER.public_key))
    assert (anchor.heads, anchor.root, anchor.at) == ((head,), root_over((head,)), EVENING)
    assert is_signed_ed25519(SIGNER.public_key, statement, anchor.signature)
    assert anchor.published_at == EVENING + 1
    assert [each.day for each in asyncio.run(publisher.published())] == [DAY]
    assert (result.published, result.waiting, result.reason) == ((DAY,), (), "")


def test_given_a_closed_day_when_closed_again_then_the_first_anchor_stands() -> None:
    unit_of_work, publisher, clock = store(), MemoryAnchorPublisher(), Ticking()
    written(unit_of_work, b"one")
    closed(unit_of_work, publisher, clock=clock)
    first = kept(unit_of_work)
    written(unit_of_work, b"two")

    again = closed(unit_of_work, publisher, clock=clock)

    assert kept(unit_of_work) == first
    assert again.published == ()
    assert len(asyncio.run(publisher.published())) == 1


@pytest.mark.parametrize("takes", [False, True])
def test_given_a_place_that_fails_when_days_are_closed_then_their_anchors_are_published_later_in_order(
    takes: bool,
) -> None:
    unit_of_work, publisher, clock = store(), Shaky(2, takes), Ticking()
    results = []
    for day in (DAY, DAY + 1, DAY + 2):
        written(unit_of_work, b"row")
        results.append(closed(unit_of_work, publisher, day, clock))

    assert [result.waiting for result in results] == [(DAY,), (DAY, DAY + 1), ()]
    assert [bool(result.reason) for result in results] == [True, True, False]
    assert [anchor.day for anchor in asyncio.run(publisher.published())] == [DAY, DAY + 1, DAY + 2]
    assert all(anchor.published_at is not None for anchor in kept(unit_of_work))


def test_given_another_anchor_out_there_when_published_then_the_caller_is_told() -> None:
    unit_of_work, publisher = store(), MemoryAnchorPublisher()
    written(unit_of_work, b"one")
    closed(store(), publisher)

    with pytest.raises(Conflict):
        closed(unit_of_work, publisher)


def test_given_an_empty_journal_when_a_day_is_closed_then_that_there_was_nothing_is_anchored() -> None:
    unit_of_work = store()

    result = closed(unit_of_work, MemoryAnchorPublisher())

    assert result.anchor.heads == ()


def test_given_a_stored_journal_when_verified_then_its_rows_are_proven_up_to_the_anchor() -> None:
    unit_of_work, publisher = store(), MemoryAnchorPublisher()
    written(unit_of_work, b"one", b"two")
    closed(unit_of_work, publisher)
    written(unit_of_work, b"three")
    asyncio.run(unit_of_work.run(lambda repositories: repositories.journal.erase("system", 1)))
    command = VerifyJournalCommand(SIGNER.public_key, asyncio.run(publisher.published()))

    verdict = asyncio.run(VerifyJournal(StoredJournal(unit_of_work), is_signed_ed25519)(command))

    assert verdict.is_intact, verdict.findings
    assert (verdict.rows, verdict.proven_rows, verdict.erased) == (3, 2, 1)
