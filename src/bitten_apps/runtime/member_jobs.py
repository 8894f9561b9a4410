"""What a centre does for its members by the clock, beside trading: resets, reminders, and what gateways told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bitten_domain.use_cases.membership.collect_events import CollectEvents
    from bitten_domain.use_cases.membership.pass_jobs import RemindPressPasses, ResetDayScores
    from bitten_domain.use_cases.membership.surplus import GiveBackSurplus

__all__ = ["GatewayJobs", "MemberJobs"]

_MINUTE, _HOUR = 60, 3_600


class GatewayJobs(NamedTuple):
    """What is asked of a gateway.

    Args:
        collect: takes the events that never arrived.
        give_back: gives back what was paid twice.
    """

    collect: CollectEvents
    give_back: GiveBackSurplus


@dataclass(slots=True)
class MemberJobs:
    """Jobs, each of which may be asked for as often as one likes: it runs once for a minute of the desk's time.

    Args:
        reset: zeroes the day scores of press passes, once for each day.
        remind: writes the reminders that are due.
        gateway: gives the gateway's jobs at a moment, seconds since 1970 UTC; None while nobody uses one.
        problem: told of each event that could not be read or worked in, and each payment not given back, once.
    """

    reset: ResetDayScores
    remind: RemindPressPasses
    gateway: Callable[[int], GatewayJobs | None]
    problem: Callable[[str], None]
    _told: set[str] = field(default_factory=set)
    _passes_at: int = -_MINUTE
    _gateway_at: int = -_MINUTE
    _looked_at: int = -_HOUR
    _owes: bool = False

    async def look_after_passes(self, at: int) -> None:
        """Reset and remind, at a moment, seconds since 1970 UTC."""
        if at // _MINUTE == self._passes_at // _MINUTE:
            return
        await self.reset(at)
        await self.remind(at)
        self._passes_at = at

    async def hear_gateway(self, at: int) -> None:
        """Take what the gateway told, and give back what was paid twice."""
        if at // _MINUTE == self._gateway_at // _MINUTE:
            return
        jobs = self.gateway(at)
        if jobs is not None:
            await self._heard(jobs, at)
        self._gateway_at = at

    async def _heard(self, jobs: GatewayJobs, at: int) -> None:
        collected = await jobs.collect(at)
        self._tell(collected.problems)
        # Looked for when something is new, until the gateway's own events have ended it, and else once an hour.
        if collected.new or self._owes or at // _HOUR != self._looked_at // _HOUR:
            self._owes = True
            given = await jobs.give_back(at)
            self._tell(given.problems)
            self._owes = bool(given.asked)
            self._looked_at = at

    def _tell(self, problems: Iterable[str]) -> None:
        for problem in problems:
            if problem not in self._told:
                self._told.add(problem)
                self.problem(problem)
