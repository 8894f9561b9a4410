"""Round trips: any record that is stored comes back equal, in one transaction that is then taken back.

Give each to hypothesis with a store that is used by nobody else::

    @given(trip.checks)
    def comes_back(check):
        asyncio.run(taken_back(bench.store, check))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import samples
from bitten_apps.testkit.unit_of_work.bench import expect
from bitten_apps.testkit.unit_of_work.drawn import (
    people,
    signals_and_messages,
    trading,
)
from bitten_apps.testkit.unit_of_work.privacy_trips import PRIVACY_TRIPS
from bitten_apps.testkit.unit_of_work.round_trip import trip
from bitten_apps.testkit.unit_of_work.round_trips_of_people import PEOPLE_TRIPS
from bitten_domain.execution.protocol import Attempt
from bitten_domain.ports.repositories.fires import Errand
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work.round_trip import RoundTrip
    from bitten_domain.desk.account import HeldPosition, RiskSession, TradingAccount
    from bitten_domain.desk.decisions import ThresholdEvaluated
    from bitten_domain.desk.idea_outcome import IdeaOutcome
    from bitten_domain.desk.signal import Signal
    from bitten_domain.desk.signal_desk import SignalDesk
    from bitten_domain.execution import Deal
    from bitten_domain.execution.protocol import Intent, Reservation
    from bitten_domain.membership import Person
    from bitten_domain.ports.news_calendar import CalendarSnapshot
    from bitten_domain.ports.repositories.books import ClosedTrade, LevelsChange
    from bitten_domain.ports.repositories.housekeeping import AuditEntry, JobRun
    from bitten_domain.ports.repositories.messages import InboxUpdate, OutboxMessage, Processed
    from bitten_domain.ports.repositories.people import GrantedMandate
    from bitten_domain.ports.repositories.record import Anchor
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.risk.emergency_stop import EmergencyStop

__all__ = ["ROUND_TRIPS"]


def _account(account: TradingAccount, r: Repositories) -> None:
    r.people.add(samples.person())
    r.accounts.add(account)
    expect(r.accounts.get(account.account_id), account, "an account")
    expect(r.accounts.lock(account.account_id), account, "a locked account")
    expect(r.accounts.all(), (account,), "accounts")
    expect(r.accounts.of(account.user_id), (account,), "accounts of their owner")


def _risk_session(session: RiskSession, r: Repositories) -> None:
    samples.add_accounts(r)
    r.sessions.put(session)
    expect(r.sessions.latest(session.account), session, "a trading day")


def _person(person: Person, r: Repositories) -> None:
    r.people.add(person)
    expect(r.people.get(person.user_id), person, "a person")
    if person.telegram_id is not None:
        expect(r.people.by_telegram(person.telegram_id), person, "a person by Telegram id")
    named = person if person.profile.callsign else None
    expect(r.people.by_callsign(person.profile.callsign.upper()), named, "a person by callsign")


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


ROUND_TRIPS: tuple[RoundTrip, ...] = (
    trip("account", people.accounts(), _account),
    trip("trading day", people.risk_sessions, _risk_session),
    trip("person", people.persons, _person),
    trip("mandate", people.mandates(), _mandate),
    trip("stop", signals_and_messages.stops(), _stop),
    trip("fire", trading.fire_intents(), _intent),
    trip("close", trading.close_intents, _intent),
    trip("levels", trading.levels_intents, _intent),
    trip("reservation", trading.reservations(), _reservation),
    trip("position", trading.held_positions(), _position),
    trip("deal", trading.deals(), _deal),
    trip("trade", trading.closed_trades(), _trade),
    trip("change of levels", trading.levels_changes, _levels_change),
    trip("signal", signals_and_messages.signals(), _signal),
    trip("signal desk", signals_and_messages.desks, _desk),
    trip("outcome", trading.outcomes, _outcome),
    trip("threshold", signals_and_messages.evaluations, _evaluation),
    trip("calendar", signals_and_messages.calendars(), _calendar),
    trip("anchor", signals_and_messages.anchors(), _anchor),
    trip("message", signals_and_messages.outbox_messages, _message),
    trip("update", signals_and_messages.inbox_updates, _update),
    trip("answer", signals_and_messages.processed_inputs, _processed),
    trip("audit entry", signals_and_messages.audit_entries, _audit_entry),
    trip("job run", signals_and_messages.job_runs(), _job_run),
    *PEOPLE_TRIPS,
    *PRIVACY_TRIPS,
)
"""A round trip for every kind of record but journal rows, which the cards chain anew."""
