"""The synthetic market is the same everywhere and has the facts that FX markets are known for."""

from __future__ import annotations

import hashlib
import time
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bitten_adapters.synthetic.bar_history import SyntheticBarHistory
from bitten_adapters.synthetic.market import LABEL, SyntheticMarket, synthetic_market
from bitten_adapters.synthetic.news_calendar import SyntheticNewsCalendar
from bitten_adapters.synthetic.releases import SERIES
from bitten_domain.errors import InvalidInput
from bitten_domain.market.clocks.fx_week import is_open, trading_day
from bitten_domain.market.clocks.sessions import SESSION_ORDER, session_flags
from bitten_domain.market.clocks.zones import NEW_YORK, local_seconds
from bitten_domain.market.news_view import Blackout, Freshness, NewsCalendarView
from bitten_domain.values import INSTRUMENTS, TEN_PAIRS
from bitten_domain.vocabulary import Impact, Session

if TYPE_CHECKING:
    from bitten_domain.ports.bar_history import BarHistory
    from bitten_domain.ports.news_calendar import NewsCalendar

START = date(2025, 3, 3)
MARCH_DIGEST = "4036b85fa6a5c8ea25b62a0df3741b22d1c73fedeb8a62d8824145b412b53364"


@pytest.fixture(scope="module")
def market() -> SyntheticMarket:
    return synthetic_market(11, START, 120)


def digest(market: SyntheticMarket) -> str:
    seen = hashlib.sha256()
    for symbol, bars in market.bars.items():
        assert bars.spread_pips is not None
        seen.update(symbol.encode())
        seen.update(bars.opened.astype("<i8").tobytes())
        for column in (bars.open, bars.high, bars.low, bars.close):
            seen.update(np.rint(column * 1e5).astype("<i8").tobytes())
        seen.update(bars.volume.astype("<i8").tobytes())
        seen.update(np.rint(bars.spread_pips * 10).astype("<i8").tobytes())
    for release in market.releases:
        series = release.series
        printed = (release.at, series.currency, series.title, release.forecast, release.previous, release.actual)
        seen.update(repr(printed).encode())
    return seen.hexdigest()


def returns(market: SyntheticMarket, symbol: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.asarray(np.diff(np.log(market.bars[symbol].close)), dtype=np.float64)


def correlation(market: SyntheticMarket, one: str, other: str) -> float:
    return float(np.corrcoef(returns(market, one), returns(market, other))[0, 1])


def range_pips(market: SyntheticMarket, symbol: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    bars = market.bars[symbol]
    return np.asarray((bars.high - bars.low) / float(INSTRUMENTS[symbol].pip), dtype=np.float64)


def test_given_a_seed_when_made_on_any_machine_then_the_market_is_the_recorded_one() -> None:
    # The digest was the same on Python 3.11 to 3.13, NumPy 2.4 and 2.5, with and without AVX.
    assert digest(synthetic_market(7, START, 20)) == MARCH_DIGEST


def test_given_another_seed_when_made_then_the_market_differs() -> None:
    assert digest(synthetic_market(8, START, 20)) != MARCH_DIGEST


def test_given_more_market_days_when_made_then_the_days_before_are_repeated(market: SyntheticMarket) -> None:
    short = synthetic_market(11, START, 30)

    for symbol in TEN_PAIRS:
        one, many = short.bars[symbol], market.bars[symbol].between(short.start, short.stop)
        assert np.array_equal(one.close, many.close)
        assert np.array_equal(one.high, many.high)
        assert np.array_equal(one.volume, many.volume)
    assert short.releases == tuple(release for release in market.releases if release.at < short.stop)


def test_given_sixty_days_when_made_then_it_takes_no_longer_than_a_second_and_a_half() -> None:
    began = time.perf_counter()
    synthetic_market(3, START, 60)

    assert time.perf_counter() - began < 1.5


def test_given_any_market_when_looked_at_then_it_says_what_it_is(market: SyntheticMarket) -> None:
    assert market.label == LABEL == "SYNTHETIC"
    assert tuple(market.bars) == TEN_PAIRS


@pytest.mark.parametrize("start", [date(2024, 3, 4), date(2024, 10, 21), date(2025, 3, 1)])
def test_given_weeks_that_change_clocks_when_made_then_every_bar_is_in_the_open_week(start: date) -> None:
    made = synthetic_market(1, start, 12)

    opened = made.bars["EURUSD"].opened
    days, bars_a_day = np.unique(trading_day(opened), return_counts=True)
    assert is_open(opened).all()
    assert bars_a_day.tolist() == [96] * 12
    assert ((days + 3) % 7 < 5).all()


def test_given_a_saturday_when_made_then_it_begins_on_sunday_evening_in_new_york() -> None:
    made = synthetic_market(1, date(2025, 3, 1), 1)

    assert made.start == int(np.datetime64("2025-03-02T22:00:00", "s").astype(np.int64))


@pytest.mark.parametrize("symbol", TEN_PAIRS)
def test_given_a_pair_when_made_then_bars_are_well_formed_and_on_the_tick(market: SyntheticMarket, symbol: str) -> None:
    bars = market.bars[symbol]
    assert bars.spread_pips is not None

    assert (bars.low > 0).all()
    assert (bars.low <= np.minimum(bars.open, bars.close)).all()
    assert (bars.high >= np.maximum(bars.open, bars.close)).all()
    assert (bars.volume >= 1).all()
    assert (bars.spread_pips >= 0.1).all()
    digits = INSTRUMENTS[symbol].digits
    # The double nearest to the printed decimal, so that text and back is the same number.
    assert bars.close.tolist() == [float(f"{price:.{digits}f}") for price in bars.close.tolist()]


@pytest.mark.parametrize("symbol", TEN_PAIRS)
def test_given_returns_when_measured_then_tails_are_fat_and_calm_and_storm_cluster(
    market: SyntheticMarket, symbol: str
) -> None:
    moves = returns(market, symbol)
    sizes = np.abs(moves)

    kurtosis = float(np.mean((moves - moves.mean()) ** 4) / moves.var() ** 2)
    assert kurtosis > 5.0  # 3 for a normal distribution
    assert float(np.corrcoef(sizes[1:], sizes[:-1])[0, 1]) > 0.08
    assert float(np.corrcoef(sizes[4:], sizes[:-4])[0, 1]) > 0.04


@pytest.mark.parametrize("symbol", TEN_PAIRS)
def test_given_returns_when_measured_then_direction_has_no_memory(market: SyntheticMarket, symbol: str) -> None:
    moves = returns(market, symbol)
    products = moves[1:] * moves[:-1]

    # Standard error of an uncorrelated series whose volatility clusters (White, 1980); four of them.
    assert abs(float(products.sum())) < 4.0 * float(np.sqrt(np.sum(products**2)))


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("EURUSD", "GBPUSD", 0.5, 0.95),
        ("AUDUSD", "NZDUSD", 0.6, 0.98),
        ("EURUSD", "USDCHF", -0.95, -0.5),
        ("GBPJPY", "EURJPY", 0.5, 0.95),
        ("EURUSD", "USDJPY", -0.8, -0.1),
        ("EURUSD", "EURGBP", 0.1, 0.6),
    ],
)
def test_given_two_pairs_when_measured_then_they_move_as_such_pairs_do(
    market: SyntheticMarket, one: str, other: str, least: float, most: float
) -> None:
    assert least < correlation(market, one, other) < most


def test_given_crosses_when_compared_then_they_agree_with_their_legs_within_two_ticks(market: SyntheticMarket) -> None:
    close = {symbol: market.bars[symbol].close for symbol in TEN_PAIRS}

    assert np.abs(close["EURGBP"] - close["EURUSD"] / close["GBPUSD"]).max() <= 2e-5
    assert np.abs(close["GBPJPY"] - close["GBPUSD"] * close["USDJPY"]).max() <= 2e-3
    assert np.abs(close["EURJPY"] - close["EURUSD"] * close["USDJPY"]).max() <= 2e-3


def test_given_sessions_when_ranges_are_compared_then_the_overlap_is_busiest_and_sydney_quietest(
    market: SyntheticMarket,
) -> None:
    named = session_flags(market.bars["EURUSD"].opened).code
    mean = {
        session: float(range_pips(market, "EURUSD")[named == code].mean())
        for code, session in enumerate(SESSION_ORDER)
        if session is not Session.CLOSED
    }

    assert max(mean, key=mean.__getitem__) is Session.OVERLAP
    assert min(mean, key=mean.__getitem__) is Session.SYDNEY
    assert mean[Session.LONDON] > 1.3 * mean[Session.TOKYO]


def test_given_tokyo_when_compared_with_sydney_then_yen_gains_more_than_euro(market: SyntheticMarket) -> None:
    named = session_flags(market.bars["EURUSD"].opened).code
    tokyo, sydney = SESSION_ORDER.index(Session.TOKYO), SESSION_ORDER.index(Session.SYDNEY)

    def gain(symbol: str) -> float:
        pips = range_pips(market, symbol)
        return float(pips[named == tokyo].mean() / pips[named == sydney].mean())

    assert gain("USDJPY") > gain("EURUSD")


def test_given_spreads_when_measured_then_they_widen_in_the_roll_in_sydney_and_at_high_releases(
    market: SyntheticMarket,
) -> None:
    bars = market.bars["EURUSD"]
    assert bars.spread_pips is not None
    flags = session_flags(bars.opened)
    into_day = local_seconds(NEW_YORK, bars.opened) % 86_400
    rolling = (into_day >= 60_300) & (into_day < 63_000)
    lonely = flags.sydney & ~flags.tokyo & ~rolling
    high = {
        release.at
        for release in market.releases
        if release.series.effective_impact is Impact.HIGH and release.series.currency in {"EUR", "USD"}
    }
    at_release = np.isin(bars.opened, [at for at in high if at % 900 == 0])
    day = flags.london & ~at_release

    assert at_release.sum() > 20
    usual = float(np.median(bars.spread_pips[day]))
    assert usual < 1.2
    assert float(np.median(bars.spread_pips[lonely])) > 1.5 * usual
    assert float(np.median(bars.spread_pips[at_release])) > 2.5 * usual
    assert float(np.median(bars.spread_pips[rolling])) > 3.5 * usual


def test_given_volume_when_compared_with_range_then_they_rise_together(market: SyntheticMarket) -> None:
    volume = market.bars["GBPUSD"].volume

    assert float(np.corrcoef(volume, range_pips(market, "GBPUSD"))[0, 1]) > 0.6


def test_given_weekends_when_compared_with_other_nights_then_only_they_leave_gaps(market: SyntheticMarket) -> None:
    bars = market.bars["EURUSD"]
    gap = np.abs(bars.open[1:] - bars.close[:-1])
    after_weekend = np.diff(bars.opened) > 900

    assert gap[~after_weekend].max() == 0.0
    assert float(np.mean(gap[after_weekend] > 0)) > 0.9


def test_given_payrolls_when_compared_with_the_bar_before_then_the_range_is_a_multiple() -> None:
    year = synthetic_market(5, date(2024, 1, 1), 260)
    bars = year.bars["EURUSD"]
    pips = range_pips(year, "EURUSD")
    rows = [
        int(np.searchsorted(bars.opened, release.at))
        for release in year.releases
        if release.series.title == "Non-Farm Employment Change"
    ]

    assert len(rows) == 12
    ratio = np.median([pips[row] for row in rows]) / np.median([pips[row - 1] for row in rows])
    assert ratio > 2.0


def test_given_a_surprise_when_good_for_the_dollar_then_the_dollar_rises() -> None:
    year = synthetic_market(5, date(2024, 1, 1), 260)
    bars = year.bars["EURUSD"]
    agreed = [
        (release.surprise > 0) == (bars.close[row] < bars.open[row])
        for release in year.releases
        if release.series.title == "Non-Farm Employment Change" and abs(release.surprise) > 0.7
        for row in [int(np.searchsorted(bars.opened, release.at))]
    ]

    assert len(agreed) >= 4
    assert sum(agreed) >= len(agreed) - 1


def test_given_the_calendar_when_read_then_it_is_ordered_inside_the_period_and_at_open_times(
    market: SyntheticMarket,
) -> None:
    times = [release.at for release in market.releases]

    assert times == sorted(times)
    assert market.start <= times[0] <= times[-1] < market.stop
    assert is_open(np.array(times, dtype=np.int64)).all()
    assert {release.series.currency for release in market.releases} == {series.currency for series in SERIES}


def test_given_payrolls_when_dated_then_they_fall_on_the_first_friday_at_half_past_eight_in_new_york(
    market: SyntheticMarket,
) -> None:
    times = [release.at for release in market.releases if release.series.title == "Non-Farm Employment Change"]

    # Summer time began on 9 March 2025, so March is at 13:30 UTC and April at 12:30.
    assert [str(np.datetime64(at, "s")) for at in times[:2]] == ["2025-03-07T13:30:00", "2025-04-04T12:30:00"]


@pytest.mark.parametrize(("seed", "days"), [(-1, 10), (1, 0), (1, 2_601)])
def test_given_an_argument_out_of_bounds_when_made_then_it_is_invalid_input(seed: int, days: int) -> None:
    with pytest.raises(InvalidInput):
        synthetic_market(seed, START, days)


def test_given_a_market_when_served_as_history_then_a_period_holds_its_bars_and_the_label(
    market: SyntheticMarket,
) -> None:
    history: BarHistory = SyntheticBarHistory(market)
    day = market.start + 86_400

    bars, quality = history.load("EURUSD", market.start, day)

    assert history.pairs() == tuple(sorted(TEN_PAIRS))
    assert len(bars) == 96
    assert (bars.opened[0], bars.opened[-1]) == (market.start, day - 900)
    assert quality.kept == quality.rows == 120 * 96
    assert quality.is_clean
    assert LABEL in quality.source


def test_given_a_pair_that_was_not_made_when_loaded_then_the_error_says_what_there_is(market: SyntheticMarket) -> None:
    with pytest.raises(InvalidInput, match="EURUSD"):
        SyntheticBarHistory(market).load("AUDCAD")


def test_given_a_market_when_its_news_are_asked_then_payrolls_black_out_the_dollar_and_are_labelled(
    market: SyntheticMarket,
) -> None:
    calendar: NewsCalendar = SyntheticNewsCalendar(market)
    view = NewsCalendarView(calendar.snapshot().calendar)
    payrolls = int(np.datetime64("2025-03-07T13:30:00", "s").astype(np.int64))

    state = view.state("EURUSD", payrolls - 1_200)

    assert state.blackout is Blackout.HIGH
    assert state.no_auto_anywhere
    assert state.freshness is Freshness.FRESH
    assert {event.source for event in calendar.snapshot().calendar.events} == {LABEL}
