"""Confirm a briefing: somebody read the day's briefing and confirmed their limits, before or while they trade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.market.clocks.fx_week import trading_day_at
from bitten_domain.use_cases.privacy.deletion import require_present
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import UserId

__all__ = ["BriefingConfirmed", "ConfirmBriefing"]


class BriefingConfirmed(NamedTuple):
    """What a confirmation came to.

    Args:
        day: trading day it counts for, days since 1970-01-01.
        is_new: whether it was the first of that day.
    """

    day: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class ConfirmBriefing:
    """Note a confirmation; it counts for the trading day it is made on."""

    unit_of_work: UnitOfWork

    async def __call__(self, user_id: UserId, at: int) -> BriefingConfirmed:
        """Confirm; a second time changes nothing.

        Args:
            user_id: who.
            at: now, seconds since 1970 UTC.

        Raises:
            InvalidInput: there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        day = trading_day_at(at)

        def work(store: Repositories) -> bool:
            require_present(store, user_id)
            return store.market_days.brief(user_id, day, at)

        return BriefingConfirmed(day, await durably(self.unit_of_work, work))
