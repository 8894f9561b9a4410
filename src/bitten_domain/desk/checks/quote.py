"""Check: there is a quote, it is fresh, and its spread is bearable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.risk.decision import Reason
from bitten_domain.vocabulary import RefusalCode

if TYPE_CHECKING:
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.risk.workings import Workings

__all__ = ["quote_usable"]


def quote_usable(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse without a sound quote, with one older than 5 s or from the future, and beyond the widest spread."""
    quote, instrument = facts.quote, facts.instrument
    if quote is None or not 0 < quote.bid <= quote.ask:
        actual = "none" if quote is None else f"bid {quote.bid}, ask {quote.ask}"
        return (Reason(RefusalCode.NO_QUOTE, "a bid below an ask", actual, "wait for the next quote"),)
    reasons: list[Reason] = []
    age, most = facts.now - quote.at, policy.fire.quote_age_seconds
    if not -most <= age <= most:
        reasons.append(Reason(RefusalCode.QUOTE_STALE, f"at most {most} s old", f"{age} s", "wait for the next quote"))
    if instrument is not None and quote.ask - quote.bid > instrument.max_spread_pips * instrument.pip:
        reasons.append(
            Reason(
                RefusalCode.SPREAD_TOO_WIDE,
                f"{instrument.max_spread_pips} pips",
                f"{(quote.ask - quote.bid) / instrument.pip:.1f} pips",
                "wait until the spread narrows",
            )
        )
    return tuple(reasons)
