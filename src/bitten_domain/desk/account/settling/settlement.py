"""Settlement: what the broker's answer and its history do to an account's books. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.desk.account.settling.bookkeeping import Bookkeeping
from bitten_domain.desk.account.settling.deals_booked import book_deals
from bitten_domain.desk.account.settling.stops_confirmed import confirm_stops

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bitten_domain.desk.account.account_books import AccountBooks
    from bitten_domain.desk.account.settling.changes import AccountChanges
    from bitten_domain.desk.step import DeskRules
    from bitten_domain.execution import BrokerTerms, Deal
    from bitten_domain.execution.protocol import BrokerSnapshot, Evidence

__all__ = ["covers", "settle", "worked_forward"]


def settle(
    books: AccountBooks,
    new_deals: Sequence[Deal],
    evidence: Mapping[int, Evidence],
    snapshot: BrokerSnapshot | None,
    *,
    since_deal: int,
    rules: DeskRules,
    terms: BrokerTerms,
    now: int,
) -> AccountChanges:
    """Settle attempts by what is proven, and book what the broker did.

    Args:
        books: read under the account's lock.
        new_deals: deals of the snapshot that were not booked before, oldest first.
        evidence: what is proven of attempts, by client order id.
        snapshot: read after the evidence; None when the broker did not give one.
        since_deal: the deal after which the snapshot lists deals.
        rules: the desk's policies for the account's owner.
        terms: the broker's contracts and costs.
        now: seconds since 1970 UTC.

    Returns:
        What is to be written. The same evidence again changes nothing.
    """
    return worked_forward(
        books, new_deals, evidence, snapshot, since_deal=since_deal, rules=rules, terms=terms, now=now
    ).changes()


def worked_forward(
    books: AccountBooks,
    new_deals: Sequence[Deal],
    evidence: Mapping[int, Evidence],
    snapshot: BrokerSnapshot | None,
    *,
    since_deal: int,
    rules: DeskRules,
    terms: BrokerTerms,
    now: int,
) -> Bookkeeping:
    """Do what `settle` does, for whoever goes on with the books."""
    ledger = Bookkeeping(books, rules, terms, now)
    book_deals(ledger, new_deals, snapshot)
    for errand in tuple(ledger.errands.values()):
        order_id = errand.attempt.client_order_id
        if new_deals or order_id in evidence:
            ledger.decide(errand, evidence.get(order_id))
    if snapshot is not None and covers(snapshot, since_deal, books.account.last_deal):
        _follow_reckoning(ledger, snapshot)
        confirm_stops(ledger, snapshot)
        ledger.mark(ledger.account.balance, snapshot.equity)
    return ledger


def _follow_reckoning(ledger: Bookkeeping, snapshot: BrokerSnapshot) -> None:
    """Take over what the broker reckons from day to day: swaps that are owed and not booked yet."""
    for seen in snapshot.positions:
        held = ledger.positions.get(seen.ticket)
        if held is not None and (held.position.swap, held.position.charged_day) != (seen.swap, seen.charged_day):
            ledger.refresh(replace(held, position=replace(held.position, swap=seen.swap, charged_day=seen.charged_day)))


def covers(snapshot: BrokerSnapshot, since_deal: int, last_deal: int) -> bool:
    """Say whether a snapshot is at least as new as books that know deals up to ``last_deal``."""
    return last_deal <= max((deal.ticket for deal in snapshot.deals), default=since_deal)
