"""Account status: whether a person's account may be used at all."""

from enum import Enum

__all__ = ["AccountStatus"]


class AccountStatus(Enum):
    """States of a person's account."""

    ACTIVE = "ACTIVE"
    LOCKED = "LOCKED"
    BANNED = "BANNED"
    DELETED = "DELETED"
