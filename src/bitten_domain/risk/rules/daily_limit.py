"""Rule: the day ends when its loss is at the cap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.risk.decision import Reason
from bitten_domain.vocabulary import RefusalCode

if TYPE_CHECKING:
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.risk.workings import Workings

__all__ = ["daily_limit"]


def daily_limit(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse once the day's loss, realised, floating and pending together, is at the cap.

    A loss of equity alone that reached the cap holds until the next trading day, whatever equity does afterwards
    (`behaviour.observe_equity` remembers it); pending risk holds as long as it is pending.
    """
    allowance = workings.allowance
    reached = facts.behaviour.daily_limit_day == workings.windows.trading_day
    at_stops = allowance.day_loss_at_stops
    loss = allowance.day_loss if at_stops is None else at_stops
    if not reached and loss < allowance.daily_cap:
        return ()
    currency = facts.account.currency
    return (
        Reason(
            RefusalCode.DAILY_LIMIT,
            f"daily loss below {allowance.daily_cap:.2f} {currency}",
            f"{loss:.2f} {currency} lost or pending" + (", the cap was reached today" if reached else ""),
            "wait for the next trading day, 17:00 New York" if reached else "close or protect what is open",
        ),
    )
