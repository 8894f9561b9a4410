"""What the doctor sees in one snapshot of the store."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bitten_apps.cli.store.finding import Finding
from bitten_apps.cli.store.plain_text import utc
from bitten_apps.cli.store.store_reading import label_of
from bitten_domain.desk.account import AccountStanding
from bitten_domain.record.anchor import anchor_name
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from bitten_domain.desk.account import TradingAccount
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["store_findings"]

_NAMED = 3

_HEAD_DIGITS = 16


def store_findings(store: Repositories) -> list[Finding]:
    """Look at accounts, orders, reservations, stops, the journal and its anchors."""
    accounts = store.accounts.all()
    found = [_account(account) for account in accounts] or [Finding("account", True, "none yet")]
    for account in accounts:
        found += [_orders(store, account), _reservations(store, account)]
    return [*found, _stops(store), *_waiting_events(store), *_journal(store), _anchors(store)]


def _account(account: TradingAccount) -> Finding:
    reason = f": {account.standing_reason}" if account.standing_reason else ""
    detail = f"{label_of(account.is_live)} {account.account_id}: {account.balance.amount} {account.currency}, "
    is_well = account.standing is not AccountStanding.FROZEN
    thaw = f"bitten admin thaw {account.account_id} --as ADMIN_ID"
    remedy = "" if is_well else f"compare it with the broker's statement, then `{thaw}`; closing works"
    return Finding("account", is_well, f"{detail}{account.standing.value}{reason}", remedy)


def _orders(store: Repositories, account: TradingAccount) -> Finding:
    attempts = [errand.attempt for errand in store.intents.unfinished(account.account_id)]
    states = Counter(attempt.state for attempt in attempts)
    told = ", ".join(
        f"{count} {state.value}" for state, count in sorted(states.items(), key=lambda each: each[0].value)
    )
    disputed = [str(attempt.client_order_id) for attempt in attempts if attempt.state is OrderState.DISPUTED]
    is_well = not disputed
    named = ", ".join(disputed[:_NAMED]) + (", ..." if len(disputed) > _NAMED else "")
    decide = "with the broker's statement, then `bitten admin resolve ORDER STATE --as ADMIN_ID`"
    remedy = "" if is_well else f"compare {named} {decide}"
    return Finding("orders", is_well, f"{account.account_id}: unfinished {told or 'none'}", remedy)


def _reservations(store: Repositories, account: TradingAccount) -> Finding:
    held = store.reservations.held(account.account_id)
    waiting = {errand.intent.intent_id for errand in store.intents.unfinished(account.account_id)}
    orphans = [reservation.intent_id for reservation in held if reservation.intent_id not in waiting]
    risk = sum((reservation.risk.amount for reservation in held), start=account.balance.amount * 0)
    detail = f"{account.account_id}: {len(held)} held, {risk} {account.currency} of risk"
    if orphans:
        return Finding(
            "reservations", False, f"{detail}; {len(orphans)} for no unfinished order, first {orphans[0]}",
            "report it: risk is held that nothing can use",
        )  # fmt: skip
    return Finding("reservations", True, detail)


def _stops(store: Repositories) -> Finding:
    stops = store.stops.in_force()
    told = ", ".join(f"{stop.kind.value} of {stop.scope.value} {stop.subject}".rstrip() for stop in stops)
    return Finding("stops", True, f"in force: {told or 'none'}")


def _waiting_events(store: Repositories) -> list[Finding]:
    waiting = store.gateway_events.unfolded()
    if not waiting:
        return []
    named = ", ".join(f"{gateway} {ref}" for gateway, ref in waiting[:_NAMED])
    remedy = "see GATEWAY_EVENT_WAITS in `bitten admin audit`; a plan is added by `bitten user plan offer`"
    return [Finding("payments", False, f"{len(waiting)} subscriptions have events that wait, first {named}", remedy)]


def _journal(store: Repositories) -> list[Finding]:
    return [
        Finding("journal", True, f"{head.stream}: {head.rows} rows, head {head.head.hex()[:_HEAD_DIGITS]}")
        for head in store.journal.heads()
    ] or [Finding("journal", True, "empty")]


def _anchors(store: Repositories) -> Finding:
    anchors = store.anchors.all()
    published = [anchor for anchor in anchors if anchor.published_at is not None]
    waiting = len(anchors) - len(published)
    last = "none is published yet"
    if published:
        newest = published[-1]
        last = f"last published: {anchor_name(newest.day)}, made {utc(newest.at)} UTC"
    if waiting:
        return Finding(
            "anchors", False, f"{last}; {waiting} wait to be published",
            "see that anchors.jsonl in the home folder can be written; the next day's end publishes them",
        )  # fmt: skip
    return Finding("anchors", True, last)
