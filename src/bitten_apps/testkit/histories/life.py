"""Living a history: the real functions of progression, day by day, with a ledger that holds a cause once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from bitten_apps.testkit.histories.days import judged
from bitten_domain.events import MarketDayClosed
from bitten_domain.progression.achievements import EarnedNow, Facts, Learned, earn_achievements
from bitten_domain.progression.causes import cause_of_diary, cause_of_lesson, cause_of_quiz
from bitten_domain.progression.challenges import Challenge, DayFacts, challenge_met, challenges_of, meet_challenge
from bitten_domain.progression.gear import Bought, Earned, buy, unlock_gear
from bitten_domain.progression.market_day import DaySettled, settle_day, take_prestige
from bitten_domain.progression.tally import Tally, tallied
from bitten_domain.progression.xp import Progress, XpEntry, XpPolicy, award
from bitten_domain.values import UserId
from bitten_domain.vocabulary import Breach, XpKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_apps.testkit.histories.days import Day, History, Traded
    from bitten_domain.events import TradeJudged
    from bitten_domain.membership.education import Syllabus
    from bitten_domain.progression.catalogue import GameCatalogue

__all__ = ["MONDAY", "USER", "Game", "Ledger", "Life", "Rules", "Standing", "live", "market_day"]

USER = UserId("somebody")
MONDAY = 20_241
"""2025-06-02, days since 1970-01-01."""

_PLAN = frozenset({Breach.NO_STOP, Breach.STOP_LOOSENED, Breach.STOP_REMOVED})


def market_day(number: int) -> int:
    """Give the trading day of a history's day, from a Monday on, weekends left out."""
    return MONDAY + 7 * (number // 5) + number % 5


class Ledger:
    """Entries, each cause once, and the sums as they were after each."""

    def __init__(self) -> None:
        self.entries: list[XpEntry] = []
        self.balances: list[int] = []
        self.lifetimes: list[int] = []
        self.balance = self.lifetime = 0
        self._causes: set[str] = set()

    def book(self, entry: XpEntry | None) -> bool:
        """Book an entry whose cause is new; False for any other, and for none."""
        if entry is None or entry.cause in self._causes:
            return False
        self._causes.add(entry.cause)
        self.keep(entry)
        return True

    def keep(self, entry: XpEntry) -> None:
        """Write an entry down and move the sums."""
        self.entries.append(entry)
        self.balance += entry.amount
        self.lifetime += max(entry.amount, 0)
        self.balances.append(self.balance)
        self.lifetimes.append(self.lifetime)

    def of_day(self, day: int) -> list[XpEntry]:
        """List the entries of a day."""
        found: list[XpEntry] = []
        for entry in reversed(self.entries):
            if entry.day != day:
                break
            found.append(entry)
        return found[::-1]


@dataclass(frozen=True, slots=True)
class Rules:
    """The functions a history is lived by; a planted bug exchanges one.

    Args:
        judge: holds a trade against the rules.
        settle, award, earn, met, prestige: of progression.
        ledger: makes the ledger.
    """

    judge: Callable[[Traded], TradeJudged] = judged
    settle: Callable[..., DaySettled] = settle_day
    award: Callable[..., XpEntry | None] = award
    earn: Callable[..., EarnedNow] = earn_achievements
    met: Callable[[Challenge, DayFacts], bool] = challenge_met
    prestige: Callable[..., DaySettled | None] = take_prestige
    ledger: Callable[[], Ledger] = Ledger


class Standing(NamedTuple):
    """Where somebody stands after a day; more of each is better off.

    Args:
        lifetime: XP ever earned.
        streak: adherent market days in a row.
        banked_days: days put by.
        prestige: how often it was taken.
    """

    lifetime: int
    streak: int
    banked_days: int
    prestige: int


@dataclass(slots=True)
class Life:
    """What a history came to.

    Args:
        progress: at its end.
        ledger: every entry.
        standings: after each day.
        tally: what was kept in a row.
        lessons, quizzes: those read, and those answered without a fault, in the order there is to learn.
        missions, forecasts, diary_days: how many so far.
        achievements: codes earned.
        bought: codes of goods bought.
        owned: codes of gear and goods.
    """

    progress: Progress
    ledger: Ledger
    standings: list[Standing] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    lessons: list[str] = field(default_factory=list)
    quizzes: list[str] = field(default_factory=list)
    missions: int = 0
    forecasts: int = 0
    diary_days: int = 0
    achievements: set[str] = field(default_factory=set)
    bought: set[str] = field(default_factory=set)
    owned: set[str] = field(default_factory=set)

    def learned(self, syllabus: Syllabus) -> Learned:
        """Put together what was learned so far."""
        courses = frozenset(
            course.name
            for course in syllabus.courses
            if course.quiz.name in self.quizzes
            and all(f"{course.name}/{lesson.name}" in self.lessons for lesson in course.lessons)
        )
        lessons = frozenset(self.lessons)
        return Learned(lessons, courses, len(self.quizzes), self.diary_days, 0, self.missions)


class Game:
    """The game somebody plays.

    Args:
        catalogue: what can be earned, set, put on and bought.
        syllabus: what there is to learn.
        policy: the figures of the ledger.
        rules: the functions it is played by.
    """

    def __init__(
        self, catalogue: GameCatalogue, syllabus: Syllabus, policy: XpPolicy, rules: Rules | None = None
    ) -> None:
        self.catalogue, self.syllabus, self.policy, self.rules = catalogue, syllabus, policy, rules or Rules()
        self.lessons = tuple(f"{course.name}/{lesson.name}" for course in syllabus.courses for lesson in course.lessons)
        self.quizzes = tuple(quiz.name for quiz in syllabus.all_quizzes)
        self.goods = {one.code: one for one in catalogue.goods}
        self._by_code = {one.code: one for one in catalogue.challenges}
        self._set: dict[int, tuple[Challenge, ...]] = {}

    def challenges(self, day: int) -> tuple[Challenge, ...]:
        """Give the challenges that are set for a day."""
        if day not in self._set:
            chosen = challenges_of(USER, day, self.catalogue.challenges)
            self._set[day] = tuple(self._by_code[one.code] for one in chosen)
        return self._set[day]


def live(history: History, game: Game, repeats: int = 1) -> Life:
    """Live a history.

    Args:
        history: day by day.
        game: what is played.
        repeats: how often everything is told; told again, it must change nothing.
    """
    life = Life(Progress(USER), game.rules.ledger())
    kept: list[int] = []
    for number, day in enumerate(history):
        at = market_day(number)
        before, learned = life.progress, (len(life.lessons), len(life.quizzes))
        _learn(life, day, at, game, repeats)
        trades = tuple(game.rules.judge(traded) for traded in day.trades)
        closed = MarketDayClosed(USER, at, day.is_briefed, trades)
        settled = game.rules.settle(closed, before, kept[-4:], life.ledger.of_day(at), game.policy, at)
        for entry in settled.entries * repeats:
            life.ledger.book(entry)
        life.progress, life.tally = settled.progress, tallied(life.tally, closed)
        if closed.is_adherent:
            kept.append(at)
        for _ in range(repeats):
            _challenge(life, day, closed, game, learned)
            _earn(life, at, game)
        _spend(life, day, at, game)
        stands = life.progress
        life.standings.append(Standing(life.ledger.lifetime, stands.streak, stands.banked_days, stands.prestige))
    return life


def _learn(life: Life, day: Day, at: int, game: Game, repeats: int) -> None:
    """Learn what is next, one thing after the other; each makes due what it makes due at once."""
    lessons = game.lessons[len(life.lessons) : len(life.lessons) + day.lessons]
    quizzes = game.quizzes[len(life.quizzes) : len(life.quizzes) + day.quizzes]
    for lesson in lessons:
        life.lessons.append(lesson)
        _told(life, XpKind.LESSON, cause_of_lesson(*lesson.split("/")), at, game, repeats)
    for quiz in quizzes:
        life.quizzes.append(quiz)
        _told(life, XpKind.PERFECT_QUIZ, cause_of_quiz(quiz), at, game, repeats)
    if day.has_diary:
        life.diary_days += 1
        _told(life, XpKind.DIARY, cause_of_diary(at), at, game, repeats)
    life.missions += day.missions
    life.forecasts += day.forecasts


def _told(life: Life, kind: XpKind, cause: str, at: int, game: Game, repeats: int) -> None:
    for _ in range(repeats):
        today = life.ledger.of_day(at)
        life.ledger.book(game.rules.award(kind, cause, at, at, life.progress, today, game.policy))
        _earn(life, at, game)


def _challenge(life: Life, day: Day, closed: MarketDayClosed, game: Game, before: tuple[int, int]) -> None:
    minutes = [traded.opened_minute for traded in day.trades]
    facts = DayFacts(
        is_over=True,
        is_adherent=closed.is_adherent,
        confirmed_at=0 if day.is_briefed else None,
        first_opened_at=min(minutes) * 60 if minutes else None,
        opened=len(day.trades),
        held_plans=sum(not trade.breaches & _PLAN for trade in closed.trades),
        lessons=len(life.lessons) - before[0],
        quizzes=len(life.quizzes) - before[1],
        diary_entries=int(day.has_diary),
        forecasts=day.forecasts,
    )
    for challenge in game.challenges(closed.day):
        if game.rules.met(challenge, facts):
            today = life.ledger.of_day(closed.day)
            _, entry = meet_challenge(challenge, closed.day, life.progress, today, game.policy, closed.day)
            life.ledger.book(entry)


def _earn(life: Life, at: int, game: Game) -> None:
    facts = Facts(life.progress, life.tally, life.learned(game.syllabus), forecasts=life.forecasts)
    today = life.ledger.of_day(at)
    earned = game.rules.earn(game.catalogue.achievements, life.achievements, facts, today, game.policy, day=at, at=at)
    for entry in earned.entries:
        life.ledger.book(entry)
    life.achievements |= {event.code for event in earned.events}
    _unlock(life, at, game)


def _unlock(life: Life, at: int, game: Game) -> None:
    come_to = Earned(life.ledger.lifetime, life.progress.prestige, frozenset(life.achievements), frozenset(life.bought))
    life.owned |= {one.code for one in unlock_gear(USER, game.catalogue.gear, life.owned, come_to, at)}


def _spend(life: Life, day: Day, at: int, game: Game) -> None:
    if day.wants_prestige:
        taken = game.rules.prestige(life.progress, life.ledger.balance, at, at, game.policy)
        if taken is not None:
            life.progress = taken.progress
            for entry in taken.entries:
                life.ledger.book(entry)
            _earn(life, at, game)
    for code in day.wants:
        bought = buy(USER, game.goods[code], life.ledger.balance, life.owned, day=at, at=at)
        if isinstance(bought, Bought):
            life.ledger.book(bought.entry)
            life.owned.add(bought.owned.code)
            life.bought.add(bought.owned.code)
            _unlock(life, at, game)
