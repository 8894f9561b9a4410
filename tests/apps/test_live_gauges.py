"""Small charts made of characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bitten_apps.live_view.gauges import gauge, sparkline

FINITE = st.floats(min_value=-1e6, max_value=1e6)


def test_given_a_rising_series_when_drawn_then_each_level_follows_the_next() -> None:
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8) == "▁▂▃▄▅▆▇█"


def test_given_more_values_than_columns_when_drawn_then_the_last_value_is_shown() -> None:
    assert sparkline([0, 9, 9, 9, 9, 0], 3) == "██▁"


def test_given_no_values_when_drawn_then_nothing_is() -> None:
    assert sparkline([], 10) == ""


@given(st.lists(FINITE, min_size=1, max_size=200), st.integers(1, 60))
def test_given_any_series_when_drawn_then_it_is_as_wide_as_there_is_to_show(values: list[float], width: int) -> None:
    assert len(sparkline(values, width)) == min(width, len(values))


@given(FINITE, st.integers(2, 60))
def test_given_any_value_when_placed_then_the_scale_keeps_its_width(value: float, width: int) -> None:
    assert len("".join(gauge(value, 70, 78, width))) == width


def test_given_the_ends_when_placed_then_the_mark_stands_there() -> None:
    assert gauge(70, 70, 78, 5) == ("", "●", "────")
    assert gauge(99, 70, 78, 5) == ("────", "●", "")
