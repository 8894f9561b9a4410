"""Plan kind: how an open trade is managed. Plans exclude each other."""

from bitten_domain.values.identity_enum import IdentityEnum

__all__ = ["PlanKind"]


class PlanKind(IdentityEnum):
    """Kinds of trade plan (rules: trade plan)."""

    FIXED = "FIXED"
    BREAK_EVEN = "BREAK_EVEN"
    PARTIAL = "PARTIAL"
    RUNNER = "RUNNER"
    ATR_TRAIL = "ATR_TRAIL"
    TIME_STOP = "TIME_STOP"
