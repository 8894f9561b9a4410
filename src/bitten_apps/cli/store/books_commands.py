"""``bitten positions`` and ``bitten trades``: an account's books, as the store has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from bitten_apps.cli.exit_codes import DONE
from bitten_apps.cli.run_options import as_count

if TYPE_CHECKING:
    import argparse

    from bitten_domain.desk.account import HeldPosition, TradingAccount
    from bitten_domain.ports.repositories.books import ClosedTrade
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["register"]

_TRADES = 20
_MOST_TRADES = 100_000

_Json = dict[str, object]


class _Held(NamedTuple):
    account: TradingAccount
    positions: tuple[HeldPosition, ...]


class _Closed(NamedTuple):
    account: TradingAccount
    closed: ClosedTrade


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``positions`` and ``trades``; each sets ``run``: parsed arguments in, exit code out."""
    positions = subparsers.add_parser(
        "positions",
        help="show what is open, account by account",
        description="Show the open positions of every account in the store. Times are UTC, and a replay's are its own.",
    )
    positions.add_argument("--json", action="store_true", help="print one JSON document; amounts are strings")
    positions.set_defaults(run=_positions)
    trades = subparsers.add_parser(
        "trades",
        help="show closed trades, newest first",
        description="Show the closed trades in the store, newest first, net of all costs. Times are UTC.",
    )
    trades.add_argument(
        "--limit",
        type=lambda text: as_count(text, 1, _MOST_TRADES),
        default=_TRADES,
        metavar="N",
        help=f"at most so many (default {_TRADES})",
    )
    trades.add_argument("--json", action="store_true", help="print one JSON document; amounts are strings")
    trades.set_defaults(run=_trades)


def _positions(arguments: argparse.Namespace) -> int:
    from bitten_apps.cli.store.books_tables import print_held
    from bitten_apps.cli.store.store_reading import read_store

    found = read_store(_held)
    if arguments.json:
        print(json.dumps({"positions": [_held_json(one, held) for one in found for held in one.positions]}, indent=1))
        return DONE
    for one in found:
        if one.positions:
            print_held(one.account, one.positions)
    if not any(one.positions for one in found):
        print("no open positions")
    return DONE


def _held(store: Repositories) -> list[_Held]:
    return [_Held(account, store.positions.open(account.account_id)) for account in store.accounts.all()]


def _held_json(one: _Held, held: HeldPosition) -> _Json:
    from bitten_apps.cli.store.plain_text import iso
    from bitten_apps.cli.store.store_reading import label_of

    position = held.position
    return {
        "label": label_of(one.account.is_live),
        "account": one.account.account_id,
        "ticket": position.ticket,
        "pair": position.symbol,
        "direction": position.direction.value,
        "lots": str(position.lots.value),
        "entry": str(position.entry),
        "stop": None if position.stop is None else str(position.stop),
        "target": None if position.target is None else str(position.target),
        "initial_risk": None if position.initial_risk is None else str(position.initial_risk.amount),
        "currency": one.account.currency,
        "opened_at": iso(position.opened_at),
        "state": position.state.value,
        "signal_id": None if held.known is None else held.known.signal_id,
    }


def _trades(arguments: argparse.Namespace) -> int:
    from bitten_apps.cli.store.books_tables import print_closed
    from bitten_apps.cli.store.store_reading import read_store

    found = read_store(lambda store: _newest(store, arguments.limit))
    if arguments.json:
        print(json.dumps({"trades": [_closed_json(one) for one in found]}, indent=1))
    elif found:
        print_closed([(one.account, one.closed) for one in found])
    else:
        print("no closed trades")
    return DONE


def _newest(store: Repositories, limit: int) -> list[_Closed]:
    each = [
        _Closed(account, closed)
        for account in store.accounts.all()
        for closed in store.trades.recent(account.account_id, limit)
    ]
    return sorted(each, key=lambda one: one.closed.trade.closed_at, reverse=True)[:limit]


def _closed_json(one: _Closed) -> _Json:
    from bitten_apps.cli.store.plain_text import iso
    from bitten_apps.cli.store.store_reading import label_of

    trade = one.closed.trade
    return {
        "label": label_of(one.account.is_live),
        "account": one.account.account_id,
        "position": trade.position,
        "pair": trade.symbol,
        "direction": trade.direction.value,
        "lots": str(trade.lots.value),
        "entry": str(trade.entry),
        "exit": str(trade.exit),
        "opened_at": iso(trade.opened_at),
        "closed_at": iso(trade.closed_at),
        "reason": trade.reason.value,
        "profit": str(trade.profit.amount),
        "swap": str(trade.swap.amount),
        "commission": str(trade.commission.amount),
        "fee": str(trade.fee.amount),
        "net": str(trade.net.amount),
        "currency": one.account.currency,
        "net_r": None if trade.net_r is None else str(trade.net_r),
        "balance_after": str(one.closed.balance_after.amount),
        "signal_id": None if one.closed.known is None else one.closed.known.signal_id,
    }
