"""Trade plans: what they ask for and when, and that a stop is only ever tightened."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.errors import InvalidInput
from bitten_domain.execution.deal import DealReason
from bitten_domain.execution.fill_model import exit_fill
from bitten_domain.execution.plan import (
    CloseAll,
    ClosePart,
    ModifyStop,
    TradePlan,
    part_lots,
    plan_actions,
    plan_legs,
    plan_target,
    wait_of,
)
from bitten_domain.execution.position import Position
from bitten_domain.execution.ticks import TickBar
from bitten_domain.values.direction import Direction
from bitten_domain.values.instrument import INSTRUMENTS
from bitten_domain.values.lots import Lots
from bitten_domain.values.money import Money
from bitten_domain.vocabulary.plan_kind import PlanKind

EURUSD = INSTRUMENTS["EURUSD"]
OPENED_AT = 1_704_808_800


def position(
    direction: Direction = Direction.BUY, lots: str = "0.10", filled: str | None = None, stop: int | None = None
) -> Position:
    """Give a position filled at 1.10000 with its stop 20 pips away."""
    initial = 110_000 - direction.sign * 200
    return Position(
        ticket=1,
        client_order_id=1,
        instrument=EURUSD,
        direction=direction,
        lots=Lots(Decimal(lots)),
        filled_lots=Lots(Decimal(filled or lots)),
        entry_ticks=110_000,
        stop_ticks=initial if stop is None else stop,
        target_ticks=None,
        initial_stop_ticks=initial,
        opened_at=OPENED_AT,
        charged_day=19_731,
        initial_risk=Money(Decimal(20), "USD"),
        conversion=Decimal(1),
        swap=Money(Decimal(0), "USD"),
    )


def moved(ticks: int) -> ModifyStop:
    return ModifyStop(ticks, Decimal(ticks) / 100_000)


PLANS = {kind: TradePlan(kind, time_stop_seconds=3_600 if kind is PlanKind.TIME_STOP else None) for kind in PlanKind}


@pytest.mark.parametrize(
    ("kind", "best", "last", "expected"),
    [
        (PlanKind.FIXED, 119_000, 118_000, ()),
        (PlanKind.BREAK_EVEN, 110_199, 110_150, ()),
        (PlanKind.BREAK_EVEN, 110_200, 110_150, (moved(110_000),)),
        (PlanKind.BREAK_EVEN, 110_200, 110_000, (CloseAll(DealReason.PLAN),)),  # it came back already
        (PlanKind.PARTIAL, 110_299, 110_250, ()),
        (PlanKind.PARTIAL, 110_300, 110_250, (ClosePart(Lots(Decimal("0.05")), 110_300), moved(110_000))),
        (PlanKind.RUNNER, 110_299, 110_250, ()),
        (PlanKind.RUNNER, 110_305, 110_250, (ClosePart(Lots(Decimal("0.07")), 110_300),)),
    ],
)
def test_given_a_long_when_the_price_gets_there_then_the_plan_asks_for_what_it_says(
    kind: PlanKind, best: int, last: int, expected: tuple[object, ...]
) -> None:
    assert plan_actions(position(), PLANS[kind], best, last, OPENED_AT + 60) == expected


def test_given_a_short_when_the_ask_gets_there_then_the_plan_is_the_mirror() -> None:
    short = position(Direction.SELL)

    assert plan_actions(short, PLANS[PlanKind.PARTIAL], 109_701, 109_750, OPENED_AT) == ()
    assert plan_actions(short, PLANS[PlanKind.PARTIAL], 109_700, 109_750, OPENED_AT) == (
        ClosePart(Lots(Decimal("0.05")), 109_700),
        moved(110_000),
    )


def test_given_a_part_taken_when_asked_again_then_it_is_not_taken_twice() -> None:
    halved = position(lots="0.05", filled="0.10")

    assert plan_actions(halved, PLANS[PlanKind.PARTIAL], 110_320, 110_310, OPENED_AT) == (moved(110_000),)
    assert plan_actions(replace(halved, stop_ticks=110_000), PLANS[PlanKind.PARTIAL], 110_320, 110_310, 0) == ()
    assert plan_actions(halved, PLANS[PlanKind.RUNNER], 110_320, 110_310, OPENED_AT) == ()


def test_given_the_smallest_position_when_the_first_stage_comes_then_it_stays_whole_and_is_protected() -> None:
    smallest = position(lots="0.01")

    assert plan_actions(smallest, PLANS[PlanKind.PARTIAL], 110_300, 110_290, OPENED_AT) == (moved(110_000),)
    assert plan_actions(smallest, PLANS[PlanKind.RUNNER], 110_300, 110_290, OPENED_AT) == ()


def test_given_a_trail_when_the_price_runs_then_the_stop_follows_two_atrs_behind_or_twelve_pips() -> None:
    plan = PLANS[PlanKind.ATR_TRAIL]

    assert plan_actions(position(), plan, 110_100, 110_090, OPENED_AT, Decimal(80)) == (moved(109_940),)
    assert plan_actions(position(), plan, 110_100, 110_090, OPENED_AT, Decimal(10)) == (moved(109_980),)
    assert plan_actions(position(), plan, 110_100, 109_930, OPENED_AT, Decimal(80)) == (CloseAll(DealReason.PLAN),)
    assert plan_actions(position(), plan, 109_900, 109_900, OPENED_AT, Decimal(80)) == ()
    assert plan_actions(position(), plan, 110_100, 110_090, OPENED_AT) == ()


def test_given_a_time_stop_when_its_time_is_over_then_all_is_closed() -> None:
    plan = PLANS[PlanKind.TIME_STOP]

    assert plan_actions(position(), plan, 110_100, 110_090, OPENED_AT + 3_599) == ()
    assert plan_actions(position(), plan, 110_100, 110_090, OPENED_AT + 3_600) == (CloseAll(DealReason.TIME),)


@pytest.mark.parametrize("kind", list(PlanKind), ids=lambda kind: kind.value)
def test_given_any_plan_when_it_is_to_be_flat_then_all_is_closed(kind: PlanKind) -> None:
    plan = replace(PLANS[kind], flat_at=OPENED_AT + 10)

    assert plan_actions(position(), plan, 110_400, 110_390, OPENED_AT + 10, Decimal(80)) == (CloseAll(DealReason.FLAT),)
    assert CloseAll(DealReason.FLAT) not in plan_actions(position(), plan, 110_400, 110_390, OPENED_AT + 9, Decimal(80))


def test_given_a_broker_that_keeps_stops_away_when_the_new_one_is_too_near_then_it_waits() -> None:
    far = replace(position(), instrument=replace(EURUSD, stop_level_pips=Decimal(5)))

    assert plan_actions(far, PLANS[PlanKind.BREAK_EVEN], 110_200, 110_049, OPENED_AT) == ()
    assert plan_actions(far, PLANS[PlanKind.BREAK_EVEN], 110_200, 110_050, OPENED_AT) == (moved(110_000),)


@given(
    st.sampled_from(list(PlanKind)),
    st.sampled_from(list(Direction)),
    st.lists(st.tuples(st.integers(-300, 1_200), st.integers(0, 400), st.integers(0, 900)), min_size=1, max_size=30),
    st.integers(1, 40),
)
def test_given_any_path_when_a_plan_leads_then_stops_only_tighten_and_parts_keep_the_minimum(
    kind: PlanKind, direction: Direction, path: list[tuple[int, int, int]], lots: int
) -> None:
    held = position(direction, lots=str(Decimal(lots) / 100))
    sign = direction.sign
    for gain, back, atr in path:
        best = 110_000 + sign * gain
        last = best - sign * back
        for action in plan_actions(held, PLANS[kind], best, last, OPENED_AT, Decimal(atr)):
            match action:
                case ModifyStop():
                    assert held.stop_ticks is not None
                    assert sign * (action.ticks - held.stop_ticks) > 0
                    assert sign * (last - action.ticks) > 0
                    held = replace(held, stop_ticks=action.ticks)
                case ClosePart():
                    assert action.lots.value >= Decimal("0.01")
                    assert action.lots.is_whole(Decimal("0.01"))
                    assert sign * (best - action.level_ticks) >= 0
                    held = replace(held, lots=held.lots - action.lots)
                    assert held.lots.value >= Decimal("0.01")
                case CloseAll():
                    return


@pytest.mark.parametrize(
    ("lots", "share", "part"), [("0.10", "0.5", "0.05"), ("0.05", "0.5", "0.02"), ("0.01", "0.5", None),
                                ("0.02", "0.75", "0.01"), ("0.04", "0.75", "0.03"), ("0.01", "0.75", None)],
)  # fmt: skip
def test_given_lots_when_a_part_is_sized_then_both_parts_can_be_traded(lots: str, share: str, part: str | None) -> None:
    sized = part_lots(EURUSD, Lots(Decimal(lots)), Decimal(share))

    assert sized == (None if part is None else Lots(Decimal(part)))


def test_given_a_staged_plan_when_ordered_then_its_last_stage_is_the_target() -> None:
    entry, stop, own = Decimal("1.10000"), Decimal("1.09800"), Decimal("1.10333")

    assert plan_target(PLANS[PlanKind.PARTIAL], EURUSD, Direction.BUY, entry, stop, own) == Decimal("1.10600")
    assert plan_target(PLANS[PlanKind.RUNNER], EURUSD, Direction.BUY, entry, stop, own) == Decimal("1.11000")
    assert plan_target(PLANS[PlanKind.FIXED], EURUSD, Direction.BUY, entry, stop, own) == own
    assert plan_target(PLANS[PlanKind.PARTIAL], EURUSD, Direction.SELL, entry, Decimal("1.10200"), None) == Decimal(
        "1.09400"
    )


def test_given_a_plan_when_its_legs_are_listed_then_the_shares_sum_to_one() -> None:
    assert plan_legs(PlanKind.PARTIAL, Decimal(2)) == ((Decimal("0.5"), Decimal("1.5")), (Decimal("0.5"), Decimal(3)))
    assert plan_legs(PlanKind.RUNNER, Decimal(2)) == ((Decimal("0.75"), Decimal("1.5")), (Decimal("0.25"), Decimal(5)))
    assert plan_legs(PlanKind.FIXED, Decimal(2)) == ((Decimal(1), Decimal(2)),)


def test_given_a_time_stop_that_says_no_length_when_planned_then_it_is_four_hours() -> None:
    assert TradePlan(PlanKind.TIME_STOP) == TradePlan(PlanKind.TIME_STOP, time_stop_seconds=14_400)


@pytest.mark.parametrize(("kind", "seconds"), [(PlanKind.TIME_STOP, 0), (PlanKind.FIXED, 9)])
def test_given_a_time_stop_where_it_does_not_belong_when_planned_then_it_is_refused(
    kind: PlanKind, seconds: int
) -> None:
    with pytest.raises(InvalidInput, match="time stop"):
        TradePlan(kind, time_stop_seconds=seconds)


@given(
    kind=st.sampled_from(PlanKind),
    direction=st.sampled_from(Direction),
    stop=st.none() | st.integers(-300, 100),
    target=st.none() | st.integers(1, 500),
    parted=st.booleans(),
    low=st.integers(-400, 600),
    size=st.integers(0, 400),
    spread=st.integers(0, 30),
    waited=st.sampled_from([900, 3_599, 3_600, 7_200]),
    flat=st.none() | st.sampled_from([900, 7_200]),
)
def test_given_a_position_when_it_still_waits_then_neither_broker_nor_plan_would_do_anything(
    kind: PlanKind,
    direction: Direction,
    stop: int | None,
    target: int | None,
    parted: bool,
    low: int,
    size: int,
    spread: int,
    waited: int,
    flat: int | None,
) -> None:
    sign = direction.sign
    held = replace(
        position(direction, lots="0.05" if parted else "0.10", filled="0.10"),
        stop_ticks=None if stop is None else 110_000 + sign * stop,
        target_ticks=None if target is None else 110_000 + sign * target,
    )
    plan = replace(PLANS[kind], flat_at=None if flat is None else OPENED_AT + flat)
    bar = TickBar(110_000 + low, 110_000 + low + size, 110_000 + low, 110_000 + low + size // 2, spread)
    now = OPENED_AT + waited

    wait = wait_of(held, plan)

    lift = 0 if sign > 0 else spread
    best = bar.high if sign > 0 else bar.low + lift
    fill = exit_fill(sign, held.stop_ticks, held.target_ticks, bar, 0)
    actions = plan_actions(held, plan, best, bar.close + lift, now, Decimal(50))
    waits = wait.lower < bar.low + lift and bar.high + lift < wait.upper and now < wait.until
    assert not waits or (fill is None and actions == ())


@pytest.mark.parametrize(
    ("kind", "lower", "upper", "until"),
    [
        (PlanKind.FIXED, 109_800, 110_400, None),
        (PlanKind.BREAK_EVEN, 109_800, 110_200, None),
        (PlanKind.PARTIAL, 109_800, 110_300, None),
        (PlanKind.TIME_STOP, 109_800, 110_400, OPENED_AT + 3_600),
    ],
)
def test_given_a_long_with_a_plan_when_asked_what_it_waits_for_then_its_next_level_is_named(
    kind: PlanKind, lower: int, upper: int, until: int | None
) -> None:
    wait = wait_of(replace(position(), target_ticks=110_400), PLANS[kind])

    assert (wait.lower, wait.upper) == (lower, upper)
    assert wait.until == until if until is not None else wait.until > OPENED_AT + 10**9
