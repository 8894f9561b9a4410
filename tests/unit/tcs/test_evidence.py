"""Every rule of evidence at its named points, for both directions, on columns set by hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.levels import Pivots
from bitten_domain.strategies import Candidates, Style
from bitten_domain.tcs.evidence import evidence_of
from bitten_domain.tcs.parts import COMPONENTS, FULL_CAP, RULE_COMPONENT, RULES, Component
from bitten_domain.tcs.setting import Setting, setting_of

if TYPE_CHECKING:
    from tests.unit.conftest import Column, Drawing

N = 1_000
ROW = N - 1
# Monday 2025-01-06 00:00 UTC.
MONDAY = 1_736_121_600
NAN = float("nan")
TREND, REVERSION, BREAKOUT = Style.TREND, Style.REVERSION, Style.BREAKOUT
BOTH = pytest.mark.parametrize("sign", [1, -1], ids=["BUY", "SELL"])

Bar = tuple[float, float, float, float]


@dataclass
class Scene:
    """One candidate at the last of a thousand flat bars; `points` reads what each rule gives it."""

    style: Style = TREND
    sign: int = 1
    symbol: str = "EURUSD"
    every: dict[str, Column] = field(default_factory=dict)
    m15: dict[str, Column] = field(default_factory=dict)
    h1: dict[str, Column] = field(default_factory=dict)
    bars: list[Bar] = field(default_factory=list)
    trend_m15: float = 0.0
    trend_h1: float = 0.0
    h4: float = 0.0
    day: float = 0.0
    touches: tuple[float, ...] = ()
    usual: float = 0.0010
    spread: float = 1.2
    measured: bool = True
    reward: float = 2.0
    sentiment: float = NAN
    at: datetime | None = None

    def setting(self, draw: Drawing) -> Setting:
        opened = MONDAY + 900 * np.arange(N, dtype=np.int64)
        columns = np.full((4, N), 1.1000)
        columns[1] += 0.0004
        columns[2] -= 0.0004
        if self.bars:
            columns[:, N - len(self.bars) :] = np.array(self.bars).T
        open_, high, low, close = columns
        bars = Bars(self.symbol, Timeframe.M15, opened, open_, high, low, close, np.ones(N))
        studies = draw(bars, every=self.every, m15=self.m15, h1=self.h1)
        flat_h4, flat_day = np.ones_like(studies.h4_fast), np.ones_like(studies.day.ema_fast)
        studies = replace(
            studies,
            trend_m15=np.full(N, self.trend_m15),
            trend_h1=np.full(len(studies.trend_h1), self.trend_h1),
            h4_fast=flat_h4 + self.h4,
            h4_slow=flat_h4,
            day=replace(studies.day, ema_fast=flat_day + self.day, ema_slow=flat_day),
            pivot_highs=Pivots(np.arange(len(self.touches), dtype=np.int64) + 800, np.array(self.touches)),
            pivot_lows=Pivots(np.zeros(0, dtype=np.int64), np.zeros(0)),
        )
        at = int(opened[ROW] + 900) if self.at is None else int(self.at.timestamp())
        entry = np.array([float(columns[3, ROW])])
        candidates = Candidates(
            at=np.array([at]),
            bar=np.array([ROW]),
            direction=np.array([self.sign], dtype=np.int8),
            entry=entry,
            stop=entry - self.sign * 0.0020,
            target=entry + self.sign * 0.0040,
            flat_at=np.array([at + 3_600]),
        )
        setting = setting_of(
            studies,
            self.style,
            Timeframe.M15,
            candidates,
            np.array([self.spread]),
            np.array([self.measured]),
            np.array([self.reward]),
        )
        return replace(setting, usual_atr_h1=np.array([self.usual]))

    def points(self, draw: Drawing) -> dict[str, float]:
        found = evidence_of(self.setting(draw), np.array([self.sentiment]))
        return {rule.name: float(found.points[0, column]) for column, rule in enumerate(RULES)}


def approx(value: float) -> object:
    return pytest.approx(value, abs=1e-9, nan_ok=True)


def test_given_the_rules_when_added_up_then_caps_are_those_of_the_table() -> None:
    caps = dict.fromkeys(Component, 0)
    for rule, column in zip(RULES, RULE_COMPONENT, strict=True):
        assert COMPONENTS[column] is rule.component
        caps[rule.component] += rule.cap

    assert list(caps.values()) == [20, 15, 15, 10, 10, 10, 10, 10]
    assert FULL_CAP == 100


@pytest.mark.parametrize(
    ("style", "sign", "m15", "h1", "points"),
    [
        (TREND, 1, 0.50, 0.75, 6.0),
        (BREAKOUT, 1, 0.75, 0.50, 6.0),
        (TREND, 1, -0.50, -0.75, 0.0),
        (TREND, -1, -0.50, 0.10, 4.0),
        (TREND, 1, 1.0, 1.0, 8.0),
        (REVERSION, 1, 0.9, -0.25, 6.0),
        (REVERSION, -1, 0.9, 0.25, 6.0),
        (REVERSION, 1, 0.0, NAN, NAN),
        (TREND, 1, NAN, 0.5, NAN),
    ],
)
def test_given_trends_when_clarity_is_read_then_it_is_eight_times_the_share(
    draw: Drawing, style: Style, sign: int, m15: float, h1: float, points: float
) -> None:
    scene = Scene(style=style, sign=sign, trend_m15=m15, trend_h1=h1)

    assert scene.points(draw)["trend clarity"] == approx(points)


@BOTH
@pytest.mark.parametrize(("touches", "points"), [(0, 0.0), (3, 3.5), (6, 7.0), (9, 7.0)])
def test_given_pivots_near_the_stop_when_counted_then_six_are_enough(
    draw: Drawing, sign: int, touches: int, points: float
) -> None:
    stop = 1.1000 - sign * 0.0020
    # 0.3 ATR of H1 are 3 pips: one pivot lies just within, the last just outside.
    prices = (stop + 0.00029, *([stop] * (touches - 1))) if touches else ()
    scene = Scene(sign=sign, touches=(*prices, stop + 0.00031))

    assert scene.points(draw)["support and resistance"] == approx(points)


UP_BEFORE: Bar = (1.1000, 1.1011, 1.0999, 1.1010)
DOWN_BEFORE: Bar = (1.1010, 1.1011, 1.0999, 1.1000)


@BOTH
@pytest.mark.parametrize(
    ("before", "bar", "points"),
    [
        pytest.param(DOWN_BEFORE, (1.0999, 1.1035, 1.0995, 1.1011), 5.0, id="engulfing"),
        pytest.param(UP_BEFORE, (1.0999, 1.1035, 1.0995, 1.1011), 0.0, id="nothing-to-engulf"),
        pytest.param(UP_BEFORE, (1.1010, 1.1014, 1.0998, 1.1012), 5.0, id="long-wick"),
        pytest.param(UP_BEFORE, (1.1000, 1.1011, 1.0999, 1.1010), 5.0, id="strong-body"),
        pytest.param(UP_BEFORE, (1.1005, 1.1012, 1.1000, 1.1009), 3.0, id="forming"),
        pytest.param(UP_BEFORE, (1.1005, 1.1012, 1.1000, 1.1007), 0.0, id="close-below-60-percent"),
        pytest.param(UP_BEFORE, (1.1010, 1.1011, 1.1000, 1.1001), 0.0, id="against"),
        pytest.param(UP_BEFORE, (1.1000, 1.1000, 1.1000, 1.1000), 0.0, id="no-range"),
    ],
)
def test_given_the_last_two_bars_when_their_pattern_is_read_then_it_is_complete_forming_or_none(
    draw: Drawing, sign: int, before: Bar, bar: Bar, points: float
) -> None:
    def mirrored(drawn: Bar) -> Bar:
        open_, high, low, close = drawn
        return drawn if sign > 0 else (2.2 - open_, 2.2 - low, 2.2 - high, 2.2 - close)

    scene = Scene(sign=sign, bars=[mirrored(before), mirrored(bar)])

    assert scene.points(draw)["bar pattern"] == approx(points)


@BOTH
@pytest.mark.parametrize("gap", [0.001, -0.001, 0.0])
def test_given_averages_when_they_agree_then_each_timeframe_gives_its_cap(draw: Drawing, sign: int, gap: float) -> None:
    scene = Scene(sign=sign, every={"ema_fast": 1.1 + sign * gap, "ema_slow": 1.1}, h4=sign * gap, day=sign * gap)
    agree = 1.0 if gap > 0.0 else 0.0

    found = scene.points(draw)
    assert [found[f"{name} trend"] for name in ("M15", "H1", "H4", "D1")] == [
        2 * agree,
        4 * agree,
        5 * agree,
        4 * agree,
    ]


@BOTH
@pytest.mark.parametrize(
    ("adx", "h1", "h4", "day", "points"),
    [
        (19.9, 0.0, -1.0, 1.0, [2.0, 4.0, 5.0, 4.0]),  # H1 is flat, so H4 counts though it points the other way
        (20.0, 0.9, -1.0, 1.0, [0.0, 4.0, 5.0, 4.0]),  # H1 trends with the trade, which is not against it
        (20.0, -0.29, -1.0, -1.0, [0.0, 4.0, 5.0, 0.0]),  # D1 sides with H4 against
        (20.0, -0.45, -1.0, -1.0, [0.0, 2.0, 0.0, 0.0]),
        (20.0, -0.60, 1.0, -1.0, [0.0, 0.0, 5.0, 4.0]),  # H4 agrees, so D1 does not side with it
        (20.0, -0.90, -1.0, 1.0, [0.0, 0.0, 0.0, 4.0]),
    ],
)
def test_given_a_reversion_when_timeframes_do_not_trend_against_it_then_they_count(
    draw: Drawing, sign: int, adx: float, h1: float, h4: float, day: float, points: list[float]
) -> None:
    scene = Scene(
        style=REVERSION, sign=sign, every={"adx": adx}, trend_h1=sign * h1, h4=sign * h4 / 1e3, day=sign * day / 1e3
    )

    found = scene.points(draw)
    assert [found[f"{name} trend"] for name in ("M15", "H1", "H4", "D1")] == approx(points)  # type: ignore[arg-type]


@BOTH
@pytest.mark.parametrize(
    ("style", "rsi", "points"),
    [
        *((TREND, rsi, p) for rsi, p in ((20, 0), (34, 0), (42, 2), (46, 3), (50, 4), (55, 5), (60, 5), (66, 5))),
        *((BREAKOUT, rsi, p) for rsi, p in ((70, 4), (74, 3), (78, 1.5), (82, 0), (95, 0))),
        *((REVERSION, rsi, p) for rsi, p in ((10, 5), (38, 5), (45, 3), (50, 2.5), (55, 2), (62, 0), (80, 0))),
    ],
)
def test_given_rsi_when_read_in_the_strategys_sense_then_the_named_points_hold(
    draw: Drawing, sign: int, style: Style, rsi: float, points: float
) -> None:
    scene = Scene(style=style, sign=sign, every={"rsi": rsi if sign > 0 else 100.0 - rsi})

    assert scene.points(draw)["RSI zone"] == approx(points)


@BOTH
@pytest.mark.parametrize(
    ("style", "before", "now", "points"),
    [
        (TREND, 0.0002, 0.0001, 5.0),
        (BREAKOUT, -0.0002, -0.0001, 0.0),
        (REVERSION, -0.0002, -0.0001, 5.0),
        (REVERSION, 0.0002, 0.0001, 0.0),
        (TREND, NAN, 0.0001, NAN),
    ],
)
def test_given_the_histogram_when_with_the_trade_or_turning_then_macd_gives_five(
    draw: Drawing, sign: int, style: Style, before: float, now: float, points: float
) -> None:
    macd = np.full(N, 0.0)
    macd[ROW - 1 :] = sign * before, sign * now

    assert Scene(style=style, sign=sign, m15={"macd": macd}).points(draw)["MACD"] == approx(points)


@BOTH
@pytest.mark.parametrize(("later_low", "later_macd", "points"), [(-0.5, 0.5, 3.0), (0.5, 0.5, 0.0), (-0.5, -0.5, 0.0)])
def test_given_a_lower_low_when_the_histogram_does_not_follow_then_divergence_gives_three(
    draw: Drawing, sign: int, later_low: float, later_macd: float, points: float
) -> None:
    macd = np.full(N, -sign * 0.0001)
    macd[ROW - 15] = -sign * 0.0005
    macd[ROW - 2] = -sign * (0.0005 - 0.0002 * later_macd)
    bars: list[Bar] = [(1.1000, 1.1004, 1.0996, 1.1000)] * 20
    for ago, depth in ((15, 0.0020), (2, 0.0020 - 0.0010 * later_low)):
        bars[19 - ago] = (1.1000, 1.1004 + depth * (sign < 0), 1.0996 - depth * (sign > 0), 1.1000)

    assert Scene(sign=sign, m15={"macd": macd}, bars=bars).points(draw)["MACD"] == approx(points)


@pytest.mark.parametrize(
    ("ratio", "points"), [(1.6, 5.0), (1.5, 3.0), (1.21, 3.0), (1.2, 1.0), (1.01, 1.0), (1.0, 0.0), (NAN, NAN)]
)
def test_given_tick_volume_when_compared_then_bands_give_five_three_one(
    draw: Drawing, ratio: float, points: float
) -> None:
    assert Scene(every={"volume_ratio": ratio}).points(draw)["tick volume"] == approx(points)


@pytest.mark.parametrize(
    ("ratio", "points"),
    [(0.71, 5), (1.0, 5), (1.59, 5), (1.61, 3), (0.69, 3), (0.51, 3), (2.19, 3), (2.21, 0), (0.49, 0), (NAN, NAN)],
)
def test_given_the_pairs_own_volatility_when_usual_then_it_gives_five(
    draw: Drawing, ratio: float, points: float
) -> None:
    assert Scene(usual=0.0010 / ratio).points(draw)["ATR regime"] == approx(points)


@pytest.mark.parametrize(
    ("spread", "measured", "points"),
    [(1.2, True, 3.0), (1.79, True, 3.0), (1.8, True, 1.0), (2.39, True, 1.0), (2.4, True, 0.0), (1.2, False, NAN)],
)
def test_given_the_spread_when_assumed_then_it_says_nothing_else_bands_hold(
    draw: Drawing, spread: float, measured: bool, points: float
) -> None:
    assert Scene(spread=spread, measured=measured).points(draw)["spread"] == approx(points)


@pytest.mark.parametrize(("now", "points"), [(1.24, 2.0), (1.26, 0.0), (0.76, 2.0), (0.74, 0.0), (NAN, NAN)])
def test_given_volatility_twelve_hours_ago_when_within_a_quarter_then_it_is_stable(
    draw: Drawing, now: float, points: float
) -> None:
    atr = np.full(N // 4, 0.0010)
    atr[-12:] = 0.0010 * now

    assert Scene(h1={"atr": atr}).points(draw)["stable volatility"] == approx(points)


@pytest.mark.parametrize(
    ("symbol", "hour", "points"),
    [
        ("EURUSD", 14, 10.0),
        ("EURUSD", 9, 9.0),
        ("EURUSD", 18, 8.0),
        ("EURUSD", 2, 6.0),
        ("USDJPY", 2, 8.0),
        ("AUDUSD", 2, 8.0),
        ("NZDUSD", 2, 8.0),
        ("EURUSD", 22, 4.0),
        ("USDJPY", 22, 4.0),
    ],
)
def test_given_a_winter_tuesday_when_its_session_is_read_then_the_table_holds(
    draw: Drawing, symbol: str, hour: int, points: float
) -> None:
    scene = Scene(symbol=symbol, at=datetime(2025, 1, 14, hour, 30, tzinfo=UTC))

    assert scene.points(draw)["session"] == approx(points)


@pytest.mark.parametrize(
    ("reward", "points"),
    [(0.5, 0), (1, 0), (1.25, 1), (1.5, 2), (2, 4), (2.5, 6), (3, 8), (3.5, 9), (4, 10), (9, 10)],
)
def test_given_a_net_reward_when_read_then_the_named_points_hold(draw: Drawing, reward: float, points: float) -> None:
    assert Scene(reward=reward).points(draw)["reward to risk"] == approx(points)


@pytest.mark.parametrize(
    ("sign", "sentiment", "points"), [(1, 0.4, 4.0), (1, -0.4, 0.0), (-1, -0.4, 4.0), (-1, 1.0, 0.0), (1, NAN, NAN)]
)
def test_given_sentiment_when_it_favours_the_trade_then_it_gives_its_share(
    draw: Drawing, sign: int, sentiment: float, points: float
) -> None:
    assert Scene(sign=sign, sentiment=sentiment).points(draw)["sentiment"] == approx(points)


def test_given_unknown_columns_when_read_then_their_rules_are_unavailable_and_no_other(draw: Drawing) -> None:
    found = Scene(every={"rsi": NAN, "macd": NAN, "ema_fast": NAN}).points(draw)

    assert {name for name, points in found.items() if np.isnan(points)} == {
        "M15 trend",
        "H1 trend",
        "RSI zone",
        "MACD",
        "sentiment",
    }


def test_given_any_rule_when_it_gives_points_then_never_more_than_its_cap(draw: Drawing) -> None:
    rich = Scene(
        trend_m15=1.0, trend_h1=1.0, h4=1.0, day=1.0, touches=(1.0980,) * 20, sentiment=1.0, reward=20.0,
        every={"ema_fast": 1.2, "rsi": 60.0, "macd": 1.0, "volume_ratio": 9.0},
    )  # fmt: skip

    found = rich.points(draw)
    assert all(0.0 <= found[rule.name] <= rule.cap for rule in RULES)
    assert sum(found[rule.name] == rule.cap for rule in RULES) >= 12
