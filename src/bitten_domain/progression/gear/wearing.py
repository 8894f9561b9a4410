"""Putting gear on: into a place of its slot, when it is owned."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.progression.gear.item import PLACES, Equipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from bitten_domain.progression.gear.item import GearItem
    from bitten_domain.values import UserId

__all__ = ["NotPossible", "put_on"]


class NotPossible(NamedTuple):
    """Why something of the game cannot be done: an answer, not an error.

    Args:
        reason: in a sentence.
        remedy: what would help.
    """

    reason: str
    remedy: str


def put_on(
    user_id: UserId,
    code: str,
    place: int,
    items: Mapping[str, GearItem],
    owned: AbstractSet[str],
    worn: Iterable[Equipped],
) -> Equipped | NotPossible:
    """Decide whether an item may go into a place of its slot.

    Args:
        user_id: who asks.
        code: of the item.
        place: of the slot, from 0.
        items: the catalogue by code.
        owned: codes of what they own.
        worn: what they have put where.
    """
    item = items.get(code)
    if item is None:
        return NotPossible(f"There is no gear called {code}.", "Look at the list of gear.")
    if code not in owned:
        return NotPossible(f"{item.name} is not unlocked yet.", "The list of gear says what unlocks it.")
    places = PLACES[item.slot]
    if not 0 <= place < places:
        return NotPossible(
            f"The slot {item.slot.value} has {places} place{'s' if places > 1 else ''}.", f"Choose 1 to {places}."
        )
    if any(one.code == code and one.place != place for one in worn):
        return NotPossible(f"{item.name} is in another place already.", "Take it out there first.")
    return Equipped(user_id, item.slot, place, code)
