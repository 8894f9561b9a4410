"""Leading open trades: plans and time limits, carried out at the simulated broker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from bitten_domain.execution import (
    ClosePart,
    DealReason,
    ModifyStop,
    TickQuote,
    TradePlan,
    advance,
    change_levels,
    close_position,
    plan_actions,
)
from bitten_domain.execution.fill_model import BarrierHit, exit_fill, level_ticks
from bitten_domain.execution.plan import PLAN_STAGES, wait_of
from bitten_domain.vocabulary import PlanKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet
    from decimal import Decimal

    from bitten_domain.execution import BrokerTerms, Deal, PlanAction, Position, SimulatedAccount, TickBar
    from bitten_domain.execution.plan import Wait

__all__ = ["AtrAt", "Followed", "Led", "MarketFollower", "StopMoved", "lead_trades", "no_atr", "take_swept_stages"]

AtrAt: TypeAlias = "Callable[[str, int], Decimal | None]"
"""Gives the ATR14 of a pair's base bars as of a moment (seconds since 1970 UTC), in ticks; None while it is unknown."""

_UNLED = TradePlan()
# A staged plan moves its stop when it takes its part, and that deal tells of both.
_STOP_ONLY = frozenset({PlanKind.BREAK_EVEN, PlanKind.ATR_TRAIL})


@dataclass(frozen=True, slots=True)
class StopMoved:
    """A plan whose only work is the stop has tightened it at the broker.

    Args:
        at: close of the bar that decided it, seconds since 1970 UTC; it holds from the next bar on.
        position: ticket.
        symbol: the pair.
        before: the stop until now; None for none.
        stop: the new one.
    """

    at: int
    position: int
    symbol: str
    before: Decimal | None
    stop: Decimal


class Led(Protocol):
    """How a position is led.

    Attributes:
        plan: its plan.
        filled_at: when it was opened, seconds since 1970 UTC; what closes by then does not lead it.
    """

    @property
    def plan(self) -> TradePlan:
        """Read the plan."""
        ...

    @property
    def filled_at(self) -> int:
        """Read when it was opened."""
        ...


class Followed(NamedTuple):
    """What the bars of one time made of an account.

    Args:
        account: the next state, the same object when nothing happened.
        deals: what was booked, in order.
        moves: the stops that were tightened.
    """

    account: SimulatedAccount
    deals: tuple[Deal, ...] = ()
    moves: tuple[StopMoved, ...] = ()


def no_atr(symbol: str, at: int) -> None:
    """Know no ATR, so that trails wait."""


class MarketFollower:
    """Takes an account with open trades from one time's bars to the next's.

    At most times no bar touches a level and no plan wakes; what each position waits for is remembered, so that one look
    tells.

    Args:
        terms: the simulated broker's.
        rates: mid prices by symbol; the caller keeps them up to date.
        atr: for trails.
    """

    def __init__(self, terms: BrokerTerms, rates: Mapping[str, Decimal], atr: AtrAt = no_atr) -> None:
        self._terms, self._rates, self._atr = terms, rates, atr
        self._positions: tuple[Position, ...] = ()
        self._waits: tuple[Wait, ...] = ()

    def follow(
        self,
        account: SimulatedAccount,
        trades: Mapping[int, Led],
        bars: Mapping[str, TickBar],
        at: int,
        day: int,
        high_windows: AbstractSet[str],
    ) -> Followed:
        """Let swaps, stages, the broker's own exits and the plans happen, in this order.

        Args:
            account: before the bars.
            trades: how its positions are led, by ticket; one that is not in it is left to its levels.
            bars: the bars that just closed, by symbol; a pair without one waits.
            at: their close, seconds since 1970 UTC.
            day: trading day they opened in, days since 1970-01-01.
            high_windows: as for `execution.advance`.
        """
        if day == account.day and not self._stirs(account, trades, bars, at):
            return Followed(account)
        terms, rates = self._terms, self._rates
        # The roll lies before the bar, whatever the bar then does.
        account, _ = advance(account, {}, at, day, terms=terms, rates=rates)
        account, swept = take_swept_stages(
            account, trades, bars, at, terms=terms, rates=rates, high_windows=high_windows
        )
        left, deals = advance(account, bars, at, day, terms=terms, rates=rates, high_windows=high_windows)
        account, led = lead_trades(
            left, trades, bars, at, terms=terms, rates=rates, high_windows=high_windows, atr=self._atr
        )
        return Followed(account, (*swept, *deals, *led), _moves(left, account, trades, at))

    def _stirs(
        self, account: SimulatedAccount, trades: Mapping[int, Led], bars: Mapping[str, TickBar], at: int
    ) -> bool:
        if account.positions is not self._positions:
            self._positions = account.positions
            self._waits = tuple(
                wait_of(position, trades[position.ticket].plan if position.ticket in trades else _UNLED)
                for position in account.positions
            )
        for symbol, is_long, lower, upper, until in self._waits:
            bar = bars.get(symbol)
            if bar is None:
                continue
            lift = 0 if is_long else bar[4]
            if bar[2] + lift <= lower or bar[1] + lift >= upper or at >= until:
                return True
        return False


def _moves(
    before: SimulatedAccount, after: SimulatedAccount, trades: Mapping[int, Led], at: int
) -> tuple[StopMoved, ...]:
    moves: list[StopMoved] = []
    for position in after.positions:
        stop, trade, earlier = position.stop, trades.get(position.ticket), before.position(position.ticket)
        if stop is None or trade is None or earlier is None or trade.plan.kind not in _STOP_ONLY:
            continue
        if position.stop_ticks != earlier.stop_ticks:
            moves.append(StopMoved(at, position.ticket, position.symbol, earlier.stop, stop))
    return tuple(moves)


def take_swept_stages(
    account: SimulatedAccount,
    trades: Mapping[int, Led],
    bars: Mapping[str, TickBar],
    at: int,
    *,
    terms: BrokerTerms,
    rates: Mapping[str, Decimal],
    high_windows: AbstractSet[str],
) -> tuple[SimulatedAccount, tuple[Deal, ...]]:
    """Take the first stage of plans whose last target a bar is about to fill.

    Price crosses the first level on its way to the second; left to the broker, the whole volume would go at the second.
    A bar that opens beyond the target fills all of it there, and one that may have touched the stop first is the
    stop's. The arguments are those of `lead_trades`; it comes before the broker's own exits of the bar.
    """
    deals: list[Deal] = []
    for position in account.positions:
        bar, target = bars.get(position.symbol), position.target_ticks
        if bar is None or target is None or position.lots != position.filled_lots:
            continue
        lift = 0 if position.sign > 0 else bar.spread
        best = bar.high if position.sign > 0 else bar.low + lift
        trade = trades.get(position.ticket)
        if position.sign * (best - target) < 0 or trade is None or trade.plan.kind not in PLAN_STAGES:
            continue
        fill = exit_fill(position.sign, position.stop_ticks, target, bar, 0)
        if fill is None or fill.hit is not BarrierHit.TARGET or fill.gapped:
            continue
        for action in plan_actions(position, trade.plan, best, bar.close + lift, trade.filled_at):
            if isinstance(action, ClosePart):
                account, booked = _carried_out(account, position, action, bar, at, terms, rates, high_windows)
                deals.extend(booked)
    return account, tuple(deals)


def lead_trades(
    account: SimulatedAccount,
    trades: Mapping[int, Led],
    bars: Mapping[str, TickBar],
    at: int,
    *,
    terms: BrokerTerms,
    rates: Mapping[str, Decimal],
    high_windows: AbstractSet[str],
    atr: AtrAt = no_atr,
) -> tuple[SimulatedAccount, tuple[Deal, ...]]:
    """Carry out what every open trade's plan asks for at the close of a bar.

    Args:
        account: after the broker's own exits in the bar.
        trades: how its positions are led, by ticket; one that is not in it is left to its levels.
        bars: the bars that just closed, by symbol; a pair without one waits.
        at: their close, seconds since 1970 UTC.
        terms, rates, high_windows: as for `execution.advance`.
        atr: for trails.

    Returns:
        The next account, the same object when nothing was due, and the deals. A trade opened at or after the bar's
        close is not led by that bar.
    """
    deals: list[Deal] = []
    for position in account.positions:
        trade = trades.get(position.ticket)
        bar = bars.get(position.symbol)
        if trade is None or bar is None or trade.filled_at >= at:
            continue
        plan = trade.plan
        if plan.kind is PlanKind.FIXED and (plan.flat_at is None or at < plan.flat_at):
            continue
        lift = 0 if position.sign > 0 else bar.spread
        best = bar.high if position.sign > 0 else bar.low + lift
        known = atr(position.symbol, at) if plan.kind is PlanKind.ATR_TRAIL else None
        for action in plan_actions(position, plan, best, bar.close + lift, at, known):
            account, booked = _carried_out(account, position, action, bar, at, terms, rates, high_windows)
            deals.extend(booked)
    return account, tuple(deals)


def _carried_out(
    account: SimulatedAccount,
    position: Position,
    action: PlanAction,
    bar: TickBar,
    at: int,
    terms: BrokerTerms,
    rates: Mapping[str, Decimal],
    high_windows: AbstractSet[str],
) -> tuple[SimulatedAccount, tuple[Deal, ...]]:
    closing = TickQuote(bar.close, bar.close + bar.spread)
    # What a bar made the plan do was done inside it; its end may already be the weekend's beginning.
    at -= 1
    fast = position.symbol in high_windows
    if isinstance(action, ModifyStop):
        booking = change_levels(account, position.ticket, action.price, position.target, closing, terms=terms)
    elif isinstance(action, ClosePart):
        reached = level_ticks(position.sign, action.level_ticks, bar)
        side = action.level_ticks if reached is None else reached
        quote = TickQuote(side, side + bar.spread) if position.sign > 0 else TickQuote(side - bar.spread, side)
        booking = close_position(
            account, position.ticket, action.lots, quote, at, DealReason.PLAN,
            terms=terms, rates=rates, in_high_window=fast,
        )  # fmt: skip
    else:
        booking = close_position(
            account, position.ticket, None, closing, at, action.reason, terms=terms, rates=rates, in_high_window=fast
        )
    return booking.account, booking.deals
