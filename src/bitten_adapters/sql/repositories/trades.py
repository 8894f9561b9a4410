"""Closed trades."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from bitten_adapters.sql.repositories.books import REASONS, SqlLevelsChanges
from bitten_adapters.sql.repositories.decoding import DIRECTIONS, amount_in, known_of, known_text, lots_of, on_tick
from bitten_adapters.sql.repositories.keys import MOST, ZERO, account_key
from bitten_adapters.sql.statements import Statement, adding_once
from bitten_adapters.sql.tables.books import TRADES
from bitten_domain.execution import Trade
from bitten_domain.ports.repositories.books import ClosedTrade
from bitten_domain.values import Money

if TYPE_CHECKING:
    from bitten_adapters.sql.statements import Row
    from bitten_domain.values import AccountId

__all__ = ["SqlTrades"]

_T = TRADES.c

_ADD = adding_once(TRADES, account_id=account_key())
_TRADE = (
    select(
        _T.position,
        _T.client_order_id,
        _T.symbol,
        _T.direction,
        _T.lots,
        _T.entry,
        _T.exit,
        _T.initial_stop,
        _T.opened_at,
        _T.closed_at,
        _T.reason,
        _T.profit,
        _T.swap,
        _T.commission,
        _T.fee,
        _T.spread_cost,
        _T.slippage_cost,
        _T.initial_risk,
        _T.net_r,
        _T.ambiguous,
        _T.known,
        _T.balance_after,
        _T.currency,
    )
    .where(_T.account_id == account_key())
    .order_by(_T.closed_at.desc(), _T.id.desc())
    .limit(MOST)
    .offset(ZERO)
)
_RECENT = Statement(_TRADE)
_RECENT_BEFORE = Statement(_TRADE.where(_T.closed_at < bindparam("before")))


class SqlTrades(SqlLevelsChanges):
    """Closed trades and the changes made while they were open."""

    def add(self, closed: ClosedTrade) -> None:
        """Keep a closed trade; an account's position is closed once."""
        trade = closed.trade
        currency, risk = trade.profit.currency, trade.initial_risk
        self._wire.add(
            _ADD,
            f"the trade of position {trade.position} of {closed.account}",
            account=closed.account,
            position=trade.position,
            client_order_id=trade.client_order_id,
            symbol=trade.symbol,
            direction=trade.direction.value,
            lots=trade.lots.value,
            entry=trade.entry,
            exit=trade.exit,
            initial_stop=trade.initial_stop,
            opened_at=trade.opened_at,
            closed_at=trade.closed_at,
            reason=trade.reason.value,
            profit=trade.profit.amount,
            swap=amount_in(trade.swap, currency),
            commission=amount_in(trade.commission, currency),
            fee=amount_in(trade.fee, currency),
            spread_cost=amount_in(trade.spread_cost, currency),
            slippage_cost=amount_in(trade.slippage_cost, currency),
            initial_risk=None if risk is None else amount_in(risk, currency),
            net_r=trade.net_r,
            ambiguous=trade.ambiguous,
            known=known_text(closed.known),
            balance_after=amount_in(closed.balance_after, currency),
            currency=currency,
        )

    def recent(self, account: AccountId, limit: int, before: int | None = None) -> tuple[ClosedTrade, ...]:
        """List the newest trades first, closed before a moment; None for no bound."""
        if before is None:
            rows = self._wire.all(_RECENT, account=account, most=limit)
        else:
            rows = self._wire.all(_RECENT_BEFORE, account=account, most=limit, before=before)
        return tuple(self._closed(account, row) for row in rows)

    def _closed(self, account: AccountId, row: Row) -> ClosedTrade:
        position, order, symbol, direction, lots, entry, left_at, stop, opened_at, closed_at, reason, *rest = row
        *amounts, risk, net_r, ambiguous, known, balance_after, currency = rest
        instrument = self._instruments.get(symbol)
        trade = Trade._make(
            (
                position,
                order,
                symbol,
                DIRECTIONS[direction],
                lots_of(lots),
                on_tick(entry, instrument),
                left_at,
                None if stop is None else on_tick(stop, instrument),
                opened_at,
                closed_at,
                REASONS[reason],
                *(Money(amount, currency) for amount in amounts),
                None if risk is None else Money(risk, currency),
                net_r,
                ambiguous,
            )
        )
        return ClosedTrade(account, trade, known_of(known), Money(balance_after, currency))
