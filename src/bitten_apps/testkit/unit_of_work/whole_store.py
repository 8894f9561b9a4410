"""Works that touch every repository, and one that reads all of it: for promises that hold for the store as a whole."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import game_samples as g
from bitten_apps.testkit.unit_of_work import member_samples as m
from bitten_apps.testkit.unit_of_work import privacy_samples
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.execution.lifecycle import PositionState
from bitten_domain.market.news import EventCalendar, NewsEvent
from bitten_domain.membership import Profile
from bitten_domain.membership.education import TradeRef
from bitten_domain.membership.onboarding import Step
from bitten_domain.ports.news_calendar import CalendarSnapshot
from bitten_domain.ports.repositories.books import LevelsChange
from bitten_domain.ports.repositories.housekeeping import AuditEntry, JobRun
from bitten_domain.ports.repositories.messages import InboxUpdate, Priority, Processed
from bitten_domain.ports.repositories.record import Anchor
from bitten_domain.progression.gear import GearSlot
from bitten_domain.record.journal_row import StreamHead
from bitten_domain.risk.emergency_stop import EmergencyStop, StopKind, StopScope
from bitten_domain.values import SignalId, UserId
from bitten_domain.vocabulary import Board, Impact, OrderState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["GLOBAL_STOP", "LEVELS", "READS", "WRITES", "add_everything", "change_everything", "read_everything"]

_ADMIN = UserId("user-1")
_NOON = s.NOON
_ACCOUNT = s.account_id()
_INTENTS = [s.fire(number).intent_id for number in range(1, 4)]
_ORDERS = [s.order_id(number) for number in range(1, 4)]
_SIGNALS = [SignalId(f"signal-{number}") for number in range(1, 4)]
_USERS = [UserId(f"user-{number}") for number in range(1, 4)]

GLOBAL_STOP = EmergencyStop(StopScope.GLOBAL, "", StopKind.PAUSE, _ADMIN, _NOON)
"""A stop for everybody."""

LEVELS = LevelsChange(_ACCOUNT, 1, _NOON, Decimal("1.095"), Decimal("1.1"), None, Decimal("1.2"), "BREAK_EVEN")
"""A stop that was moved."""

_UPDATE = InboxUpdate("bot", 7, '{"text": "/fire Ω"}', _NOON)
_ANCHOR = Anchor(19_724, _NOON, b"\x01" * 32, (StreamHead("system", 1, b"\x02" * 32),), "key-1", b"signature")
_EVENT = NewsEvent(_NOON, "USD", Impact.HIGH, "Non-Farm Payrolls", "180K", "", "", "file")
_CALENDAR = CalendarSnapshot(EventCalendar((_EVENT,), _NOON, _NOON + 86_400, frozenset({Impact.HIGH}), "file"), _NOON)
_PROCESSED = Processed("fire:account-1", "key", b"\x03" * 32, '{"done": true}', _NOON)
_JOB = JobRun("rollover", "2024-01-02", _NOON, _NOON + 1, "3 accounts")


def add_everything(repositories: Repositories) -> None:
    """Add something to every repository of an empty store."""
    r = repositories
    s.add_accounts(r, 2)
    r.sessions.put(s.session(19_724))
    r.mandates.add(s.mandate("mandate-1"))
    r.stops.set(GLOBAL_STOP)
    s.add_fire(r, 1)
    s.add_fire(r, 2)
    r.positions.put(s.held(1))
    r.deals.book(_ACCOUNT, s.deal(1, 1))
    r.trades.add(s.closed_trade(9, _NOON))
    r.trades.add_change(LEVELS)
    r.signals.add(s.signal(1, _NOON))
    r.signals.add(s.signal(2, _NOON + 900))
    r.signals.put_desk(s.signal_desk(_NOON))
    r.outcomes.add(s.outcome(1, _NOON + 60))
    r.thresholds.add(_NOON, s.evaluated(70_500))
    r.news.put(_CALENDAR)
    r.journal.append("account:account-1", [b"one", b"two"])
    r.anchors.add(_ANCHOR)
    r.outbox.add(s.message("message-1"))
    r.outbox.add(s.message("message-2"))
    r.inbox.add(_UPDATE)
    r.inbox.add(replace(_UPDATE, update_id=8))
    r.processed.add(_PROCESSED)
    r.audit.add(AuditEntry(_NOON, _ADMIN, "STOP_SET", "GLOBAL", "{}"))
    r.jobs.add(_JOB)
    r.xp.add(s.xp("day:19723"))
    r.progress.put(s.progress(19_723))
    r.market_days.brief(_ADMIN, 19_723, _NOON)
    r.market_days.close(s.market_day(19_723), _NOON)
    r.lessons.done(s.lesson("pips", _NOON))
    r.quizzes.add(s.quiz_result("try-1", right=2))
    r.missions.done(s.mission("patience"))
    r.diary.add(s.diary_entry("entry-1", _NOON))
    r.press_pass_days.lock(19_724, 10)
    r.press_passes.add(m.press_pass())
    r.trials.add(m.trial_mark())
    r.plans.put(m.plan())
    r.gateway_events.add(m.gateway_event("event-1"), _NOON)
    r.subscriptions.put(m.subscription("subscription-1", is_current=True))
    r.payments.put(m.payment("payment-1"))
    r.onboardings.put(s.onboarding())
    r.onboardings.put(s.onboarding(2))
    r.consents.add(s.consent("consent-1"))
    r.consents.add(replace(s.consent("consent-2"), user_id=_USERS[1]))
    r.achievements.publish((g.achievement("one"),))
    r.achievements.earn(g.earned("one"))
    r.challenges.set(g.challenges(19_724, "a", "b"))
    r.gear.own(g.owned("grid"))
    r.gear.equip(_ADMIN, GearSlot.INDICATOR, 0, "grid")
    r.boards.join(g.member("Ann"))
    r.forecasts.add(g.forecast(1))
    privacy_samples.add_privacy(r)


def change_everything(repositories: Repositories) -> None:
    """Change or end what `add_everything` added, in every repository, and add some more."""
    for write in WRITES.values():
        write(repositories)


def _change_account(r: Repositories) -> None:
    account = r.accounts.lock(_ACCOUNT)
    if account is not None:
        r.accounts.put(replace(account, balance=s.usd("17.00"), epoch=90))


def _change_person(r: Repositories) -> None:
    person = r.people.lock(_ADMIN)
    if person is not None:
        r.people.put(replace(person, is_sniper=True, profile=Profile("Night_Owl7", "de", "Europe/Berlin")))


def _add_numbered_account(r: Repositories) -> None:
    r.accounts.add(replace(s.account(4), user_id=_ADMIN, epoch=r.accounts.next_epoch()))


def _fail_attempt(r: Repositories) -> None:
    r.intents.move(s.attempt(s.fire(1), 1, OrderState.REJECTED), OrderState.RESERVED)


def _fail_update(r: Repositories) -> None:
    r.inbox.failed("bot", 8, 5)


def _claim(r: Repositories) -> None:
    r.press_pass_days.lock(19_724, 10)
    r.press_passes.add(m.press_pass(2))


WRITES: Mapping[str, Callable[[Repositories], object]] = {
    "accounts.add": lambda r: r.accounts.add(s.account(3)),
    "accounts.lock and put": _change_account,
    "accounts.next_epoch": _add_numbered_account,
    "sessions.put": lambda r: r.sessions.put(s.session(19_724, shots=2)),
    "sessions.put a day": lambda r: r.sessions.put(s.session(19_725)),
    "people.add": lambda r: r.people.add(s.person(3, telegram_id=33)),
    "people.put": lambda r: r.people.put(s.person(1, telegram_id=11)),
    "people.lock and put": _change_person,
    "mandates.revoke": lambda r: r.mandates.revoke("mandate-1", _NOON),
    "mandates.add": lambda r: r.mandates.add(s.mandate("mandate-2", of=2)),
    "stops.release": lambda r: r.stops.release(GLOBAL_STOP, _ADMIN, _NOON),
    "stops.set": lambda r: r.stops.set(EmergencyStop(StopScope.BROKER, "paper", StopKind.HALT, _ADMIN, _NOON)),
    "intents.add": lambda r: r.intents.add(s.fire(3), s.attempt(s.fire(3), 3)),
    "intents.move": _fail_attempt,
    "reservations.hold": lambda r: r.reservations.hold(s.reservation(s.fire(2), "4.00")),
    "reservations.release": lambda r: r.reservations.release(_INTENTS[0], _NOON),
    "dispatches.add": lambda r: r.dispatches.add(s.dispatch(3)),
    "dispatches.claim": lambda r: r.dispatches.claim(s.order_id(1), "one", _NOON + 5),
    "dispatches.take_over": lambda r: r.dispatches.take_over(s.order_id(1), "two", _NOON + 9, _NOON + 20),
    "dispatches.finish": lambda r: r.dispatches.finish(s.order_id(2)),
    "positions.put": lambda r: r.positions.put(s.held(1, PositionState.CLOSED)),
    "positions.put a new one": lambda r: r.positions.put(s.held(2, PositionState.ADOPTED)),
    "deals.book": lambda r: r.deals.book(_ACCOUNT, s.deal(2, 1, "-51.20")),
    "trades.add": lambda r: r.trades.add(s.closed_trade(1, _NOON + 5)),
    "trades.add_change": lambda r: r.trades.add_change(replace(LEVELS, at=_NOON + 9, reason="MANUAL")),
    "signals.add": lambda r: r.signals.add(s.signal(3, _NOON)),
    "signals.put_desk": lambda r: r.signals.put_desk(s.signal_desk(_NOON + 900)),
    "outcomes.add": lambda r: r.outcomes.add(s.outcome(2, _NOON + 1_000)),
    "thresholds.add": lambda r: r.thresholds.add(_NOON + 60, s.evaluated(71_000)),
    "news.put": lambda r: r.news.put(replace(_CALENDAR, refreshed_at=_NOON + 7)),
    "journal.append": lambda r: r.journal.append("account:account-1", [b"three"]),
    "journal.append a stream": lambda r: r.journal.append("system", [b"first"]),
    "journal.erase": lambda r: r.journal.erase("account:account-1", 1),
    "anchors.add": lambda r: r.anchors.add(replace(_ANCHOR, day=19_725)),
    "anchors.published": lambda r: r.anchors.published(19_724, _NOON + 1),
    "outbox.add": lambda r: r.outbox.add(s.message("message-3", Priority.FILLS_AND_STOPS)),
    "outbox.told": lambda r: r.outbox.told(["message-1"], _NOON),
    "outbox.postpone": lambda r: r.outbox.postpone("message-2", _NOON + 60),
    "inbox.add": lambda r: r.inbox.add(replace(_UPDATE, update_id=9)),
    "inbox.handled": lambda r: r.inbox.handled("bot", 7, _NOON),
    "inbox.failed": _fail_update,
    "processed.add": lambda r: r.processed.add(replace(_PROCESSED, key="other")),
    "audit.add": lambda r: r.audit.add(AuditEntry(_NOON + 1, _ADMIN, "STOP_RELEASED", "GLOBAL", "{}")),
    "jobs.add": lambda r: r.jobs.add(replace(_JOB, key="2024-01-03", started_at=_NOON + 5)),
    "xp.add": lambda r: r.xp.add(s.xp("day:19724")),
    "progress.put": lambda r: r.progress.put(s.progress(19_724)),
    "market_days.brief": lambda r: r.market_days.brief(_ADMIN, 19_724, _NOON),
    "market_days.close": lambda r: r.market_days.close(s.market_day(19_724), _NOON + 9),
    "lessons.done": lambda r: r.lessons.done(s.lesson("lots", _NOON + 9)),
    "lessons.forget": lambda r: r.lessons.forget(_USERS[1]),
    "quizzes.add": lambda r: r.quizzes.add(s.quiz_result("try-2", right=1)),
    "quizzes.forget": lambda r: r.quizzes.forget(_USERS[1]),
    "missions.done": lambda r: r.missions.done(s.mission("calm")),
    "missions.forget": lambda r: r.missions.forget(_USERS[1]),
    "diary.add": lambda r: r.diary.add(s.diary_entry("entry-2", _NOON + 9, about=1)),
    "diary.forget": lambda r: r.diary.forget(_USERS[1]),
    "press_pass_days.lock": lambda r: r.press_pass_days.lock(19_725, 5),
    "press_pass_days.drop_before": lambda r: r.press_pass_days.drop_before(1),
    "press_passes.add": _claim,
    "press_passes.lock": lambda r: r.press_passes.lock(_ADMIN),
    "press_passes.put": lambda r: r.press_passes.put(replace(m.press_pass(), activated_at=_NOON + 9)),
    "press_passes.put nobody's": lambda r: r.press_passes.put(replace(m.press_pass(2), user_id=None)),
    "trials.add": lambda r: r.trials.add(m.trial_mark(2)),
    "trials.forget": lambda r: r.trials.forget(_ADMIN),
    "plans.begin": lambda r: r.plans.begin(replace(m.plan(), plan_id="begun_monthly")),
    "plans.put": lambda r: r.plans.put(m.plan(price="99.00")),
    "gateway_events.add": lambda r: r.gateway_events.add(m.gateway_event("event-2"), _NOON),
    "subscriptions.lock": lambda r: r.subscriptions.lock(_ADMIN),
    "subscriptions.put": lambda r: r.subscriptions.put(replace(m.subscription("subscription-1"), cancelled_at=_NOON)),
    "subscriptions.put another": lambda r: r.subscriptions.put(m.subscription("subscription-2", is_current=True)),
    "payments.put": lambda r: r.payments.put(m.payment("payment-1", refunded="89.00")),
    "onboardings.put": lambda r: r.onboardings.put(replace(s.onboarding(), step=Step.CONSENT, callsign="Owl")),
    "onboardings.forget": lambda r: r.onboardings.forget(_USERS[1]),
    "onboardings.drop_started_before": lambda r: r.onboardings.drop_started_before(_NOON),
    "consents.add": lambda r: r.consents.add(s.consent("consent-3", version=2)),
    "consents.withdraw": lambda r: r.consents.withdraw("consent-1", _NOON + 9),
    "consents.forget": lambda r: r.consents.forget(_USERS[1]),
    "achievements.publish": lambda r: r.achievements.publish((g.achievement("two"),)),
    "achievements.earn": lambda r: r.achievements.earn(g.earned("two")),
    "achievements.forget": lambda r: r.achievements.forget(_USERS[1]),
    "challenges.set": lambda r: r.challenges.set(g.challenges(19_725, "c")),
    "challenges.meet": lambda r: r.challenges.meet(_ADMIN, 19_724, "a", _NOON),
    "challenges.forget": lambda r: r.challenges.forget(_USERS[1]),
    "gear.own": lambda r: r.gear.own(g.owned("dial")),
    "gear.equip": lambda r: r.gear.equip(_ADMIN, GearSlot.INDICATOR, 0, "dial"),
    "gear.equip another place": lambda r: r.gear.equip(_ADMIN, GearSlot.INDICATOR, 1, "grid"),
    "gear.equip nothing": lambda r: r.gear.equip(_ADMIN, GearSlot.INDICATOR, 0, None),
    "gear.forget": lambda r: r.gear.forget(_USERS[1]),
    "boards.join": lambda r: r.boards.join(g.member("Bea", of=_USERS[1])),
    "boards.join under another name": lambda r: r.boards.join(g.member("Ann_2")),
    "boards.leave": lambda r: r.boards.leave(_USERS[1], Board.ADHERENCE),
    "boards.forget": lambda r: r.boards.forget(_USERS[1]),
    "forecasts.add": lambda r: r.forecasts.add(g.forecast(2)),
    "forecasts.forget": lambda r: r.forecasts.forget(_USERS[1]),
    "progress.forget": lambda r: r.progress.forget(_USERS[1]),
    "outbox.forget": lambda r: r.outbox.forget(_USERS[1]),
    "outbox.drop_before": lambda r: r.outbox.drop_before(1),
    "inbox.forget": lambda r: r.inbox.forget(11),
    "inbox.drop_before": lambda r: r.inbox.drop_before(1),
    "deletions.put": lambda r: r.deletions.put(replace(privacy_samples.deletion(1), withdrawn_at=_NOON + 9)),
    "deletions.add": lambda r: r.deletions.add(privacy_samples.deletion(2)),
    "exports.put": lambda r: r.exports.put(replace(privacy_samples.export(1), ready_at=_NOON, link_until=_NOON + 9)),
    "exports.add": lambda r: r.exports.add(privacy_samples.export(2, of=2)),
    "exports.drop_before": lambda r: r.exports.drop_before(1),
    "exports.forget": lambda r: r.exports.forget(_USERS[1]),
    "erasures.add": lambda r: r.erasures.add(privacy_samples.erasure(2)),
    "person_keys.add": lambda r: r.person_keys.add(privacy_samples.person_key(2)),
    "person_keys.reseal": lambda r: r.person_keys.reseal(_ADMIN, privacy_samples.sealed(9)),
    "person_keys.destroy": lambda r: r.person_keys.destroy(_USERS[1], _NOON),
    "emails.put": lambda r: r.emails.put(privacy_samples.sealed_email(2)),
    "emails.forget": lambda r: r.emails.forget(_USERS[1]),
}
"""Every way to write there is, each valid after those before it on what `add_everything` added."""


READS: Mapping[str, Callable[[Repositories], object]] = {
    "accounts.all": lambda r: r.accounts.all(),
    "accounts.of": lambda r: [r.accounts.of(user) for user in _USERS],
    "accounts.get": lambda r: r.accounts.get(_ACCOUNT),
    "sessions.latest": lambda r: r.sessions.latest(_ACCOUNT),
    "sessions.of_days": lambda r: r.sessions.of_days(_ACCOUNT, 0, 99_999),
    "people.get": lambda r: [r.people.get(user) for user in _USERS],
    "people.all": lambda r: r.people.all(),
    "people.by_callsign": lambda r: [r.people.by_callsign(name) for name in ("night_owl7", "")],
    "people.by_telegram": lambda r: [r.people.by_telegram(number) for number in (11, 33)],
    "mandates.standing": lambda r: r.mandates.standing(_ACCOUNT),
    "mandates.all_standing": lambda r: r.mandates.all_standing(),
    "stops.in_force": lambda r: r.stops.in_force(),
    "intents.attempts": lambda r: [r.intents.attempts(name) for name in _INTENTS],
    "intents.by_order": lambda r: [r.intents.by_order(number) for number in _ORDERS],
    "intents.unfinished": lambda r: r.intents.unfinished(_ACCOUNT),
    "intents.has_fired": lambda r: [r.intents.has_fired(_ACCOUNT, name) for name in _SIGNALS],
    "intents.last_fires": lambda r: dict(r.intents.last_fires(_ACCOUNT, 0)),
    "reservations.held": lambda r: r.reservations.held(_ACCOUNT),
    "dispatches.get": lambda r: [r.dispatches.get(number) for number in _ORDERS],
    "dispatches.due": lambda r: r.dispatches.due(_NOON + 99, 99),
    "positions.open": lambda r: r.positions.open(_ACCOUNT),
    "positions.get": lambda r: [r.positions.get(_ACCOUNT, ticket) for ticket in (1, 2)],
    "deals.of_position": lambda r: r.deals.of_position(_ACCOUNT, 1),
    "deals.total": lambda r: r.deals.total(_ACCOUNT),
    "trades.recent": lambda r: r.trades.recent(_ACCOUNT, 99),
    "trades.changes": lambda r: r.trades.changes(_ACCOUNT, 1),
    "signals.between": lambda r: r.signals.between(0, _NOON * 2),
    "signals.get": lambda r: [r.signals.get(name) for name in _SIGNALS],
    "signals.desk": lambda r: r.signals.desk(),
    "outcomes.get": lambda r: [r.outcomes.get(name) for name in _SIGNALS],
    "outcomes.missing": lambda r: r.outcomes.missing(_NOON * 2),
    "thresholds.recent": lambda r: r.thresholds.recent(99),
    "news.get": lambda r: r.news.get("file"),
    "journal.heads": lambda r: r.journal.heads(),
    "journal.rows": lambda r: [r.journal.rows(stream, 0, 99) for stream in ("account:account-1", "system")],
    "anchors.all": lambda r: r.anchors.all(),
    "outbox.waiting": lambda r: [r.outbox.waiting(_NOON + later, 99) for later in (0, 99)],
    "inbox.waiting": lambda r: r.inbox.waiting(99),
    "processed.get": lambda r: [r.processed.get("fire:account-1", key) for key in ("key", "other")],
    "audit.recent": lambda r: [r.audit.recent(99), r.audit.recent(99, "GLOBAL"), r.audit.recent(99, "nobody")],
    "jobs.latest": lambda r: r.jobs.latest("rollover"),
    "xp.totals": lambda r: r.xp.totals(_ADMIN),
    "xp.of_day": lambda r: r.xp.of_day(_ADMIN, 19_724),
    "xp.recent": lambda r: r.xp.recent(_ADMIN, 99),
    "progress.get": lambda r: r.progress.get(_ADMIN),
    "market_days.briefed_at": lambda r: [r.market_days.briefed_at(_ADMIN, day) for day in (19_723, 19_724)],
    "market_days.closed": lambda r: r.market_days.closed(_ADMIN, 0, 99_999),
    "lessons.of": lambda r: r.lessons.of(_ADMIN),
    "quizzes.of": lambda r: r.quizzes.of(_ADMIN, "risk"),
    "quizzes.passed": lambda r: r.quizzes.passed(_ADMIN),
    "missions.of": lambda r: r.missions.of(_ADMIN),
    "diary.recent": lambda r: r.diary.recent(_ADMIN, 99),
    "diary.about": lambda r: r.diary.about(_ADMIN, TradeRef(_ACCOUNT, 1)),
    "diary.of_days": lambda r: r.diary.of_days(_ADMIN, 0, 99_999),
    "press_pass_days.get": lambda r: [r.press_pass_days.get(day) for day in (19_724, 19_725)],
    "press_passes.by_key": lambda r: [r.press_passes.by_key(m.telegram_key(number)) for number in (1, 2)],
    "press_passes.of": lambda r: r.press_passes.of(_ADMIN),
    "press_passes.held": lambda r: r.press_passes.held(),
    "trials.by_key": lambda r: [r.trials.by_key(m.telegram_key(number)) for number in (1, 2)],
    "plans.all": lambda r: r.plans.all(),
    "gateway_events.of_subscription": lambda r: r.gateway_events.of_subscription("local", "subscription-1"),
    "gateway_events.unfolded": lambda r: r.gateway_events.unfolded(),
    "subscriptions.of": lambda r: r.subscriptions.of(_ADMIN),
    "subscriptions.current": lambda r: r.subscriptions.current(),
    "payments.of": lambda r: r.payments.of(_ADMIN),
    "onboardings.of": lambda r: [r.onboardings.of(user) for user in _USERS],
    "consents.of": lambda r: [r.consents.of(user) for user in _USERS],
    "achievements.all": lambda r: r.achievements.all(),
    "achievements.of": lambda r: r.achievements.of(_ADMIN),
    "challenges.of": lambda r: r.challenges.of(_ADMIN, 0, 99_999),
    "gear.owned": lambda r: r.gear.owned(_ADMIN),
    "gear.equipped": lambda r: r.gear.equipped(_ADMIN),
    "boards.members": lambda r: r.boards.members(Board.ADHERENCE),
    "boards.of": lambda r: r.boards.of(_ADMIN),
    "forecasts.of": lambda r: r.forecasts.of(_ADMIN, _SIGNALS[0]),
    "forecasts.recent": lambda r: r.forecasts.recent(_ADMIN, 99),
    "forecasts.judged": lambda r: r.forecasts.judged(_ADMIN),
    "deletions.of": lambda r: r.deletions.of(_ADMIN),
    "deletions.open": lambda r: r.deletions.open(),
    "exports.of": lambda r: [r.exports.of(user) for user in _USERS],
    "exports.by_token": lambda r: r.exports.by_token(privacy_samples.export(1).token_hash),
    "erasures.all": lambda r: r.erasures.all(),
    "person_keys.get": lambda r: [r.person_keys.get(user) for user in _USERS],
    "person_keys.all": lambda r: r.person_keys.all(),
    "emails.get": lambda r: [r.emails.get(user) for user in _USERS],
    "emails.by_index": lambda r: r.emails.by_index(privacy_samples.sealed_email().index),
}
"""Every way to read there is, asked for what `add_everything` and `change_everything` write."""


def read_everything(repositories: Repositories) -> Mapping[str, object]:
    """Read all of it."""
    return {name: read(repositories) for name, read in READS.items()}
