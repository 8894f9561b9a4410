"""Low-footprint execution: reproducible, recorded, and never more risk."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.errors import BrokenInvariant
from bitten_domain.execution.low_footprint import (
    DRAWS_NEEDED,
    LIMITS,
    FootprintLevel,
    quiet_levels,
    quiet_schedule,
    still_good,
)
from bitten_domain.values.direction import Direction
from bitten_domain.values.instrument import INSTRUMENTS
from bitten_domain.values.lots import Lots

EURUSD = INSTRUMENTS["EURUSD"]
NONE = Lots(Decimal(0))
PIP = Decimal("0.0001")
draws = st.lists(st.floats(0, 1, exclude_max=True), min_size=DRAWS_NEEDED, max_size=DRAWS_NEEDED)
levels = st.sampled_from(list(FootprintLevel))


@given(levels, st.sampled_from(list(Direction)), st.integers(105_000, 115_000), st.integers(40, 600), draws)
def test_given_any_order_when_made_quiet_then_its_levels_move_inwards_by_three_pips_at_most(
    level: FootprintLevel, direction: Direction, entry_ticks: int, distance: int, drawn: list[float]
) -> None:
    entry = Decimal(entry_ticks) / 100_000
    way = direction.sign * Decimal(distance) / 100_000
    stop, target = entry - way, entry + 2 * way

    quiet = quiet_levels(level, EURUSD, direction, entry, stop, target, drawn)

    assert quiet.target is not None
    assert abs(entry - quiet.stop) <= abs(entry - stop)
    assert abs(entry - quiet.target) <= abs(entry - target)
    assert direction.sign * (entry - quiet.stop) > 0
    assert direction.sign * (quiet.target - entry) > 0
    assert max(abs(quiet.stop - stop), abs(quiet.target - target)) <= 3 * PIP
    moved = {"stop": stop != quiet.stop, "target": target != quiet.target}
    assert {change.field for change in quiet.changes} == {name for name, changed in moved.items() if changed}
    assert quiet == quiet_levels(level, EURUSD, direction, entry, stop, target, drawn)


@given(levels.filter(lambda level: level is not FootprintLevel.OFF), st.integers(-12, 12), st.floats(0, 0.999))
def test_given_a_stop_near_a_round_number_when_made_quiet_then_it_keeps_clear(
    level: FootprintLevel, offset: int, drawn: float
) -> None:
    stop = Decimal(110_000 + offset) / 100_000

    quiet = quiet_levels(level, EURUSD, Direction.BUY, Decimal("1.10300"), stop, None, [drawn, 0.0])

    assert abs(quiet.stop - Decimal("1.10000")) >= LIMITS[level].clearance_pips * PIP
    assert quiet.target is None


@given(levels, st.integers(1, 1_500), st.integers(0, 1_200), st.integers(0, 3_500), draws)
def test_given_any_volume_when_scheduled_then_slices_add_up_within_the_caps(
    level: FootprintLevel, lots: int, held: int, total: int, drawn: list[float]
) -> None:
    wanted, on_pair, in_all = (Lots(Decimal(number) / 100) for number in (lots, held, held + total))

    footprint = quiet_schedule(level, EURUSD, wanted, on_pair, in_all, drawn)

    limits = LIMITS[level]
    volume = sum((part.lots.value for part in footprint.slices), Decimal(0))
    assert volume <= wanted.value
    if footprint.slices and limits.symbol_lots is not None and limits.total_lots is not None:
        assert volume + on_pair.value <= limits.symbol_lots
        assert volume + in_all.value <= limits.total_lots
    assert len(footprint.slices) <= limits.slices
    assert all(part.lots.value >= EURUSD.min_lots for part in footprint.slices)
    assert all(part.lots.is_whole(EURUSD.lot_step) for part in footprint.slices)
    delays = [part.delay_seconds for part in footprint.slices]
    assert delays == sorted(delays)
    assert all(0 <= delay <= limits.delay_seconds <= 12 for delay in delays)
    if volume != wanted.value:
        assert any(change.field == "lots" for change in footprint.changes)
    assert footprint == quiet_schedule(level, EURUSD, wanted, on_pair, in_all, drawn)


def test_given_a_level_when_raised_then_its_numbers_only_grow_quieter() -> None:
    numbers = [LIMITS[level] for level in FootprintLevel]

    assert [limit.delay_seconds for limit in numbers] == [0, 3, 6, 9, 12]
    assert [limit.slices for limit in numbers] == sorted(limit.slices for limit in numbers)
    assert [limit.clearance_pips for limit in numbers] == sorted(limit.clearance_pips for limit in numbers)


def test_given_no_footprint_when_scheduled_then_it_is_one_order_at_once_unchanged() -> None:
    footprint = quiet_schedule(FootprintLevel.OFF, EURUSD, Lots(Decimal(50)), NONE, NONE, [0.9] * DRAWS_NEEDED)

    assert [(part.delay_seconds, part.lots.value) for part in footprint.slices] == [(0, Decimal(50))]
    assert footprint.changes == ()


@pytest.mark.parametrize(
    ("bid", "ask", "good"),
    [
        ("1.10030", "1.10042", True),  # 4.2 pips of 20 away
        ("1.10040", "1.10052", False),  # 5.2 pips
        ("1.10000", "1.10021", False),  # 2.1 pips of spread, 2.0 allowed
    ],
)
def test_given_a_delay_when_over_then_price_and_spread_are_checked_again(bid: str, ask: str, good: bool) -> None:
    entry, stop = Decimal("1.10000"), Decimal("1.09800")

    assert still_good(EURUSD, Direction.BUY, entry, stop, Decimal(bid), Decimal(ask)) is good


@pytest.mark.parametrize("drawn", [[0.1], [0.1] * 5 + [1.0], [-0.1] * 6])
def test_given_wrong_draws_when_scheduled_then_it_raises(drawn: list[float]) -> None:
    with pytest.raises(BrokenInvariant):
        quiet_schedule(FootprintLevel.LOW, EURUSD, Lots(Decimal(1)), NONE, NONE, drawn)
