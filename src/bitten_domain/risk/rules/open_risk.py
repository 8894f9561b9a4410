"""Rule: all stops together stay inside the day's cap and the total."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.risk.decision import Reason
from bitten_domain.vocabulary import RefusalCode

if TYPE_CHECKING:
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.risk.workings import Workings

__all__ = ["open_risk"]

_PERCENT = Decimal("0.01")
_ZERO = Decimal(0)


def open_risk(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse when this order's stop, with all others, would break the daily cap or the ceiling of total risk.

    A position without a stop has no known risk, so nothing is added to it.
    """
    allowance, sizing = workings.allowance, workings.sizing
    pending, at_stops = allowance.pending_risk, allowance.day_loss_at_stops
    currency = facts.account.currency
    if pending is None or at_stops is None:
        bare = ", ".join(sorted({held.symbol for held in facts.open_risks if held.risk is None}))
        return (
            Reason(
                RefusalCode.TOTAL_RISK,
                "a stop on every open position",
                f"no stop on {bare}",
                "set its stop, or close it",
            ),
        )
    added = _ZERO if sizing is None else sizing.risk
    most = allowance.sizing_balance * policy.max_total_risk_percent * _PERCENT
    is_day_over, is_total_over = at_stops + added > allowance.daily_cap, pending + added > most
    if not is_day_over and not is_total_over:
        return ()
    reasons: list[Reason] = []
    if is_day_over:
        reasons.append(
            Reason(
                RefusalCode.DAILY_RISK,
                f"{allowance.daily_cap:.2f} {currency} lost today if every stop is hit",
                f"{at_stops + added:.2f} {currency}, {added:.2f} of it this order's",
                f"risk at most {max(_ZERO, allowance.daily_cap - at_stops):.2f} {currency}, or close something",
            )
        )
    if is_total_over:
        reasons.append(
            Reason(
                RefusalCode.TOTAL_RISK,
                f"{most:.2f} {currency} at risk in all",
                f"{pending + added:.2f} {currency}, {added:.2f} of it this order's",
                f"risk at most {max(_ZERO, most - pending):.2f} {currency}, or close something",
            )
        )
    return tuple(reasons)
