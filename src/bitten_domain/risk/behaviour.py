"""Behaviour states: what a run of results does to the next trade, as a pure fold.

Strongest first: emergency stop, daily limit, lockout, news, medic, warning. The fold sees closed trades, equity and the
turn of the trading day; it never looks at a clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bitten_domain.risk.policy.risk_policy import BehaviourPolicy

__all__ = [
    "BehaviourState",
    "Caution",
    "Outcome",
    "after_trade_closed",
    "ask_release",
    "at_new_day",
    "cautions",
    "drawdown_percent",
    "has_fallen",
    "observe_equity",
    "outcome_of",
    "start_time_out",
]

_HUNDRED = Decimal(100)
_ZERO = Decimal(0)
_NO_DAY = -1


class Outcome(Enum):
    """What a closed trade counts as."""

    WIN = "WIN"
    LOSS = "LOSS"
    NEITHER = "NEITHER"


class Caution(Enum):
    """A warning that blocks nothing."""

    TILT = "TILT"
    STEP_BACK = "STEP_BACK"
    MEDIC = "MEDIC"
    DRAWDOWN = "DRAWDOWN"


@dataclass(frozen=True, slots=True)
class BehaviourState:
    """What trading so far has earned an account in pauses; all moments are seconds since 1970 UTC.

    Args:
        peak_equity: highest equity since the start or the last release, account currency.
        losing_streak: losses in a row, broken by a win.
        tilted: three losses came in a row and two wins have not followed yet.
        tilt_wins: wins since the tilt began.
        lockout_until: no opening before.
        lockout_day: trading day of which the rest is locked; -1 for none.
        cool_down_until: no opening before.
        large_losses: losses at more than the large risk since the last step-back.
        step_back_until: risk is capped before.
        daily_limit_day: trading day whose loss reached the cap; -1 for none.
        drawdown_stopped: the fall from the peak reached the stop and was not released.
        release_asked_at: when the user asked for that release; None before.
        releases: drawdown stops released so far.
        time_out_until: the user's own time-out.
    """

    peak_equity: Decimal
    losing_streak: int = 0
    tilted: bool = False
    tilt_wins: int = 0
    lockout_until: int = 0
    lockout_day: int = _NO_DAY
    cool_down_until: int = 0
    large_losses: int = 0
    step_back_until: int = 0
    daily_limit_day: int = _NO_DAY
    drawdown_stopped: bool = False
    release_asked_at: int | None = None
    releases: int = 0
    time_out_until: int = 0


def outcome_of(net_r: Decimal, policy: BehaviourPolicy) -> Outcome:
    """Name a result: a loss from -0.1 R down, a win from 0.1 R up, between them neither."""
    if net_r <= policy.loss_r:
        return Outcome.LOSS
    return Outcome.WIN if net_r >= policy.win_r else Outcome.NEITHER


def after_trade_closed(
    state: BehaviourState,
    policy: BehaviourPolicy,
    *,
    net_r: Decimal,
    risk_percent: Decimal,
    at: int,
    trading_day: int,
) -> BehaviourState:
    """Fold a closed trade in.

    A win breaks the losing streak. The tilt itself outlives the streak: two wins clear it, in a row or not, and end a
    lockout with it. The losing streak is not forgotten overnight.

    Args:
        state: before the trade.
        policy: the figures.
        net_r: result after all costs, in R.
        risk_percent: what the trade risked, percent of the sizing balance.
        at: when it closed, seconds since 1970 UTC.
        trading_day: that moment's trading day.
    """
    outcome = outcome_of(net_r, policy)
    if outcome is Outcome.LOSS:
        return _after_loss(state, policy, risk_percent, at, trading_day)
    if outcome is Outcome.NEITHER:
        return state
    if not state.tilted:
        return replace(state, losing_streak=0)
    if state.tilt_wins + 1 < policy.tilt_clear_wins:
        return replace(state, losing_streak=0, tilt_wins=state.tilt_wins + 1)
    return replace(state, losing_streak=0, tilted=False, tilt_wins=0, lockout_until=0, lockout_day=_NO_DAY)


def _after_loss(
    state: BehaviourState, policy: BehaviourPolicy, risk_percent: Decimal, at: int, trading_day: int
) -> BehaviourState:
    streak = state.losing_streak + 1
    large = state.large_losses + (1 if risk_percent > policy.large_risk_percent else 0)
    steps_back = large >= policy.large_losses
    locks = streak >= policy.tilt_lock_losses
    return replace(
        state,
        losing_streak=streak,
        tilted=state.tilted or streak >= policy.tilt_warn_losses,
        lockout_until=max(state.lockout_until, at + policy.tilt_lock_seconds) if locks else state.lockout_until,
        lockout_day=trading_day if streak >= policy.tilt_day_losses else state.lockout_day,
        cool_down_until=max(state.cool_down_until, at + policy.cool_down_seconds),
        large_losses=0 if steps_back else large,
        step_back_until=at + policy.step_back_seconds if steps_back else state.step_back_until,
    )


def observe_equity(
    state: BehaviourState,
    policy: BehaviourPolicy,
    *,
    equity: Decimal,
    day_loss_reached: bool,
    now: int,
    trading_day: int,
) -> BehaviourState:
    """Fold the account's equity in: peak, drawdown stop, its release when due, the daily limit.

    Returns the same object when nothing changes, so that it may be called on every bar.

    Args:
        state: before.
        policy: the figures.
        equity: balance and floating result, account currency.
        day_loss_reached: whether the day's equity loss is at its cap (`Allowance.day_loss >= Allowance.daily_cap`).
        now: seconds since 1970 UTC.
        trading_day: the present one.
    """
    asked = state.release_asked_at
    if asked is not None and now >= asked + policy.release_delay_seconds:
        state = replace(
            state,
            peak_equity=equity,
            drawdown_stopped=False,
            release_asked_at=None,
            releases=state.releases + 1,
        )
    if equity > state.peak_equity:
        state = replace(state, peak_equity=equity)
    if not state.drawdown_stopped and has_fallen(state, equity, policy.drawdown_stop_percent):
        state = replace(state, drawdown_stopped=True)
    if day_loss_reached and state.daily_limit_day != trading_day:
        state = replace(state, daily_limit_day=trading_day)
    return state


def at_new_day(state: BehaviourState, trading_day: int) -> BehaviourState:
    """Begin a trading day: a daily limit and a rest-of-day lockout of an earlier day end."""
    if state.daily_limit_day in (_NO_DAY, trading_day) and state.lockout_day in (_NO_DAY, trading_day):
        return state
    return replace(
        state,
        daily_limit_day=trading_day if state.daily_limit_day == trading_day else _NO_DAY,
        lockout_day=trading_day if state.lockout_day == trading_day else _NO_DAY,
    )


def drawdown_percent(state: BehaviourState, equity: Decimal) -> Decimal:
    """Measure the fall from the equity peak in percent, >= 0; 100 when there was never any equity."""
    if state.peak_equity <= 0:
        return _HUNDRED
    return max(_ZERO, (state.peak_equity - equity) * _HUNDRED / state.peak_equity)


def has_fallen(state: BehaviourState, equity: Decimal, percent: Decimal) -> bool:
    """Say whether the fall from the equity peak is at a percentage; always, when there was never any equity."""
    peak = state.peak_equity
    # As products: this is asked on every bar.
    return peak <= _ZERO or (peak - equity) * _HUNDRED >= percent * peak


def ask_release(state: BehaviourState, now: int) -> BehaviourState:
    """Ask for the release of a drawdown stop; `observe_equity` carries it out when the delay is over.

    Asking again does not restart the delay; asking without a stop does nothing.
    """
    if not state.drawdown_stopped or state.release_asked_at is not None:
        return state
    return replace(state, release_asked_at=now)


def start_time_out(state: BehaviourState, until: int) -> BehaviourState:
    """Begin a user's own time-out; it can be made longer, never shorter."""
    return replace(state, time_out_until=max(state.time_out_until, until))


def cautions(
    state: BehaviourState, policy: BehaviourPolicy, *, equity: Decimal, is_medic: bool, now: int
) -> tuple[Caution, ...]:
    """List the warnings in force, strongest first."""
    found = (
        (Caution.MEDIC, is_medic),
        (Caution.DRAWDOWN, drawdown_percent(state, equity) >= policy.drawdown_warn_percent),
        (Caution.TILT, state.tilted),
        (Caution.STEP_BACK, now < state.step_back_until),
    )
    return tuple(caution for caution, holds in found if holds)
