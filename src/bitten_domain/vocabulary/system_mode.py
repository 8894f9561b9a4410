"""System mode: how much of the firing a user leaves to the machine."""

from bitten_domain.values.identity_enum import IdentityEnum

__all__ = ["SystemMode"]


class SystemMode(IdentityEnum):
    """Modes, most guarded first; going down is always allowed."""

    BIT = "BIT"
    COMMANDER = "COMMANDER"
    TACTICAL = "TACTICAL"
    STEALTH = "STEALTH"
