"""Subscription tier: what is paid for. It sells modes, accounts, shots and analytics, never a looser risk limit."""

from bitten_domain.values.identity_enum import IdentityEnum

__all__ = ["Tier"]


class Tier(IdentityEnum):
    """Subscription tiers, cheapest first."""

    NONE = "NONE"
    PRESS_PASS = "PRESS_PASS"  # noqa: S105 - a tier's name, not a password
    NIBBLER = "NIBBLER"
    FANG = "FANG"
    COMMANDER = "COMMANDER"
    APEX = "APEX"
