"""A history lived in a store: by the use cases, their transactions and their clock, to be the life the model lives.

What `checks` promises of every drawn history is promised of the functions of progression. That the application keeps to
the same is shown here: its ledger, entry by entry, and where somebody stands after each day are those of `live`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_apps.testkit.histories.days import BALANCE, account_of, made
from bitten_apps.testkit.histories.life import USER, Standing, market_day
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.desk.account.adherence import ADOPTED_IN_PAUSE
from bitten_domain.desk.account.happenings import PositionChanged
from bitten_domain.execution.lifecycle import PositionState
from bitten_domain.membership import Person
from bitten_domain.membership.education import MissionDone
from bitten_domain.ports.repositories.books import ClosedTrade, LevelsChange
from bitten_domain.record.account_payloads import account_payload_of
from bitten_domain.use_cases.game.buy_goods import BuyGoods
from bitten_domain.use_cases.game.day_challenges import SetChallenges
from bitten_domain.use_cases.game.forecast import StateForecast
from bitten_domain.use_cases.game.game_rules import GameRules
from bitten_domain.use_cases.people.confirm_briefing import ConfirmBriefing
from bitten_domain.use_cases.people.learn import AnswerQuiz, ReadLesson, WriteDiary
from bitten_domain.use_cases.people.settle_days import SettleDays
from bitten_domain.use_cases.people.take_prestige import TakePrestige
from bitten_domain.values import AccountId, Money
from bitten_domain.vocabulary import Rank, Tier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bitten_apps.testkit.histories.days import Day, History, Traded
    from bitten_apps.testkit.histories.life import Game, Life
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.progression import XpEntry

__all__ = ["StoredLife", "difference", "live_in_memory", "live_in_store"]

_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60
_MORNING, _CLOSED, _EVENING = 8 * _HOUR, 13 * _HOUR, 15 * _HOUR
_ENOUGH = 1 << 20


class StoredLife(NamedTuple):
    """What a history came to in a store.

    Args:
        entries: of the ledger, oldest first.
        standings: after each day.
        achievements, owned: codes.
    """

    entries: tuple[XpEntry, ...]
    standings: tuple[Standing, ...]
    achievements: frozenset[str]
    owned: frozenset[str]


@dataclass
class _Names:
    numbers: Iterator[int]

    def new_id(self) -> str:
        return f"id-{next(self.numbers):06}"


def difference(stored: StoredLife, life: Life) -> str:
    """Say how a history lived in a store differs from one the model lived; empty when it does not.

    What is spent counts for the day it is spent on, which is the next one in a store: a day is settled when it is over.
    """
    ours = [entry._replace(at=0, day=0 if entry.kind.spends else entry.day) for entry in life.ledger.entries]
    theirs = [entry._replace(at=0, day=0 if entry.kind.spends else entry.day) for entry in stored.entries]
    for one, other in zip(ours, theirs, strict=False):
        if one != other:
            return f"{one} in the model, {other} in the store"
    if len(ours) != len(theirs):
        return f"{len(ours)} entries in the model, {len(theirs)} in the store"
    if tuple(life.standings) != stored.standings:
        return "somebody stands elsewhere in the store"
    if life.achievements != stored.achievements or life.owned != stored.owned:
        return "what somebody has is other in the store"
    return ""


def live_in_memory(history: History, game: Game) -> StoredLife:
    """Live a history through the use cases, on a store in memory."""
    salts = count()
    return asyncio.run(live_in_store(MemoryUnitOfWork(lambda: next(salts).to_bytes(16, "big")), history, game))


async def live_in_store(store: UnitOfWork, history: History, game: Game) -> StoredLife:
    """Live a history through the use cases.

    Args:
        store: empty at first.
        history: day by day.
        game: what is played; its rules are left aside, the application has its own.
    """
    names = _Names(count())
    rules = GameRules(game.catalogue, game.syllabus, game.policy)
    first = market_day(0) * _DAY + _MORNING
    await store.run(lambda r: _begin(r, first))
    standings: list[Standing] = []
    learned = [0, 0]
    signals = count(1)
    for number, day in enumerate(history):
        today = market_day(number)
        morning = today * _DAY + _MORNING
        await SetChallenges(store, rules)(USER, today)
        if day.is_briefed:
            await ConfirmBriefing(store)(USER, morning)
        await _learn(store, rules, day, game, learned, names, today * _DAY + _EVENING)
        await _practise(store, day, names, signals, today * _DAY + _EVENING)
        await store.run(lambda r, day=day, today=today: _trade(r, day, today))  # type: ignore[misc]
        tomorrow = (today + 1) * _DAY + _MORNING
        await SettleDays(store, rules)(USER, today, tomorrow)
        if day.wants_prestige:
            await TakePrestige(store, rules)(USER, tomorrow)
        for code in day.wants:
            await BuyGoods(store, rules)(USER, code, tomorrow)
        standings.append(await store.read(_standing))
    return await store.read(lambda r: _stored(r, tuple(standings)))


def _begin(r: Repositories, at: int) -> None:
    # Who states chances is shown signals.
    r.people.add(Person(USER, at, rank=Rank.AUTHORIZED, tier=Tier.PRESS_PASS))
    for number, (name, is_live) in enumerate((("paper-1", False), ("live-1", True)), 1):
        account = replace(s.account(number), account_id=AccountId(name), user_id=USER, is_live=is_live)
        r.accounts.add(replace(account, opened_at=at - _DAY))


async def _learn(
    store: UnitOfWork, rules: GameRules, day: Day, game: Game, learned: list[int], names: _Names, at: int
) -> None:
    lessons, quizzes = learned
    for lesson in game.lessons[lessons : lessons + day.lessons]:
        course, _, name = lesson.partition("/")
        await ReadLesson(store, rules)(USER, course, name, at)
        learned[0] += 1
    for quiz in game.quizzes[quizzes : quizzes + day.quizzes]:
        asked = game.syllabus.quiz(quiz)
        if asked is not None:
            right = {question.name: question.right for question in asked.questions}
            await AnswerQuiz(store, rules, names)(USER, quiz, asked.version, right, at)
        learned[1] += 1
    if day.has_diary:
        await WriteDiary(store, rules, names)(USER, "What I planned, and what I did.", at)


async def _practise(store: UnitOfWork, day: Day, names: _Names, signals: Iterator[int], at: int) -> None:
    """Fulfil missions, and state chances for signals that come to their end on the day."""
    for _ in range(day.missions):
        mission = MissionDone(USER, names.new_id(), 1, at, ())
        await store.run(lambda r, one=mission: r.missions.done(one))  # type: ignore[misc]
    for _ in range(day.forecasts):
        number = next(signals)
        signal = s.signal(number, at)
        await store.run(lambda r, one=signal: r.signals.add(one))  # type: ignore[misc]
        await StateForecast(store)(USER, signal.signal_id, 50, at)
        await store.run(lambda r, one=number: r.outcomes.add(s.outcome(one, at + _MINUTE)))  # type: ignore[misc]


def _trade(r: Repositories, day: Day, today: int) -> None:
    for place, traded in enumerate(day.trades):
        opened_at = today * _DAY + _MORNING + traded.opened_minute * _MINUTE
        _book(r, traded, opened_at, today * _DAY + _CLOSED + place)


def _book(r: Repositories, traded: Traded, opened_at: int, closed_at: int) -> None:
    """Keep a trade, the moves of its stop, and why it was adopted where it was opened in a pause."""
    account = account_of(traded)
    trade, moves = made(traded, opened_at, closed_at)
    known = s.closed_trade(traded.number, closed_at).known if traded.is_own else None
    r.trades.add(ClosedTrade(account, trade, known, Money(BALANCE, "USD") + trade.net))
    for move in moves:
        change = LevelsChange(account, traded.number, opened_at, move.before, move.after, None, None, "MANUAL")
        r.trades.add_change(change)
    if traded.was_paused and not traded.is_own:
        held = replace(s.held(traded.number, PositionState.ADOPTED), account=account)
        payload = account_payload_of(PositionChanged(opened_at, held, ADOPTED_IN_PAUSE))
        r.journal.append(f"account:{account}", [payload])


def _standing(r: Repositories) -> Standing:
    progress, totals = r.progress.get(USER), r.xp.totals(USER)
    if progress is None:
        return Standing(totals.lifetime, 0, 0, 0)
    return Standing(totals.lifetime, progress.streak, progress.banked_days, progress.prestige)


def _stored(r: Repositories, standings: tuple[Standing, ...]) -> StoredLife:
    return StoredLife(
        tuple(reversed(r.xp.recent(USER, _ENOUGH))),
        standings,
        frozenset(one.code for one in r.achievements.of(USER)),
        frozenset(one.code for one in r.gear.owned(USER)),
    )
