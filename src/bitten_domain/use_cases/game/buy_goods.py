"""Buy goods: points for looks, panels and learning; one entry of the ledger each, and never below nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import InvalidInput
from bitten_domain.market.clocks.fx_week import day_ending_at
from bitten_domain.membership import Denial
from bitten_domain.membership.access import Action
from bitten_domain.progression.gear import NotPossible, buy
from bitten_domain.use_cases.game.awarding import unlock_due
from bitten_domain.use_cases.people.points import allowed_progress
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.progression.gear import Goods, Owned
    from bitten_domain.use_cases.game.game_rules import GameRules
    from bitten_domain.values import UserId

__all__ = ["BuyGoods", "Purchase"]


class Purchase(NamedTuple):
    """A purchase that was made.

    Args:
        goods: what was bought.
        balance: points left to spend.
        unlocked: gear that came with it.
    """

    goods: Goods
    balance: int
    unlocked: tuple[Owned, ...]


@dataclass(frozen=True, slots=True)
class BuyGoods:
    """Spend points in the shop.

    Args:
        unit_of_work: the store.
        rules: the game's.
    """

    unit_of_work: UnitOfWork
    rules: GameRules

    async def __call__(self, user_id: UserId, code: str, at: int) -> Purchase | NotPossible | Denial:
        """Buy; asked for at once by many, it is paid once.

        Args:
            user_id: who buys.
            code: of the goods.
            at: now, seconds since 1970 UTC.

        Raises:
            InvalidInput: there is no such person, or nothing of that code is sold.
            Unavailable, OutcomeUnknown, Conflict: the store failed; look before asking again.
        """
        goods = next((one for one in self.rules.catalogue.goods if one.code == code), None)
        if goods is None:
            sold = ", ".join(one.code for one in self.rules.catalogue.goods)
            raise InvalidInput(f"the shop sells no {code}", where="goods", remedy=f"name one of: {sold}")
        owned_before = await self.unit_of_work.read(lambda store: _owns(store, user_id, code))

        def work(store: Repositories) -> Purchase | NotPossible | Denial:
            progress = allowed_progress(store, user_id, Action.SPEND_XP, at)
            if isinstance(progress, Denial):
                return progress
            owned = {one.code for one in store.gear.owned(user_id)}
            balance = store.xp.totals(user_id).balance
            if code in owned and not owned_before:
                return Purchase(goods, balance, ())  # A commit whose answer was lost was kept, or asked for twice.
            bought = buy(user_id, goods, balance, owned, day=day_ending_at(at), at=at)
            if isinstance(bought, NotPossible):
                return bought
            # What was paid before is given again and not paid again: the ledger holds a cause once, for ever.
            store.xp.add(bought.entry)
            store.gear.own(bought.owned)
            unlocked = unlock_due(store, progress, self.rules, at)
            return Purchase(goods, store.xp.totals(user_id).balance, unlocked)

        return await durably(self.unit_of_work, work)


def _owns(store: Repositories, user_id: UserId, code: str) -> bool:
    return any(one.code == code for one in store.gear.owned(user_id))
