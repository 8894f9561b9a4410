"""Deals that were booked: what they open, reduce, adopt and close."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.desk.account.adherence import ADOPTED, ADOPTED_IN_PAUSE, LATE_FILL, is_paused
from bitten_domain.desk.account.held_position import HeldPosition
from bitten_domain.desk.account.settling.changes import EndedTrade
from bitten_domain.desk.account.trading_account import AccountStanding
from bitten_domain.desk.events import OrderFilled, TradeEnded
from bitten_domain.desk.run.desk_run import DealBooked, TradeClosed
from bitten_domain.desk.state import OpenTrade
from bitten_domain.execution import Position, PositionState, TickRates, to_ticks, trade_of
from bitten_domain.execution.lifecycle import TERMINAL_STATES, position_transition
from bitten_domain.execution.protocol import FireIntent
from bitten_domain.execution.ticks import TickBar
from bitten_domain.market.clocks.fx_week import day_ending_at, trading_day_at
from bitten_domain.risk.sizing import conversion_rate
from bitten_domain.values import CENT, Lots, Money, SignalId
from bitten_domain.values.money import booked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.desk.account.settling.bookkeeping import Bookkeeping
    from bitten_domain.execution import Deal
    from bitten_domain.execution.protocol import BrokerSnapshot, Errand

__all__ = ["adopt", "book_deals"]

_ZERO = Decimal(0)
_ONE = Decimal(1)


def book_deals(ledger: Bookkeeping, new: Sequence[Deal], snapshot: BrokerSnapshot | None) -> None:
    """Work deals into the books that were not in them before.

    Args:
        ledger: the books; their deals hold the new ones already.
        new: oldest first.
        snapshot: the account at the broker, as new as the deals; None when only the deals are known.
    """
    if not new:
        return
    account = ledger.account
    balance = account.balance.plus(*(deal.net for deal in new))
    ledger.account = replace(account, balance=balance, last_deal=max(account.last_deal, new[-1].ticket))
    last_of = {deal.position: deal.ticket for deal in new}
    for deal in new:
        ledger.happenings.append(DealBooked(deal))
        # A position follows its last deal at once, before the deals of others, as in a recorded run.
        if last_of[deal.position] == deal.ticket:
            _follow(ledger, deal.position, snapshot)


def _follow(ledger: Bookkeeping, ticket: int, snapshot: BrokerSnapshot | None) -> None:
    deals, held = ledger.books.deals.get(ticket, ()), ledger.positions.get(ticket)
    if held is None and ticket not in ledger.books.closed and deals and deals[0].reason.opens:
        held = _opened(ledger, deals[0], snapshot)
    if held is not None:
        _reduced(ledger, held, deals)


def adopt(ledger: Bookkeeping, position: Position, reason: str) -> HeldPosition:
    """Take a position into the books that no intent of ours asked for.

    Args:
        ledger: the books.
        position: as the broker has it.
        reason: ADOPTED, told apart here when a pause held as it was opened, or LATE_FILL.
    """
    opened = position.opened_at
    if reason == ADOPTED and is_paused(ledger.state.behaviour, day_ending_at(opened), opened):
        reason = ADOPTED_IN_PAUSE
    held = HeldPosition(
        ledger.account.account_id, replace(position, state=PositionState.ADOPTED), intent_id=None, known=None
    )
    ledger.put(held, reason)
    ledger.say(
        "fill", f"adopted:{position.ticket}", f"Position {position.ticket} in {position.symbol} was opened elsewhere."
    )
    return held


def _opened(ledger: Bookkeeping, entry: Deal, snapshot: BrokerSnapshot | None) -> HeldPosition | None:
    shown = _shown(snapshot, entry.position)
    errand = ledger.errands.get(entry.client_order_id)
    base = shown if shown is not None else _of_deal(ledger, entry, errand, snapshot)
    if base is None:
        return None
    whole = replace(base, lots=entry.lots, filled_lots=entry.lots)
    if errand is None or not isinstance(errand.intent, FireIntent):
        return adopt(ledger, whole, ADOPTED)
    intent, attempt = errand.intent, errand.attempt
    if attempt.state in TERMINAL_STATES:
        ledger.stand(
            AccountStanding.FROZEN, f"order {entry.client_order_id} was executed after it was {attempt.state.value}"
        )
        return adopt(ledger, whole, LATE_FILL)
    instrument = whole.instrument
    # The levels kept are those asked for; what the broker shows confirms them, or it does not.
    stop = to_ticks(instrument, intent.stop)
    target = None if intent.target is None else to_ticks(instrument, intent.target)
    position = replace(whole, stop_ticks=stop, target_ticks=target, initial_stop_ticks=stop, state=PositionState.OPEN)
    known = OpenTrade(
        signal_id=intent.signal if intent.signal is not None else SignalId(intent.intent_id),
        row=-1,
        plan=intent.plan,
        risk_percent=intent.risk_percent,
        score=intent.score,
        strategy=intent.strategy,
        cost_share=intent.cost_share,
        filled_at=entry.at,
    )
    held = HeldPosition(ledger.account.account_id, position, intent.intent_id, known)
    ledger.tell(OrderFilled(entry.at, entry.position, known, entry.symbol, entry.direction))
    ledger.put(held, "OPENED")
    ledger.say(
        "fill",
        f"opened:{entry.position}",
        f"{entry.direction.value} {entry.lots} {entry.symbol} at {entry.price}, stop {intent.stop}.",
    )
    return held


def _reduced(ledger: Bookkeeping, held: HeldPosition, deals: tuple[Deal, ...]) -> None:
    position, closing = held.position, [deal for deal in deals if not deal.reason.opens]
    left = position.filled_lots.value - sum((deal.lots.value for deal in closing), _ZERO)
    if left > 0:
        if left != position.lots.value:
            ledger.put(replace(held, position=replace(position, lots=Lots(left))), closing[-1].reason.value)
        return
    last = closing[-1]
    state = position_transition(position.state, PositionState.CLOSED)
    ledger.put(replace(held, position=replace(position, state=state)), last.reason.value)
    ledger.say("close", f"closed:{position.ticket}", f"{position.symbol} closed at {last.price}: {last.reason.value}.")
    if not deals[0].reason.opens or left < 0:
        return
    trade = trade_of(position, deals)
    ledger.trades.append(EndedTrade(trade, held.known))
    ledger.tell(TradeEnded(day_ending_at(trade.closed_at), trade))
    if held.known is not None:
        ledger.happenings.append(TradeClosed(held.known, trade, ledger.account.balance.amount))


def _shown(snapshot: BrokerSnapshot | None, ticket: int) -> Position | None:
    if snapshot is None:
        return None
    return next((position for position in snapshot.positions if position.ticket == ticket), None)


def _of_deal(
    ledger: Bookkeeping, entry: Deal, errand: Errand | None, snapshot: BrokerSnapshot | None
) -> Position | None:
    """Put a position together that no snapshot shows any more: it was closed before it was seen."""
    instrument = ledger.terms.instruments.get(entry.symbol)
    if instrument is None:
        return None
    currency = ledger.account.currency
    latest = {
        quote.symbol: TickBar(bid, bid, bid, bid, to_ticks(known, quote.ask) - bid)
        for quote in (() if snapshot is None else snapshot.quotes)
        if (known := ledger.terms.instruments.get(quote.symbol)) is not None
        for bid in (to_ticks(known, quote.bid),)
    }
    rate = conversion_rate(instrument.quote, currency, TickRates(latest, ledger.terms.instruments))
    risk: Money | None = None
    if errand is not None and isinstance(errand.intent, FireIntent):
        held = ledger.reservations.get(errand.intent.intent_id)
        if held is not None:
            # What was reserved for it is what its stop would have cost, as far as anybody measured.
            share = (held.risk * (entry.lots.value / errand.intent.lots.value)).rounded()
            risk = max(share, Money(CENT, currency))
    return Position(
        ticket=entry.position,
        client_order_id=entry.client_order_id,
        instrument=instrument,
        direction=entry.direction,
        lots=entry.lots,
        filled_lots=entry.lots,
        entry_ticks=to_ticks(instrument, entry.price),
        stop_ticks=None,
        target_ticks=None,
        initial_stop_ticks=None,
        opened_at=entry.at,
        charged_day=trading_day_at(entry.at),
        initial_risk=risk,
        conversion=_ONE if rate is None else rate,
        swap=booked(_ZERO, currency),
    )
