"""A desk at work on a simulated account: the fold of `step` over moments, the same for a backtest and a demo."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from bitten_domain.desk.decisions import OrderApproved, SignalEmitted
from bitten_domain.desk.events import (
    AccountMarked,
    CandidatesFound,
    FireAsked,
    IdeasEnded,
    OrderFilled,
    ReleaseAsked,
    ThresholdDue,
    TradeEnded,
)
from bitten_domain.desk.firing import asked_from, exit_levels, facts_for, holdings_of, request_for
from bitten_domain.desk.state import OpenTrade, open_desk
from bitten_domain.desk.step import step
from bitten_domain.desk.trade_management import MarketFollower, StopMoved, no_atr
from bitten_domain.execution import (
    Deal,
    Declined,
    FillKind,
    MarketOrder,
    TickQuote,
    TickRates,
    Trade,
    TradePlan,
    mark_to_market,
    open_account,
    open_position,
    trade_of,
)
from bitten_domain.execution.order import client_order_id
from bitten_domain.tcs.threshold import due_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from bitten_domain.desk.decisions import Decision
    from bitten_domain.desk.emission import CandidateRows
    from bitten_domain.desk.events import DeskEvent
    from bitten_domain.desk.firing import DeskAccount
    from bitten_domain.desk.signal import Signal
    from bitten_domain.desk.step import DeskRules
    from bitten_domain.desk.trade_management import AtrAt
    from bitten_domain.execution import BrokerTerms, Position, TickBar
    from bitten_domain.risk.facts import NewsFacts
    from bitten_domain.tcs.threshold import Condition
    from bitten_domain.values import Money

__all__ = ["BrokerDeclined", "DealBooked", "DeskRun", "Happening", "Moment", "TradeClosed"]

_ZERO = Decimal(0)
_MARKET = FillKind.MARKET


class Moment(NamedTuple):
    """One base bar time: what is known when its bars have closed.

    Args:
        at: the close, seconds since 1970 UTC.
        day: trading day the bars opened in, days since 1970.
        open_clock: the close on the market-open clock, seconds.
        bars: bars that closed now, by symbol, in ticks.
        quote_spread: spread an order meets now, ticks, by symbol of `bars`.
        rows: the scan, and ``first`` to ``stop`` its candidates of this moment.
        first, stop: see `rows`.
        ended: results of signals that came to their end by now: (trading day, net R), oldest first.
        condition: gives the market's volatility when the threshold asks.
        correlations: gives the pairs' correlations when a check asks.
        high_windows: symbols in the window around a HIGH release.
    """

    at: int
    day: int
    open_clock: int
    bars: Mapping[str, TickBar]
    quote_spread: Mapping[str, int]
    rows: CandidateRows
    first: int
    stop: int
    ended: Sequence[tuple[int, float]]
    condition: Callable[[], Condition]
    correlations: Callable[[], Mapping[tuple[str, str], float] | None]
    high_windows: AbstractSet[str]


@dataclass(frozen=True, slots=True)
class DealBooked:
    """The broker booked a deal."""

    deal: Deal


@dataclass(frozen=True, slots=True)
class TradeClosed:
    """A trade came to its end.

    Args:
        known: what the desk knew of it.
        trade: the result.
        balance: after it, account currency.
    """

    known: OpenTrade
    trade: Trade
    balance: Decimal


@dataclass(frozen=True, slots=True)
class BrokerDeclined:
    """The broker did not take an approved order."""

    at: int
    signal: Signal
    declined: Declined


Happening: TypeAlias = "Decision | DealBooked | StopMoved | TradeClosed | BrokerDeclined"


class DeskRun:
    """A desk and its simulated account, moved on moment by moment.

    Every signal that reaches the fire mode's own floor is fired at once; the twelve checks decide. A
    drawdown stop is asked to be released at once, and the behaviour state counts it.

    Args:
        rules: the desk's policies.
        desk: the account and who fires on it.
        terms: the simulated broker's.
        deposit: what the account starts with.
        open_clock: reading of the market-open clock at the start, seconds.
        news: gives the news state of a pair at a moment.
        atr: gives what trailing stops are measured by.
    """

    def __init__(
        self,
        rules: DeskRules,
        desk: DeskAccount,
        terms: BrokerTerms,
        deposit: Money,
        open_clock: int,
        news: Callable[[str, int], NewsFacts],
        atr: AtrAt = no_atr,
    ) -> None:
        self._rules, self._desk, self._terms, self._news = rules, desk, terms, news
        self.account = open_account(deposit)
        self.state = open_desk(self.account.balance, open_clock)
        self.equity = self.account.balance.amount
        self._due_at = due_at(self.state.signals.threshold, rules.threshold)
        self._latest: dict[str, TickBar] = {}
        self._rates = TickRates(self._latest, terms.instruments)
        self._follower = MarketFollower(terms, self._rates, atr)
        self._positions: dict[int, Position] = {}
        self._deals: dict[int, list[Deal]] = {}
        self._sequence = 0
        self._held = holdings_of(desk, self.state.account, self.account, self.equity, terms, self._rates)
        self._held_at = (0, 0)
        self._floors = {
            symbol: asked_from(rules.risk, desk.fire_mode, instrument)
            for symbol, instrument in terms.instruments.items()
        }

    def take(self, moment: Moment) -> list[Happening]:
        """Move on to the next moment; say what happened, in order."""
        self._latest.update(moment.bars)
        happenings: list[Happening] = []
        waits = self.state.account.behaviour.drawdown_stopped
        if self.account.positions or moment.day != self.account.day or waits:
            self._follow_market(moment, happenings)
        if moment.ended:
            self._tell(IdeasEnded(moment.ended))
        if moment.open_clock >= self._due_at:
            happenings += self._tell(ThresholdDue(moment.open_clock, moment.condition()))
            self._due_at = due_at(self.state.signals.threshold, self._rules.threshold)
        if moment.first < moment.stop:
            found = CandidatesFound(moment.rows, moment.first, moment.stop, moment.open_clock, moment.day)
            for decision in self._tell(found):
                happenings.append(decision)
                if isinstance(decision, SignalEmitted):
                    self._fire(decision.signal, moment, happenings)
        return happenings

    def _tell(self, event: DeskEvent) -> tuple[Decision, ...]:
        self.state, decisions = step(self.state, event, self._rules)
        return decisions

    def _follow_market(self, moment: Moment, happenings: list[Happening]) -> None:
        if moment.day != self.state.account.day.day:
            # A day begins with what the last one left: a gap at its open is this day's loss.
            self._mark(moment)
        self.account, deals, moves = self._follower.follow(
            self.account, self.state.account.trades, moment.bars, moment.at, moment.day, moment.high_windows
        )
        self.equity = mark_to_market(self.account, self._latest, self._rates)
        happenings += moves
        for deal in deals:
            self._book(deal, moment.day, happenings)
        self._mark(moment)
        if self.state.account.behaviour.drawdown_stopped and self.state.account.behaviour.release_asked_at is None:
            self._tell(ReleaseAsked(moment.at))
            self._mark(moment)

    def _mark(self, moment: Moment) -> None:
        self._tell(AccountMarked(moment.at, moment.day, self.account.balance.amount, self.equity))

    def _book(self, deal: Deal, day: int, happenings: list[Happening]) -> None:
        happenings.append(DealBooked(deal))
        deals = self._deals[deal.position]
        deals.append(deal)
        # The account may be ahead of its deals: a part and the rest can be closed in one bar.
        if sum((exit_.lots.value for exit_ in deals[1:]), _ZERO) < deals[0].lots.value:
            return
        known = self.state.account.trades.get(deal.position)
        trade = trade_of(self._positions.pop(deal.position), self._deals.pop(deal.position))
        self._tell(TradeEnded(day, trade))
        if known is not None:
            happenings.append(TradeClosed(known, trade, self.account.balance.amount))

    def _fire(self, signal: Signal, moment: Moment, happenings: list[Happening]) -> None:
        instrument = self._terms.instruments[signal.symbol]
        bar = moment.bars.get(signal.symbol)
        if bar is None or signal.score * 10 < self._floors[signal.symbol]:
            return
        quote = TickQuote(bar.close, bar.close + moment.quote_spread[signal.symbol])
        account, rates = self.account, self._rates
        if self._held_at != (moment.at, account.last_deal):
            self._held = holdings_of(self._desk, self.state.account, account, self.equity, self._terms, rates)
            self._held_at = (moment.at, account.last_deal)
        facts = facts_for(
            self._desk, self.state.account, instrument, quote, moment.at,
            holdings=self._held, rates=rates,
            news=self._news(signal.symbol, moment.at),
            correlations=moment.correlations() if account.positions else {},
        )  # fmt: skip
        fast = signal.symbol in moment.high_windows
        slippage = self._terms.costs.slippage_ticks(instrument, _MARKET, in_high_window=fast)
        request = request_for(signal, exit_levels(signal, instrument, quote, slippage), moment.at, self._desk.fire_mode)
        for decision in self._tell(FireAsked(signal, request, facts)):
            happenings.append(decision)
            if isinstance(decision, OrderApproved):
                self._send(decision, quote, moment, happenings)

    def _send(self, approved: OrderApproved, quote: TickQuote, moment: Moment, happenings: list[Happening]) -> None:
        order, signal = approved.order, approved.signal
        self._sequence += 1
        booking = open_position(
            self.account,
            MarketOrder(
                client_order_id(1, self._sequence), order.symbol, order.direction, order.lots, order.stop, order.target
            ),
            quote, moment.at, terms=self._terms, rates=self._rates, equity=self.equity,
            in_high_window=order.symbol in moment.high_windows,
        )  # fmt: skip
        if booking.declined is not None or booking.ticket is None:
            assert booking.declined is not None  # noqa: S101 - no ticket means it was declined
            happenings.append(BrokerDeclined(moment.at, signal, booking.declined))
            return
        self.account = booking.account
        trade = OpenTrade(
            signal_id=signal.signal_id,
            row=signal.row,
            plan=TradePlan(signal.plan, signal.flat_at),
            risk_percent=order.risk_percent,
            score=signal.score,
            strategy=signal.strategy,
            cost_share=signal.cost_share,
            filled_at=moment.at,
        )
        self._tell(OrderFilled(moment.at, booking.ticket, trade, order.symbol, order.direction))
        self._positions[booking.ticket] = booking.account.positions[-1]
        self._deals[booking.ticket] = list(booking.deals)
        happenings += [DealBooked(deal) for deal in booking.deals]
        self.equity = mark_to_market(self.account, self._latest, self._rates)
        self._mark(moment)
