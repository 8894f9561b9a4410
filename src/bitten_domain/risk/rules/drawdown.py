"""Rule: a deep fall from the equity peak stops opening until the user releases it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.risk.behaviour import drawdown_percent, has_fallen
from bitten_domain.risk.decision import Reason
from bitten_domain.vocabulary import RefusalCode

if TYPE_CHECKING:
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.risk.workings import Workings

__all__ = ["drawdown"]


def drawdown(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse while a drawdown stop holds, or when equity has fallen that far since it was last observed."""
    state = facts.behaviour
    most = policy.behaviour.drawdown_stop_percent
    equity, peak = facts.account.equity, state.peak_equity
    if not state.drawdown_stopped and not has_fallen(state, equity, most):
        return ()
    fallen = drawdown_percent(state, equity)
    return (
        Reason(
            RefusalCode.DRAWDOWN_STOP,
            f"less than {most} % below the equity peak",
            f"{fallen:.2f} % below {peak:.2f} {facts.account.currency}",
            _remedy(state.release_asked_at, facts.now, policy.behaviour.release_delay_seconds),
        ),
    )


def _remedy(asked_at: int | None, now: int, delay: int) -> str:
    if asked_at is None:
        return (
            f"ask for its release, which takes {_hours(delay)} h"
            if delay
            else "ask for its release, which comes at once"
        )
    left = asked_at + delay - now
    return f"wait {_hours(left)} h for its release" if left > 0 else "the release is due"


def _hours(seconds: int) -> int:
    return -(-seconds // 3_600)
