"""Round trips: any record that is stored comes back equal, in one transaction that is then taken back.

Give each to hypothesis with a store that is used by nobody else::

    @given(trip.checks)
    def comes_back(check):
        asyncio.run(taken_back(bench.store, check))
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bitten_apps.testkit.unit_of_work import game_samples, samples
from bitten_apps.testkit.unit_of_work.bench import expect
from bitten_apps.testkit.unit_of_work.drawn import education, game, people, progression, signals_and_messages, trading
from bitten_domain.execution.protocol import Attempt
from bitten_domain.ports.repositories.fires import Errand
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from bitten_domain.desk.account import HeldPosition, RiskSession, TradingAccount
    from bitten_domain.desk.decisions import ThresholdEvaluated
    from bitten_domain.desk.idea_outcome import IdeaOutcome
    from bitten_domain.desk.signal import Signal
    from bitten_domain.desk.signal_desk import SignalDesk
    from bitten_domain.events import MarketDayClosed
    from bitten_domain.execution import Deal
    from bitten_domain.execution.protocol import Intent, Reservation
    from bitten_domain.membership import Person
    from bitten_domain.membership.education import DiaryEntry, LessonDone, MissionDone, QuizResult
    from bitten_domain.ports.news_calendar import CalendarSnapshot
    from bitten_domain.ports.repositories.books import ClosedTrade, LevelsChange
    from bitten_domain.ports.repositories.housekeeping import AuditEntry, JobRun
    from bitten_domain.ports.repositories.messages import InboxUpdate, OutboxMessage, Processed
    from bitten_domain.ports.repositories.people import GrantedMandate
    from bitten_domain.ports.repositories.record import Anchor
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.progression import Progress, XpEntry
    from bitten_domain.progression.achievements import Achievement, EarnedAchievement
    from bitten_domain.progression.boards import BoardMember, Forecast
    from bitten_domain.progression.challenges import DailyChallenge
    from bitten_domain.progression.gear import Owned
    from bitten_domain.risk.emergency_stop import EmergencyStop

    Work = Callable[[Repositories], None]

__all__ = ["ROUND_TRIPS", "RoundTrip", "taken_back"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """One kind of record.

    Args:
        name: which.
        checks: works on an empty store that keep any such record, read it, and raise `ContractBroken` unless they are
            equal.
    """

    name: str
    checks: SearchStrategy[Work]


class _TakenBack(Exception):
    """Raised at the end of a work, so that nothing of it is kept."""


async def taken_back(store: UnitOfWork, check: Work) -> None:
    """Run a check in a transaction of which nothing is kept, so that the next one finds the store empty again."""

    def work(repositories: Repositories) -> None:
        check(repositories)
        raise _TakenBack

    try:
        await store.run(work)
    except _TakenBack:
        return


def _trip(name: str, drawn: SearchStrategy[T], check: Callable[[T, Repositories], None]) -> RoundTrip:
    return RoundTrip(name, drawn.map(lambda record: partial(check, record)))


def _account(account: TradingAccount, r: Repositories) -> None:
    r.people.add(samples.person())
    r.accounts.add(account)
    expect(r.accounts.get(account.account_id), account, "an account")
    expect(r.accounts.lock(account.account_id), account, "a locked account")
    expect(r.accounts.all(), (account,), "accounts")


def _risk_session(session: RiskSession, r: Repositories) -> None:
    samples.add_accounts(r)
    r.sessions.put(session)
    expect(r.sessions.latest(session.account), session, "a trading day")


def _person(person: Person, r: Repositories) -> None:
    r.people.add(person)
    expect(r.people.get(person.user_id), person, "a person")
    if person.telegram_id is not None:
        expect(r.people.by_telegram(person.telegram_id), person, "a person by Telegram id")


def _mandate(granted: GrantedMandate, r: Repositories) -> None:
    samples.add_accounts(r)
    r.mandates.add(granted)
    expect(r.mandates.all_standing(), (granted,), "a mandate")


def _stop(stop: EmergencyStop, r: Repositories) -> None:
    r.people.add(samples.person())
    r.stops.set(stop)
    expect(r.stops.in_force(), (stop,), "a stop")


def _intent(intent: Intent, r: Repositories) -> None:
    samples.add_accounts(r)
    attempt = Attempt(intent.intent_id, 1, (1 << 53) - 1, OrderState.RESERVED, intent.created_at)
    r.intents.add(intent, attempt)
    expect(r.intents.attempts(intent.intent_id), (Errand(intent, attempt),), "an intent")
    expect(r.intents.by_order(attempt.client_order_id), Errand(intent, attempt), "an intent by its order")
    expect(r.intents.unfinished(intent.account), (Errand(intent, attempt),), "an unfinished intent")


def _reservation(reservation: Reservation, r: Repositories) -> None:
    samples.add_accounts(r)
    r.intents.add(samples.fire(1), samples.attempt(samples.fire(1), 1))
    r.reservations.hold(reservation)
    expect(r.reservations.held(reservation.account), (reservation,), "a reservation")
    expect(r.reservations.release(reservation.intent_id, 1), reservation.risk, "released risk")


def _position(held: HeldPosition, r: Repositories) -> None:
    samples.add_accounts(r)
    r.intents.add(samples.fire(1), samples.attempt(samples.fire(1), 1))
    r.positions.put(held)
    expect(r.positions.get(held.account, held.position.ticket), held, "a position")


def _deal(deal: Deal, r: Repositories) -> None:
    samples.add_accounts(r)
    r.deals.book(samples.account_id(), deal)
    expect(r.deals.of_position(samples.account_id(), deal.position), (deal,), "a deal")
    expect(r.deals.total(samples.account_id()), deal.net, "the sum of one deal")
    expect(r.deals.book(samples.account_id(), deal), False, "booking it again")


def _trade(closed: ClosedTrade, r: Repositories) -> None:
    samples.add_accounts(r)
    r.trades.add(closed)
    expect(r.trades.recent(closed.account, 2), (closed,), "a closed trade")


def _levels_change(change: LevelsChange, r: Repositories) -> None:
    samples.add_accounts(r)
    r.trades.add_change(change)
    expect(r.trades.changes(change.account, change.ticket), (change,), "a change of levels")


def _signal(signal: Signal, r: Repositories) -> None:
    r.signals.add(signal)
    expect(r.signals.get(signal.signal_id), signal, "a signal")
    expect(r.signals.between(signal.at, signal.at + 1), (signal,), "a signal of a span")
    expect(r.outcomes.missing(signal.at + 1), (signal.signal_id,), "a signal without an outcome")


def _desk(desk: SignalDesk, r: Repositories) -> None:
    r.signals.put_desk(desk)
    expect(r.signals.desk(), desk, "what the emission remembers")


def _outcome(outcome: IdeaOutcome, r: Repositories) -> None:
    r.signals.add(samples.signal(1, samples.NOON))
    r.outcomes.add(outcome)
    expect(r.outcomes.get(outcome.signal_id), outcome, "an outcome")


def _evaluation(evaluated: ThresholdEvaluated, r: Repositories) -> None:
    r.thresholds.add(samples.NOON, evaluated)
    expect(r.thresholds.recent(2), ((samples.NOON, evaluated),), "a decision of the threshold")


def _calendar(snapshot: CalendarSnapshot, r: Repositories) -> None:
    r.news.put(snapshot)
    expect(r.news.get(snapshot.calendar.source), snapshot, "a calendar")


def _anchor(anchor: Anchor, r: Repositories) -> None:
    r.anchors.add(anchor)
    expect(r.anchors.all(), (anchor,), "an anchor")


def _message(message: OutboxMessage, r: Repositories) -> None:
    r.people.add(samples.person())
    r.outbox.add(message)
    expect(r.outbox.waiting(message.created_at, 2), (message,), "a message")


def _update(update: InboxUpdate, r: Repositories) -> None:
    r.inbox.add(update)
    expect(r.inbox.waiting(2), (update,), "an update")


def _processed(processed: Processed, r: Repositories) -> None:
    r.processed.add(processed)
    expect(r.processed.get(processed.scope, processed.key), processed, "an answer")


def _audit_entry(entry: AuditEntry, r: Repositories) -> None:
    r.people.add(samples.person())
    r.audit.add(entry)
    expect(r.audit.recent(2), (entry,), "an audit entry")


def _job_run(run: JobRun, r: Repositories) -> None:
    r.jobs.add(run)
    expect(r.jobs.latest(run.job), run, "a run of a job")


def _xp(entry: XpEntry, r: Repositories) -> None:
    r.people.add(samples.person())
    r.xp.add(entry)
    expect(r.xp.of_day(entry.user_id, entry.day), (entry,), "points")


def _progress(progress: Progress, r: Repositories) -> None:
    r.people.add(samples.person())
    r.progress.put(progress)
    expect(r.progress.get(progress.user_id), progress, "progress")


def _market_day(closed: MarketDayClosed, r: Repositories) -> None:
    r.people.add(samples.person())
    if closed.is_briefed:
        r.market_days.brief(closed.user_id, closed.day, samples.NOON)
    r.market_days.close(closed, samples.NOON)
    expect(r.market_days.closed(closed.user_id, closed.day, closed.day), (closed,), "a market day")


def _lesson(lesson: LessonDone, r: Repositories) -> None:
    r.people.add(samples.person())
    r.lessons.done(lesson)
    expect(r.lessons.of(lesson.user_id), (lesson,), "a lesson")


def _quiz_result(result: QuizResult, r: Repositories) -> None:
    r.people.add(samples.person())
    r.quizzes.add(result)
    expect(r.quizzes.of(result.user_id, result.quiz), (result,), "a try at a quiz")


def _mission(mission: MissionDone, r: Repositories) -> None:
    r.people.add(samples.person())
    r.missions.done(mission)
    expect(r.missions.of(mission.user_id), (mission,), "a mission")


def _diary_entry(entry: DiaryEntry, r: Repositories) -> None:
    r.people.add(samples.person())
    r.diary.add(entry)
    expect(r.diary.recent(entry.user_id, 2), (entry,), "a diary entry")


def _achievement(achievement: Achievement, r: Repositories) -> None:
    r.achievements.publish((achievement,))
    expect(r.achievements.all(), (achievement,), "an achievement")


def _earned(earned: EarnedAchievement, r: Repositories) -> None:
    r.people.add(samples.person())
    r.achievements.publish((game_samples.achievement(earned.code),))
    r.achievements.earn(earned)
    expect(r.achievements.of(earned.user_id), (earned,), "an earned achievement")


def _challenges(challenges: tuple[DailyChallenge, ...], r: Repositories) -> None:
    r.people.add(samples.person())
    r.challenges.set(challenges)
    day = challenges[0].day
    expect(r.challenges.of(challenges[0].user_id, day, day), challenges, "challenges")


def _owned(owned: Owned, r: Repositories) -> None:
    r.people.add(samples.person())
    r.gear.own(owned)
    expect(r.gear.owned(owned.user_id), (owned,), "gear")


def _member(member: BoardMember, r: Repositories) -> None:
    r.people.add(samples.person())
    r.boards.join(member)
    expect(r.boards.of(member.user_id), (member,), "a member")
    expect(r.boards.members(member.board), (member,), "a board")


def _forecast(forecast: Forecast, r: Repositories) -> None:
    r.people.add(samples.person())
    for number in (1, 2):
        r.signals.add(samples.signal(number, samples.NOON))
    r.forecasts.add(forecast)
    expect(r.forecasts.of(forecast.user_id, forecast.signal_id), forecast, "a forecast")


ROUND_TRIPS: tuple[RoundTrip, ...] = (
    _trip("account", people.accounts(), _account),
    _trip("trading day", people.risk_sessions, _risk_session),
    _trip("person", people.persons, _person),
    _trip("mandate", people.mandates(), _mandate),
    _trip("stop", signals_and_messages.stops(), _stop),
    _trip("fire", trading.fire_intents(), _intent),
    _trip("close", trading.close_intents, _intent),
    _trip("levels", trading.levels_intents, _intent),
    _trip("reservation", trading.reservations(), _reservation),
    _trip("position", trading.held_positions(), _position),
    _trip("deal", trading.deals(), _deal),
    _trip("trade", trading.closed_trades(), _trade),
    _trip("change of levels", trading.levels_changes, _levels_change),
    _trip("signal", signals_and_messages.signals(), _signal),
    _trip("signal desk", signals_and_messages.desks, _desk),
    _trip("outcome", trading.outcomes, _outcome),
    _trip("threshold", signals_and_messages.evaluations, _evaluation),
    _trip("calendar", signals_and_messages.calendars(), _calendar),
    _trip("anchor", signals_and_messages.anchors(), _anchor),
    _trip("message", signals_and_messages.outbox_messages, _message),
    _trip("update", signals_and_messages.inbox_updates, _update),
    _trip("answer", signals_and_messages.processed_inputs, _processed),
    _trip("audit entry", signals_and_messages.audit_entries, _audit_entry),
    _trip("job run", signals_and_messages.job_runs(), _job_run),
    _trip("points", progression.xp_entries(), _xp),
    _trip("progress", progression.progresses(), _progress),
    _trip("market day", progression.market_days, _market_day),
    _trip("lesson", education.lessons, _lesson),
    _trip("try", education.quiz_results, _quiz_result),
    _trip("mission", education.missions, _mission),
    _trip("diary entry", education.diary_entries, _diary_entry),
    _trip("achievement", game.achievements(), _achievement),
    _trip("earned achievement", game.earned, _earned),
    _trip("challenges", game.challenges, _challenges),
    _trip("gear", game.owned, _owned),
    _trip("member", game.members, _member),
    _trip("forecast", game.forecasts, _forecast),
)
"""A round trip for every kind of record but journal rows, which the cards chain anew."""
