"""Fire mode: who pulls the trigger."""

from bitten_domain.values.identity_enum import IdentityEnum

__all__ = ["FireMode"]


class FireMode(IdentityEnum):
    """SINGLE: a user fires. SEMI: the bot proposes, the user confirms. AUTO: a mandate fires."""

    SINGLE = "SINGLE"
    SEMI = "SEMI"
    AUTO = "AUTO"
