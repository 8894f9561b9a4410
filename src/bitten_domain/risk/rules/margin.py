"""Rule: margin stays far from a margin call."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.risk.decision import Reason
from bitten_domain.vocabulary import FireMode, RefusalCode

if TYPE_CHECKING:
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.risk.workings import Workings

__all__ = ["margin"]

_HUNDRED = Decimal(100)
_ZERO = Decimal(0)
_AUTO = FireMode.AUTO


def margin(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse below 200 % margin level, and an order that would leave less than 300 % (AUTO 500 %).

    Reservations count as if they were filled. An account without leverage facts cannot be judged and is refused.
    """
    limits, account, sizing = policy.exposure, facts.account, workings.sizing
    if account.leverage <= _ZERO:
        return (_reason(limits.manual_margin_percent, "no leverage known", "sync the account"),)
    used = account.margin_used
    for held in facts.open_risks:
        if held.margin:
            used += held.margin
    # Levels are compared as products: a margin of nought is no division, and an equity below nought fails. What is
    # told is rounded down, so that a level that is refused never reads like the least one.
    backing = account.equity * _HUNDRED
    if used > _ZERO and backing < limits.least_margin_percent * used:
        return (_reason(limits.least_margin_percent, f"{backing // used} % now", "close something first"),)
    if sizing is None:
        return ()
    least = limits.auto_margin_percent if request.fire_mode is _AUTO else limits.manual_margin_percent
    bound = used + sizing.margin
    if backing >= least * bound:
        return ()
    if bound <= _ZERO:
        return (_reason(least, "equity below nought", "pay in before you trade"),)
    return (_reason(least, f"{backing // bound} % with this order", "fire fewer lots, or close something"),)


def _reason(least: Decimal, actual: str, remedy: str) -> Reason:
    return Reason(RefusalCode.MARGIN_LEVEL, f"margin level of at least {least} %", actual, remedy)
