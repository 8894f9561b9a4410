"""Signals, their outcomes and the threshold's audit, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_adapters.memory.transaction import Timeline
from bitten_domain.errors import BrokenInvariant, Conflict

if TYPE_CHECKING:
    from bitten_adapters.memory.transaction import Transaction
    from bitten_domain.desk.decisions import ThresholdEvaluated
    from bitten_domain.desk.idea_outcome import IdeaOutcome
    from bitten_domain.desk.signal import Signal
    from bitten_domain.desk.signal_desk import SignalDesk
    from bitten_domain.values import SignalId

__all__ = ["MemoryOutcomes", "MemorySignals", "MemoryThresholds"]


class MemorySignals:
    """Signals by id and in order, those without an outcome, and what the emission remembers.

    `awaiting` holds when each signal without an outcome was emitted, and its place among those of one moment.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._signals: dict[SignalId, Signal] = {}
        self._emitted: Timeline[Signal] = Timeline(transaction)
        self._desk: dict[None, SignalDesk] = {}
        self.awaiting: dict[SignalId, tuple[int, int]] = {}

    def add(self, signal: Signal) -> None:
        """Keep a new signal, without its row."""
        self._transaction.to_write()
        signal_id = signal.signal_id
        if signal_id in self._signals:
            raise Conflict(f"signal {signal_id} is there already")
        signal = signal._replace(row=-1)
        self._transaction.put(self.awaiting, signal_id, (signal.at, len(self._signals)))
        self._transaction.put(self._signals, signal_id, signal)
        self._emitted.add(signal.at, signal)

    def get(self, signal_id: SignalId) -> Signal | None:
        """Read a signal."""
        self._transaction.to_read()
        return self._signals.get(signal_id)

    def between(self, start: int, stop: int) -> tuple[Signal, ...]:
        """List the signals of ``[start, stop)``, oldest first."""
        self._transaction.to_read()
        return tuple(self._emitted.between(start, stop))

    def desk(self) -> SignalDesk | None:
        """Read what the emission remembers."""
        self._transaction.to_read()
        return self._desk.get(None)

    def put_desk(self, desk: SignalDesk) -> None:
        """Replace what the emission remembers."""
        self._transaction.to_write()
        stored = self._desk.get(None)
        if stored is not None and desk.scanned_to < stored.scanned_to:
            raise BrokenInvariant(f"the signal desk has scanned to {stored.scanned_to}, not back to {desk.scanned_to}")
        self._transaction.put(self._desk, None, desk)


class MemoryOutcomes:
    """Outcomes by signal."""

    def __init__(self, transaction: Transaction, signals: MemorySignals) -> None:
        self._transaction = transaction
        self._signals = signals
        self._outcomes: dict[SignalId, IdeaOutcome] = {}

    def add(self, outcome: IdeaOutcome) -> None:
        """Keep an outcome."""
        self._transaction.to_write()
        signal_id = outcome.signal_id
        if signal_id in self._outcomes:
            raise Conflict(f"signal {signal_id} has an outcome")
        if signal_id not in self._signals.awaiting:
            raise BrokenInvariant(f"signal {signal_id} is not there; it has no outcome")
        self._transaction.drop(self._signals.awaiting, signal_id)
        self._transaction.put(self._outcomes, signal_id, outcome)

    def get(self, signal_id: SignalId) -> IdeaOutcome | None:
        """Read a signal's outcome."""
        self._transaction.to_read()
        return self._outcomes.get(signal_id)

    def missing(self, before: int) -> tuple[SignalId, ...]:
        """List signals emitted before a moment without an outcome, oldest first."""
        self._transaction.to_read()
        places = sorted((place, signal_id) for signal_id, place in self._signals.awaiting.items() if place[0] < before)
        return tuple(signal_id for _, signal_id in places)


class MemoryThresholds:
    """Decisions in order."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._decisions: Timeline[tuple[int, ThresholdEvaluated]] = Timeline(transaction)

    def add(self, at: int, evaluated: ThresholdEvaluated) -> None:
        """Keep a decision."""
        self._transaction.to_write()
        self._decisions.add(at, (at, evaluated))

    def recent(self, limit: int) -> tuple[tuple[int, ThresholdEvaluated], ...]:
        """List the newest decisions first."""
        self._transaction.to_read()
        return tuple(self._decisions.newest(limit))
