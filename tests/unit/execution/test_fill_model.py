"""The fill model: sides, gaps, both levels in one bar, finer bars."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.execution.fill_model import (
    BarrierHit,
    ExitFill,
    entry_ticks,
    exit_fill,
    exit_ticks,
    level_ticks,
    refined_exit_fill,
)
from bitten_domain.execution.ticks import TickBar, TickQuote

STOP, TARGET = BarrierHit.STOP, BarrierHit.TARGET


@st.composite
def tick_bars(draw: st.DrawFn) -> TickBar:
    low = draw(st.integers(900, 1_100))
    high = low + draw(st.integers(0, 60))
    opened, close = draw(st.integers(low, high)), draw(st.integers(low, high))
    return TickBar(opened, high, low, close, draw(st.integers(0, 15)))


signs = st.sampled_from([1, -1])
levels = st.one_of(st.none(), st.integers(880, 1_180))
slips = st.integers(0, 10)


def test_given_a_quote_when_entered_then_a_long_pays_the_ask_and_a_short_gets_the_bid() -> None:
    quote = TickQuote(110_000, 110_012)

    assert entry_ticks(1, quote, 2) == 110_014
    assert entry_ticks(-1, quote, 2) == 109_998
    assert exit_ticks(1, quote, 2) == 109_998
    assert exit_ticks(-1, quote, 2) == 110_014


@pytest.mark.parametrize(
    ("sign", "stop", "target", "bar", "expected"),
    [
        # a long: exits at the bid, the stop slips 5, the target does not
        (1, 990, 1_050, TickBar(1_000, 1_010, 990, 1_005, 12), ExitFill(STOP, 990, 985, False, False)),
        (1, 990, 1_050, TickBar(1_000, 1_050, 991, 1_005, 12), ExitFill(TARGET, 1_050, 1_050, False, False)),
        (1, 990, 1_050, TickBar(1_000, 1_049, 991, 1_005, 12), None),
        # both in one bar: the stop, and the bar is ambiguous
        (1, 990, 1_050, TickBar(1_000, 1_050, 990, 1_005, 12), ExitFill(STOP, 990, 985, False, True)),
        # gaps fill at the open, whichever way
        (1, 990, 1_050, TickBar(970, 1_060, 965, 1_000, 12), ExitFill(STOP, 970, 965, True, False)),
        (1, 990, 1_050, TickBar(1_060, 1_061, 980, 1_000, 12), ExitFill(TARGET, 1_060, 1_060, True, False)),
        # opening on the level is no gap
        (1, 990, 1_050, TickBar(990, 1_000, 985, 1_000, 12), ExitFill(STOP, 990, 985, False, False)),
        # a short: exits at the ask, 12 above the bid
        (-1, 1_022, 950, TickBar(1_000, 1_010, 990, 1_005, 12), ExitFill(STOP, 1_022, 1_027, False, False)),
        (-1, 1_023, 950, TickBar(1_000, 1_010, 990, 1_005, 12), None),
        (-1, 1_050, 962, TickBar(1_000, 1_010, 950, 1_005, 12), ExitFill(TARGET, 962, 962, False, False)),
        (-1, 1_050, 961, TickBar(1_000, 1_010, 950, 1_005, 12), None),
        (-1, 1_022, 962, TickBar(1_030, 1_040, 940, 950, 12), ExitFill(STOP, 1_042, 1_047, True, False)),
        (-1, 1_022, 962, TickBar(940, 1_040, 940, 950, 12), ExitFill(TARGET, 952, 952, True, False)),
    ],
)
def test_given_a_bar_when_it_meets_the_levels_then_the_exit_is_the_one_by_hand(
    sign: int, stop: int, target: int, bar: TickBar, expected: ExitFill | None
) -> None:
    assert exit_fill(sign, stop, target, bar, 5) == expected


@given(signs, levels, levels, tick_bars(), slips)
def test_given_any_bar_when_it_closes_a_position_then_no_quoted_price_is_outside_it(
    sign: int, stop: int | None, target: int | None, bar: TickBar, slip: int
) -> None:
    fill = exit_fill(sign, stop, target, bar, slip)

    if fill is not None:
        offset = 0 if sign > 0 else bar.spread
        assert bar.low + offset <= fill.quoted <= bar.high + offset
        assert sign * (fill.quoted - fill.ticks) == (slip if fill.hit is STOP else 0)
        level = stop if fill.hit is STOP else target
        assert fill.quoted == (bar.open + offset if fill.gapped else level)
        if fill.gapped and level is not None:
            assert (sign * (fill.quoted - level) > 0) is (fill.hit is TARGET)


@given(signs, levels, levels, tick_bars(), slips)
def test_given_any_bar_when_mirrored_then_a_short_fares_as_a_long(
    sign: int, stop: int | None, target: int | None, bar: TickBar, slip: int
) -> None:
    # Seen from the exit side, a short in a bar is a long in the bar reflected at 2000.
    offset = bar.spread
    reflected = TickBar(2_000 - bar.open - offset, 2_000 - bar.low - offset, 2_000 - bar.high - offset, 0, 0)
    short = exit_fill(-1, stop, target, bar, slip)
    long = exit_fill(
        1, None if stop is None else 2_000 - stop, None if target is None else 2_000 - target, reflected, slip
    )

    assert sign in {1, -1}
    assert (short is None) == (long is None)
    if short is not None and long is not None:
        assert (short.hit, 2_000 - short.ticks, short.gapped, short.ambiguous) == (
            long.hit, long.ticks, long.gapped, long.ambiguous
        )  # fmt: skip


def test_given_an_ambiguous_bar_when_finer_bars_tell_then_their_order_holds() -> None:
    bar = TickBar(1_000, 1_050, 990, 1_005, 0)
    up_first = [TickBar(1_000, 1_050, 999, 1_040, 0), TickBar(1_040, 1_041, 990, 1_005, 0)]

    first = refined_exit_fill(1, 990, 1_050, bar, up_first, 5)
    second = refined_exit_fill(1, 990, 1_050, bar, up_first[::-1], 5)
    unsaid = refined_exit_fill(1, 990, 1_050, bar, [TickBar(1_000, 1_010, 995, 1_000, 0)], 5)

    assert first == ExitFill(TARGET, 1_050, 1_050, gapped=False, ambiguous=False)
    assert second == ExitFill(STOP, 990, 985, gapped=False, ambiguous=False)
    assert unsaid == ExitFill(STOP, 990, 985, gapped=False, ambiguous=True)


def test_given_a_clear_bar_when_finer_bars_disagree_then_the_bar_holds() -> None:
    bar = TickBar(1_000, 1_010, 995, 1_005, 0)

    assert refined_exit_fill(1, 990, 1_050, bar, [TickBar(1_000, 1_060, 980, 1_000, 0)], 5) is None


@pytest.mark.parametrize(
    ("sign", "level", "expected"),
    [(1, 1_005, 1_005), (1, 1_010, 1_010), (1, 1_011, None), (1, 995, 1_000), (-1, 1_002, 1_002), (-1, 1_001, None),
     (-1, 1_020, 1_012)],
)  # fmt: skip
def test_given_a_favourable_level_when_a_bar_reaches_it_then_it_is_the_level_or_the_open(
    sign: int, level: int, expected: int | None
) -> None:
    assert level_ticks(sign, level, TickBar(1_000, 1_010, 990, 1_005, 12)) == expected
