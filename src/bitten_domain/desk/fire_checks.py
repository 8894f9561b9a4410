"""The twelve fire checks, in their order, as data.

Every check is asked, whatever the earlier ones said, so that a refusal names all that is wrong at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.desk.checks import (
    account_state,
    confirmation,
    entitlement,
    good_for_auto,
    mandate,
    not_duplicate,
    quote_usable,
    score_gate,
    shots_left,
    signal_alive,
)
from bitten_domain.risk.assess import assess
from bitten_domain.risk.rules import (
    daily_limit,
    drawdown,
    emergency,
    exposure_limits,
    levels,
    lockouts,
    margin,
    market_hours,
    news,
    open_risk,
    positions,
    size_fits,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.risk.assess import ApprovedOrder
    from bitten_domain.risk.decision import Refusal
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.risk.workings import Rule

__all__ = ["FIRE_CHECKS", "FireCheck", "decide_fire", "rules_of"]


@dataclass(frozen=True, slots=True)
class FireCheck:
    """One of the twelve checks.

    Args:
        number: place in the order, from 1.
        name: what it looks at.
        rules: what it asks, in order.
    """

    number: int
    name: str
    rules: tuple[Rule, ...]


FIRE_CHECKS: tuple[FireCheck, ...] = (
    FireCheck(1, "emergency stop", (emergency,)),
    FireCheck(2, "account, rank, tier, mode", (account_state, entitlement, mandate, confirmation)),
    FireCheck(3, "market open, symbol, roll", (market_hours,)),
    FireCheck(4, "quote and spread", (quote_usable,)),
    FireCheck(5, "signal", (signal_alive, score_gate, good_for_auto)),
    FireCheck(6, "news", (news,)),
    FireCheck(7, "lockouts, cool-downs, shots", (daily_limit, drawdown, lockouts, shots_left)),
    FireCheck(8, "stop and target", (levels,)),
    FireCheck(9, "size", (size_fits,)),
    FireCheck(10, "daily, total, currency and cluster risk", (open_risk, exposure_limits, positions)),
    FireCheck(11, "margin", (margin,)),
    FireCheck(12, "duplicate", (not_duplicate,)),
)
"""The twelve, in the documented order (rules: fire)."""


def rules_of(checks: Sequence[FireCheck]) -> tuple[Rule, ...]:
    """Line up the rules of some checks."""
    return tuple(rule for check in checks for rule in check.rules)


_ALL_RULES = rules_of(FIRE_CHECKS)


def decide_fire(
    request: FireRequest, facts: RiskFacts, policy: RiskPolicy, rules: tuple[Rule, ...] = _ALL_RULES
) -> ApprovedOrder | Refusal:
    """Decide whether an order is sent.

    Args:
        request: what is wished.
        facts: all that is known at `facts.now`.
        policy: the figures.
        rules: those of the twelve checks; fewer only to show what a check is worth, never to send.

    Returns:
        The approved order, sized; or a refusal with every reason, in the checks' order.
    """
    return assess(request, facts, policy, rules)
