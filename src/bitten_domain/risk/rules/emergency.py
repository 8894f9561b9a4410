"""Rule: no opening under an emergency stop, or when nobody knows whether there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.risk.decision import Reason
from bitten_domain.risk.emergency_stop import StopKind, StopScope, applies_to
from bitten_domain.vocabulary import RefusalCode

if TYPE_CHECKING:
    from bitten_domain.risk.emergency_stop import EmergencyStop
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.risk.workings import Workings

__all__ = ["emergency"]


def emergency(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse under any stop that reaches this user or broker, and when the stops are not known."""
    if facts.stops is None:
        return (
            Reason(
                RefusalCode.EMERGENCY_STATE_UNKNOWN,
                "a known emergency state",
                "not known",
                "wait until the store answers; closing works",
            ),
        )
    if not facts.stops:
        return ()
    broker, user_id = facts.account.broker, facts.person.user_id
    return tuple(_reason(stop) for stop in facts.stops if applies_to(stop, broker, user_id))


def _reason(stop: EmergencyStop) -> Reason:
    own = stop.scope is StopScope.USER and stop.kind is not StopKind.LOCK
    return Reason(
        RefusalCode.EMERGENCY_STOP,
        "no emergency stop",
        f"{stop.kind.value} of scope {stop.scope.value}",
        "release it once it is 60 minutes old" if own else "an ADMIN releases it",
    )
