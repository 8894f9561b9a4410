"""Recorded facts: what achievements and challenges are judged by, read from what is kept. No result among them earns.

Each count is folded from the rows that hold it and kept nowhere else, so that there is no second truth to differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.market.clocks.fx_week import day_ending_at
from bitten_domain.membership.education import is_completed
from bitten_domain.progression.achievements import Facts, Learned
from bitten_domain.progression.challenges import DayFacts
from bitten_domain.progression.tally import tally_of
from bitten_domain.vocabulary import Breach

if TYPE_CHECKING:
    from bitten_domain.desk.account import TradingAccount
    from bitten_domain.events import MarketDayClosed
    from bitten_domain.membership.education import Syllabus, TradeRef
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.progression import Progress
    from bitten_domain.values import UserId

__all__ = ["day_facts_of", "facts_of"]

_MANY = 10_000
_LAST_DAY = 1 << 30
_PLAN = frozenset({Breach.NO_STOP, Breach.STOP_LOOSENED, Breach.STOP_REMOVED})


def facts_of(store: Repositories, progress: Progress, syllabus: Syllabus) -> Facts:
    """Gather all an achievement may look at.

    Args:
        store: of the transaction.
        progress: where the person stands.
        syllabus: what there is to learn.
    """
    user_id = progress.user_id
    days = store.market_days.closed(user_id, 0, _LAST_DAY)
    return Facts(
        progress,
        tally_of(days),
        _learned(store, user_id, syllabus),
        boards=frozenset(member.board for member in store.boards.of(user_id)),
        paused_days=_paused_days(store, user_id, days),
        forecasts=len(store.forecasts.judged(user_id)),
    )


def day_facts_of(store: Repositories, closed: MarketDayClosed, syllabus: Syllabus) -> DayFacts:
    """Gather all a challenge may look at, of a day that is over.

    Args:
        store: of the transaction.
        closed: the day.
        syllabus: what there is to learn.
    """
    user_id, day = closed.user_id, closed.day
    openings = sorted(at for account in store.accounts.of(user_id) for at in _opened(store, account, day))
    quizzes = (store.quizzes.of(user_id, quiz.name) for quiz in syllabus.all_quizzes)
    return DayFacts(
        is_over=True,
        is_adherent=closed.is_adherent,
        confirmed_at=store.market_days.briefed_at(user_id, day),
        first_opened_at=openings[0] if openings else None,
        opened=len(openings),
        held_plans=sum(not trade.breaches & _PLAN for trade in closed.trades),
        lessons=sum(day_ending_at(done.at) == day for done in store.lessons.of(user_id)),
        quizzes=sum(any(one.passed and day_ending_at(one.at) == day for one in tries) for tries in quizzes),
        diary_entries=len(store.diary.of_days(user_id, day, day)),
        forecasts=sum(day_ending_at(one.at) == day for one in store.forecasts.recent(user_id, _MANY)),
    )


def _opened(store: Repositories, account: TradingAccount, day: int) -> list[int]:
    """List when positions of an account were opened on a day, whether or not they were closed since."""
    account_id = account.account_id
    opened = [held.position.opened_at for held in store.positions.open(account_id)]
    for closed in store.trades.recent(account_id, _MANY):
        if day_ending_at(closed.trade.closed_at) < day:
            break
        opened.append(closed.trade.opened_at)
    return [at for at in opened if day_ending_at(at) == day and at >= account.opened_at]


def _learned(store: Repositories, user_id: UserId, syllabus: Syllabus) -> Learned:
    lessons, passed = store.lessons.of(user_id), store.quizzes.passed(user_id)
    entries = store.diary.of_days(user_id, 0, _LAST_DAY)
    return Learned(
        lessons=frozenset(f"{done.course}/{done.lesson}" for done in lessons),
        courses=frozenset(one.name for one in syllabus.courses if is_completed(one, lessons, passed)),
        perfect_quizzes=sum(
            any(one.perfect for one in store.quizzes.of(user_id, quiz.name)) for quiz in syllabus.all_quizzes
        ),
        diary_days=len({entry.day for entry in entries}),
        losses_reflected=_losses_among(store, user_id, {entry.trade for entry in entries if entry.trade is not None}),
        missions=len(store.missions.of(user_id)),
    )


def _losses_among(store: Repositories, user_id: UserId, trades: set[TradeRef]) -> int:
    """Count the losing trades among some; an account of somebody else's holds none of theirs."""
    if not trades:
        return 0
    found = 0
    for account in store.accounts.of(user_id):
        account_id = account.account_id
        tickets = {trade.ticket for trade in trades if trade.account == account_id}
        if tickets:
            recent = store.trades.recent(account_id, _MANY)
            found += sum(closed.trade.position in tickets and closed.trade.net.amount < 0 for closed in recent)
    return found


def _paused_days(store: Repositories, user_id: UserId, days: tuple[MarketDayClosed, ...]) -> int:
    """Count the days on which a lockout or the daily limit began, in any account, and no rule was broken."""
    kept = {day.day for day in days if not day.breaches}
    if not kept:
        return 0
    paused: set[int] = set()
    for account in store.accounts.of(user_id):
        locked_until = 0
        for session in store.sessions.of_days(account.account_id, 0, max(kept)):
            day, behaviour = session.day.day, session.behaviour
            if day in (behaviour.lockout_day, behaviour.daily_limit_day) or behaviour.lockout_until > locked_until:
                paused.add(day)
            locked_until = behaviour.lockout_until
    return len(paused & kept)
