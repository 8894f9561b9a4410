"""Take a prestige: spend points on a lasting multiplier. It decides nothing about trading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.events import PrestigeTaken
from bitten_domain.market.clocks.fx_week import day_ending_at
from bitten_domain.membership import Denial
from bitten_domain.membership.access import Action
from bitten_domain.progression.market_day import take_prestige
from bitten_domain.use_cases.game.awarding import award_due
from bitten_domain.use_cases.game.telling import name_of_news, tell_given, tell_prestige
from bitten_domain.use_cases.people.points import allowed_progress
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.progression import Progress
    from bitten_domain.use_cases.game.game_rules import GameRules
    from bitten_domain.values import UserId

__all__ = ["TakePrestige"]


@dataclass(frozen=True, slots=True)
class TakePrestige:
    """Spend what a prestige costs.

    Args:
        unit_of_work: the store.
        rules: the game's.
    """

    unit_of_work: UnitOfWork
    rules: GameRules

    async def __call__(self, user_id: UserId, at: int) -> Progress | Denial | None:
        """Take the next one; None when the balance does not reach.

        Raises:
            InvalidInput: there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; look before asking again.
        """

        before = await self.unit_of_work.read(lambda store: store.progress.get(user_id))
        number = 1 if before is None else before.prestige + 1

        def work(store: Repositories) -> Progress | Denial | None:
            progress = allowed_progress(store, user_id, Action.SPEND_XP, at)
            if isinstance(progress, Denial):
                return progress
            if progress.prestige >= number:
                return progress  # A commit whose answer was lost was kept, or somebody else was faster.
            day, policy = day_ending_at(at), self.rules.policy
            taken = take_prestige(progress, store.xp.totals(user_id).balance, day, at, policy)
            if taken is None:
                return None
            progress = taken.progress
            store.progress.put(progress)
            for entry in taken.entries:
                store.xp.add(entry)
            given = award_due(store, progress, self.rules, day=day, at=at)
            event = PrestigeTaken(user_id, progress.prestige, at)
            tell_prestige(store, progress, event)
            tell_given(store, progress, name_of_news(progress, given, ()), self.rules, given, at=at)
            return progress

        return await durably(self.unit_of_work, work)
