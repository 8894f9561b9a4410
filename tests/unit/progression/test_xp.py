"""XP: hand-computed awards, and properties over histories: no trade ever raises it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bitten_domain.errors import BrokenInvariant, InvalidInput
from bitten_domain.events import MarketDayClosed, TradeJudged
from bitten_domain.progression import TITLE_FROM, Progress, XpEntry, XpPolicy, title_of
from bitten_domain.progression.market_day import is_week_end, settle_day, take_prestige, week_of
from bitten_domain.progression.promotion import elite_lacks
from bitten_domain.progression.xp import award, balance_of, lifetime_of, multiplier_of
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


def test_given_figures_that_take_away_when_a_policy_is_made_then_it_is_refused() -> None:
    with pytest.raises(InvalidInput):
        XpPolicy(most_multiplier_percent=90)
    with pytest.raises(InvalidInput):
        XpPolicy(most_a_day=-1)
    with pytest.raises(BrokenInvariant):
        award(XpKind.PURCHASE, "shop:1", MONDAY, 0, Progress(USER), [], POLICY)
