"""Signals of a run are written, anchored and published; of each it can be shown whether that was before its entry."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING

from bitten_adapters.cryptography.signer import is_signed_ed25519, signer_of
from bitten_adapters.memory.anchor_publisher import MemoryAnchorPublisher
from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_domain.desk.decisions import SignalEmitted
from bitten_domain.market.clocks.fx_week import trading_day_at
from bitten_domain.record.anchor_check import PinnedKey
from bitten_domain.record.inclusion import RowProof, first_anchor_over, prove_row
from bitten_domain.record.payloads import payload_of
from bitten_domain.use_cases.platform.anchor_day import AnchorDay, AnchorDayCommand
from bitten_domain.use_cases.platform.stored_journal import StoredJournal
from bitten_domain.use_cases.platform.verify_journal import VerifyJournal, VerifyJournalCommand

if TYPE_CHECKING:
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.use_cases.trading.backtest import Backtest

SIGNER = signer_of(bytes(range(32)))
KEY = PinnedKey(SIGNER.public_key, lambda message, signature: is_signed_ed25519(SIGNER.public_key, message, signature))


class SetClock:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.at = 0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    def monotonic_seconds(self) -> float:
        return float(self.at)


def test_given_a_run_when_anchored_in_time_then_a_signal_is_shown_to_precede_its_entry_and_a_later_one_is_not(
    synthetic_run: Backtest,
) -> None:
    happenings = synthetic_run.happenings
    emitted = [(at, each.signal) for at, each in enumerate(happenings) if isinstance(each, SignalEmitted)]
    (early_place, early), (late_place, late) = emitted[0], emitted[-1]
    payloads = [payload_of(each) for each in happenings]
    salts, clock, publisher = count(), SetClock(), MemoryAnchorPublisher()
    store = MemoryUnitOfWork(lambda: sha256(str(next(salts)).encode()).digest()[:16])
    anchor_day = AnchorDay(store, SIGNER, publisher, clock)

    async def write(rows: list[bytes], at: int) -> None:
        await store.run(lambda repositories: repositories.journal.append("system", rows))
        clock.at = at
        await anchor_day(AnchorDayCommand(trading_day_at(at)))

    def proof_of(repositories: Repositories, number: int) -> RowProof:
        anchor = first_anchor_over(repositories.anchors.all(), "system", number)
        assert anchor is not None
        proof = prove_row(repositories.journal, "system", number, anchor)
        assert proof is not None
        return proof

    # The first signal's row is anchored half a minute after it was emitted, all that follow at the end of the run.
    asyncio.run(write(payloads[: early_place + 1], early.at + 30))
    asyncio.run(write(payloads[early_place + 1 :], late.at + 86_400))
    first = asyncio.run(store.read(lambda repositories: proof_of(repositories, early_place + 1)))
    last = asyncio.run(store.read(lambda repositories: proof_of(repositories, late_place + 1)))
    command = VerifyJournalCommand(SIGNER.public_key, asyncio.run(publisher.published()))
    verdict = asyncio.run(VerifyJournal(StoredJournal(store), is_signed_ed25519)(command))

    assert first.payload == payload_of(SignalEmitted(early))
    assert first.is_before(early.at + 60, KEY)
    assert last.holds(KEY)
    assert not last.is_before(late.at + 60, KEY)
    assert "is not proven by this anchor" in last.statement(late.at + 60, KEY)
    assert (verdict.is_intact, verdict.proven_rows) == (True, synthetic_run.journal.rows)
