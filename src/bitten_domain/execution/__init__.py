"""Execution: orders, deals, positions, plans, and the one simulated account that fills them."""

from bitten_domain.execution.account import (
    Booking,
    BrokerTerms,
    DeclineCode,
    Declined,
    SimulatedAccount,
    open_account,
)
from bitten_domain.execution.broker_side.bars import advance
from bitten_domain.execution.broker_side.requests import change_levels, close_position, open_position
from bitten_domain.execution.broker_side.valuation import margin_level, margin_used, mark_to_market
from bitten_domain.execution.charges.spread import spread_multiples, spread_pips
from bitten_domain.execution.charges.swaps import SwapRate, SwapTable
from bitten_domain.execution.costs import REPORT_FACTORS, Cost, CostModel, FillKind
from bitten_domain.execution.deal import Deal, DealReason
from bitten_domain.execution.lifecycle import PositionState, transition
from bitten_domain.execution.order import CloseOrder, LevelsOrder, MarketOrder
from bitten_domain.execution.plan import CloseAll, ClosePart, ModifyStop, PlanAction, TradePlan, plan_actions
from bitten_domain.execution.position import Position
from bitten_domain.execution.protocol.intent import Attempt, CloseIntent, FireIntent
from bitten_domain.execution.ticks import TickBar, TickQuote, TickRates, tick_bars, to_price, to_ticks
from bitten_domain.execution.trade import Trade, trade_of

__all__ = [
    "REPORT_FACTORS",
    "Attempt",
    "Booking",
    "BrokerTerms",
    "CloseAll",
    "CloseIntent",
    "CloseOrder",
    "ClosePart",
    "Cost",
    "CostModel",
    "Deal",
    "DealReason",
    "DeclineCode",
    "Declined",
    "FillKind",
    "FireIntent",
    "LevelsOrder",
    "MarketOrder",
    "ModifyStop",
    "PlanAction",
    "Position",
    "PositionState",
    "SimulatedAccount",
    "SwapRate",
    "SwapTable",
    "TickBar",
    "TickQuote",
    "TickRates",
    "Trade",
    "TradePlan",
    "advance",
    "change_levels",
    "close_position",
    "margin_level",
    "margin_used",
    "mark_to_market",
    "open_account",
    "open_position",
    "plan_actions",
    "spread_multiples",
    "spread_pips",
    "tick_bars",
    "to_price",
    "to_ticks",
    "trade_of",
    "transition",
]
