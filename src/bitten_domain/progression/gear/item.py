"""Gear: what changes how things look and sound, in slots. An item has no field that an order could read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.progression.naming import require_names
from bitten_domain.vocabulary import Title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.values import UserId

__all__ = ["PLACES", "Equipped", "GearItem", "GearSlot", "Origin", "Owned", "Rarity", "Unlock", "UnlockKind"]


class GearSlot(Enum):
    """Where gear goes.

    INDICATOR: a panel on the chart. STRATEGY: how set-ups are drawn. SAFETY: how limits and headroom are drawn; what
    they do is everybody's. THEME: colours. VOICE: how messages are worded.
    """

    INDICATOR = "INDICATOR"
    STRATEGY = "STRATEGY"
    SAFETY = "SAFETY"
    THEME = "THEME"
    VOICE = "VOICE"


PLACES: Mapping[GearSlot, int] = MappingProxyType({slot: 2 if slot is GearSlot.INDICATOR else 1 for slot in GearSlot})
"""How many items a slot holds."""


class Rarity(Enum):
    """Labels of how far away an unlock is; nothing is drawn by lot."""

    COMMON = "COMMON"
    UNCOMMON = "UNCOMMON"
    RARE = "RARE"
    EPIC = "EPIC"
    LEGENDARY = "LEGENDARY"
    MYTHIC = "MYTHIC"


class UnlockKind(Enum):
    """What unlocks an item."""

    FREE = "FREE"
    TITLE = "TITLE"
    ACHIEVEMENT = "ACHIEVEMENT"
    PRESTIGE = "PRESTIGE"
    SHOP = "SHOP"


@dataclass(frozen=True, slots=True)
class Unlock:
    """What unlocks an item, the same for everybody.

    Args:
        kind: which sort.
        subject: the title, the achievement's code or the shop's code; empty for FREE and PRESTIGE.
        least: prestiges taken, >= 1, for PRESTIGE; 0 otherwise.

    Raises:
        InvalidInput: the subject or the figure does not fit the kind.
    """

    kind: UnlockKind
    subject: str = ""
    least: int = 0

    def __post_init__(self) -> None:
        is_counted = self.kind is UnlockKind.PRESTIGE
        if bool(self.subject) is (self.kind is UnlockKind.FREE or is_counted):
            raise InvalidInput(f"an unlock by {self.kind.value} and subject {self.subject!r} don't fit", where="unlock")
        if (self.least >= 1) is not is_counted or self.least < 0:
            raise InvalidInput(f"an unlock by {self.kind.value} and least {self.least} don't fit", where="unlock")
        if self.kind is UnlockKind.TITLE and self.subject not in Title.__members__:
            raise InvalidInput(
                f"there is no title {self.subject!r}",
                where="unlock",
                remedy=f"use one of {', '.join(Title.__members__)}",
            )


@dataclass(frozen=True, slots=True)
class GearItem:
    """A piece of gear.

    Args:
        code: its short name: lower case letters, digits and hyphens.
        name: as it is shown.
        text: what it shows or says, a sentence.
        slot: where it goes.
        rarity: its label.
        unlock: how it is come by.

    Raises:
        InvalidInput: code, name or text is missing or too long.
    """

    code: str
    name: str
    text: str
    slot: GearSlot
    rarity: Rarity
    unlock: Unlock

    def __post_init__(self) -> None:
        require_names(self.code, self.name, self.text)


class Origin(Enum):
    """How something came to be owned."""

    UNLOCKED = "UNLOCKED"
    BOUGHT = "BOUGHT"


@dataclass(frozen=True, slots=True)
class Owned:
    """Gear or goods of the shop that somebody has; it is never taken back.

    Args:
        user_id: who.
        code: of the item.
        origin: how they came by it.
        at: when, seconds since 1970 UTC.
    """

    user_id: UserId
    code: str
    origin: Origin
    at: int


@dataclass(frozen=True, slots=True)
class Equipped:
    """An item in a place of a slot.

    Args:
        user_id: whose.
        slot: which.
        place: of the slot, from 0.
        code: of the item.
    """

    user_id: UserId
    slot: GearSlot
    place: int
    code: str
