"""Fire mode: who pulls the trigger."""

from enum import Enum

__all__ = ["FireMode"]


class FireMode(Enum):
    """SINGLE: a user fires. SEMI: the bot proposes, the user confirms. AUTO: a mandate fires."""

    SINGLE = "SINGLE"
    SEMI = "SEMI"
    AUTO = "AUTO"
