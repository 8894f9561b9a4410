"""Trades judged: those that were closed on a market day, and those open at its end, held against the rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bitten_domain.desk.account.adherence import (
    ADOPTED_IN_PAUSE,
    LATE_FILL,
    StopMove,
    breaches_of,
    breaches_so_far,
    late_stop_risk,
)
from bitten_domain.events import TradeJudged
from bitten_domain.market.clocks.fx_week import day_ending_at
from bitten_domain.use_cases.choices.limits import risk_percent_at
from bitten_domain.vocabulary import Breach

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bitten_domain.desk.account import TradingAccount
    from bitten_domain.events import MarketDayClosed
    from bitten_domain.membership import Person
    from bitten_domain.ports.repositories.books import ClosedTrade
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import AccountId

__all__ = ["still_broken", "trades_judged"]

_MOST_TRADES = 10_000
_PAGE = 4_096


def trades_judged(
    store: Repositories, account: TradingAccount, person: Person, day: int, earlier: Sequence[MarketDayClosed]
) -> list[TradeJudged]:
    """Judge the trades of a day, and those that were booked after their own day was settled, however long ago it was.

    Args:
        store: of the transaction.
        account: whose trades.
        person: its owner.
        day: trading day, days since 1970-01-01.
        earlier: every day of theirs that is closed; what was judged on one is not judged again.

    Returns:
        The trades, those closed first first.
    """
    account_id = account.account_id
    known = {(trade.account, trade.position) for one in earlier for trade in one.trades}
    first = min((one.day for one in earlier), default=day)
    found: list[ClosedTrade] = []
    for closed in store.trades.recent(account_id, _MOST_TRADES):
        its_day = day_ending_at(closed.trade.closed_at)
        if its_day < first:
            break
        is_ours = closed.trade.closed_at >= account.opened_at
        if its_day <= day and is_ours and (account_id, closed.trade.position) not in known:
            found.append(closed)
    reasons = _reasons(store, account) if any(closed.known is None for closed in found) else {}
    return [_trade_judged(store, person, closed, reasons) for closed in reversed(found)]


def still_broken(store: Repositories, account: TradingAccount, person: Person, day: int) -> frozenset[Breach]:
    """Find the rules that positions broke which were open at a day's end, whether or not they were closed since.

    Args:
        store: of the transaction.
        account: whose positions.
        person: its owner.
        day: trading day, days since 1970-01-01.
    """
    account_id = account.account_id
    held = [one for one in store.positions.open(account_id) if day_ending_at(one.position.opened_at) <= day]
    since: list[ClosedTrade] = []
    for closed in store.trades.recent(account_id, _MOST_TRADES):
        if day_ending_at(closed.trade.closed_at) <= day:
            break
        if day_ending_at(closed.trade.opened_at) <= day:
            since.append(closed)
    is_adopted = any(one.known is None for one in held) or any(one.known is None for one in since)
    reasons = _reasons(store, account) if is_adopted else {}
    found = [_trade_judged(store, person, closed, reasons, day).breaches for closed in since]
    for one in held:
        position = one.position
        reason = reasons.get(position.ticket, "")
        found.append(
            breaches_so_far(
                position,
                _moves(store, account_id, position.ticket, day),
                is_own=one.known is not None or reason == LATE_FILL,
                balance=account.balance.amount,
                most_risk_percent=risk_percent_at(store, person, position.opened_at),
                was_paused=reason == ADOPTED_IN_PAUSE,
            )
        )
    return frozenset[Breach]().union(*found)


def _moves(store: Repositories, account_id: AccountId, ticket: int, until: int | None) -> list[StopMove]:
    """List a position's changes of its stop; up to the end of a trading day, or all."""
    return [
        StopMove(move.stop_before, move.stop_after, move.reason)
        for move in store.trades.changes(account_id, ticket)
        if until is None or day_ending_at(move.at) <= until
    ]


def _trade_judged(
    store: Repositories, person: Person, closed: ClosedTrade, reasons: Mapping[int, str], until: int | None = None
) -> TradeJudged:
    trade, known = closed.trade, closed.known
    reason = reasons.get(trade.position, "")
    moves = _moves(store, closed.account, trade.position, until)
    held = store.positions.get(closed.account, trade.position) if trade.initial_risk is None else None
    breaches = breaches_of(
        trade,
        moves,
        is_own=known is not None or reason == LATE_FILL,
        balance_before=closed.balance_after.amount - trade.net.amount,
        most_risk_percent=risk_percent_at(store, person, trade.opened_at),
        was_paused=reason == ADOPTED_IN_PAUSE,
        late_risk=None if held is None else late_stop_risk(held.position, moves),
    )
    strategy = "" if known is None else known.strategy
    return TradeJudged(closed.account, trade.position, strategy, trade.closed_at, breaches)


def _reasons(store: Repositories, account: TradingAccount) -> dict[int, str]:
    """Read why positions were adopted, by ticket; only a day on which one was closed asks."""
    reasons: dict[int, str] = {}
    after = 0
    while rows := store.journal.rows(account.stream, after, _PAGE):
        for row in rows:
            if row.payload is not None and row.payload.startswith(b'["position"') and b'"ADOPTED"' in row.payload:
                body = json.loads(row.payload)[1]
                reasons.setdefault(body["ticket"], body["reason"])
        after = rows[-1].number
    return reasons
