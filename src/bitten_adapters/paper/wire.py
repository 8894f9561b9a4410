"""The paper ledger's JSON: decimals as strings, directions and reasons by name, amounts without their currency."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict, cast

from bitten_domain.errors import InvalidInput
from bitten_domain.execution.deal import Deal, DealReason
from bitten_domain.execution.lifecycle import PositionState
from bitten_domain.execution.order import LevelsOrder, MarketOrder
from bitten_domain.execution.plan import TradePlan
from bitten_domain.execution.position import Position
from bitten_domain.execution.ticks import TickBar
from bitten_domain.ports.broker import Answer, AnswerKind
from bitten_domain.values.direction import Direction
from bitten_domain.values.lots import Lots
from bitten_domain.values.money import Money
from bitten_domain.vocabulary import PlanKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.execution.account import SimulatedAccount
    from bitten_domain.execution.order import CloseOrder
    from bitten_domain.values.instrument import Instrument

__all__ = [
    "AnswerRow",
    "DealRow",
    "EntryRow",
    "PositionRow",
    "account_entry",
    "answer_from",
    "answer_row",
    "bars_from",
    "bars_row",
    "deal_from",
    "deal_row",
    "entry_from",
    "entry_text",
    "order_body",
    "plan_from",
    "position_from",
    "position_row",
]


class DealRow(TypedDict):
    """A deal; see `Deal`."""

    ticket: int
    position: int
    order: int
    symbol: str
    direction: str
    reason: str
    lots: str
    price: str
    at: int
    profit: str
    swap: str
    commission: str
    fee: str
    spread_cost: str
    slippage_cost: str
    ambiguous: bool


class PositionRow(TypedDict):
    """An open position; see `Position`."""

    ticket: int
    order: int
    symbol: str
    direction: str
    lots: str
    filled: str
    entry: int
    stop: int | None
    target: int | None
    initial_stop: int | None
    opened_at: int
    charged_day: int
    initial_risk: str | None
    conversion: str
    swap: str
    state: str


class AnswerRow(TypedDict):
    """An answer; its deals by ticket."""

    order: int
    kind: str
    ticket: int | None
    deals: list[int]
    code: str
    detail: str


class EntryRow(TypedDict):
    """One change of the books.

    `kind` is ``opened``, ``order``, ``bars`` or ``barred``; `body` and `answer` are an order's, `barred` the id that
    will never be executed; the rest is the account after the change.
    """

    kind: str
    at: int
    body: str
    answer: AnswerRow | None
    barred: int | None
    currency: str
    start: str
    balance: str
    day: int
    last_ticket: int
    positions: list[PositionRow]
    deals: list[DealRow]
    latest: dict[str, list[int]]


def entry_text(entry: EntryRow) -> str:
    """Write an entry on one line."""
    return json.dumps(entry, separators=(",", ":"), sort_keys=True)


def entry_from(text: str, number: int) -> EntryRow:
    """Read an entry.

    Raises:
        InvalidInput: it is not one; its checksum was right, so another program wrote it.
    """
    try:
        entry: object = json.loads(text)
    except ValueError as error:
        raise InvalidInput("a ledger entry is not JSON", where=f"entry {number}") from error
    if not isinstance(entry, dict) or EntryRow.__required_keys__ - entry.keys():
        raise InvalidInput("a ledger entry lacks fields of this version", where=f"entry {number}")
    return cast("EntryRow", entry)


def order_body(order: MarketOrder | CloseOrder | LevelsOrder) -> str:
    """Write what an order asks, its id apart, so that equal requests have equal bodies (1.10 and 1.1 are equal)."""
    if isinstance(order, MarketOrder):
        levels = f"{_plain(order.stop)} {_plain(order.target)}"
        plan = f"{order.plan.kind.value} {order.plan.flat_at} {order.plan.time_stop_seconds}"
        return f"open {order.symbol} {order.direction.value} {order.lots} {levels} {order.not_after} {plan}"
    if isinstance(order, LevelsOrder):
        return f"levels {order.ticket} {_plain(order.stop)} {_plain(order.target)}"
    return f"close {order.ticket} {order.lots} {order.reason.value}"


def plan_from(body: str) -> TradePlan | None:
    """Read how an order's position is led out of its body; None when the order opens nothing."""
    verb, *parts = body.split(" ")
    if verb != "open":
        return None
    kind, flat_at, time_stop = parts[-3:]
    return TradePlan(PlanKind(kind), _whole(flat_at), _whole(time_stop))


def _whole(text: str) -> int | None:
    return None if text == "None" else int(text)


def deal_row(deal: Deal) -> DealRow:
    """Write a deal."""
    return {
        "ticket": deal.ticket,
        "position": deal.position,
        "order": deal.client_order_id,
        "symbol": deal.symbol,
        "direction": deal.direction.value,
        "reason": deal.reason.value,
        "lots": str(deal.lots.value),
        "price": str(deal.price),
        "at": deal.at,
        "profit": str(deal.profit.amount),
        "swap": str(deal.swap.amount),
        "commission": str(deal.commission.amount),
        "fee": str(deal.fee.amount),
        "spread_cost": str(deal.spread_cost.amount),
        "slippage_cost": str(deal.slippage_cost.amount),
        "ambiguous": deal.ambiguous,
    }


def deal_from(row: DealRow, currency: str) -> Deal:
    """Read a deal of an account in `currency`."""
    return Deal(
        ticket=row["ticket"],
        position=row["position"],
        client_order_id=row["order"],
        symbol=row["symbol"],
        direction=Direction(row["direction"]),
        reason=DealReason(row["reason"]),
        lots=Lots(Decimal(row["lots"])),
        price=Decimal(row["price"]),
        at=row["at"],
        profit=Money(Decimal(row["profit"]), currency),
        swap=Money(Decimal(row["swap"]), currency),
        commission=Money(Decimal(row["commission"]), currency),
        fee=Money(Decimal(row["fee"]), currency),
        spread_cost=Money(Decimal(row["spread_cost"]), currency),
        slippage_cost=Money(Decimal(row["slippage_cost"]), currency),
        ambiguous=row["ambiguous"],
    )


def position_row(position: Position) -> PositionRow:
    """Write a position."""
    risk = position.initial_risk
    return {
        "ticket": position.ticket,
        "order": position.client_order_id,
        "symbol": position.symbol,
        "direction": position.direction.value,
        "lots": str(position.lots.value),
        "filled": str(position.filled_lots.value),
        "entry": position.entry_ticks,
        "stop": position.stop_ticks,
        "target": position.target_ticks,
        "initial_stop": position.initial_stop_ticks,
        "opened_at": position.opened_at,
        "charged_day": position.charged_day,
        "initial_risk": None if risk is None else str(risk.amount),
        "conversion": str(position.conversion),
        "swap": str(position.swap.amount),
        "state": position.state.value,
    }


def position_from(row: PositionRow, currency: str, instruments: Mapping[str, Instrument]) -> Position:
    """Read a position of an account in `currency`.

    Raises:
        InvalidInput: its pair is not among the instruments any more.
    """
    instrument = instruments.get(row["symbol"])
    if instrument is None:
        raise InvalidInput(
            f"position {row['ticket']} is in {row['symbol']}, which is not configured",
            remedy="add the pair to the configuration, at least until the position is closed",
        )
    risk = row["initial_risk"]
    return Position(
        ticket=row["ticket"],
        client_order_id=row["order"],
        instrument=instrument,
        direction=Direction(row["direction"]),
        lots=Lots(Decimal(row["lots"])),
        filled_lots=Lots(Decimal(row["filled"])),
        entry_ticks=row["entry"],
        stop_ticks=row["stop"],
        target_ticks=row["target"],
        initial_stop_ticks=row["initial_stop"],
        opened_at=row["opened_at"],
        charged_day=row["charged_day"],
        initial_risk=None if risk is None else Money(Decimal(risk), currency),
        conversion=Decimal(row["conversion"]),
        swap=Money(Decimal(row["swap"]), currency),
        state=PositionState(row["state"]),
    )


def answer_row(answer: Answer) -> AnswerRow:
    """Write an answer."""
    return {
        "order": answer.client_order_id,
        "kind": answer.kind.value,
        "ticket": answer.ticket,
        "deals": [deal.ticket for deal in answer.deals],
        "code": answer.code,
        "detail": answer.detail,
    }


def answer_from(row: AnswerRow, deals: list[Deal]) -> Answer:
    """Read an answer; `deals` is the whole history, deal n at place n - 1."""
    return Answer(
        client_order_id=row["order"],
        kind=AnswerKind(row["kind"]),
        ticket=row["ticket"],
        deals=tuple(deals[ticket - 1] for ticket in row["deals"]),
        code=row["code"],
        detail=row["detail"],
    )


def bars_row(latest: Mapping[str, TickBar]) -> dict[str, list[int]]:
    """Write the last bars."""
    return {symbol: list(bar) for symbol, bar in latest.items()}


def bars_from(row: Mapping[str, list[int]]) -> dict[str, TickBar]:
    """Read the last bars."""
    return {symbol: TickBar(*values) for symbol, values in row.items()}


def account_entry(account: SimulatedAccount, kind: str, at: int) -> EntryRow:
    """Start an entry with the account as it is after the change."""
    return {
        "kind": kind,
        "at": at,
        "body": "",
        "answer": None,
        "barred": None,
        "currency": account.currency,
        "start": str(account.start.amount),
        "balance": str(account.balance.amount),
        "day": account.day,
        "last_ticket": account.last_ticket,
        "positions": [position_row(position) for position in account.positions],
        "deals": [],
        "latest": {},
    }


def _plain(price: Decimal | None) -> str:
    return "-" if price is None else f"{price.normalize():f}"
