"""Close: a position, whole or part, whatever state the account is in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.desk.account.settling.bookkeeping import Bookkeeping
from bitten_domain.errors import Conflict, InvalidInput
from bitten_domain.execution import CloseIntent, DealReason
from bitten_domain.execution.lifecycle import TERMINAL_STATES
from bitten_domain.ports.repositories.messages import Processed
from bitten_domain.use_cases.trading.orders.account_records import books_of, keep_changes, locked
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.values import IntentId

if TYPE_CHECKING:
    from bitten_domain.desk.account.account_books import AccountBooks
    from bitten_domain.desk.step import DeskRules
    from bitten_domain.execution import BrokerTerms
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.identity import Identity
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import AccountId, Lots, UserId

__all__ = ["Close", "CloseCommand"]


@dataclass(frozen=True, slots=True)
class CloseCommand:
    """Somebody wants a position closed.

    Args:
        account: where.
        user_id: who asks; only the account's owner may.
        key: idempotency key, unique among the account's closes for ever.
        ticket: the position.
        lots: volume; None for all of it.
        reason: why.
    """

    account: AccountId
    user_id: UserId
    key: str
    ticket: int
    lots: Lots | None = None
    reason: DealReason = DealReason.MANUAL

    def body_hash(self) -> bytes:
        """Digest what is asked, 32 bytes."""
        parts = (self.account, self.user_id, str(self.ticket), str(self.lots), self.reason.value)
        return hashlib.sha256("\n".join(parts).encode()).digest()


@dataclass(frozen=True, slots=True)
class Close:
    """Write a close down; nothing is asked but whose account it is and whether the position is open.

    Args:
        unit_of_work: the store.
        clock, identity: time and ids.
        rules: the desk's policies.
        terms: the broker's contracts and costs.
    """

    unit_of_work: UnitOfWork
    clock: Clock
    identity: Identity
    rules: DeskRules
    terms: BrokerTerms

    async def __call__(self, command: CloseCommand) -> int:
        """Close; gives the client order id of the order that does it.

        A whole close that is on its way already does it; a second one would close what is not there.

        Raises:
            Conflict: the key was used for another close.
            InvalidInput: no such account, another person's, or no open position of that ticket.
            Unavailable: nothing was written.
            OutcomeUnknown: it may have been written; ask again with the same key.
        """
        now = int(self.clock.now().timestamp())
        intent_id = IntentId(self.identity.new_id())
        return await durably(self.unit_of_work, lambda store: self._written(store, command, intent_id, now))

    def _written(self, store: Repositories, command: CloseCommand, intent_id: IntentId, now: int) -> int:
        account = locked(store, command.account)
        if command.user_id != account.user_id:
            raise InvalidInput(f"account {account.account_id} is not {command.user_id}'s", where="account")
        scope = f"close:{command.account}"
        stored = store.processed.get(scope, command.key)
        if stored is not None:
            if stored.body_hash != command.body_hash():
                raise Conflict(f"key {command.key} was used for another close")
            return int(stored.answer)
        books = books_of(store, account)
        held = next((held for held in books.positions if held.position.ticket == command.ticket), None)
        if held is None:
            raise InvalidInput(f"there is no open position {command.ticket}", where="ticket")
        order_id = _on_its_way(books, command, is_netting=account.is_netting)
        if order_id is None:
            ledger = Bookkeeping(books, self.rules, self.terms, now)
            ledger.order(CloseIntent(intent_id, command.account, command.ticket, command.lots, command.reason, now))
            changes = ledger.changes()
            keep_changes(store, account, changes)
            order_id = changes.errands[0].errand.attempt.client_order_id
        store.processed.add(Processed(scope, command.key, command.body_hash(), str(order_id), now))
        return order_id


def _on_its_way(books: AccountBooks, command: CloseCommand, *, is_netting: bool) -> int | None:
    """Find a close that does what is asked; on a netting account, where one too many opens the reverse, any."""
    for order_id, errand in books.errands.items():
        intent = errand.intent
        if not isinstance(intent, CloseIntent) or intent.ticket != command.ticket:
            continue
        if errand.attempt.state not in TERMINAL_STATES and (intent.lots is None or is_netting):
            return order_id
    return None
