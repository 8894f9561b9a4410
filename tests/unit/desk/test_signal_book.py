"""The signal book: one live idea per pair and side, caps, and what the threshold counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.desk.signal_book import SignalBook, consider, count_passes
from bitten_domain.errors import InvalidInput
from bitten_domain.tcs.gate import GateRules
from bitten_domain.vocabulary import SuppressionCode

# Tuesday 2025-06-03 12:00 UTC; the open clock's zero is of no importance.
NOON = 1_748_952_000
HOUR = 3_600
RULES = GateRules()


class Pass(NamedTuple):
    """A candidate that passed the gate, so many minutes after noon, so many open-clock minutes, on a trading day."""

    minute: int
    symbol: str = "EURUSD"
    sign: int = 1
    day: int = 0
    life: int = 600


def answers(passes: list[Pass], rules: GateRules = RULES) -> tuple[list[SuppressionCode | None], SignalBook]:
    book = SignalBook()
    codes: list[SuppressionCode | None] = []
    for each in passes:
        book, code = consider(
            book, rules, each.symbol, each.sign, NOON + 60 * each.minute, 60 * each.minute, each.day, each.life
        )
        codes.append(code)
    return codes, book


@pytest.mark.parametrize(("minute", "code"), [(59, SuppressionCode.REPEAT), (60, None), (61, None)])
def test_given_a_signal_when_its_pair_and_side_pass_again_then_an_hour_lies_between(
    minute: int, code: SuppressionCode | None
) -> None:
    assert answers([Pass(0), Pass(minute)])[0] == [None, code]


def test_given_a_signal_that_lives_longer_than_an_hour_when_passed_again_then_it_waits_for_its_end() -> None:
    long = 90 * 60

    codes, _ = answers([Pass(0, life=long), Pass(61), Pass(89), Pass(90)])

    assert codes == [None, SuppressionCode.REPEAT, SuppressionCode.REPEAT, None]


def test_given_a_repeat_when_an_hour_after_the_first_then_it_did_not_start_the_hour_again() -> None:
    assert answers([Pass(0), Pass(45), Pass(60)])[0] == [None, SuppressionCode.REPEAT, None]


def test_given_a_signal_when_another_pair_or_the_other_side_passes_then_it_is_no_repeat() -> None:
    assert answers([Pass(0), Pass(0, sign=-1), Pass(0, symbol="GBPUSD")])[0] == [None, None, None]


def test_given_a_new_trading_day_when_the_idea_still_lives_then_it_stays_a_repeat() -> None:
    assert answers([Pass(0), Pass(15, day=1)])[0] == [None, SuppressionCode.REPEAT]


def test_given_twelve_signals_of_a_pair_when_it_passes_again_then_the_cap_holds_until_the_day_rolls() -> None:
    twelve = [Pass(61 * number) for number in range(12)]

    codes, book = answers([*twelve, Pass(61 * 12), Pass(61 * 12, symbol="USDJPY"), Pass(61 * 13, day=1)])

    assert codes == [None] * 12 + [SuppressionCode.PAIR_CAP, None, None]
    assert (book.day, book.today, dict(book.today_by_pair)) == (1, 1, {"EURUSD": 1})


def test_given_the_days_cap_when_more_pass_then_they_are_kept_back_and_counted() -> None:
    rules = GateRules(per_day=2)

    codes, book = answers([Pass(0, symbol=symbol) for symbol in ("EURUSD", "GBPUSD", "USDJPY", "USDCAD")], rules)

    assert codes == [None, None, SuppressionCode.DAY_CAP, SuppressionCode.DAY_CAP]
    assert book.today == 2
    assert count_passes(book, 0) == 4


def test_given_the_days_cap_when_an_idea_keeps_passing_while_it_lives_then_it_is_counted_once() -> None:
    rules = GateRules(per_day=1)

    codes, book = answers(
        [Pass(0), *(Pass(minute, symbol="GBPUSD") for minute in (0, 15, 30, 59)), Pass(60, symbol="GBPUSD")], rules
    )

    assert codes == [None] + [SuppressionCode.DAY_CAP] * 5
    assert count_passes(book, 60 * 60) == 3


def test_given_an_idea_the_cap_kept_back_when_the_day_rolls_then_it_becomes_a_signal_and_is_not_counted_again() -> None:
    rules = GateRules(per_day=1)

    codes, book = answers([Pass(0), Pass(0, symbol="GBPUSD"), Pass(15, symbol="GBPUSD", day=1)], rules)

    assert codes == [None, SuppressionCode.DAY_CAP, None]
    assert count_passes(book, 15 * 60) == 2


def test_given_a_repeat_or_a_full_pair_when_counted_then_they_are_no_passes() -> None:
    rules = GateRules(per_pair=1)

    codes, book = answers([Pass(0), Pass(1), Pass(61)], rules)

    assert codes == [None, SuppressionCode.REPEAT, SuppressionCode.PAIR_CAP]
    assert count_passes(book, 61 * 60) == 1


def test_given_passes_when_24_open_hours_have_gone_by_then_they_count_no_more() -> None:
    _, book = answers([Pass(0)])

    assert [count_passes(book, clock) for clock in (0, 24 * HOUR - 1, 24 * HOUR)] == [1, 1, 0]


def test_given_a_suppressed_pass_when_told_then_the_book_is_the_same_object() -> None:
    _, book = answers([Pass(0)])

    after, code = consider(book, RULES, "EURUSD", 1, NOON + 60, 60, 0, 600)

    assert code is SuppressionCode.REPEAT
    assert after is book


@pytest.mark.parametrize(
    "rules",
    [
        {"per_pair": 0},
        {"per_pair": 13},
        {"per_day": 101},
        {"per_day": 0},
        {"repeat_minutes": 59},
        {"pair_offset": {"EURUSD": 2001}},
        {"pair_offset": {"EURUSD": -2001}},
    ],
)
def test_given_a_bound_when_passed_then_the_rules_refuse_to_be_made(rules: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        GateRules(**rules)  # type: ignore[arg-type]


@dataclass
class NaiveBook:
    """The documented rule in plain words, with nothing forgotten: the whole history is searched every time."""

    signals: list[Pass] = field(default_factory=list)
    kept: list[Pass] = field(default_factory=list)
    passes: list[Pass] = field(default_factory=list)

    @staticmethod
    def lives(ideas: list[Pass], each: Pass, rules: GateRules) -> bool:
        return any(
            (old.symbol, old.sign) == (each.symbol, each.sign)
            and (each.minute - old.minute < rules.repeat_minutes or 60 * each.minute < 60 * old.minute + old.life)
            for old in ideas
        )

    def answer(self, each: Pass, rules: GateRules) -> SuppressionCode | None:
        if self.lives(self.signals, each, rules):
            return SuppressionCode.REPEAT
        today = Counter(old.symbol for old in self.signals if old.day == each.day)
        if today[each.symbol] >= rules.per_pair:
            return SuppressionCode.PAIR_CAP
        is_counted = self.lives(self.kept, each, rules)
        if not is_counted:
            self.passes.append(each)
        if today.total() >= rules.per_day:
            if not is_counted:
                self.kept.append(each)
            return SuppressionCode.DAY_CAP
        self.signals.append(each)
        return None

    def count(self, minute: int) -> int:
        return sum(1 for each in self.passes if minute - each.minute < 24 * 60)


@st.composite
def streams(draw: st.DrawFn) -> list[Pass]:
    minute = 0
    found = []
    for _ in range(draw(st.integers(1, 60))):
        minute += draw(st.sampled_from([0, 15, 30, 60, 75, 240, 700]))
        found.append(
            Pass(
                minute,
                draw(st.sampled_from(["EURUSD", "USDJPY", "EURGBP"])),
                draw(st.sampled_from([1, -1])),
                minute // 1440,
                draw(st.sampled_from([600, 720, 900, 5400])),
            )
        )
    return found


@given(
    streams(),
    st.builds(
        GateRules,
        per_pair=st.integers(1, 12),
        per_day=st.integers(1, 20),
        repeat_minutes=st.sampled_from([60, 90, 180]),
    ),
)
def test_given_any_passes_when_considered_then_the_book_agrees_with_the_plain_rule(
    stream: list[Pass], rules: GateRules
) -> None:
    naive = NaiveBook()

    codes, book = answers(stream, rules)

    assert codes == [naive.answer(each, rules) for each in stream]
    last = stream[-1].minute
    assert [count_passes(book, 60 * minute) for minute in (last, last + 60, last + 1439)] == [
        naive.count(minute) for minute in (last, last + 60, last + 1439)
    ]
