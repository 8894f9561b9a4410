"""Rule: opening needs an open market, a known pair, and neither the roll nor the weekend near."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.risk.decision import Reason
from bitten_domain.vocabulary import RefusalCode

if TYPE_CHECKING:
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.risk.workings import Workings

__all__ = ["market_hours"]


def market_hours(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse outside the FX week, from 16:45 to 17:30 and from Friday 15:00 New York, and for an unknown pair."""
    windows = workings.windows
    symbol = request.signal.symbol
    instrument = facts.instrument
    is_known = instrument is not None and instrument.symbol == symbol
    if is_known and windows.is_open and not windows.in_roll and not windows.before_weekend:
        return ()
    reasons: list[Reason] = []
    if not windows.is_open:
        reasons.append(
            Reason(
                RefusalCode.MARKET_CLOSED,
                "Sunday 17:00 to Friday 17:00 New York",
                "the market is closed",
                "wait for Sunday 17:00 New York",
            )
        )
    if not is_known:
        reasons.append(
            Reason(
                RefusalCode.UNKNOWN_SYMBOL,
                "a pair this account trades",
                symbol,
                "choose a listed pair, or add it to the configuration",
            )
        )
    if windows.is_open and windows.in_roll:
        reasons.append(
            Reason(
                RefusalCode.ROLL_WINDOW,
                "no opening 16:45 to 17:30 New York",
                "inside the roll",
                "wait until 17:30 New York",
            )
        )
    if windows.before_weekend:
        reasons.append(
            Reason(
                RefusalCode.WEEKEND_AHEAD,
                "no opening from Friday 15:00 New York",
                "the weekend is near",
                "wait for Sunday 17:30 New York",
            )
        )
    return tuple(reasons)
