"""Risk sessions: an account's trading day, with the pauses its results have earned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.desk.state import DayState
    from bitten_domain.risk.behaviour import BehaviourState
    from bitten_domain.values import AccountId

__all__ = ["RiskSession"]


@dataclass(frozen=True, slots=True)
class RiskSession:
    """What limits and pauses hold on one trading day of one account.

    Args:
        account: whose.
        day: the trading day's figures; its limits are those of the day's start.
        behaviour: pauses as of the last event of that day.
        marked_equity: equity when the account was last valued, account currency.
        marked_at: when, seconds since 1970 UTC.
    """

    account: AccountId
    day: DayState
    behaviour: BehaviourState
    marked_equity: Decimal
    marked_at: int
