"""Modify: move a position's stop or target; a stop only tightens."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.desk.account.settling.bookkeeping import Bookkeeping
from bitten_domain.errors import Conflict, InvalidInput
from bitten_domain.execution import to_ticks
from bitten_domain.execution.protocol import LevelsIntent
from bitten_domain.ports.repositories.messages import Processed
from bitten_domain.use_cases.trading.orders.account_records import books_of, keep_changes, locked
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.values import IntentId

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.desk.step import DeskRules
    from bitten_domain.execution import BrokerTerms, Position
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.identity import Identity
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import AccountId, UserId

__all__ = ["Modify", "ModifyCommand"]


@dataclass(frozen=True, slots=True)
class ModifyCommand:
    """Somebody, or a plan, wants levels moved.

    Args:
        account: where.
        user_id: who asks; only the account's owner may.
        key: idempotency key, unique among the account's changes for ever.
        ticket: the position.
        stop: the new stop; never None, and never wider than the present one.
        target: the new target; None removes it.
        reason: why, in a word: the plan's kind, or MANUAL.
    """

    account: AccountId
    user_id: UserId
    key: str
    ticket: int
    stop: Decimal
    target: Decimal | None
    reason: str = "MANUAL"

    def body_hash(self) -> bytes:
        """Digest what is asked, 32 bytes."""
        parts = (self.account, self.user_id, str(self.ticket), str(self.stop), str(self.target), self.reason)
        return hashlib.sha256("\n".join(parts).encode()).digest()


@dataclass(frozen=True, slots=True)
class Modify:
    """Write a change of levels down.

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

    async def __call__(self, command: ModifyCommand) -> int:
        """Modify; gives the client order id of the order that does it.

        Raises:
            Conflict: the key was used for another change, or an order about the position is on its way.
            InvalidInput: no such account, another person's, no open position of that ticket, or a wider stop.
            Unavailable: nothing was written.
            OutcomeUnknown: it may have been written; ask again with the same key.
        """
        now = int(self.clock.now().timestamp())
        intent_id = IntentId(self.identity.new_id())
        return await durably(self.unit_of_work, lambda store: self._written(store, command, intent_id, now))

    def _written(self, store: Repositories, command: ModifyCommand, intent_id: IntentId, now: int) -> int:
        account = locked(store, command.account)
        if command.user_id != account.user_id:
            raise InvalidInput(f"account {account.account_id} is not {command.user_id}'s", where="account")
        scope = f"modify:{command.account}"
        stored = store.processed.get(scope, command.key)
        if stored is not None:
            if stored.body_hash != command.body_hash():
                raise Conflict(f"key {command.key} was used for another change")
            return int(stored.answer)
        ledger = Bookkeeping(books_of(store, account), self.rules, self.terms, now)
        held = ledger.positions.get(command.ticket)
        if held is None:
            raise InvalidInput(f"there is no open position {command.ticket}", where="ticket")
        if ledger.is_led(command.ticket):
            raise Conflict(f"an order about position {command.ticket} is on its way")
        _check_tighter(held.position, command.stop)
        ledger.order(
            LevelsIntent(intent_id, command.account, command.ticket, command.stop, command.target, command.reason, now)
        )
        changes = ledger.changes()
        keep_changes(store, account, changes)
        order_id = changes.errands[0].errand.attempt.client_order_id
        store.processed.add(Processed(scope, command.key, command.body_hash(), str(order_id), now))
        return order_id


def _check_tighter(position: Position, stop: Decimal) -> None:
    before = position.stop_ticks
    if before is not None and position.sign * (to_ticks(position.instrument, stop) - before) < 0:
        raise InvalidInput(
            f"the stop {stop} is wider than {position.stop}", where="stop", remedy="a stop only tightens"
        )
