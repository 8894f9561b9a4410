"""Breach: a rule somebody broke. What the machine refused is none: it held."""

from bitten_domain.values.identity_enum import IdentityEnum

__all__ = ["Breach"]


class Breach(IdentityEnum):
    """Rules a trade can break, none of which the desk itself would have let through.

    STOP_LOOSENED: a stop was moved away from the entry. STOP_REMOVED: it was taken away. NO_STOP: the position never
    had one. RISK_EXCEEDED: it risked more than its owner allows themselves. PAUSE_IGNORED: it was opened at the broker
    while a lockout, a cool-down, the daily limit or a time-out held.
    """

    STOP_LOOSENED = "STOP_LOOSENED"
    STOP_REMOVED = "STOP_REMOVED"
    NO_STOP = "NO_STOP"
    RISK_EXCEEDED = "RISK_EXCEEDED"
    PAUSE_IGNORED = "PAUSE_IGNORED"
