"""Signals, their outcomes, and the threshold that lets them through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.desk.decisions import ThresholdEvaluated
    from bitten_domain.desk.idea_outcome import IdeaOutcome
    from bitten_domain.desk.signal import Signal
    from bitten_domain.desk.signal_desk import SignalDesk
    from bitten_domain.values import SignalId

__all__ = ["OutcomeRepository", "SignalRepository", "ThresholdRepository"]


class SignalRepository(Protocol):
    """Emitted signals, and what their emission remembers."""

    def add(self, signal: Signal) -> None:
        """Keep a new signal."""
        ...

    def get(self, signal_id: SignalId) -> Signal | None:
        """Read a signal. Its row in a scan is not kept: it comes back as -1."""
        ...

    def between(self, start: int, stop: int) -> tuple[Signal, ...]:
        """List the signals emitted in ``[start, stop)``, oldest first."""
        ...

    def desk(self) -> SignalDesk | None:
        """Read what the emission remembers, and hold it where the transaction writes; None before the first scan."""
        ...

    def put_desk(self, desk: SignalDesk) -> None:
        """Replace what the emission remembers.

        Raises:
            BrokenInvariant: it would go back in time.
        """
        ...


class OutcomeRepository(Protocol):
    """What signals came to, fired or not."""

    def add(self, outcome: IdeaOutcome) -> None:
        """Keep an outcome; a signal has one."""
        ...

    def get(self, signal_id: SignalId) -> IdeaOutcome | None:
        """Read a signal's outcome; None while it is open."""
        ...

    def missing(self, before: int) -> tuple[SignalId, ...]:
        """List signals emitted before a moment that have no outcome yet, oldest first."""
        ...


class ThresholdRepository(Protocol):
    """Audit rows of the threshold."""

    def add(self, at: int, evaluated: ThresholdEvaluated) -> None:
        """Keep a decision made at a moment."""
        ...

    def recent(self, limit: int) -> tuple[tuple[int, ThresholdEvaluated], ...]:
        """List the newest decisions first, with their moments."""
        ...
