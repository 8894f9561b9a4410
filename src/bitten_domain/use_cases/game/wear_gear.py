"""Wear gear: put what is owned into a slot, and take it off again. It changes what is seen and heard, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.membership import Denial
from bitten_domain.membership.access import Action
from bitten_domain.progression.gear import PLACES, Equipped, NotPossible, put_on
from bitten_domain.use_cases.game.awarding import unlock_due
from bitten_domain.use_cases.people.points import allowed_progress, hold_progress
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.progression.gear import GearSlot
    from bitten_domain.use_cases.game.game_rules import GameRules
    from bitten_domain.values import UserId

__all__ = ["PutOnGear", "TakeOffGear"]


@dataclass(frozen=True, slots=True)
class PutOnGear:
    """Put an item into a place of its slot.

    Args:
        unit_of_work: the store.
        rules: the game's.
    """

    unit_of_work: UnitOfWork
    rules: GameRules

    async def __call__(
        self, user_id: UserId, code: str, slot: GearSlot, place: int, at: int
    ) -> Equipped | NotPossible | Denial:
        """Put it on, instead of what is there; gives where it is now, or why it is not.

        Args:
            user_id: who.
            code: of the item.
            slot: which; the item's own.
            place: of the slot, from 0.
            at: now, seconds since 1970 UTC.

        Raises:
            InvalidInput: there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        items = {item.code: item for item in self.rules.catalogue.gear}

        def work(store: Repositories) -> Equipped | NotPossible | Denial:
            progress = allowed_progress(store, user_id, Action.EQUIP_GEAR, at)
            if isinstance(progress, Denial):
                return progress
            unlock_due(store, progress, self.rules, at)
            owned = {one.code for one in store.gear.owned(user_id)}
            found = put_on(user_id, code, place, items, owned, store.gear.equipped(user_id))
            if isinstance(found, NotPossible):
                return found
            if found.slot is not slot:
                own = found.slot.value
                return NotPossible(f"{items[code].name} goes into the slot {own}.", f"Name the slot {own}.")
            store.gear.equip(user_id, slot, place, code)
            return found

        return await durably(self.unit_of_work, work)


@dataclass(frozen=True, slots=True)
class TakeOffGear:
    """Empty a place of a slot; how things looked before is how they look then.

    Args:
        unit_of_work: the store.
    """

    unit_of_work: UnitOfWork

    async def __call__(self, user_id: UserId, slot: GearSlot, place: int) -> Equipped | NotPossible:
        """Take off what is there; gives what it was, or why there was nothing to take off.

        Raises:
            InvalidInput: there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; look before asking again.
        """

        def work(store: Repositories) -> Equipped | NotPossible:
            hold_progress(store, user_id)
            worn = {(one.slot, one.place): one for one in store.gear.equipped(user_id)}
            found = worn.get((slot, place))
            if found is None:
                most = PLACES[slot]
                return NotPossible(
                    f"There is nothing in place {place + 1} of the slot {slot.value}.",
                    f"It has {most} place{'s' if most > 1 else ''}; the list of gear shows what is worn.",
                )
            store.gear.equip(user_id, slot, place, None)
            return found

        return await durably(self.unit_of_work, work)
