"""Acceptance on real bars: how many signals there are a day, and what the threshold needs for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bitten_domain.desk.decisions import SignalEmitted, ThresholdEvaluated
from bitten_domain.market.clocks.fx_week import open_seconds, trading_day
from bitten_domain.strategies.profiles import Profile, strategies_of
from bitten_domain.values import TEN_PAIRS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.desk.signal import Signal
    from bitten_domain.use_cases.trading.backtest import Backtest

pytestmark = pytest.mark.slow

EPOCH = date(1970, 1, 1)
LEAST, MOST = 65 * 0.85, 65 * 1.15


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of trading days, both ends in it; the first begins 25 market days after the data."""

    name: str
    first: date
    last: date

    @property
    def bounds(self) -> tuple[int, int]:
        """Days since 1970."""
        return (self.first - EPOCH).days, (self.last - EPOCH).days


DEVELOPMENT = Part("development", date(2025, 3, 24), date(2025, 8, 8))
HELD_OUT = Part("held out", date(2025, 8, 11), date(2025, 10, 31))
PARTS = pytest.mark.parametrize("part", [DEVELOPMENT, HELD_OUT], ids=lambda part: part.name)


def signals_of(run: Backtest) -> list[Signal]:
    return [each.signal for each in run.happenings if isinstance(each, SignalEmitted)]


def day_counts(run: Backtest, part: Part) -> NDArray[np.int64]:
    """Count the signals of each market day that had bars."""
    first, last = part.bounds
    traded = np.unique(trading_day(run.equity_at - 1))
    days = trading_day(np.array([signal.at - 1 for signal in signals_of(run)], dtype=np.int64))
    return np.array([int((days == day).sum()) for day in traded[(traded >= first) & (traded <= last)]])


def thresholds(run: Backtest, part: Part) -> NDArray[np.int64]:
    """Read where the threshold stood after each evaluation."""
    first, last = part.bounds
    # A trading day begins at 17:00 New York of the evening before.
    begin, end = open_seconds(np.array([first * 86_400 - 7_200, last * 86_400 + 79_200], dtype=np.int64))
    return np.array(
        [
            each.audit.new
            for each in run.happenings
            if isinstance(each, ThresholdEvaluated) and begin <= each.open_clock < end
        ]
    )


@PARTS
def test_given_real_bars_when_run_then_the_mean_of_signals_a_day_is_within_the_tolerance(
    real_run: Backtest, part: Part
) -> None:
    counts = day_counts(real_run, part)

    assert len(counts) == {"development": 100, "held out": 60}[part.name]
    assert LEAST <= counts.mean() <= MOST


@PARTS
def test_given_real_bars_when_run_then_nine_of_ten_five_day_means_are_within_the_tolerance(
    real_run: Backtest, part: Part
) -> None:
    means = np.convolve(day_counts(real_run, part), np.full(5, 0.2), "valid")

    assert float(((means >= LEAST) & (means <= MOST)).mean()) >= 0.9


@PARTS
def test_given_real_bars_when_run_then_no_day_has_more_than_a_hundred(real_run: Backtest, part: Part) -> None:
    assert int(day_counts(real_run, part).max()) <= 100


@PARTS
def test_given_real_bars_when_run_then_the_threshold_has_room_on_both_sides(real_run: Backtest, part: Part) -> None:
    values = thresholds(real_run, part)

    assert len(values) > 300
    assert 70_000 <= int(values.min()) <= int(values.max()) <= 78_000
    assert float(((values == 70_000) | (values == 78_000)).mean()) < 0.25


@PARTS
def test_given_real_bars_when_run_then_every_strategy_and_pair_gives_signals(real_run: Backtest, part: Part) -> None:
    first, last = part.bounds
    chosen = [
        signal
        for signal in signals_of(real_run)
        if first <= trading_day(np.array([signal.at - 1], dtype=np.int64))[0] <= last
    ]

    assert Counter(signal.strategy for signal in chosen).keys() == {each.name for each in strategies_of(Profile.WIDE)}
    assert Counter(signal.symbol for signal in chosen).keys() == set(TEN_PAIRS)


def test_given_real_bars_when_run_then_every_signal_was_worth_its_gate_and_its_breakdown_adds_up(
    real_run: Backtest,
) -> None:
    for signal in signals_of(real_run)[::25]:
        assert signal.score * 10 >= signal.gate >= 70_000
        assert sum(line.points for line in signal.lines) == signal.score
        assert signal.cost_share <= 0.30
        assert signal.coverage >= 60


def test_given_real_bars_when_run_then_a_pair_and_side_has_one_idea_an_hour_and_twelve_signals_a_day(
    real_run: Backtest,
) -> None:
    last: dict[tuple[str, int], Signal] = {}
    per_day = Counter[tuple[str, int]]()
    for signal in signals_of(real_run):
        key = signal.symbol, signal.direction.sign
        before = last.get(key)
        assert before is None or signal.at >= max(before.at + 3_600, before.valid_until)
        last[key] = signal
        per_day[signal.symbol, int(trading_day(np.array([signal.at - 1], dtype=np.int64))[0])] += 1

    assert max(per_day.values()) <= 12
