"""Check: the signal still is what was emitted, and good enough for this fire."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.market.news_view import Blackout
from bitten_domain.risk.decision import Reason
from bitten_domain.risk.policy import MODE_POLICIES
from bitten_domain.risk.sizing import net_reward_risk, slippage_factor
from bitten_domain.values import Direction
from bitten_domain.vocabulary import FireMode, RefusalCode

if TYPE_CHECKING:
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest, SignalFacts
    from bitten_domain.risk.workings import Workings

__all__ = ["fire_gate", "good_for_auto", "score_gate", "signal_alive"]

_ZERO = Decimal(0)
# Looking a member up costs more than comparing with it.
_BUY, _AUTO, _MEDIUM = Direction.BUY, FireMode.AUTO, Blackout.MEDIUM


def signal_alive(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse a signal that is over, touched, left behind by the price, or no longer worth its risk."""
    signal, quote = request.signal, facts.quote
    reasons: list[Reason] = []
    if facts.now >= signal.valid_until:
        late = facts.now - signal.valid_until
        reasons.append(Reason(RefusalCode.SIGNAL_EXPIRED, "a live signal", f"over for {late} s", "take a newer one"))
    if signal.is_touched or (quote is not None and _touches(signal, quote.bid)):
        reasons.append(
            Reason(
                RefusalCode.LEVEL_TOUCHED,
                "stop and target untouched since emission",
                "one of them was touched",
                "take a newer one",
            )
        )
    if quote is None:
        return tuple(reasons)
    # The entry is a chart price, and charts are drawn on the bid: the spread is no movement.
    entry = signal.entry
    moved, one_r = abs(quote.bid - entry), abs(entry - signal.stop)
    if moved > policy.fire.entry_drift_r * one_r:
        share = f"{moved / one_r:.2f} R" if one_r else "a signal without a stop distance"
        reasons.append(
            Reason(
                RefusalCode.PRICE_MOVED,
                f"within {policy.fire.entry_drift_r} R of the entry {signal.entry}",
                share,
                "wait for the price to come back, or take a newer one",
            )
        )
    reward = _reward_at_quote(request, facts, policy, workings)
    promised = signal.reward_risk
    least = _ZERO if promised is None else promised * policy.fire.reward_kept
    if reward is not None and (reward < least or reward <= _ZERO):
        reasons.append(
            Reason(
                RefusalCode.REWARD_DECAYED,
                f"net reward to risk of at least {max(_ZERO, least):.2f}",
                f"{reward:.2f} at the quote",
                "wait for a better price, or take a newer one",
            )
        )
    return tuple(reasons)


def _touches(signal: SignalFacts, bid: Decimal) -> bool:
    if signal.direction is _BUY:
        return not signal.stop < bid < signal.target
    return not signal.target < bid < signal.stop


def _reward_at_quote(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> Decimal | None:
    """Weigh reward and risk at the quote; None when a missing fact, refused elsewhere, hides the costs."""
    instrument, quote, sizing = facts.instrument, facts.quote, workings.sizing
    commission = workings.commission
    if instrument is None or quote is None or sizing is None or commission is None:
        return None
    signal, costs = request.signal, policy.costs
    return net_reward_risk(
        instrument,
        signal.direction,
        quote,
        reward_price=signal.reward_price,
        pips_at_stop=sizing.stop_pips,
        entry_slippage_pips=costs.entry_slippage_pips * slippage_factor(facts.news, costs),
        commission_pips=commission / sizing.pip_value,
    )


def fire_gate(request: FireRequest, facts: RiskFacts, policy: RiskPolicy) -> Decimal:
    """Find the score a fire needs: the highest of emission gate, mode floor, pair gate (AUTO), sniper floor and
    mandate (AUTO), and 5 more in a MEDIUM window.
    """
    figures, fire_mode = policy.fire, request.fire_mode
    gate, floor = request.signal.gate, figures.mode_floor(fire_mode)
    if gate < floor:
        gate = floor
    if fire_mode is _AUTO:
        if facts.instrument is not None and facts.instrument.auto_gate is not None:
            gate = max(gate, facts.instrument.auto_gate)
        if facts.mandate is not None:
            gate = max(gate, facts.mandate.least_score)
    if facts.person.is_sniper and MODE_POLICIES[facts.person.mode].has_sniper:
        gate = max(gate, figures.sniper_floor)
    if facts.news is not None and facts.news.blackout is _MEDIUM:
        gate += figures.medium_surcharge
    return gate


def score_gate(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse a score below the fire gate, and a signal without one."""
    score, gate = request.signal.score, fire_gate(request, facts, policy)
    if score is not None and score >= gate:
        return ()
    return (
        Reason(
            RefusalCode.SCORE_BELOW_GATE,
            f"a score of at least {gate}",
            "no score" if score is None else str(score),
            "take a higher score, or another fire mode",
        ),
    )


def good_for_auto(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse AUTO on thin evidence, on high costs, and live on a score band that loses."""
    if request.fire_mode is not _AUTO:
        return ()
    signal, figures = request.signal, policy.fire
    reasons: list[Reason] = []
    if not signal.coverage >= figures.auto_coverage:
        reasons.append(
            Reason(
                RefusalCode.COVERAGE_BELOW_AUTO,
                f"coverage of at least {figures.auto_coverage}",
                str(signal.coverage),
                "fire by hand",
            )
        )
    if not signal.cost_share <= figures.auto_cost_share:
        reasons.append(
            Reason(
                RefusalCode.COST_SHARE_NO_AUTO,
                f"cost share of at most {figures.auto_cost_share}",
                str(signal.cost_share),
                "fire by hand",
            )
        )
    if signal.is_auto_barred and facts.account.is_live:
        reasons.append(
            Reason(
                RefusalCode.CALIBRATION_NO_AUTO,
                "a score band that did not lose after costs",
                "it did, with 90 % confidence",
                "fire by hand, or on paper",
            )
        )
    return tuple(reasons)
