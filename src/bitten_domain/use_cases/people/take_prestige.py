"""Take a prestige: spend points on a lasting multiplier. It decides nothing about trading."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bitten_domain.market.clocks.fx_week import day_ending_at
from bitten_domain.progression import Progress, XpPolicy
from bitten_domain.progression.market_day import take_prestige
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import UserId

__all__ = ["TakePrestige"]


@dataclass(frozen=True, slots=True)
class TakePrestige:
    """Spend what a prestige costs.

    Args:
        unit_of_work: the store.
        policy: the figures.
    """

    unit_of_work: UnitOfWork
    policy: XpPolicy = field(default_factory=XpPolicy)

    async def __call__(self, user_id: UserId, at: int) -> Progress | None:
        """Take the next one; None when the balance does not reach.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store failed; look before asking again.
        """

        before = await self.unit_of_work.read(lambda store: store.progress.get(user_id))
        number = 1 if before is None else before.prestige + 1

        def work(store: Repositories) -> Progress | None:
            progress = store.progress.get(user_id) or Progress(user_id)
            if progress.prestige >= number:
                return progress  # A commit whose answer was lost was kept, or somebody else was faster.
            taken = take_prestige(progress, store.xp.totals(user_id).balance, day_ending_at(at), at, self.policy)
            if taken is None:
                return None
            store.progress.put(taken.progress)
            for entry in taken.entries:
                store.xp.add(entry)
            return taken.progress

        return await durably(self.unit_of_work, work)
