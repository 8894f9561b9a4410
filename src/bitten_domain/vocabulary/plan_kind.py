"""Plan kind: how an open trade is managed. Plans exclude each other."""

from enum import Enum

__all__ = ["PlanKind"]


class PlanKind(Enum):
    """Kinds of trade plan (rules: trade plan)."""

    FIXED = "FIXED"
    BREAK_EVEN = "BREAK_EVEN"
    PARTIAL = "PARTIAL"
    RUNNER = "RUNNER"
    ATR_TRAIL = "ATR_TRAIL"
    TIME_STOP = "TIME_STOP"
