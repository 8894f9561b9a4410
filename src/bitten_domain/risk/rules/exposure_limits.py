"""Rule: one currency and one cluster carry only so much."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.risk.decision import Reason
from bitten_domain.risk.exposure import cluster_risk, net_pair_risk
from bitten_domain.values import Direction
from bitten_domain.vocabulary import RefusalCode

if TYPE_CHECKING:
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.risk.workings import Workings

__all__ = ["exposure_limits"]

_ZERO = Decimal(0)
_BUY = Direction.BUY


def exposure_limits(
    request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings
) -> tuple[Reason, ...]:
    """Refuse what would load one currency or one cluster beyond its units of risk.

    An order that makes a currency's exposure smaller passes even while that is still above the limit. A correlation
    that is not known counts as reaching the threshold: only when that guess alone breaks the limit is the reason
    CORRELATION_UNKNOWN.
    """
    sizing, instrument = workings.sizing, facts.instrument
    if sizing is None or instrument is None or not facts.open_risks:
        return ()
    limits, unit, added = policy.exposure, workings.allowance.unit, sizing.risk
    direction, held = request.signal.direction, facts.open_risks
    reasons: list[Reason] = []
    most = limits.currency_units * unit
    base, quote = instrument.base, instrument.quote
    net_base, net_quote = net_pair_risk(held, base, quote)
    sign_of_base = 1 if direction is _BUY else -1
    for currency, before, sign in ((base, net_base, sign_of_base), (quote, net_quote, -sign_of_base)):
        after = before + added if sign > 0 else before - added
        if abs(after) > most and abs(after) > abs(before):
            reasons.append(
                Reason(
                    RefusalCode.CURRENCY_EXPOSURE,
                    f"{limits.currency_units} risk units ({_money(most, facts)}) net {currency}",
                    f"{_money(after, facts)} net {currency} with this order",
                    f"risk at most {_money(max(_ZERO, most - before * sign), facts)}, or close {currency} positions",
                )
            )
    linked = cluster_risk(instrument.symbol, direction, held, facts.correlations, limits.cluster_correlation)
    most = limits.cluster_units * unit
    if linked.worst > _ZERO and linked.worst + added > most:
        is_known = linked.known > 0 and linked.known + added > most
        total = (linked.known if is_known else linked.worst) + added
        left = most - (linked.known if is_known else linked.worst)
        reasons.append(
            Reason(
                RefusalCode.CLUSTER_RISK if is_known else RefusalCode.CORRELATION_UNKNOWN,
                f"{limits.cluster_units} risk units ({_money(most, facts)}) on pairs that move together",
                f"{_money(total, facts)} with this order" + ("" if is_known else ", were the unknown ones to"),
                f"risk at most {_money(max(_ZERO, left), facts)}, or close one of them",
            )
        )
    return tuple(reasons)


def _money(amount: Decimal, facts: RiskFacts) -> str:
    return f"{amount:.2f} {facts.account.currency}"
