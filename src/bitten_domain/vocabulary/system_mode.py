"""System mode: how much of the firing a user leaves to the machine."""

from enum import Enum

__all__ = ["SystemMode"]


class SystemMode(Enum):
    """Modes, most guarded first; going down is always allowed."""

    BIT = "BIT"
    COMMANDER = "COMMANDER"
    TACTICAL = "TACTICAL"
    STEALTH = "STEALTH"
