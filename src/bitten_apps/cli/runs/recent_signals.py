"""The signals of the last bars, found by the chain itself on as much history as it needs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_apps.cli.run_options import WARM_UP_DAYS, Period
from bitten_apps.cli.runs.market_data import load_market
from bitten_apps.cli.runs.run_plan import plan_of
from bitten_domain.desk.decisions import CandidatesSuppressed, SignalEmitted
from bitten_domain.market.order_flow import flow_at
from bitten_domain.use_cases.trading.backtest import run_backtest

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from bitten_apps.cli.runs.run_plan import RunChoices
    from bitten_domain.desk.run.desk_run import DeskRun, Happening, Moment
    from bitten_domain.desk.signal import Signal
    from bitten_domain.market.news_view import NewsCalendarView
    from bitten_domain.market.order_flow import FlowReading
    from bitten_domain.vocabulary import SuppressionCode

__all__ = ["FoundSignal", "RecentSignals", "recent_signals"]

_DAY = 86_400
_SETTLING_DAYS = 14
"""Calendar days over which the threshold finds its level before the bars that are asked for."""


@dataclass(frozen=True, slots=True)
class FoundSignal:
    """A signal as its card shows it.

    Args:
        signal: what was emitted.
        is_alive: whether it may still be fired at the last bar's close.
        known_news: whether the calendar covers its moment.
        flow: the order-flow proxy of its pair then.
    """

    signal: Signal
    is_alive: bool
    known_news: bool
    flow: FlowReading


@dataclass(frozen=True, slots=True)
class RecentSignals:
    """What a look at the last bars found.

    Args:
        signals: newest first.
        suppressed: candidates of the same bars that were kept back, by code.
        since, until: close of the first and of the last bar looked at, seconds since 1970 UTC.
        bars: M15 bars looked at.
        threshold: where it stands, thousandths of a point.
        source: what a person calls the data.
        pairs: that have bars.
        notes: what else a reader should know.
    """

    signals: tuple[FoundSignal, ...]
    suppressed: Mapping[SuppressionCode, int]
    since: int
    until: int
    bars: int
    threshold: int
    source: str
    pairs: tuple[str, ...]
    notes: tuple[str, ...]


def recent_signals(
    arguments: argparse.Namespace, choices: RunChoices, news: NewsCalendarView, notes: Sequence[str]
) -> RecentSignals:
    """Run the chain up to the last bar and keep what it emitted in the last ones.

    Args:
        arguments: of the command.
        choices: profile and strategies.
        news: the calendar.
        notes: so far.

    Raises:
        InvalidInput: the data cannot be used.
    """
    market = load_market(arguments, Period(None, None, None))
    closes = np.unique(np.concatenate([bars.closed for bars in market.bars.values()]))
    recent = closes[-arguments.last :]
    since, until = int(recent[0]), int(recent[-1])
    start = since - _SETTLING_DAYS * _DAY
    cut = {symbol: bars.between(start - WARM_UP_DAYS * _DAY, until) for symbol, bars in market.bars.items()}
    kept = {symbol: bars for symbol, bars in cut.items() if len(bars)}
    plan = plan_of(choices, news, start)
    emitted: list[Signal] = []
    suppressed: Counter[SuppressionCode] = Counter()

    def watch(moment: Moment, happenings: Sequence[Happening], _: DeskRun) -> None:
        if moment.at < since:
            return
        for happening in happenings:
            if isinstance(happening, SignalEmitted):
                emitted.append(happening.signal)
            elif isinstance(happening, CandidatesSuppressed):
                suppressed.update(happening.counts)

    run = run_backtest(kept, plan, watch)
    days = (until - int(min(bars.opened[0] for bars in kept.values()))) / _DAY
    if days < WARM_UP_DAYS:
        notes = (*notes, f"only {days:.0f} days of bars: indicators that need more are left out of the score")
    return RecentSignals(
        signals=tuple(
            FoundSignal(
                signal,
                until < signal.valid_until,
                bool(news.covered(np.array([signal.at], dtype=np.int64))[0]),
                flow_at(kept[signal.symbol], signal.at),
            )
            for signal in sorted(emitted, key=lambda each: (-each.at, -each.score))
        ),
        suppressed=suppressed,
        since=since,
        until=until,
        bars=len(recent),
        threshold=run.state.signals.threshold.value,
        source=market.source,
        pairs=tuple(kept),
        notes=(*market.notes, *notes),
    )
