"""An account's records, read into its books and written back, within one transaction."""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from bitten_domain.desk.account.account_books import AccountBooks
from bitten_domain.errors import InvalidInput
from bitten_domain.execution import CloseIntent, PositionState
from bitten_domain.execution.protocol import Dispatch
from bitten_domain.ports.repositories.books import ClosedTrade, LevelsChange
from bitten_domain.ports.repositories.messages import OutboxMessage, Priority
from bitten_domain.record.account_payloads import account_payload_of
from bitten_domain.risk.emergency_stop import applies_to, closes_positions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bitten_domain.desk.account import TradingAccount
    from bitten_domain.desk.account.settling.changes import AccountChanges, NewErrand, Notice
    from bitten_domain.desk.step import DeskRules
    from bitten_domain.execution import Deal, Position
    from bitten_domain.membership import Person
    from bitten_domain.ports.broker import Evidence
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import AccountId, UserId

__all__ = ["books_of", "keep_changes", "keep_errand", "keep_notices", "locked", "newly_booked", "rules_of_owner"]


def locked(repositories: Repositories, account_id: AccountId) -> TradingAccount:
    """Lock an account.

    Raises:
        InvalidInput: there is none of that id.
    """
    account = repositories.accounts.lock(account_id)
    if account is None:
        raise InvalidInput(f"there is no account {account_id}", where="account")
    return account


def rules_of_owner(owner: Person | None, rules: DeskRules) -> DeskRules:
    """Give the desk's rules with the daily loss an account's owner allows themselves."""
    if owner is None:
        return rules
    percent = owner.limits.current.daily_loss_percent
    return rules if percent == rules.daily_loss_percent else replace(rules, daily_loss_percent=percent)


def newly_booked(repositories: Repositories, account_id: AccountId, deals: Iterable[Deal]) -> tuple[Deal, ...]:
    """Book deals and give those that were not booked before: the store, not a number, says which they are."""
    return tuple(deal for deal in deals if repositories.deals.book(account_id, deal))


def books_of(
    repositories: Repositories,
    account: TradingAccount,
    *,
    new_deals: Sequence[Deal] = (),
    evidence: Mapping[int, Evidence] = MappingProxyType({}),
    shown: Sequence[Position] = (),
) -> AccountBooks:
    """Read the books of an account that is locked.

    Args:
        repositories: of the transaction.
        account: its row.
        new_deals: deals booked just now.
        evidence: what is proven of attempts to be settled, by client order id.
        shown: positions a broker's snapshot shows.
    """
    account_id = account.account_id
    positions = repositories.positions.open(account_id)
    errands = {errand.attempt.client_order_id: errand for errand in repositories.intents.unfinished(account_id)}
    known = {held.position.ticket for held in positions}
    strangers = [position for position in shown if position.ticket not in known]
    for order_id in (
        *evidence,
        *(deal.client_order_id for deal in new_deals),
        *(position.client_order_id for position in strangers),
    ):
        if order_id not in errands:
            found = repositories.intents.by_order(order_id)
            if found is not None and found.intent.account == account_id:
                errands[order_id] = found
    tickets = {deal.position for deal in new_deals}
    tickets |= {held.position.ticket for held in positions if held.position.client_order_id in errands}
    tickets |= {errand.intent.ticket for errand in errands.values() if isinstance(errand.intent, CloseIntent)}
    # A position may be closed before its entry is settled: then only the answer still names it.
    answers = [proven.answer for proven in evidence.values() if proven.answer is not None]
    tickets |= {deal.position for answer in answers for deal in answer.deals}
    tickets |= {answer.ticket for answer in answers if answer.ticket is not None}
    doubtful = (tickets | {position.ticket for position in strangers}) - known
    closed = frozenset(ticket for ticket in doubtful if _is_closed(repositories, account_id, ticket))
    return AccountBooks(
        account=account,
        session=repositories.sessions.latest(account_id),
        positions=positions,
        errands=errands,
        reservations=repositories.reservations.held(account_id),
        deals={ticket: repositories.deals.of_position(account_id, ticket) for ticket in sorted(tickets)},
        closed=closed,
        is_halted=any(
            closes_positions(stop) and applies_to(stop, account.broker, account.user_id)
            for stop in repositories.stops.in_force()
        ),
    )


def keep_changes(repositories: Repositories, before: TradingAccount, changes: AccountChanges) -> None:
    """Write what was decided about an account that is locked."""
    account = changes.account
    account_id = account.account_id
    if account != before:
        repositories.accounts.put(account)
    if changes.session is not None:
        repositories.sessions.put(changes.session)
    for attempt, was in changes.attempts:
        repositories.intents.move(attempt, was)
    for held in changes.positions:
        repositories.positions.put(held)
    for ended in changes.trades:
        repositories.trades.add(ClosedTrade(account_id, ended.trade, ended.known, account.balance))
    for moved in changes.levels:
        repositories.trades.add_change(
            LevelsChange(
                account_id,
                moved.ticket,
                changes.at,
                moved.stop_before,
                moved.stop_after,
                moved.target_before,
                moved.target_after,
                moved.reason,
            )
        )
    for reservation in changes.lowered:
        repositories.reservations.hold(reservation)
    for intent_id in changes.released:
        repositories.reservations.release(intent_id, changes.at)
    for order_id in changes.finished:
        repositories.dispatches.finish(order_id)
    for new in changes.errands:
        keep_errand(repositories, new, opens=False)
    if changes.happenings:
        repositories.journal.append(account.stream, [account_payload_of(one) for one in changes.happenings])
    keep_notices(repositories, account.user_id, changes.notices, changes.at)


def keep_errand(repositories: Repositories, new: NewErrand, *, opens: bool) -> None:
    """Write a new attempt down with its dispatch."""
    intent, attempt = new.errand.intent, new.errand.attempt
    repositories.intents.add(intent, attempt)
    repositories.dispatches.add(Dispatch(attempt.client_order_id, intent.account, opens, new.due_at))


def keep_notices(repositories: Repositories, user_id: UserId, notices: Iterable[Notice], at: int) -> None:
    """Leave what an account's owner is to be told in the outbox."""
    for notice in notices:
        repositories.outbox.add(
            OutboxMessage(
                notice.cause, user_id, notice.topic, Priority.FILLS_AND_STOPS, json.dumps({"text": notice.text}), at
            )
        )


def _is_closed(repositories: Repositories, account_id: AccountId, ticket: int) -> bool:
    held = repositories.positions.get(account_id, ticket)
    return held is not None and held.position.state is PositionState.CLOSED
