"""Achievements: each condition counts what it says, points come once and as they stand, no data pays for harm."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bitten_adapters.files.game.game_data import FileGameData
from bitten_domain.errors import InvalidInput
from bitten_domain.events import AchievementEarned, MarketDayClosed, TradeJudged
from bitten_domain.progression import Progress, Tally, XpEntry, XpPolicy
from bitten_domain.progression.achievements import (
    CONDITIONS,
    Achievement,
    AchievementGroup,
    Facts,
    Learned,
    count_of,
    earn_achievements,
    is_met,
)
from bitten_domain.progression.tally import tally_of
from bitten_domain.values import AccountId, UserId
from bitten_domain.vocabulary import Board, Breach, XpKind

USER = UserId("user-1")
NOTHING = Facts(Progress(USER), Tally(), Learned())
# For each condition: its subject, facts by hand, and the count they amount to.
COUNTED: dict[str, tuple[str, Facts, int]] = {
    "adherent-days": ("", replace(NOTHING, progress=Progress(USER, adherent_days=7)), 7),
    "streak-days": ("", replace(NOTHING, progress=Progress(USER, streak=2, best_streak=9)), 9),
    "unbroken-days": ("", replace(NOTHING, tally=Tally(unbroken_days=1, best_unbroken_days=31)), 31),
    "prestige": ("", replace(NOTHING, progress=Progress(USER, prestige=2)), 2),
    "lessons": ("", replace(NOTHING, learned=Learned(lessons=frozenset({"risk/sizing", "risk/limits"}))), 2),
    "lesson": ("risk/sizing", replace(NOTHING, learned=Learned(lessons=frozenset({"risk/sizing"}))), 1),
    "courses": ("", replace(NOTHING, learned=Learned(courses=frozenset({"risk"}))), 1),
    "course": ("risk", replace(NOTHING, learned=Learned(courses=frozenset({"risk", "basics"}))), 1),
    "perfect-quizzes": ("", replace(NOTHING, learned=Learned(perfect_quizzes=3)), 3),
    "diary-days": ("", replace(NOTHING, learned=Learned(diary_days=4)), 4),
    "boards": ("", replace(NOTHING, boards=frozenset({Board.CALIBRATION})), 1),
    "forecasts": ("", replace(NOTHING, forecasts=33), 33),
    "missions": ("", replace(NOTHING, learned=Learned(missions=6)), 6),
    "sized-trades": ("", replace(NOTHING, tally=Tally(sized_trades=3, best_sized_trades=50)), 50),
    "held-plans": ("", replace(NOTHING, tally=Tally(held_plans=3, best_held_plans=12)), 12),
    "losses-reflected": ("", replace(NOTHING, learned=Learned(losses_reflected=5)), 5),
    "paused-days": ("", replace(NOTHING, paused_days=1), 1),
}


def achievement(condition: str = "lessons", least: int = 1, subject: str = "", xp: int = 0) -> Achievement:
    return Achievement("some-code", "Name", "Text.", AchievementGroup.KNOWLEDGE, condition, least, subject, xp)


def day(number: int, *breaches: set[Breach], is_briefed: bool = True) -> MarketDayClosed:
    trades = tuple(
        TradeJudged(AccountId("a"), place, "s", place, frozenset(broken)) for place, broken in enumerate(breaches)
    )
    return MarketDayClosed(USER, number, is_briefed, trades)


@pytest.mark.parametrize("name", sorted(CONDITIONS))
def test_given_facts_by_hand_when_counted_then_a_condition_counts_what_it_says(name: str) -> None:
    subject, facts, count = COUNTED[name]
    wanted = achievement(name, count, subject)

    assert count_of(wanted, facts) == count
    assert is_met(wanted, facts)
    assert not is_met(replace(wanted, least=count + 1), facts)
    assert count_of(wanted, NOTHING) == 0


@pytest.mark.parametrize("name", sorted(name for name, condition in CONDITIONS.items() if condition.needs))
def test_given_a_condition_that_needs_a_trade_when_points_are_given_for_it_then_it_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="gives a badge and no points"):
        achievement(name, 1, COUNTED[name][0], xp=1)


@pytest.mark.parametrize(
    ("condition", "least", "subject", "xp", "fault"),
    [
        ("luck", 1, "", 0, "no condition"),
        ("lessons", 0, "", 0, "1 or more"),
        ("lessons", 1, "risk", 0, "takes no subject"),
        ("lesson", 1, "", 0, "asks for a subject"),
        ("lessons", 1, "", 501, "0 to 500"),
        ("lessons", 1, "", -1, "0 to 500"),
    ],
)
def test_given_an_achievement_that_makes_no_sense_when_made_then_it_is_said(
    condition: str, least: int, subject: str, xp: int, fault: str
) -> None:
    with pytest.raises(InvalidInput, match=fault):
        achievement(condition, least, subject, xp)


def test_given_two_conditions_met_when_earned_then_each_once_with_its_points_as_they_stand() -> None:
    # A prestige of 5 and a streak of 50 would make it 2.25 times as much.
    progress = Progress(USER, streak=50, prestige=5)
    facts = replace(NOTHING, progress=progress, learned=COUNTED["lessons"][1].learned)
    paid, badge = achievement("lessons", 2, xp=25), replace(achievement("prestige", 5), code="badge")
    far = replace(achievement("lessons", 3), code="far")

    earned = earn_achievements([paid, badge, far], set(), facts, [], XpPolicy(), day=3, at=9)

    assert earned.events == (
        AchievementEarned(USER, "some-code", 25, 9),
        AchievementEarned(USER, "badge", 0, 9),
    )
    assert earned.entries == (XpEntry(USER, "achievement:some-code", XpKind.ACHIEVEMENT, 25, 25, 3, 9),)
    again = earn_achievements([paid, badge, far], {"some-code", "badge"}, facts, [], XpPolicy(), day=4, at=10)
    assert again == ((), ())


def test_given_a_full_day_when_an_achievement_comes_then_it_is_earned_and_the_cap_holds() -> None:
    facts = COUNTED["lessons"][1]
    full = [XpEntry(USER, "day:3", XpKind.ADHERENT_DAY, 30, 90, 3, 0)]

    earned = earn_achievements([achievement(xp=25)], set(), facts, full, XpPolicy(most_a_day=100), day=3, at=9)

    assert [entry.amount for entry in earned.entries] == [10]
    assert [event.xp for event in earned.events] == [10]


def test_given_days_and_trades_when_tallied_then_breaks_end_what_they_concern_and_bests_stay() -> None:
    tally = tally_of(
        [
            day(1, set(), set()),
            day(2, is_briefed=False),
            day(3, {Breach.STOP_LOOSENED}),
            day(4, set(), {Breach.RISK_EXCEEDED}, set()),
            day(5),
        ]
    )

    # Sized: 1, 2, 3, 4, then the fifth risked too much, and one more. Held: 2, broken by the loosened stop, then 3.
    assert (tally.sized_trades, tally.best_sized_trades) == (1, 4)
    assert (tally.held_plans, tally.best_held_plans) == (3, 3)
    assert (tally.unbroken_days, tally.best_unbroken_days) == (1, 1)


def test_given_a_pause_that_was_ignored_when_tallied_then_size_and_plan_were_kept_and_the_day_was_not() -> None:
    tally = tally_of([day(1), day(2, {Breach.PAUSE_IGNORED})])

    assert (tally.sized_trades, tally.held_plans, tally.unbroken_days) == (1, 1, 0)


def test_given_the_shipped_achievements_when_read_then_they_cover_what_was_asked_for() -> None:
    achievements = FileGameData().catalogue().achievements

    days = [one.least for one in achievements if one.condition == "adherent-days"]
    assert days == [1, 10, 50, 100, 250]
    assert {one.group for one in achievements} == set(AchievementGroup)
    assert {one.condition for one in achievements} == set(CONDITIONS)
    assert len(achievements) >= 30
    assert any((one.condition, one.least) == ("sized-trades", 50) for one in achievements)
    assert any((one.condition, one.least) == ("unbroken-days", 30) for one in achievements)
