"""Account status: whether a person's account may be used at all."""

from bitten_domain.values.identity_enum import IdentityEnum

__all__ = ["AccountStatus"]


class AccountStatus(IdentityEnum):
    """States of a person's account."""

    ACTIVE = "ACTIVE"
    LOCKED = "LOCKED"
    BANNED = "BANNED"
    DELETED = "DELETED"
