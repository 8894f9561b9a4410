"""Check: there is a quote, it is fresh, and its spread is bearable."""

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

__all__ = ["quote_usable"]

_ZERO = Decimal(0)


def quote_usable(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse without a sound quote, with one older than 5 s or from the future, and beyond the widest spread."""
    quote, instrument = facts.quote, facts.instrument
    if quote is None or not _ZERO < quote.bid <= quote.ask:
        actual = "none" if quote is None else f"bid {quote.bid}, ask {quote.ask}"
        return (Reason(RefusalCode.NO_QUOTE, "a bid below an ask", actual, "wait for the next quote"),)
    age, most = facts.now - quote.at, policy.fire.quote_age_seconds
    is_fresh = -most <= age <= most
    is_wide = instrument is not None and quote.ask - quote.bid > instrument.max_spread
    if is_fresh and not is_wide:
        return ()
    reasons: list[Reason] = []
    if not is_fresh:
        reasons.append(Reason(RefusalCode.QUOTE_STALE, f"at most {most} s old", f"{age} s", "wait for the next quote"))
    if instrument is not None and is_wide:
        reasons.append(
            Reason(
                RefusalCode.SPREAD_TOO_WIDE,
                f"{instrument.max_spread_pips} pips",
                f"{(quote.ask - quote.bid) / instrument.pip:.1f} pips",
                "wait until the spread narrows",
            )
        )
    return tuple(reasons)
