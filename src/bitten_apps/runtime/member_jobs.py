"""What a centre does for its members by the clock, beside trading: resets, reminders, and what gateways told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_domain.use_cases.membership.collect_events import CollectEvents
    from bitten_domain.use_cases.membership.pass_jobs import RemindPressPasses, ResetDayScores
    from bitten_domain.use_cases.membership.surplus import GiveBackSurplus

__all__ = ["GatewayJobs", "MemberJobs"]


class GatewayJobs(NamedTuple):
    """What is asked of a gateway.

    Args:
        collect: takes the events that never arrived.
        give_back: gives back what was paid twice.
    """

    collect: CollectEvents
    give_back: GiveBackSurplus


@dataclass(frozen=True, slots=True)
class MemberJobs:
    """Jobs, each of which may run as often as it likes.

    Args:
        reset: zeroes the day scores of press passes, once for each day.
        remind: writes the reminders that are due.
        gateway: gives the gateway's jobs at a moment, seconds since 1970 UTC; None while nobody uses one.
        problem: told of each event that could not be read or worked in, once.
    """

    reset: ResetDayScores
    remind: RemindPressPasses
    gateway: Callable[[int], GatewayJobs | None]
    problem: Callable[[str], None]
    _told: set[str] = field(default_factory=set)

    async def look_after_passes(self, at: int) -> None:
        """Reset and remind, at a moment, seconds since 1970 UTC."""
        await self.reset(at)
        await self.remind(at)

    async def hear_gateway(self, at: int) -> None:
        """Take what the gateway told, and give back what was paid twice."""
        jobs = self.gateway(at)
        if jobs is None:
            return
        collected = await jobs.collect(at)
        for problem in collected.problems:
            if problem not in self._told:
                self._told.add(problem)
                self.problem(problem)
        await jobs.give_back(at)
