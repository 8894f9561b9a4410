"""The worst trades of a run, each with its chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_apps.report.charts.trade_price import trade_chart
from bitten_domain.desk.decisions import OrderApproved
from bitten_domain.desk.run.desk_run import DealBooked, TradeClosed

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.execution import Deal, Trade
    from bitten_domain.use_cases.trading.backtest import Backtest

__all__ = ["WorstTrade", "worst_trades"]

_MOST = 5


@dataclass(frozen=True, slots=True)
class WorstTrade:
    """One of them.

    Args:
        trade: the result.
        strategy: whose set-up it was.
        score: points.
        target: the order's; None for none.
        cost: what it paid, account currency.
        chart: SVG.
    """

    trade: Trade
    strategy: str
    score: float
    target: Decimal | None
    cost: Decimal
    chart: str


def worst_trades(backtest: Backtest) -> tuple[WorstTrade, ...]:
    """Pick the five trades with the lowest net R, the larger loss in money first among equals."""
    closed = [each for each in backtest.happenings if isinstance(each, TradeClosed) and each.trade.net_r is not None]
    closed.sort(key=lambda each: (each.trade.net_r, each.trade.net.amount, each.trade.position))
    chosen = closed[:_MOST]
    tickets = {each.trade.position for each in chosen}
    names = {each.known.signal_id for each in chosen}
    targets: dict[str, Decimal | None] = {}
    exits: dict[int, list[Deal]] = {ticket: [] for ticket in tickets}
    for each in backtest.happenings:
        if isinstance(each, OrderApproved) and each.signal.signal_id in names:
            targets[each.signal.signal_id] = each.order.target
        elif isinstance(each, DealBooked) and each.deal.position in tickets and not each.deal.reason.opens:
            exits[each.deal.position].append(each.deal)
    return tuple(
        WorstTrade(
            trade=each.trade,
            strategy=each.known.strategy,
            score=each.known.score / 100,
            target=targets.get(each.known.signal_id),
            cost=_cost(each.trade),
            chart=trade_chart(
                each.trade,
                targets.get(each.known.signal_id),
                exits[each.trade.position],
                backtest.columns[each.trade.symbol],
            ),
        )
        for each in chosen
    )


def _cost(trade: Trade) -> Decimal:
    swap_paid = max(-trade.swap.amount, 0 * trade.swap.amount)
    charged = trade.commission.amount + trade.fee.amount
    return trade.spread_cost.amount + trade.slippage_cost.amount - charged + swap_paid
