"""Scenarios: what people and the world do, drawn from a seed before the story begins, so that it can be shortened."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from bitten_apps.testkit.simulation.chance import Chance
from bitten_apps.testkit.simulation.faulty.faults import Fault

__all__ = ["Deed", "Scenario", "Step", "drawn"]


_MEAN_GAP = 0.3
"""Seconds between two deeds, on average."""

_BURST_SHARE = 0.35
_BURST_GAP = 0.02
_DOUBLED_SHARE = 0.1


class Deed(Enum):
    """What happens at one step."""

    FIRE = "somebody fires"
    CLOSE = "somebody closes a position"
    CLOSE_PART = "somebody closes a part"
    TIGHTEN = "somebody tightens a stop"
    HALT = "somebody halts their trading"
    LOCK = "an ADMIN locks everything"
    UNLOCK = "an ADMIN releases the lock"
    CRASH = "a router is killed"
    CLOCK_JUMP = "a router's clock jumps"
    HAND_TRADE = "somebody trades at the broker by hand"
    STOP_DELETED = "the broker loses a stop"
    BROKER_RESTART = "a broker restarts"
    THAW = "an ADMIN has frozen accounts compared again"


_WEIGHTS: tuple[tuple[Deed, float], ...] = (
    (Deed.CLOSE, 0.55),
    (Deed.CLOSE_PART, 0.08),
    (Deed.TIGHTEN, 0.08),
    (Deed.HALT, 0.003),
    (Deed.LOCK, 0.02),
    (Deed.UNLOCK, 0.2),
    (Deed.CRASH, 0.01),
    (Deed.CLOCK_JUMP, 0.02),
    (Deed.HAND_TRADE, 0.005),
    (Deed.STOP_DELETED, 0.02),
    (Deed.BROKER_RESTART, 0.003),
    (Deed.THAW, 0.03),
)


class Step(NamedTuple):
    """One deed.

    Args:
        at: seconds after the story's beginning.
        deed: what is done.
        account: number of the account it concerns.
        first, second: draws in [0, 1) that choose among what there is then.
        is_doubled: the request is sent twice.
    """

    at: float
    deed: Deed
    account: int
    first: float
    second: float
    is_doubled: bool


class Scenario(NamedTuple):
    """A story.

    Args:
        seed: draws everything that is not a step.
        accounts: how many take part.
        steps: by time.
        faults: kinds that may happen.
    """

    seed: int
    accounts: int
    steps: tuple[Step, ...]
    faults: frozenset[Fault]

    @property
    def fires(self) -> int:
        """Number of fires in it."""
        return sum(step.deed is Deed.FIRE for step in self.steps)

    @property
    def seconds(self) -> float:
        """Length up to the last step."""
        return self.steps[-1].at if self.steps else 0.0


def drawn(seed: int, fires: int = 240, accounts: int = 6, faults: frozenset[Fault] = frozenset(Fault)) -> Scenario:
    """Draw a scenario.

    Args:
        seed: any number.
        fires: how many fires it has.
        accounts: how many accounts fire.
        faults: kinds that may happen.
    """
    chance = Chance(seed)
    total = sum(weight for _, weight in _WEIGHTS)
    steps: list[Step] = []
    at = 1.0
    fired = 0
    while fired < fires:
        is_burst = steps and chance.happens(_BURST_SHARE)
        at += chance.between(0.0, _BURST_GAP if is_burst else 2 * _MEAN_GAP)
        deed = _other(chance.draw() * total) if chance.happens(0.5) else Deed.FIRE
        fired += deed is Deed.FIRE
        steps.append(Step(at, deed, chance.below(accounts), chance.draw(), chance.draw(), chance.happens(0.1)))
    return Scenario(seed, accounts, tuple(steps), faults)


def _other(mark: float) -> Deed:
    for deed, weight in _WEIGHTS:
        mark -= weight
        if mark < 0:
            return deed
    return _WEIGHTS[-1][0]
