"""Faults: what can go wrong in a simulated world, how often, and for how long."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from bitten_apps.testkit.simulation.chance import Chance

__all__ = ["FAULT_RATES", "Fault", "FaultPlan"]


class Fault(Enum):
    """Kinds of faults."""

    ORDER_REFUSED_UNSENT = "the broker does not answer and nothing was sent"
    ORDER_LOST = "the order is lost on its way"
    ANSWER_LOST = "the order is executed and its answer lost"
    ORDER_LATE = "the order arrives long after its sender gave up"
    ORDER_TWICE = "the order is delivered twice"
    REQUOTED = "the broker refuses at another price"
    WORKING = "the broker takes the order and fills it later"
    PARTLY_FILLED = "half the volume is filled"
    STOP_DROPPED = "the broker forgets the stop"
    LEVELS_REFUSED = "the broker refuses to move a stop"
    SNAPSHOT_FAILS = "the account cannot be read"
    HISTORY_LAGS = "the newest deal is not in the history yet"
    HISTORY_HOLE = "a deal is missing in the middle of the history"
    SNAPSHOT_STALE = "an old picture of the account is shown"
    EVIDENCE_FAILS = "an order cannot be looked up"
    EVIDENCE_VAGUE = "an order's fate cannot be told"
    STORE_DOWN = "the store is not there"
    COMMIT_FAILS = "a commit is refused"
    COMMIT_RACES = "a commit loses against another"
    COMMIT_ANSWER_LOST_KEPT = "a commit is kept and its answer lost"
    COMMIT_ANSWER_LOST_UNKEPT = "a commit is not kept and its answer lost"
    DIES_BEFORE_COMMIT = "the process dies before a commit"
    DIES_AFTER_COMMIT = "the process dies after a commit"
    DIES_BEFORE_SENDING = "the process dies before it sends an order"
    DIES_AFTER_SENDING = "the process dies before it hears an answer"


FAULT_RATES: Mapping[Fault, float] = {
    Fault.ORDER_REFUSED_UNSENT: 0.02,
    Fault.ORDER_LOST: 0.03,
    Fault.ANSWER_LOST: 0.05,
    Fault.ORDER_LATE: 0.03,
    Fault.ORDER_TWICE: 0.03,
    Fault.REQUOTED: 0.03,
    Fault.WORKING: 0.03,
    Fault.PARTLY_FILLED: 0.03,
    Fault.STOP_DROPPED: 0.02,
    Fault.LEVELS_REFUSED: 0.1,
    Fault.SNAPSHOT_FAILS: 0.03,
    Fault.HISTORY_LAGS: 0.03,
    Fault.HISTORY_HOLE: 0.03,
    Fault.SNAPSHOT_STALE: 0.02,
    Fault.EVIDENCE_FAILS: 0.05,
    Fault.EVIDENCE_VAGUE: 0.1,
    Fault.STORE_DOWN: 0.003,
    Fault.COMMIT_FAILS: 0.004,
    Fault.COMMIT_RACES: 0.01,
    Fault.COMMIT_ANSWER_LOST_KEPT: 0.004,
    Fault.COMMIT_ANSWER_LOST_UNKEPT: 0.004,
    Fault.DIES_BEFORE_COMMIT: 0.001,
    Fault.DIES_AFTER_COMMIT: 0.001,
    Fault.DIES_BEFORE_SENDING: 0.005,
    Fault.DIES_AFTER_SENDING: 0.01,
}
"""How often each happens where it can."""


class FaultPlan:
    """Decides, where something can go wrong, whether it does; counts what did.

    Args:
        chance: draws.
        kinds: faults that may happen; the others never do.
    """

    def __init__(self, chance: Chance, kinds: AbstractSet[Fault]) -> None:
        self._chance = chance
        self._rates = {fault: rate for fault, rate in FAULT_RATES.items() if fault in kinds}
        self.is_over = False
        self.counts: dict[Fault, int] = {}

    def strikes(self, fault: Fault) -> bool:
        """Say whether a fault happens here and now."""
        if self.is_over:
            return False
        # Drawn whether or not the kind is allowed: without one kind, the others strike where they did.
        drawn = self._chance.draw()
        if drawn >= self._rates.get(fault, 0.0):
            return False
        self.counts[fault] = self.counts.get(fault, 0) + 1
        return True
