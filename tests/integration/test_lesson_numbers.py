"""What lessons work out by hand is what the domain's own functions say, and what they tell is what the rules do."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_adapters.files.education import read_syllabus
from bitten_adapters.files.education.figures import PLACEHOLDER, filled, rule_figures
from bitten_adapters.files.education.worked_sums import evaluate, worked_sums
from bitten_domain.analytics.performance import profit_factor
from bitten_domain.errors import InvalidInput
from bitten_domain.execution.charges.spread import spread_multiples
from bitten_domain.execution.costs import CostModel
from bitten_domain.execution.plan import plan_mean_r
from bitten_domain.execution.trade import net_r
from bitten_domain.market.clocks.sessions import SESSION_ORDER, session_flags
from bitten_domain.market.news import EventCalendar, NewsEvent
from bitten_domain.market.news_view import Blackout, NewsCalendarView
from bitten_domain.risk import BehaviourState, Quote, RiskPolicy, after_trade_closed, drawdown_percent, pip_value
from bitten_domain.risk.exposure import signed_correlation
from bitten_domain.risk.policy.risk_policy import BehaviourPolicy, CostPolicy, FirePolicy
from bitten_domain.risk.sizing import size, smallest_balance, stop_pips
from bitten_domain.risk.trading_windows import trading_windows
from bitten_domain.tcs.gate import overlay_of
from bitten_domain.tcs.rank_scale import RANKED
from bitten_domain.values import INSTRUMENTS, Direction, Money, pips_between
from bitten_domain.vocabulary import Impact, PlanKind, Session

EURUSD = INSTRUMENTS["EURUSD"]
RATES = {"USDJPY": Decimal(150), "USDCAD": Decimal("1.37"), "USDCHF": Decimal("0.88"), "GBPUSD": Decimal("1.27")}
COSTS = CostPolicy()
CENT = Decimal("0.01")


@cache
def sums(place: str) -> dict[str, Decimal]:
    """Results of a lesson's worked sums by the label they begin with."""
    course, lesson = place.split("/")
    found = read_syllabus().course(course)
    assert found is not None
    text = next(page.text for page in found.lessons if page.name == lesson)
    return {worked.label: worked.result for worked in worked_sums(text)[0]}


def said(place: str, label: str) -> Decimal:
    return next(result for text, result in sums(place).items() if text.startswith(label))


@pytest.mark.parametrize("symbol", ["EURUSD", "USDJPY", "USDCAD", "USDCHF", "EURGBP"])
def test_given_the_lesson_on_lots_when_a_pip_is_priced_then_the_domain_says_the_same(symbol: str) -> None:
    value = pip_value(INSTRUMENTS[symbol], "USD", RATES)

    assert value is not None
    assert said("basics/lots", symbol) == value.quantize(CENT, ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("label", "symbol", "end", "start"),
    [
        ("EURUSD from 1.10000 to 1.10250", "EURUSD", "1.10250", "1.10000"),
        ("EURUSD from 1.10000 to 1.09993", "EURUSD", "1.09993", "1.10000"),
        ("USDJPY", "USDJPY", "150.250", "150.000"),
        ("GBPJPY", "GBPJPY", "190.380", "190.500"),
    ],
)
def test_given_the_lesson_on_pips_when_counted_then_the_domain_says_the_same(
    label: str, symbol: str, end: str, start: str
) -> None:
    assert said("basics/pips", label) == pips_between(INSTRUMENTS[symbol], Decimal(start), Decimal(end))


@cache
def sized() -> tuple[Decimal, Decimal, Decimal]:
    """Lots, loss of one lot and risk of the lesson's trade, sized by the domain."""
    quote = Quote(Decimal("1.10000"), Decimal("1.10012"), 0)
    pips = stop_pips(EURUSD, Direction.BUY, quote, Decimal("1.09850"), COSTS, Decimal(1))
    done = size(
        EURUSD,
        budget=Decimal(100),
        pips=pips,
        pip_value=Decimal(10),
        commission=COSTS.commission_per_lot,
        price=quote.ask,
        leverage=Decimal(30),
    )
    return done.lots, done.loss_per_lot, done.risk


@pytest.mark.parametrize(("label", "part"), [("lots", 0), ("loss of one lot", 1), ("what the stop costs", 2)])
def test_given_the_lesson_on_sizing_when_worked_through_then_the_domain_sizes_it_so(label: str, part: int) -> None:
    assert said("risk/sizing", label) == sized()[part]


def test_given_the_lesson_on_sizing_when_an_account_is_too_small_then_the_domain_names_the_same_balance() -> None:
    balance = smallest_balance(EURUSD, sized()[1], Decimal("0.5"))

    assert said("risk/sizing", "the smallest balance") == balance


@pytest.mark.parametrize(("label", "lots"), [("margin at 1 to 30", "1"), ("margin of 0.10 lots", "0.10")])
def test_given_the_lesson_on_margin_when_worked_out_then_the_domain_binds_as_much(label: str, lots: str) -> None:
    done = size(
        EURUSD,
        budget=Decimal(10_000),
        pips=Decimal(10),
        pip_value=Decimal(10),
        commission=Decimal(7),
        price=Decimal("1.10"),
        leverage=Decimal(30),
        ceiling=Decimal(lots),
    )

    assert said("basics/margin", label) == done.margin.quantize(CENT, ROUND_HALF_UP)


def test_given_the_lesson_on_net_r_when_worked_out_then_the_domain_says_the_same() -> None:
    result = net_r(Money(Decimal(193), "USD"), Money(Decimal(112), "USD"))

    assert said("costs/net_r", "in net R") == result.quantize(CENT)


@pytest.mark.parametrize("percent", [10, 15, 30, 50, 80])
def test_given_the_lesson_on_drawdown_when_so_much_is_won_back_then_the_peak_is_reached_again(percent: int) -> None:
    gain = said("risk/drawdown", f"after losing {percent} %")
    equity = Decimal(100 - percent) * (1 + gain / 100)

    # The lesson's gain has one decimal: of what is left, that is less than a tenth of a percent of the peak.
    assert abs(drawdown_percent(BehaviourState(Decimal(100)), equity)) < Decimal("0.1")
    assert equity < Decimal("100.1")


def test_given_the_lesson_on_other_pairs_when_signed_then_the_domain_says_the_same() -> None:
    found = signed_correlation("EURUSD", Direction.BUY, "USDCHF", Direction.SELL, {("EURUSD", "USDCHF"): -0.85})

    assert found is not None
    assert said("strategies/other_pairs", "BUY EURUSD and SELL USDCHF") == Decimal(str(found))


def test_given_the_lesson_on_momentum_when_both_targets_are_reached_then_the_plan_is_worth_as_much() -> None:
    assert said("strategies/momentum_continuation", "both targets") == plan_mean_r(PlanKind.PARTIAL, Decimal(3))


def test_given_the_lesson_on_expectancy_when_money_is_weighed_then_the_domain_says_the_same() -> None:
    factor = profit_factor(np.array([500.0, -650.0]))

    assert factor is not None
    assert said("statistics/expectancy", "won 500, lost 650") == Decimal(str(round(factor, 2)))


# --- what lessons tell of clocks, pauses and windows --------------------------------------------------------------


def moment(zone: str, year: int, month: int, day: int, hour: int, minute: int = 0) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone)).timestamp())


def table_of(place: str) -> list[list[str]]:
    course, lesson = place.split("/")
    found = read_syllabus().course(course)
    assert found is not None
    text = next(page.text for page in found.lessons if page.name == lesson)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return rows[2:]


@pytest.mark.parametrize("month", [1, 4, 7, 10, 11])
def test_given_the_table_of_sessions_when_read_by_its_clocks_then_the_domain_opens_and_closes_so(month: int) -> None:
    told, found = [], []
    for centre, opens, closes, zone in table_of("news/sessions"):
        field = centre.lower().replace(" ", "_")
        hours = [int(text.split(":")[0]) for text in (opens, closes)]
        wednesday = {1: 15, 4: 16, 7: 16, 10: 29, 11: 5}[month]
        moments = [moment(zone, 2025, month, wednesday, hour) for hour in hours]
        flags = session_flags(np.array([moments[0] - 60, moments[0], moments[1] - 60, moments[1]]))
        told.append((centre, [False, True, True, False]))
        found.append((centre, getattr(flags, field).tolist()))

    assert found == told


def test_given_a_year_when_the_overlap_is_counted_then_it_lasts_four_hours_and_in_a_few_weeks_five() -> None:
    days = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(365)]
    overlap = SESSION_ORDER.index(Session.OVERLAP)
    hours = [
        int((session_flags(np.arange(24) * 3600 + int(day.timestamp())).code == overlap).sum())
        for day in days
        if day.weekday() < 5
    ]

    assert said("news/sessions", "overlap from 8") == 4
    assert said("news/sessions", "the same when") == 5
    assert set(hours) == {4, 5}
    assert 5 <= hours.count(5) <= 25


@pytest.mark.parametrize(
    ("at", "in_roll", "before_weekend"),
    [
        ((2025, 6, 4, 16, 44), False, False),
        ((2025, 6, 4, 16, 45), True, False),
        ((2025, 6, 4, 17, 29), True, False),
        ((2025, 6, 4, 17, 30), False, False),
        ((2025, 6, 6, 14, 59), False, False),
        ((2025, 6, 6, 15, 0), False, True),
    ],
)
def test_given_the_lesson_on_the_week_when_its_minutes_come_then_the_windows_open_and_close(
    at: tuple[int, int, int, int, int], in_roll: bool, before_weekend: bool
) -> None:
    windows = trading_windows(moment("America/New_York", *at))

    assert (windows.in_roll, windows.before_weekend) == (in_roll, before_weekend)


def test_given_a_loss_on_sunday_evening_when_booked_then_it_belongs_to_monday() -> None:
    monday = datetime(2025, 6, 9, tzinfo=UTC).date()
    windows = trading_windows(moment("America/New_York", 2025, 6, 8, 20))

    assert windows.trading_day == (monday - datetime(1970, 1, 1, tzinfo=UTC).date()).days


@pytest.mark.parametrize(
    ("place", "label", "at"),
    [
        ("basics/spread", "EURUSD around the roll", (2025, 6, 4, 16, 55)),
        ("basics/spread", "EURUSD in the first hour of Sunday", (2025, 6, 8, 17, 45)),
        ("news/sessions", "EURUSD in Sydney hours", (2025, 6, 4, 18, 30)),
    ],
)
def test_given_a_wide_spread_in_a_lesson_when_the_moment_comes_then_the_cost_table_charges_it(
    place: str, label: str, at: tuple[int, int, int, int, int]
) -> None:
    multiple = spread_multiples(CostModel(), np.array([moment("America/New_York", *at)]))[0]

    assert said(place, label) == Decimal(str(multiple)) * EURUSD.normal_spread_pips


def after_losses(count: int) -> BehaviourState:
    state = BehaviourState(Decimal(10_000))
    for _ in range(count):
        state = after_trade_closed(
            state, BehaviourPolicy(), net_r=Decimal(-1), risk_percent=Decimal(1), at=1_000, trading_day=7
        )
    return state


def number_in(place: str, row: str, column: int = 1) -> int:
    text = next(cells[column] for cells in table_of(place) if row in cells[0])
    return int(re.findall(r"\d+", text)[0])


@pytest.mark.parametrize(
    ("losses", "waits", "locks", "warns", "ends"),
    [(1, 5, 0, False, False), (3, 5, 0, True, False), (4, 5, 60, True, False), (6, 5, 60, True, True)],
)
def test_given_so_many_losses_when_folded_then_the_pauses_are_those_of_the_lesson(
    losses: int, waits: int, locks: int, warns: bool, ends: bool
) -> None:
    state = after_losses(losses)
    lesson = {
        "wait": number_in("tilt/lockouts", "any loss"),
        "warn": number_in("tilt/lockouts", "3 losses in a row", 0),
        "lock": number_in("tilt/lockouts", "4 losses in a row"),
        "end": number_in("tilt/lockouts", "6 losses in a row", 0),
    }

    assert (lesson["wait"], lesson["warn"], lesson["lock"], lesson["end"]) == (5, 3, 60, 6)
    assert (state.cool_down_until - 1_000, state.tilted) == (waits * 60, warns)
    assert (max(0, state.lockout_until - 1_000), state.lockout_day == 7) == (locks * 60, ends)


@pytest.mark.parametrize(("row", "title"), [("high impact", "Speech"), ("rate decision", "Federal Funds Rate")])
def test_given_the_table_of_blackouts_when_a_release_comes_then_the_domain_blocks_these_minutes(
    row: str, title: str
) -> None:
    before, after = number_in("news/blackouts", row, 1) * 60, number_in("news/blackouts", row, 2) * 60
    at = moment("UTC", 2025, 6, 4, 12)
    event = NewsEvent(at, "USD", Impact.HIGH, title)
    view = NewsCalendarView(EventCalendar((event,), at - 86_400, at + 86_400, frozenset(Impact)))

    moments = np.array([at - before - 1, at - before, at + after, at + after + 1])

    high = [blackout is Blackout.HIGH for blackout in view.blackouts("EURUSD", moments)]
    assert high == [False, True, True, False]


def test_given_the_lesson_on_parts_when_it_counts_the_ranked_ones_then_there_are_as_many() -> None:
    course = read_syllabus().course("score")

    assert course is not None
    assert "Four of the parts are restated as a *rank*" in course.lessons[0].text
    assert len(RANKED) == 4


def test_given_the_lesson_on_gates_when_it_names_the_additions_then_the_gate_adds_them() -> None:
    course = read_syllabus().course("score")
    added = overlay_of(np.array([2.0, 1.0, 1.0]), np.array([False, False, True]))

    assert course is not None
    assert "a point more in unusually high volatility, one and a half when" in " ".join(course.lessons[2].text.split())
    assert added.tolist() == [1000, 0, 1500]


@pytest.mark.parametrize(
    ("label", "symbol", "stop"),
    [("EURUSD, stop at 10", "EURUSD", 10), ("EURUSD, stop at 40", "EURUSD", 40), ("GBPJPY, stop at 12", "GBPJPY", 12)],
)
def test_given_the_lesson_on_cost_share_when_worked_out_by_hand_then_it_is_as_defined(
    label: str, symbol: str, stop: int
) -> None:
    by_hand = {"EURUSD": Decimal("1.6"), "GBPJPY": Decimal("2.9")}[symbol] / stop

    assert said("costs/cost_share", label) == by_hand.quantize(CENT, ROUND_HALF_UP)


def test_given_the_lesson_on_coverage_when_two_rules_are_missing_then_the_score_is_over_the_rest() -> None:
    assert said("score/coverage", "earned 66 of them") == round(Decimal(6600) / 87, 2)


# --- figures and sums themselves ---------------------------------------------------------------------------------


def test_given_a_stricter_policy_when_read_then_the_lessons_teach_the_stricter_figure() -> None:
    strict = RiskPolicy(max_risk_percent=Decimal("1.5"), fire=FirePolicy(auto_floor=Decimal(88)))

    course = read_syllabus(rules=rule_figures(strict)).course("risk")

    assert course is not None
    assert "You may go up to 1.5 %" in course.lessons[0].text


def test_given_a_name_nobody_knows_when_filled_then_it_says_where_and_which() -> None:
    with pytest.raises(InvalidInput, match=r"page\.md: there is no figure 'risk\.dream'"):
        filled("at most {risk.dream} %", rule_figures(), "page.md")


@given(
    pieces=st.lists(
        st.sampled_from(sorted(rule_figures())) | st.text(st.characters(exclude_characters="{}")), max_size=6
    )
)
def test_given_any_text_when_filled_then_only_names_are_replaced(pieces: list[str]) -> None:
    figures = rule_figures()
    text = "".join(f"{{{piece}}}" if piece in figures else piece for piece in pieces)

    assert filled(text, figures, "x") == "".join(figures.get(piece, piece) for piece in pieces)
    assert PLACEHOLDER.search(filled(text, figures, "x")) is None


@given(a=st.decimals("-1000", "1000", places=3), b=st.decimals("0.001", "1000", places=3), n=st.integers(0, 9))
def test_given_any_numbers_when_a_sum_is_worked_out_then_it_is_theirs(a: Decimal, b: Decimal, n: int) -> None:
    assert evaluate(f"({a} + {b}) * {b} - {a} / {b} + {b} ** {n}") == (a + b) * b - a / b + b**n


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')", "a + 1", "open('x')", "1 if 2 else 3", "[1]", "True", "1 // 2", "min(x=1)", "1e9999 ** 999",
        "2 ** 5000", "down(1)", "'2'", "(1).real", "1 / 0", "1 +", "9" * 201,
    ],
)  # fmt: skip
def test_given_something_that_is_no_plain_sum_when_worked_out_then_it_is_refused(text: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        evaluate(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("down(0.5681, 0.01)", "0.56"),
        ("down(100 / 176, 0.01)", "0.56"),
        ("sqrt(0.25)", "0.5"),
        ("max(1, 3, 2) - min(4, 5)", "-1"),
    ],
)
def test_given_a_named_function_when_worked_out_then_it_does_as_named(text: str, value: str) -> None:
    assert evaluate(text) == Decimal(value)
