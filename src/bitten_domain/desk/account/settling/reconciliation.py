"""Reconciliation: an account's books and the broker's, compared. Pure.

A difference refuses opening at once (COLD) and, found twice in a row, until a person has decided (FROZEN): a broker's
history may lag a little behind its account, and that ends by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.desk.account.adherence import ADOPTED
from bitten_domain.desk.account.settling.deals_booked import adopt
from bitten_domain.desk.account.settling.settlement import covers, worked_forward
from bitten_domain.desk.account.trading_account import AccountStanding
from bitten_domain.execution import CloseIntent, DealReason
from bitten_domain.values import IntentId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bitten_domain.desk.account.account_books import AccountBooks
    from bitten_domain.desk.account.settling.bookkeeping import Bookkeeping
    from bitten_domain.desk.account.settling.changes import AccountChanges
    from bitten_domain.desk.step import DeskRules
    from bitten_domain.execution import BrokerTerms, Deal
    from bitten_domain.execution.protocol import BrokerSnapshot, Evidence

__all__ = ["DIFFERS", "differences", "reconcile"]

DIFFERS = "books differ: "
"""How the reason of a standing begins that a comparison brought about."""


def reconcile(
    books: AccountBooks,
    new_deals: Sequence[Deal],
    evidence: Mapping[int, Evidence],
    snapshot: BrokerSnapshot,
    *,
    since_deal: int,
    rules: DeskRules,
    terms: BrokerTerms,
    now: int,
) -> AccountChanges:
    """Settle what is proven, adopt what nobody asked for, and compare the rest.

    Args:
        books: read under the account's lock.
        new_deals: deals of the snapshot that were not booked before, oldest first.
        evidence: what is proven of attempts, by client order id; read before the snapshot.
        snapshot: the account at the broker.
        since_deal: the deal after which the snapshot lists deals.
        rules, terms, now: as for `settle`.
    """
    ledger = worked_forward(
        books, new_deals, evidence, snapshot, since_deal=since_deal, rules=rules, terms=terms, now=now
    )
    if not covers(snapshot, since_deal, books.account.last_deal):
        # Somebody booked newer deals meanwhile: there is nothing to compare with.
        return ledger.changes()
    _adopt_strangers(ledger, snapshot)
    found = differences(ledger, snapshot)
    _take_standing(ledger, found)
    if books.is_halted:
        _close_all(ledger)
    return ledger.changes()


def differences(ledger: Bookkeeping, snapshot: BrokerSnapshot) -> tuple[str, ...]:
    """List what the books and a snapshot disagree about."""
    found: list[str] = []
    account = ledger.account
    if snapshot.balance != account.balance:
        found.append(f"the balance is {account.balance} here and {snapshot.balance} there")
    shown = {position.ticket: position for position in snapshot.positions}
    for ticket, held in ledger.positions.items():
        seen = shown.get(ticket)
        if seen is None:
            found.append(f"position {ticket} is open here only")
        elif (seen.symbol, seen.direction, seen.lots) != (
            held.position.symbol,
            held.position.direction,
            held.position.lots,
        ):
            found.append(f"position {ticket} is {held.position.lots} lots here and {seen.lots} there")
    found += [f"position {ticket} is open there only" for ticket in shown if ticket not in ledger.positions]
    return tuple(found)


def _adopt_strangers(ledger: Bookkeeping, snapshot: BrokerSnapshot) -> None:
    for position in snapshot.positions:
        if position.ticket in ledger.positions or position.ticket in ledger.books.closed:
            continue
        # One of our own orders: its deal is late in the history and will tell who owns it.
        if position.client_order_id not in ledger.errands:
            adopt(ledger, position, ADOPTED)


def _take_standing(ledger: Bookkeeping, found: tuple[str, ...]) -> None:
    account = ledger.account
    if not found:
        ledger.stand(AccountStanding.READY, "")
    elif account.standing is AccountStanding.COLD and account.standing_reason.startswith(DIFFERS):
        ledger.stand(AccountStanding.FROZEN, DIFFERS + "; ".join(found))
    else:
        ledger.stand(AccountStanding.COLD, DIFFERS + "; ".join(found))


def _close_all(ledger: Bookkeeping) -> None:
    """Close what a fill after the emergency stop, or a refused close, left open."""
    for ticket in tuple(ledger.positions):
        if not ledger.is_closing(ticket):
            name = IntentId(f"halt-{ledger.account.epoch}-{ledger.account.next_sequence}")
            ledger.order(CloseIntent(name, ledger.account.account_id, ticket, None, DealReason.EMERGENCY, ledger.now))
