"""Order state: where an attempt stands."""

from enum import Enum

__all__ = ["OrderState"]


class OrderState(Enum):
    """States of one attempt at the broker; what each means and may become is in execution.lifecycle."""

    RESERVED = "RESERVED"
    SENDING = "SENDING"
    WORKING = "WORKING"
    PARTIAL = "PARTIAL"
    UNKNOWN = "UNKNOWN"
    DISPUTED = "DISPUTED"
    FILLED = "FILLED"
    NOT_EXECUTED = "NOT_EXECUTED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"
