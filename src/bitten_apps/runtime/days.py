"""Market days of a centre's person: confirmed as they begin where that is asked for, settled when they are over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.market.clocks.fx_week import day_ending_at

if TYPE_CHECKING:
    from bitten_domain.use_cases.game.day_challenges import SetChallenges
    from bitten_domain.use_cases.people.confirm_briefing import ConfirmBriefing
    from bitten_domain.use_cases.people.promote import PromoteWhenDue
    from bitten_domain.use_cases.people.settle_days import SettleDays
    from bitten_domain.values import UserId

__all__ = ["Days"]


@dataclass(frozen=True, slots=True)
class Days:
    """What happens at the turn of a trading day, beside trading.

    Args:
        user_id: whose account is traded.
        confirm, settle, promote, set_challenges: the use cases.
        is_briefing_confirmed: confirm each day's briefing and limits as the day begins, as a run over recorded days
            does for somebody who is not there.
    """

    user_id: UserId
    confirm: ConfirmBriefing
    settle: SettleDays
    promote: PromoteWhenDue
    set_challenges: SetChallenges
    is_briefing_confirmed: bool = False

    async def begun(self, at: int) -> None:
        """A day has begun, seconds since 1970 UTC."""
        await self.set_challenges(self.user_id, day_ending_at(at))
        if self.is_briefing_confirmed:
            # A moment is the close of its bar: at 17:00 sharp it still belongs to the day it ends.
            await self.confirm(self.user_id, at - 1)

    async def ended(self, day: int, at: int) -> None:
        """A day is over, days since 1970-01-01; now is later, seconds since 1970 UTC."""
        await self.settle(self.user_id, day, at)
        await self.promote(self.user_id, at)
