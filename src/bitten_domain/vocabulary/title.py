"""XP title: what discipline has earned. It never enters an entitlement."""

from enum import Enum

__all__ = ["Title"]


class Title(Enum):
    """Titles by lifetime XP, lowest first."""

    RECRUIT = "RECRUIT"
    PRIVATE = "PRIVATE"
    CORPORAL = "CORPORAL"
    SERGEANT = "SERGEANT"
    LIEUTENANT = "LIEUTENANT"
    CAPTAIN = "CAPTAIN"
    MAJOR = "MAJOR"
    COLONEL = "COLONEL"
    GENERAL = "GENERAL"
    MARSHAL = "MARSHAL"
