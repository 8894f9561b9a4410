"""Emergency stops: set one, with everything closed where it says so, and release it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.desk.account.happenings import EmergencyReleased, EmergencySet
from bitten_domain.desk.account.settling.bookkeeping import Bookkeeping
from bitten_domain.errors import InvalidInput
from bitten_domain.execution import CloseIntent, DealReason
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.record.account_payloads import account_payload_of
from bitten_domain.risk.emergency_stop import EmergencyStop, applies_to, closes_positions, may_release, may_set
from bitten_domain.use_cases.trading.orders.account_records import books_of, keep_changes, locked
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.values import IntentId
from bitten_domain.vocabulary import AccountStatus, Rank

if TYPE_CHECKING:
    from bitten_domain.desk.step import DeskRules
    from bitten_domain.execution import BrokerTerms
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.risk.emergency_stop import StopKind, StopScope
    from bitten_domain.values import AccountId, UserId

__all__ = ["EmergencyAnswer", "EmergencyCommand", "ReleaseEmergency", "SetEmergency"]

_SYSTEM = "system"


class EmergencyCommand(NamedTuple):
    """Somebody wants trading stopped, or a stop released.

    Args:
        scope, subject, kind: whom it holds and what it does; see `EmergencyStop`.
        actor: who asks.
    """

    scope: StopScope
    subject: str
    kind: StopKind
    actor: UserId


class EmergencyAnswer(NamedTuple):
    """What setting a stop came to.

    Args:
        stop: in force from now on.
        closing: orders that close what is open, to be sent at once; whatever they leave open is told to its owner,
            and tried again until it is closed.
    """

    stop: EmergencyStop
    closing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SetEmergency:
    """Put a stop in force.

    The accounts it holds are locked meanwhile, so that no opening attempt is claimed after it is committed.

    Args:
        unit_of_work: the store.
        clock: time.
        rules: the desk's policies.
        terms: the broker's contracts and costs.
    """

    unit_of_work: UnitOfWork
    clock: Clock
    rules: DeskRules
    terms: BrokerTerms

    async def __call__(self, command: EmergencyCommand) -> EmergencyAnswer:
        """Set the stop, and write down a close for everything open where its kind says so.

        Raises:
            InvalidInput: the actor may not set it.
            Unavailable: nothing was written.
            OutcomeUnknown: it may have been written; set it again.
        """
        now = int(self.clock.now().timestamp())
        return await durably(self.unit_of_work, lambda store: self._set(store, command, now))

    def _set(self, store: Repositories, command: EmergencyCommand, now: int) -> EmergencyAnswer:
        scope, subject, kind, actor = command
        if not may_set(scope, subject, kind, actor, _rank_of(store, actor)):
            raise InvalidInput(
                f"{actor} may not set a {kind.value} of scope {scope.value}", where="actor", remedy="ask an ADMIN"
            )
        stop = EmergencyStop(scope, subject, kind, actor, now)
        reached = [
            account.account_id for account in store.accounts.all() if applies_to(stop, account.broker, account.user_id)
        ]
        held = [locked(store, account_id) for account_id in reached]
        store.stops.set(stop)
        store.journal.append(_SYSTEM, [account_payload_of(EmergencySet(stop))])
        store.audit.add(AuditEntry(now, actor, "STOP_SET", f"{scope.value}:{subject}", f'{{"kind":"{kind.value}"}}'))
        closing: list[int] = []
        if closes_positions(stop):
            for account in held:
                closing += self._close_all(store, account.account_id, now)
        return EmergencyAnswer(stop, tuple(closing))

    def _close_all(self, store: Repositories, account_id: AccountId, now: int) -> list[int]:
        account = locked(store, account_id)
        ledger = Bookkeeping(books_of(store, account), self.rules, self.terms, now)
        for ticket in tuple(ledger.positions):
            if not ledger.is_closing(ticket):
                name = IntentId(f"halt-{ledger.account.epoch}-{ledger.account.next_sequence}")
                ledger.order(CloseIntent(name, account_id, ticket, None, DealReason.EMERGENCY, now))
        changes = ledger.changes()
        keep_changes(store, account, changes)
        return [new.errand.attempt.client_order_id for new in changes.errands]


@dataclass(frozen=True, slots=True)
class ReleaseEmergency:
    """End a stop.

    Args:
        unit_of_work: the store.
        clock: time.
    """

    unit_of_work: UnitOfWork
    clock: Clock

    async def __call__(self, command: EmergencyCommand) -> None:
        """Release the stop of that scope, subject and kind; one that is not in force changes nothing.

        Raises:
            InvalidInput: the actor may not release it, or not yet.
            Unavailable: nothing was written.
            OutcomeUnknown: it may have been written; release it again.
        """
        now = int(self.clock.now().timestamp())
        await durably(self.unit_of_work, lambda store: self._released(store, command, now))

    def _released(self, store: Repositories, command: EmergencyCommand, now: int) -> None:
        scope, subject, kind, actor = command
        for stop in store.stops.in_force():
            if (stop.scope, stop.subject, stop.kind) != (scope, subject, kind):
                continue
            if not may_release(stop, actor, _rank_of(store, actor), now):
                raise InvalidInput(
                    f"{actor} may not release this {kind.value} now",
                    where="actor",
                    remedy="wait until it is an hour old, or ask an ADMIN",
                )
            store.stops.release(stop, actor, now)
            store.journal.append(_SYSTEM, [account_payload_of(EmergencyReleased(stop, actor, now))])
            store.audit.add(
                AuditEntry(now, actor, "STOP_RELEASED", f"{scope.value}:{subject}", f'{{"kind":"{kind.value}"}}')
            )


def _rank_of(store: Repositories, actor: UserId) -> Rank:
    person = store.people.get(actor)
    # Who is locked or banned keeps what protects them, and nothing that concerns others.
    return person.rank if person is not None and person.status is AccountStatus.ACTIVE else Rank.RECRUIT
