"""The counterfactual ledger: what every emitted signal would have come to, and so what each rule saved or cost.

Every signal, fired or not, has its outcome under the one fill model, taken whole at its emission. A rule that kept
signals back saved the R they would have lost, or cost the R they would have won. That says nothing yet about whether it
picks the right ones: where all signals lose, refusing any of them saves. So each line also says how its signals differ
from the others.

What people's hesitation came to stands beside the rules: signals nobody confirmed are a fate of their own, and those
confirmed late are held against the model, which takes every signal at once.

The sums reconcile: over all fates they are the sum over all signals, and over fired ones the model's R and what the
execution added or took are the R the trades made.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.analytics.day_bootstrap import Estimate, difference_by_day, mean_by_day
from bitten_domain.desk.decisions import OrderApproved, OrderRefused, SignalEmitted
from bitten_domain.desk.firing import asked_from
from bitten_domain.desk.run.desk_run import BrokerDeclined, TradeClosed
from bitten_domain.errors import BrokenInvariant
from bitten_domain.market.clocks.fx_week import trading_day
from bitten_domain.values import INSTRUMENTS
from bitten_domain.vocabulary import FireMode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bitten_domain.desk.run.desk_run import Happening
    from bitten_domain.desk.run.idea_results import IdeaResults
    from bitten_domain.desk.signal import Signal
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.values import SignalId
    from bitten_domain.vocabulary import RefusalCode

__all__ = [
    "PROMPT_SECONDS",
    "CounterfactualLedger",
    "Fate",
    "FateLine",
    "LateLine",
    "RuleLine",
    "SignalFate",
    "counterfactual_ledger",
    "fates_of",
    "unasked_fate",
]

PROMPT_SECONDS = 60
"""A signal confirmed later than that after its emission was confirmed late."""


class Fate(Enum):
    """What was done about a signal."""

    FIRED = "FIRED"
    REFUSED = "REFUSED"
    DECLINED = "DECLINED"
    LAPSED = "LAPSED"
    UNCONFIRMED = "UNCONFIRMED"
    NOT_ASKED = "NOT_ASKED"


@dataclass(frozen=True, slots=True)
class SignalFate:
    """A signal, what was done about it, and what it came to.

    Args:
        signal_id: which.
        day: market day of its emission, days since 1970-01-01.
        fate: what was done; DECLINED is the broker's refusal, LAPSED an approved order that ended before it was sent,
            UNCONFIRMED that it was worth a proposal and nobody confirmed it, NOT_ASKED that it was not.
        codes: rules it broke, when it was refused.
        model_r: net R under the one fill model; None while open.
        trade_r: net R of its trade; None without one that has ended.
        waited: seconds from its emission to its approval.
    """

    signal_id: SignalId
    day: int
    fate: Fate
    codes: tuple[RefusalCode, ...] = ()
    model_r: float | None = None
    trade_r: float | None = None
    waited: int = 0


@dataclass(frozen=True, slots=True)
class FateLine:
    """Signals of one fate.

    Args:
        fate: which.
        signals: all of them; `ended` those whose outcome is known.
        mean: net R under the fill model.
        total: its sum, R.
    """

    fate: Fate
    signals: int
    ended: int
    mean: Estimate
    total: float


@dataclass(frozen=True, slots=True)
class RuleLine:
    """Signals one rule was among the reasons against.

    Args:
        code: the rule.
        signals: ended ones it named.
        alone: of them, those it was the only reason against: what it alone changed.
        saved: sum of what the ones it was alone against would have lost, R; negative when they would have won.
        mean: their net R under the fill model.
        apart: by how much their mean exceeds that of all other ended signals; a rule that picks the worse ones is
            below zero.
    """

    code: RefusalCode
    signals: int
    alone: int
    saved: float
    mean: Estimate
    apart: Estimate


@dataclass(frozen=True, slots=True)
class LateLine:
    """Fired signals that were confirmed late.

    Args:
        signals: all of them.
        closed: those whose trade is closed and whose outcome is known.
        made: sum of what their trades made beyond the model, R; negative when waiting cost.
        mean: of it. What the broker's fills added or took is in it, as in `CounterfactualLedger.execution`.
    """

    signals: int
    closed: int
    made: float
    mean: Estimate


@dataclass(frozen=True, slots=True)
class CounterfactualLedger:
    """The whole ledger.

    Args:
        fates: one line each, those that happened.
        rules: the most frequent first.
        late: of the fired ones, those confirmed late.
        execution: R a fired signal's trade made beyond the model: delay, rounding, the broker's own fills.
        model_total: net R of all ended signals.
        traded_model, traded_actual: net R of closed trades under the model, and as they were.
        traded_waiting: net R of trades that were closed before the model's outcome is known; with `traded_actual` it
            is the R of every closed trade.
    """

    fates: tuple[FateLine, ...]
    rules: tuple[RuleLine, ...]
    late: LateLine
    execution: Estimate
    model_total: float
    traded_model: float
    traded_actual: float
    traded_waiting: float


def unasked_fate(signal: Signal, policy: RiskPolicy) -> Fate:
    """Say what became of a signal nobody fired: from the score on that the bot proposes, somebody could have."""
    asked = asked_from(policy, FireMode.SEMI, INSTRUMENTS[signal.symbol])
    return Fate.UNCONFIRMED if signal.score * 10 >= asked else Fate.NOT_ASKED


def fates_of(happenings: Sequence[Happening], results: IdeaResults, policy: RiskPolicy) -> tuple[SignalFate, ...]:
    """Read the fate of each emitted signal out of a run, which fires at once or not at all.

    Args:
        happenings: all of them, in order.
        results: of the scan the signals came from.
        policy: the risk policy, for the score from which a signal is proposed.
    """
    refused: dict[SignalId, tuple[RefusalCode, ...]] = {}
    approved: set[SignalId] = set()
    declined: set[SignalId] = set()
    trades: dict[SignalId, float] = {}
    for each in happenings:
        if isinstance(each, OrderRefused):
            refused[each.signal.signal_id] = each.refusal.codes
        elif isinstance(each, OrderApproved):
            approved.add(each.signal.signal_id)
        elif isinstance(each, BrokerDeclined):
            declined.add(each.signal.signal_id)
        elif isinstance(each, TradeClosed) and each.trade.net_r is not None:
            trades[each.known.signal_id] = float(each.trade.net_r)

    def fate(signal: Signal) -> Fate:
        if signal.signal_id in declined:
            return Fate.DECLINED
        if signal.signal_id in approved:
            return Fate.FIRED
        return Fate.REFUSED if signal.signal_id in refused else unasked_fate(signal, policy)

    signals = [each.signal for each in happenings if isinstance(each, SignalEmitted)]
    days = trading_day(np.array([signal.at - 1 for signal in signals], dtype=np.int64)).tolist()
    model = results.net_r[np.array([signal.row for signal in signals], dtype=np.int64)].tolist()
    return tuple(
        SignalFate(
            signal.signal_id,
            day,
            fate(signal),
            tuple(dict.fromkeys(refused.get(signal.signal_id, ()))),
            None if net_r != net_r else net_r,
            trades.get(signal.signal_id),
        )
        for signal, day, net_r in zip(signals, days, model, strict=True)
    )


def counterfactual_ledger(fates: Sequence[SignalFate], draws: NDArray[np.float64]) -> CounterfactualLedger:
    """Add the fates up.

    Args:
        fates: of every emitted signal, each once.
        draws: for the intervals, see `day_bootstrap.mean_by_day`.

    Raises:
        BrokenInvariant: a signal comes twice, was refused without a reason, or was traded without being fired.
    """
    if len({each.signal_id for each in fates}) != len(fates):
        raise BrokenInvariant("a signal has one fate")
    for each in fates:
        if (each.fate is Fate.REFUSED) is not bool(each.codes):
            raise BrokenInvariant(f"{each.signal_id}: a refusal, and nothing else, has reasons")
        if each.trade_r is not None and each.fate is not Fate.FIRED:
            raise BrokenInvariant(f"{each.signal_id}: it was traded, but not fired")
    ended = [each for each in fates if each.model_r is not None]
    model_r = np.array([each.model_r for each in ended], dtype=np.float64)
    day = np.array([each.day for each in ended], dtype=np.int64)
    traded = [each.trade_r is not None for each in ended]
    in_trades = np.array(traded, dtype=np.bool_)
    trade_r = np.array([each.trade_r for each in ended if each.trade_r is not None], dtype=np.float64)
    return CounterfactualLedger(
        fates=tuple(
            _fate_line(fate, sum(each.fate is fate for each in fates), ended, model_r, day, draws)
            for fate in Fate
            if any(each.fate is fate for each in fates)
        ),
        rules=_rule_lines(ended, model_r, day, draws),
        late=_late_line(fates, draws),
        execution=mean_by_day(trade_r - model_r[in_trades], day[in_trades], draws),
        model_total=_rounded(model_r),
        traded_model=_rounded(model_r[in_trades]),
        traded_actual=_rounded(trade_r),
        traded_waiting=_rounded(
            np.array([each.trade_r for each in fates if each.model_r is None and each.trade_r is not None])
        ),
    )


def _fate_line(
    fate: Fate,
    signals: int,
    ended: Sequence[SignalFate],
    model_r: NDArray[np.float64],
    day: NDArray[np.int64],
    draws: NDArray[np.float64],
) -> FateLine:
    inside = np.array([each.fate is fate for each in ended], dtype=np.bool_)
    values = model_r[inside]
    return FateLine(fate, signals, len(values), mean_by_day(values, day[inside], draws), _rounded(values))


def _rule_lines(
    ended: Sequence[SignalFate], model_r: NDArray[np.float64], day: NDArray[np.int64], draws: NDArray[np.float64]
) -> tuple[RuleLine, ...]:
    codes = dict.fromkeys(code for each in ended for code in each.codes)
    lines: list[RuleLine] = []
    for code in codes:
        named = sum(code in each.codes for each in ended)
        alone = np.array([each.codes == (code,) for each in ended], dtype=np.bool_)
        values = model_r[alone]
        lines.append(
            RuleLine(
                code=code,
                signals=named,
                alone=len(values),
                saved=_rounded(-values),
                mean=mean_by_day(values, day[alone], draws),
                apart=difference_by_day(alone, ~alone, model_r, day, draws),
            )
        )
    return tuple(sorted(lines, key=lambda line: (-line.signals, line.code.value)))


def _late_line(fates: Sequence[SignalFate], draws: NDArray[np.float64]) -> LateLine:
    late = [each for each in fates if each.fate is Fate.FIRED and each.waited > PROMPT_SECONDS]
    closed = [
        (each.trade_r - each.model_r, each.day)
        for each in late
        if each.trade_r is not None and each.model_r is not None
    ]
    made = np.array([difference for difference, _ in closed], dtype=np.float64)
    day = np.array([day for _, day in closed], dtype=np.int64)
    return LateLine(len(late), len(closed), _rounded(made), mean_by_day(made, day, draws))


def _rounded(values: NDArray[np.float64]) -> float:
    return round(float(values.sum()), 4) + 0.0
