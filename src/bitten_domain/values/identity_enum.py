"""An enum whose members are cheap: as keys, and to read."""

from __future__ import annotations

from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING

__all__ = ["IdentityEnum"]


class IdentityEnum(Enum):
    """An enum whose members hash by identity, which is what they compare by.

    The standard hash and the standard `value` run Python code on every look-up, and decisions look members up
    thousands of times a second. A set of members has no stable order, as before.
    """

    __hash__ = object.__hash__

    if not TYPE_CHECKING:
        value = property(attrgetter("_value_"))
