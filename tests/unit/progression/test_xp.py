"""XP: hand-computed awards, and properties over histories: no trade ever raises it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bitten_domain.errors import BrokenInvariant, InvalidInput
from bitten_domain.events import MarketDayClosed, TradeJudged
from bitten_domain.progression import TITLE_FROM, Progress, XpEntry, XpPolicy, title_of
from bitten_domain.progression.market_day import is_week_end, settle_day, take_prestige, week_of
from bitten_domain.progression.promotion import elite_lacks
from bitten_domain.progression.xp import award, balance_of, freezes_of, lifetime_of, multiplier_of
from bitten_domain.values import AccountId, UserId
from bitten_domain.vocabulary import Breach, Title, XpKind

if TYPE_CHECKING:
    from collections.abc import Sequence

USER = UserId("user-1")
POLICY = XpPolicy()
MONDAY = 20_241  # 2025-06-02
NOBODY_BROKE = frozenset[Breach]()


class Day(NamedTuple):
    """A market day of a history."""

    is_briefed: bool
    trades: tuple[TradeJudged, ...] = ()
    learned: tuple[XpKind, ...] = ()


class Lived(NamedTuple):
    """What a history came to."""

    progress: Progress
    entries: list[XpEntry]


def market_days(count: int) -> list[int]:
    """List trading days from a Monday on, Monday to Friday."""
    return [MONDAY + 7 * (number // 5) + number % 5 for number in range(count)]


def trade(number: int = 1, breaches: frozenset[Breach] = NOBODY_BROKE, account: str = "paper-1") -> TradeJudged:
    return TradeJudged(AccountId(account), number, "momentum", 0, breaches)


def live(days: Sequence[Day], policy: XpPolicy = POLICY) -> Lived:
    """Settle a history day by day, what was learned on a day first."""
    progress, entries, kept = Progress(USER), list[XpEntry](), list[int]()
    for day, lived in zip(market_days(len(days)), days, strict=True):
        for number, kind in enumerate(lived.learned):
            got = award(kind, f"{kind.value}:{day}:{number}", day, day, progress, entries, policy)
            entries += [] if got is None else [got]
        closed = MarketDayClosed(USER, day, lived.is_briefed, lived.trades)
        settled = settle_day(closed, progress, kept, [one for one in entries if one.day == day], policy, day)
        progress, kept = settled.progress, [*kept, *([day] if closed.is_adherent else [])]
        entries += settled.entries
    return Lived(progress, entries)


breaches = st.frozensets(st.sampled_from(Breach), max_size=2)
trades = st.builds(TradeJudged, st.just(AccountId("a")), st.integers(1, 99), st.just("s"), st.just(0), breaches)
learned = st.lists(st.sampled_from([XpKind.DIARY, XpKind.LESSON, XpKind.PERFECT_QUIZ]), max_size=14).map(tuple)
days = st.builds(Day, st.booleans() | st.just(value=True), st.lists(trades, max_size=2).map(tuple), learned)
histories = st.lists(days, min_size=1, max_size=70)


def test_given_a_week_kept_when_settled_then_it_earns_what_hand_arithmetic_says() -> None:
    lived = live([Day(is_briefed=True)] * 5)

    # Four days of 30; the fifth makes the streak 5, which adds 5 %: 31.5 and 105 floored once each.
    assert [entry.amount for entry in lived.entries] == [30, 30, 30, 30, 31, 105]
    assert lived.entries[-1].kind is XpKind.ADHERENT_WEEK
    assert balance_of(lived.entries) == lifetime_of(lived.entries) == 256


@pytest.mark.parametrize("count", [1, 3, 19, 40])
def test_given_trades_without_a_broken_rule_when_added_then_nothing_changes(count: int) -> None:
    plain, traded = [Day(is_briefed=True)] * 12, [Day(is_briefed=True, trades=(trade(),) * count)] * 12

    assert live(plain).entries == live(traded).entries
    assert live(traded).progress.closed_trades == 12 * count


@settings(max_examples=150)
@given(history=histories, place=st.integers(0, 69), added=trades)
def test_given_any_history_when_a_trade_is_added_then_xp_never_rises(
    history: list[Day], place: int, added: TradeJudged
) -> None:
    place %= len(history)
    more = [*history]
    more[place] = more[place]._replace(trades=(*more[place].trades, added))

    before, after = live(history), live(more)

    assert lifetime_of(after.entries) <= lifetime_of(before.entries)
    assert after.progress.streak <= before.progress.streak
    assert after.progress.banked_days <= before.progress.banked_days


@settings(max_examples=60)
@given(history=histories)
def test_given_any_history_when_its_accounts_are_live_then_xp_is_that_of_paper(history: list[Day]) -> None:
    as_live = [
        day._replace(trades=tuple(one._replace(account=AccountId("live-1")) for one in day.trades)) for day in history
    ]

    assert live(history).entries == live(as_live).entries


@settings(max_examples=100)
@given(history=histories, prestige=st.integers(0, 30))
def test_given_any_history_when_lived_then_caps_hold_titles_rise_and_causes_are_unique(
    history: list[Day], prestige: int
) -> None:
    policy = XpPolicy(most_a_day=200, most_an_action=60)
    lived = live(history, policy)

    by_day: dict[int, int] = {}
    titles, lifetime = [Title.RECRUIT], 0
    for entry in lived.entries:
        by_day[entry.day] = by_day.get(entry.day, 0) + entry.amount
        lifetime += entry.amount
        titles.append(title_of(lifetime))
    assert all(0 < entry.amount <= 60 for entry in lived.entries)
    assert all(amount <= 200 for amount in by_day.values())
    ranks = [TITLE_FROM[title] for title in titles]
    assert ranks == sorted(ranks)
    assert len({entry.cause for entry in lived.entries}) == len(lived.entries)
    progress = Progress(USER, streak=prestige * 9, prestige=prestige)
    assert 10_000 <= multiplier_of(progress, policy) <= 30_000


def test_given_many_lessons_and_diary_entries_when_awarded_then_the_day_counts_a_few() -> None:
    lived = live([Day(is_briefed=False, learned=(XpKind.LESSON,) * 14 + (XpKind.DIARY,) * 3)])

    # 150 points of lessons are ten of 15; a second diary entry earns nothing.
    amounts = [entry.amount for entry in lived.entries]
    assert amounts == [15] * 10 + [20]


def test_given_prestige_and_a_long_streak_when_multiplied_then_at_most_three_times_and_floored_once() -> None:
    # 1.5 x 1.3 = 1.95 of 15 is 29.25; and 1.5 x 4.0 is cut to 3.
    one, many = Progress(USER, streak=50, prestige=3), Progress(USER, streak=50, prestige=30)

    first = award(XpKind.LESSON, "lesson:1", MONDAY, 0, one, [], POLICY)
    second = award(XpKind.LESSON, "lesson:1", MONDAY, 0, many, [], POLICY)
    assert first is not None
    assert second is not None
    assert (first.amount, second.amount) == (29, 45)


@given(
    kind=st.sampled_from([XpKind.ADHERENT_DAY, XpKind.ADHERENT_WEEK, XpKind.DIARY, XpKind.LESSON]),
    streak=st.integers(0, 80),
    prestige=st.integers(0, 40),
)
@example(kind=XpKind.ADHERENT_DAY, streak=5, prestige=17)
def test_given_any_multipliers_when_awarded_then_the_product_is_floored_once_at_the_end(
    kind: XpKind, streak: int, prestige: int
) -> None:
    # The example: 30 x 1.05 x 2.7 is 85.05; with the product of the multipliers floored before, it was 84.
    by_streak = 1 + min(Fraction(streak // 5 * 5, 100), Fraction(1, 2))
    times = min(by_streak * (1 + Fraction(prestige, 10)), Fraction(3))

    got = award(kind, "one", MONDAY, 0, Progress(USER, streak=streak, prestige=prestige), [], POLICY)

    assert got is not None
    assert got.amount == floor(POLICY.base[kind] * times)


def test_given_points_in_two_places_or_none_when_awarded_then_it_is_a_bug() -> None:
    with pytest.raises(BrokenInvariant, match="one place"):
        award(XpKind.LESSON, "lesson:1", MONDAY, 0, Progress(USER), [], POLICY, 15)
    with pytest.raises(BrokenInvariant, match="one place"):
        award(XpKind.CHALLENGE, "challenge:1", MONDAY, 0, Progress(USER), [], POLICY)


def test_given_days_without_a_briefing_when_settled_then_freezes_outlive_them_and_a_broken_rule_takes_all() -> None:
    kept, absent = Day(is_briefed=True), Day(is_briefed=False)
    broke = Day(is_briefed=True, trades=(trade(breaches=frozenset({Breach.STOP_LOOSENED})),))

    frozen = live([*[kept] * 10, absent, kept]).progress
    ended = live([*[kept] * 10, absent, absent, kept]).progress
    broken = live([*[kept] * 10, broke]).progress

    assert (frozen.streak, frozen.banked_days, frozen.adherent_days) == (11, 1, 11)
    assert (ended.streak, ended.best_streak) == (1, 10)
    assert (broken.streak, broken.banked_days, broken.adherent_days) == (0, 0, 10)


def test_given_a_day_that_was_settled_when_settled_again_then_it_is_a_bug() -> None:
    closed = MarketDayClosed(USER, MONDAY, is_briefed=True, trades=())
    with pytest.raises(BrokenInvariant):
        settle_day(closed, Progress(USER, settled_day=MONDAY), [], [], POLICY, 0)


def test_given_enough_points_when_prestige_is_taken_then_the_balance_falls_and_the_title_stays() -> None:
    earned = [XpEntry(USER, "gift", XpKind.LESSON, 0, 50_100, MONDAY, 0)]
    taken = take_prestige(Progress(USER), balance_of(earned), MONDAY, 0, POLICY)

    assert take_prestige(Progress(USER), 49_999, MONDAY, 0, POLICY) is None
    assert taken is not None
    ledger = [*earned, *taken.entries]
    assert (taken.progress.prestige, balance_of(ledger), lifetime_of(ledger)) == (1, 100, 50_100)
    assert title_of(lifetime_of(ledger)) is Title.GENERAL


@pytest.mark.parametrize(("lifetime", "title"), [(0, Title.RECRUIT), (99, Title.RECRUIT), (100, Title.PRIVATE),
                                                 (2_499, Title.SERGEANT), (100_000, Title.MARSHAL)])  # fmt: skip
def test_given_lifetime_points_when_named_then_the_table_says_how(lifetime: int, title: Title) -> None:
    assert title_of(lifetime) is title


def test_given_the_calendar_when_weeks_are_numbered_then_monday_to_friday_share_one() -> None:
    # 2025-06-02 is a Monday, 2025-06-06 a Friday.
    assert {week_of(MONDAY + number) for number in range(5)} == {week_of(MONDAY)} != {week_of(MONDAY + 7)}
    assert [is_week_end(MONDAY + number) for number in range(5)] == [False] * 4 + [True]


def test_given_what_elite_asks_for_when_something_lacks_then_it_is_named() -> None:
    ready = Progress(USER, adherent_days=30, closed_trades=20)

    assert elite_lacks(ready, has_risk_course=True) == ()
    assert elite_lacks(replace(ready, adherent_days=28), has_risk_course=True) == ("2 more adherent market days",)
    assert len(elite_lacks(Progress(USER), has_risk_course=False)) == 3


def test_given_a_streak_when_a_lesson_is_booked_then_the_line_says_what_it_was_for_before_and_after() -> None:
    # 15 x 1.05 is 15.75.
    got = award(XpKind.LESSON, "lesson:1", MONDAY, 77, Progress(USER, streak=5), [], POLICY)

    assert got == XpEntry(USER, "lesson:1", XpKind.LESSON, 15, 15, MONDAY, 77)


def test_given_lessons_near_their_cap_when_one_more_is_booked_then_only_base_points_of_that_kind_and_day_count() -> (
    None
):
    booked = [
        XpEntry(USER, "a", XpKind.LESSON, 80, 120, MONDAY, 0),
        XpEntry(USER, "b", XpKind.LESSON, 62, 93, MONDAY, 0),
        XpEntry(USER, "c", XpKind.LESSON, 75, 75, MONDAY - 1, 0),
        XpEntry(USER, "d", XpKind.DIARY, 20, 20, MONDAY, 0),
    ]

    part = award(XpKind.LESSON, "e", MONDAY, 0, Progress(USER, streak=50), booked, POLICY)
    full = [*booked, XpEntry(USER, "f", XpKind.LESSON, 8, 12, MONDAY, 0)]

    # 150 - 142 leaves 8, times 1.5; then nothing is left.
    assert part is not None
    assert (part.base, part.amount) == (8, 12)
    assert award(XpKind.LESSON, "g", MONDAY, 0, Progress(USER), full, POLICY) is None


def test_given_a_day_near_its_cap_when_something_is_earned_then_it_gets_what_is_left_whatever_was_spent() -> None:
    policy = XpPolicy(most_a_day=100)
    booked = [
        XpEntry(USER, "a", XpKind.CHALLENGE, 60, 60, MONDAY, 0),
        XpEntry(USER, "b", XpKind.ACHIEVEMENT, 29, 29, MONDAY, 0),
        XpEntry(USER, "c", XpKind.PURCHASE, 0, -500, MONDAY, 0),
        XpEntry(USER, "d", XpKind.CHALLENGE, 70, 70, MONDAY + 1, 0),
    ]

    last = award(XpKind.PERFECT_QUIZ, "e", MONDAY, 0, Progress(USER), booked, policy)

    assert last is not None
    assert (last.base, last.amount) == (20, 11)
    assert award(XpKind.PERFECT_QUIZ, "f", MONDAY, 0, Progress(USER), [*booked, last], policy) is None


def test_given_points_of_their_own_when_awarded_then_a_challenge_is_multiplied_and_an_achievement_is_not() -> None:
    # 1.5 x 1.3 of 100 is 195; no action gives more than 1000.
    far = Progress(USER, streak=50, prestige=3)

    def amount(kind: XpKind, points: int) -> int | None:
        got = award(kind, "one", MONDAY, 0, far, [], POLICY, points)
        return None if got is None else got.amount

    assert (amount(XpKind.CHALLENGE, 100), amount(XpKind.ACHIEVEMENT, 100)) == (195, 100)
    assert (amount(XpKind.CHALLENGE, 513), amount(XpKind.ACHIEVEMENT, 1_001)) == (1_000, 1_000)
    assert (amount(XpKind.CHALLENGE, 0), amount(XpKind.ACHIEVEMENT, 1)) == (None, 1)


@pytest.mark.parametrize(
    ("streak", "prestige", "times"),
    [(0, 0, 10_000), (4, 0, 10_000), (5, 0, 10_500), (49, 0, 14_500), (50, 0, 15_000), (99, 0, 15_000),
     (0, 1, 11_000), (50, 10, 30_000), (50, 9, 28_500), (0, 20, 30_000), (0, 21, 30_000)],
)  # fmt: skip
def test_given_streak_and_prestige_when_multiplied_then_each_step_and_cap_is_the_documented_one(
    streak: int, prestige: int, times: int
) -> None:
    assert multiplier_of(Progress(USER, streak=streak, prestige=prestige), POLICY) == times


def test_given_days_put_by_when_counted_then_ten_make_a_freeze() -> None:
    assert [freezes_of(Progress(USER, banked_days=days), POLICY) for days in (0, 9, 10, 19, 30)] == [0, 0, 1, 1, 3]


def test_given_the_rules_when_the_policy_is_read_then_its_figures_are_theirs() -> None:
    assert dict(POLICY.base) == {
        XpKind.ADHERENT_DAY: 30,
        XpKind.ADHERENT_WEEK: 100,
        XpKind.DIARY: 20,
        XpKind.LESSON: 15,
        XpKind.PERFECT_QUIZ: 20,
    }
    assert dict(POLICY.most_a_day_by_kind) == {XpKind.DIARY: 20, XpKind.LESSON: 150}
    assert (POLICY.most_streak_percent, POLICY.prestige_percent, POLICY.most_multiplier_percent) == (50, 10, 300)
    assert (POLICY.most_an_action, POLICY.most_a_day, POLICY.prestige_price) == (1_000, 10_000, 50_000)
    assert (POLICY.freeze_every_days, POLICY.most_freezes) == (10, 3)


def test_given_somebody_new_when_they_begin_then_they_have_nothing_and_the_game_is_on() -> None:
    assert Progress(USER) == Progress(USER, 0, 0, 0, 0, 0, 0, -1, is_game_off=False)


def test_given_figures_at_their_least_when_a_policy_is_made_then_it_stands() -> None:
    least = XpPolicy(most_a_day=0, most_freezes=0, streak_step_days=1, freeze_every_days=1, most_multiplier_percent=100)

    assert multiplier_of(Progress(USER, streak=9, prestige=2), least) == 10_000


@pytest.mark.parametrize(
    ("wrong", "where", "told"),
    [
        ({"most_multiplier_percent": 99}, "most_multiplier_percent", "a multiplier never lowers what is earned"),
        ({"most_a_day": -1}, "XpPolicy", "points, caps and steps are not negative"),
        ({"base": {XpKind.LESSON: -1}}, "XpPolicy", "points, caps and steps are not negative"),
        ({"most_a_day_by_kind": {XpKind.LESSON: -1}}, "XpPolicy", "points, caps and steps are not negative"),
        ({"streak_step_days": 0}, "XpPolicy", "points, caps and steps are not negative"),
        ({"freeze_every_days": 0}, "XpPolicy", "points, caps and steps are not negative"),
    ],
)
def test_given_a_figure_that_takes_away_when_a_policy_is_made_then_it_is_told_which(
    wrong: dict[str, Any], where: str, told: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        XpPolicy(**wrong)

    assert (caught.value.where, caught.value.what) == (where, told)


def test_given_a_kind_that_spends_when_awarded_then_it_is_a_bug() -> None:
    with pytest.raises(BrokenInvariant, match="PURCHASE earns nothing"):
        award(XpKind.PURCHASE, "shop:1", MONDAY, 0, Progress(USER), [], POLICY)
