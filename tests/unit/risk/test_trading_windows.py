"""Windows of the week, by New York's clock, against zoneinfo and the vectorised FX week."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.market.clocks.fx_week import is_open, trading_day
from bitten_domain.risk import trading_windows

NEW_YORK = ZoneInfo("America/New_York")


def at(text: str) -> int:
    """Read a New York wall clock, such as 2025-06-06 15:00."""
    return int(datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).timestamp())


@pytest.mark.parametrize(
    ("moment", "is_market_open", "in_roll", "before_weekend"),
    [
        ("2025-06-04 16:44:59", True, False, False),
        ("2025-06-04 16:45:00", True, True, False),
        ("2025-06-04 17:29:59", True, True, False),
        ("2025-06-04 17:30:00", True, False, False),
        ("2025-06-06 14:59:59", True, False, False),
        ("2025-06-06 15:00:00", True, False, True),
        ("2025-06-06 16:50:00", True, True, True),
        ("2025-06-06 17:00:00", False, True, False),
        ("2025-06-07 12:00:00", False, False, False),
        ("2025-06-08 16:59:59", False, True, False),
        ("2025-06-08 17:00:00", True, True, False),
        ("2025-06-08 17:30:00", True, False, False),
        # The weeks in which New York's clock changes: winter, then summer time.
        ("2025-03-07 15:00:00", True, False, True),
        ("2025-03-09 17:30:00", True, False, False),
        ("2025-10-31 14:59:00", True, False, False),
        ("2025-11-02 17:00:00", True, True, False),
        ("2025-11-07 15:00:00", True, False, True),
    ],
)
def test_given_a_wall_clock_when_read_then_the_documented_windows_hold(
    moment: str, is_market_open: bool, in_roll: bool, before_weekend: bool
) -> None:
    windows = trading_windows(at(moment))

    assert (windows.is_open, windows.in_roll, windows.before_weekend) == (is_market_open, in_roll, before_weekend)


@given(moment=st.integers(946_684_800, 2_208_988_800))
def test_given_any_moment_when_read_then_it_agrees_with_the_fx_week(moment: int) -> None:
    column = np.array([moment], dtype=np.int64)
    windows = trading_windows(moment)

    assert windows.is_open == bool(is_open(column)[0])
    assert windows.trading_day == int(trading_day(column)[0])


@given(moment=st.integers(946_684_800, 2_208_988_800))
def test_given_any_moment_when_read_then_it_agrees_with_the_wall_clock(moment: int) -> None:
    clock = datetime.fromtimestamp(moment, tz=UTC).astimezone(NEW_YORK)
    minute = clock.hour * 60 + clock.minute
    windows = trading_windows(moment)

    assert windows.in_roll == (16 * 60 + 45 <= minute < 17 * 60 + 30)
    assert windows.before_weekend == (clock.weekday() == 4 and 15 * 60 <= minute < 17 * 60)


def test_given_two_moments_of_one_quarter_when_read_then_the_answer_is_the_one_that_was_kept() -> None:
    first = at("2025-06-04 16:45:00")

    assert trading_windows(first) is trading_windows(first + 899)
    assert trading_windows(first) is not trading_windows(first + 900)
