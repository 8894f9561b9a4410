"""Recorded facts: what achievements and challenges are judged by, counted from the rows that hold it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from bitten_adapters.files.education.syllabus_files import read_syllabus
from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_apps.testkit.unit_of_work import game_samples as g
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.events import MarketDayClosed, TradeJudged
from bitten_domain.market.clocks.fx_week import day_ending_at
from bitten_domain.membership.education import GivenAnswer, LessonDone, QuizResult
from bitten_domain.progression import Progress
from bitten_domain.progression.challenges import DayFacts
from bitten_domain.use_cases.game.recorded_facts import day_facts_of, facts_of
from bitten_domain.values import UserId
from bitten_domain.vocabulary import Board, Breach

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_domain.membership.education import Syllabus
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.progression.achievements import Facts
    from bitten_domain.risk.behaviour import BehaviourState

USER, OTHER = UserId("user-1"), UserId("user-2")
TODAY = day_ending_at(s.NOON)
DAY = 86_400


@cache
def syllabus() -> Syllabus:
    return read_syllabus()


def found(work: Callable[[Repositories], object]) -> tuple[Facts, Callable[[MarketDayClosed], DayFacts]]:
    """Keep something of two people, and give what is recorded of the first."""
    store = MemoryUnitOfWork(lambda: bytes(16))

    async def read() -> Facts:
        await store.run(lambda r: s.add_accounts(r, 2))
        await store.run(work)
        return await store.read(lambda r: facts_of(r, Progress(USER), syllabus()))

    def of_day(closed: MarketDayClosed) -> DayFacts:
        return asyncio.run(store.read(lambda r: day_facts_of(r, closed, syllabus())))

    return asyncio.run(read()), of_day


def closed(day: int = TODAY, *breaches: Breach, trades: int = 0) -> MarketDayClosed:
    kept = tuple(TradeJudged(s.account_id(), n, "", s.NOON, frozenset()) for n in range(trades))
    return MarketDayClosed(USER, day, is_briefed=True, trades=kept, still_broken=frozenset(breaches))


def tried(name: str, quiz: str, *right: bool, of: UserId = USER, at: int = s.NOON) -> QuizResult:
    answers = tuple(GivenAnswer(f"q-{n}", ("a",), is_right) for n, is_right in enumerate(right))
    return QuizResult(name, of, quiz, 1, at, 50, answers)


def test_given_what_was_learned_when_counted_then_each_counts_once_and_nobody_elses_does() -> None:
    basics = syllabus().courses[0]

    def work(r: Repositories) -> None:
        for lesson in basics.lessons:
            r.lessons.done(LessonDone(USER, "basics", lesson.name, 1, s.NOON))
        r.lessons.done(LessonDone(OTHER, "risk", "sizing", 1, s.NOON))
        # Half right passes; two of the four tries are without a fault, at one quiz.
        r.quizzes.add(tried("a", basics.quiz.name, True, False))
        r.quizzes.add(tried("b", basics.quiz.name, True, True))
        r.quizzes.add(tried("c", basics.quiz.name, True, True))
        r.quizzes.add(tried("d", "risk_quiz", True, False))
        r.quizzes.add(tried("e", "risk_quiz", True, True, of=OTHER))
        r.diary.add(s.diary_entry("one", s.NOON))
        r.diary.add(s.diary_entry("two", s.NOON + 1))
        r.diary.add(s.diary_entry("three", s.NOON + DAY))
        r.missions.done(s.mission("patience"))
        r.boards.join(g.member("Ann", Board.CALIBRATION))

    facts, _ = found(work)

    assert facts.learned.lessons == {f"basics/{lesson.name}" for lesson in basics.lessons}
    assert facts.learned.courses == {"basics"}
    assert (facts.learned.perfect_quizzes, facts.learned.diary_days, facts.learned.missions) == (1, 2, 1)
    assert facts.boards == {Board.CALIBRATION}


def test_given_diary_entries_about_trades_when_counted_then_only_own_losing_ones_are_and_each_once() -> None:
    won = s.closed_trade(2, s.NOON)
    won = replace(won, trade=won.trade._replace(profit=s.usd("9.00")))

    def work(r: Repositories) -> None:
        r.trades.add(s.closed_trade(1, s.NOON))
        r.trades.add(won)
        r.trades.add(s.closed_trade(7, s.NOON, of=2))
        for n, ticket in enumerate((1, 1, 2, 3)):
            r.diary.add(s.diary_entry(f"entry-{n}", s.NOON, about=ticket))
        about = s.diary_entry("others", s.NOON, about=7)
        assert about.trade is not None
        r.diary.add(replace(about, trade=replace(about.trade, account=s.account_id(2))))

    facts, _ = found(work)

    assert facts.learned.losses_reflected == 1


def paused(day: int, **behaviour: int) -> Callable[[Repositories], None]:
    def work(r: Repositories) -> None:
        session = s.session(day)
        state: BehaviourState = replace(session.behaviour, **behaviour)  # type: ignore[arg-type]
        r.sessions.put(replace(session, behaviour=state))

    return work


def test_given_days_with_pauses_when_counted_then_those_are_on_which_one_began_and_no_rule_was_broken() -> None:
    def work(r: Repositories) -> None:
        for day, broken in ((TODAY, ()), (TODAY + 1, (Breach.PAUSE_IGNORED,)), (TODAY + 2, ()), (TODAY + 3, ())):
            r.market_days.close(closed(day, *broken), s.NOON)
        paused(TODAY, lockout_until=s.NOON + 5 * DAY)(r)
        paused(TODAY + 1, lockout_until=s.NOON + 5 * DAY, lockout_day=TODAY + 1)(r)
        # The lockout of the first day lasts, and another day's limit was reached before: neither begins here.
        paused(TODAY + 2, lockout_until=s.NOON + 5 * DAY, daily_limit_day=TODAY + 1)(r)
        paused(TODAY + 3, daily_limit_day=TODAY + 3)(r)

    facts, _ = found(work)

    assert facts.paused_days == 2


def test_given_forecasts_when_counted_then_those_are_whose_outcome_is_known() -> None:
    def work(r: Repositories) -> None:
        for number in (1, 2):
            r.signals.add(s.signal(number, s.NOON))
            r.forecasts.add(g.forecast(number))
        r.forecasts.add(g.forecast(1, by=OTHER))
        r.outcomes.add(s.outcome(1, s.NOON + 900))

    facts, of_day = found(work)

    assert facts.forecasts == 1
    assert of_day(closed()).forecasts == 2


def test_given_a_day_when_it_is_over_then_its_facts_are_those_of_that_day_alone() -> None:
    def work(r: Repositories) -> None:
        r.market_days.brief(USER, TODAY, s.NOON - 600)
        first, second = s.closed_trade(1, s.NOON + 60), s.closed_trade(2, s.NOON + DAY)
        before = s.closed_trade(3, s.NOON + 90)
        r.trades.add(replace(first, trade=first.trade._replace(opened_at=s.NOON + 50)))
        r.trades.add(replace(second, trade=second.trade._replace(opened_at=s.NOON + 20)))
        r.trades.add(replace(before, trade=before.trade._replace(opened_at=s.NOON - DAY)))
        held = s.held(4)
        r.positions.put(replace(held, position=replace(held.position, opened_at=s.NOON + 30)))
        r.positions.put(replace(held, position=replace(held.position, ticket=5, opened_at=s.NOON + DAY)))
        r.lessons.done(LessonDone(USER, "basics", "pips", 1, s.NOON))
        r.lessons.done(LessonDone(USER, "basics", "lots", 1, s.NOON + DAY))
        r.quizzes.add(tried("a", "risk_quiz", True, True))
        r.quizzes.add(tried("b", "risk_quiz", True, True))
        r.quizzes.add(tried("c", "basics_course", False, False))
        r.quizzes.add(tried("d", "basics_course", True, True, at=s.NOON + DAY))
        r.diary.add(s.diary_entry("one", s.NOON))
        r.diary.add(s.diary_entry("two", s.NOON + DAY))

    _, of_day = found(work)

    # Opened on the day: the first and second trade and position 4; the account was opened at noon.
    assert of_day(closed(trades=2)) == DayFacts(
        is_over=True,
        is_adherent=True,
        confirmed_at=s.NOON - 600,
        first_opened_at=s.NOON + 20,
        opened=3,
        held_plans=2,
        lessons=1,
        quizzes=1,
        diary_entries=1,
        forecasts=0,
    )
