"""Check: there are shots left today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.risk.decision import Reason
from bitten_domain.vocabulary import FireMode, RefusalCode

if TYPE_CHECKING:
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.risk.workings import Workings

__all__ = ["shots_left"]

_AUTO = FireMode.AUTO


def shots_left(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse once the tier's shots of the trading day are used, and for AUTO the mandate's."""
    allowed, used = policy.tiers[facts.person.tier].shots_a_day, facts.shots_used
    given = facts.mandate
    if used < allowed and request.fire_mode is _AUTO and given is not None:
        allowed, used = given.shots_a_day, facts.mandate_shots_used
    if used < allowed:
        return ()
    return (
        Reason(
            RefusalCode.SHOTS_USED_UP,
            f"{allowed} shots a trading day",
            f"{used} used",
            "wait for the next trading day, 17:00 New York",
        ),
    )
