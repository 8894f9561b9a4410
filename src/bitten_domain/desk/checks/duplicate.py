"""Check: one signal is fired once, and one pair and side not twice in a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.risk.decision import Reason
from bitten_domain.vocabulary import RefusalCode

if TYPE_CHECKING:
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.risk.workings import Workings

__all__ = ["not_duplicate"]


def not_duplicate(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse a signal this account ever fired, and the same pair and side within 60 s."""
    signal = request.signal
    last = facts.last_fires.get((signal.symbol, signal.direction))
    is_fired = signal.signal_id is not None and signal.signal_id in facts.fired_signals
    is_soon = last is not None and facts.now - last < policy.fire.same_side_seconds
    if not is_fired and not is_soon:
        return ()
    reasons: list[Reason] = []
    if is_fired:
        reasons.append(
            Reason(
                RefusalCode.DUPLICATE_SIGNAL,
                "each signal once an account",
                f"{signal.signal_id} was fired",
                "look at the open position",
            )
        )
    if last is not None and is_soon:
        reasons.append(
            Reason(
                RefusalCode.DUPLICATE_PAIR_SIDE,
                f"{policy.fire.same_side_seconds} s between fires of one pair and side",
                f"{facts.now - last} s",
                "wait a minute if a second position is meant",
            )
        )
    return tuple(reasons)
