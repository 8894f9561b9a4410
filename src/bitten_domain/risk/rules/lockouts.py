"""Rule: pauses after losses, the user's own time-out, and one position in medic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.risk.decision import Reason
from bitten_domain.risk.exposure import count_positions
from bitten_domain.vocabulary import RefusalCode

if TYPE_CHECKING:
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.risk.workings import Workings

__all__ = ["lockouts"]


def lockouts(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse during a tilt lockout, a cool-down or a time-out, and a second position in medic."""
    now, state = facts.now, facts.behaviour
    rest_of_day = state.lockout_day == workings.windows.trading_day
    is_second = workings.allowance.is_medic and len(facts.open_risks) > 0
    paused_until = max(state.lockout_until, state.cool_down_until, state.time_out_until)
    if now >= paused_until and not rest_of_day and not is_second:
        return ()
    reasons: list[Reason] = []
    if now < state.lockout_until or rest_of_day:
        reasons.append(
            Reason(
                RefusalCode.TILT_LOCKOUT,
                f"fewer than {policy.behaviour.tilt_lock_losses} losses in a row",
                f"{state.losing_streak} losses in a row",
                "wait for the next trading day" if rest_of_day else _wait(state.lockout_until - now),
            )
        )
    if now < state.cool_down_until:
        reasons.append(
            Reason(
                RefusalCode.COOL_DOWN,
                f"{policy.behaviour.cool_down_seconds} s since the last loss",
                f"{state.cool_down_until - now} s left",
                _wait(state.cool_down_until - now),
            )
        )
    if now < state.time_out_until:
        reasons.append(
            Reason(
                RefusalCode.TIME_OUT,
                "no opening in your time-out",
                f"{state.time_out_until - now} s left",
                _wait(state.time_out_until - now),
            )
        )
    if is_second:
        reasons.append(
            Reason(
                RefusalCode.MEDIC_ONE_POSITION,
                "one position once half the daily cap is lost",
                f"{count_positions(facts.open_risks)} open",
                "close one, or wait for the next trading day",
            )
        )
    return tuple(reasons)


def _wait(seconds: int) -> str:
    return f"wait {-(-seconds // 60)} min"
