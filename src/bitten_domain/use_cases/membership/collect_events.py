"""Collect events: ask a gateway for what it told, so that one that never arrived is not missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import Conflict, InvalidInput
from bitten_domain.ports.repositories.housekeeping import JobRun
from bitten_domain.use_cases.membership.gateway_events import FoldWaiting, TakeGatewayEvent
from bitten_domain.use_cases.membership.tier_at import DEFAULT_FIGURES, MemberFigures
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bitten_domain.membership.subscription import GatewayEvent
    from bitten_domain.ports.membership.payments import EventReader, Payments, RawEvent
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

__all__ = ["CollectEvents", "Collected"]

_DAY, _HOUR = 86_400, 3_600


class Collected(NamedTuple):
    """What a collection came to.

    Args:
        new: events that were not kept before.
        problems: what could not be read or worked in, a line each.
    """

    new: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CollectEvents:
    """Take every event a gateway lists since shortly before the last collection; once an hour, try what waits again.

    Args:
        unit_of_work: the store.
        payments: the gateway.
        reader: reads its events.
        gateway: its name in events.
        figures: the figures.
        overlap_seconds: how far back before the last collection is asked, for clocks that differ.
    """

    unit_of_work: UnitOfWork
    payments: Payments
    reader: EventReader
    gateway: str
    figures: MemberFigures = DEFAULT_FIGURES
    overlap_seconds: int = _DAY

    async def __call__(self, at: int) -> Collected:
        """Collect, at a moment, seconds since 1970 UTC; a second time changes nothing.

        Raises:
            Unavailable, OutcomeUnknown: the store or the gateway failed; nothing is missed, collect again.
        """
        job = f"gateway_events:{self.gateway}"
        latest = await self.unit_of_work.read(lambda store: store.jobs.latest(job))
        # A clock that was set back must not leave out what happened since.
        since = 0 if latest is None else max(0, min(latest.started_at, at) - self.overlap_seconds)
        taken = await self.take(await self.payments.events_since(since), at)
        hour = str(at // _HOUR)
        if latest is not None and latest.key == hour:
            return taken
        problems = (*taken.problems, *await FoldWaiting(self.unit_of_work, self.figures)(at))
        run = JobRun(job, hour, at, at, f"{taken.new} new events, {len(problems)} problems")
        await durably(self.unit_of_work, lambda store: store.jobs.add(run))
        return Collected(taken.new, problems)

    async def take(self, raws: Iterable[RawEvent], at: int) -> Collected:
        """Take events as the gateway sent them, each by itself: one that is wrong keeps no other back.

        Raises:
            Unavailable, OutcomeUnknown: the store failed; take them again.
        """
        take = TakeGatewayEvent(self.unit_of_work, self.figures)
        new, problems = 0, []
        for raw in raws:
            try:
                event = self.reader(raw, at)
                if event is None or await self.unit_of_work.read(lambda store, one=event: _is_done(store, one)):  # type: ignore[misc]
                    continue
                taken = await take(event, at)
            except (InvalidInput, Conflict) as error:
                problems.append(str(error))
                continue
            new += taken.is_new
            if taken.is_new and taken.waits_for:
                problems.append(taken.waits_for)
        return Collected(new, tuple(problems))


def _is_done(store: Repositories, event: GatewayEvent) -> bool:
    """Say whether an event is kept, whether or not it waits: only a new one is worth a transaction that writes."""
    return event in store.gateway_events.of_subscription(event.gateway, event.subscription_ref)
