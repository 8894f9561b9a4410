"""Access rank: what a person may do. Unrelated to tier (what is paid) and title (what is earned)."""

from bitten_domain.values.identity_enum import IdentityEnum

__all__ = ["Rank"]


class Rank(IdentityEnum):
    """Access ranks, weakest first."""

    RECRUIT = "RECRUIT"
    AUTHORIZED = "AUTHORIZED"
    ELITE = "ELITE"
    ADMIN = "ADMIN"
