"""Impact of an economic release."""

from enum import Enum

__all__ = ["Impact"]


class Impact(Enum):
    """How much a release usually moves its currency, as the calendar's publisher grades it."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
