"""An enum whose members are cheap keys."""

from __future__ import annotations

from enum import Enum

__all__ = ["IdentityEnum"]


class IdentityEnum(Enum):
    """An enum whose members hash by identity, which is what they compare by.

    The standard hash runs Python code on every look-up, and decisions look members up thousands of times a second. A
    set of members has no stable order, as before.
    """

    __hash__ = object.__hash__
