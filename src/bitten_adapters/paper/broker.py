"""The paper broker: the simulated account of the domain behind the `Broker` port, with a ledger of its own.

The market is shown to it: `observe` is the only way prices and time reach it, so the same observations and orders give
the same books. Each change goes to the ledger first, and only then to memory and into the answer; whatever the moment
of a crash, the books after it are those of the last entry.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from bitten_adapters.paper.wire import (
    account_entry,
    answer_from,
    answer_row,
    bars_from,
    bars_row,
    deal_from,
    deal_row,
    entry_from,
    entry_text,
    order_body,
    plan_from,
    position_from,
)
from bitten_domain.desk.trade_management import MarketFollower, no_atr
from bitten_domain.errors import BrokenInvariant, Conflict, InvalidInput, Unavailable
from bitten_domain.execution.account import Booking, DeclineCode, Declined, SimulatedAccount, open_account
from bitten_domain.execution.broker_side.requests import change_levels, close_position, open_position
from bitten_domain.execution.broker_side.valuation import margin_used, mark_to_market
from bitten_domain.execution.ticks import TickBar, TickQuote, TickRates, to_price
from bitten_domain.market.clocks.fx_week import trading_day_at
from bitten_domain.ports.broker import Answer, AnswerKind, BrokerQuote, BrokerSnapshot, Evidence, Trace
from bitten_domain.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from bitten_adapters.paper.ledger import Ledger
    from bitten_adapters.paper.wire import EntryRow
    from bitten_domain.desk.trade_management import AtrAt
    from bitten_domain.execution.account import BrokerTerms
    from bitten_domain.execution.deal import Deal
    from bitten_domain.execution.order import CloseOrder, LevelsOrder, MarketOrder
    from bitten_domain.execution.plan import TradePlan

__all__ = ["PaperBroker"]

_BARRED = "BARRED"


class _Led(NamedTuple):
    """How a position is led, and since when."""

    plan: TradePlan
    filled_at: int


class PaperBroker:
    """A broker that trades on paper, and leads positions by the plan their order came with.

    Its evidence of absence is its ledger: an id that is not in it is written down as barred, and then never executes.

    Args:
        ledger: where the books are kept; an empty one starts a new account.
        terms: contracts, costs and leverage.
        start: opening deposit of a new account; must equal that of a ledger that has one.
        atr: for plans that trail; without it they wait.

    Raises:
        InvalidInput: the ledger is another account's, or not a ledger.
    """

    def __init__(self, ledger: Ledger, terms: BrokerTerms, start: Money, atr: AtrAt = no_atr) -> None:
        self._ledger = ledger
        self._terms = terms
        self._account = open_account(start)
        self._latest: dict[str, TickBar] = {}
        self._rates = TickRates(self._latest, terms.instruments)
        self._follower = MarketFollower(terms, self._rates, atr)
        self._led: dict[int, _Led] = {}
        self._seen: dict[str, int] = {}
        self._quote_spread: dict[str, int] = {}
        self._quotes: tuple[BrokerQuote, ...] | None = None
        self._high_windows: AbstractSet[str] = frozenset()
        self._at = 0
        self._deals: list[Deal] = []
        self._bodies: dict[int, str] = {}
        self._answers: dict[int, Answer] = {}
        self._barred: set[int] = set()
        self._sequence = 0
        self._restore(ledger.entries(), start)
        self._restored_to = self._at

    def observe(
        self,
        bars: Mapping[str, TickBar],
        opened_at: int,
        at: int | None = None,
        high_windows: AbstractSet[str] = frozenset(),
        quote_spread: Mapping[str, int] | None = None,
    ) -> tuple[Deal, ...]:
        """Show it the market: bars of one time, or quotes as bars of one price.

        Args:
            bars: by symbol; pairs it does not trade are left out.
            opened_at: when they opened, seconds since 1970 UTC.
            at: when they closed, the broker's time from now on; None for quotes, which last no time.
            high_windows: symbols near a HIGH release, until the next call.
            quote_spread: ticks between bid and ask that an order meets from now on, by symbol; that of the bar where
                it is not said.

        Returns:
            Deals by stops and targets that were hit, and by plans.

        Raises:
            BrokenInvariant: time went back.
            Unavailable: the ledger did not take the change; nothing happened, show it again.
        """
        now = opened_at if at is None else at
        if now < self._at:
            raise BrokenInvariant(f"the market was shown at {now}, after {self._at}")
        known = {symbol: bar for symbol, bar in bars.items() if symbol in self._terms.instruments}
        previous = {symbol: self._latest.get(symbol) for symbol in known}
        was_at, self._at = self._at, now
        self._latest.update(known)
        account = self._account
        deals: tuple[Deal, ...] = ()
        # Bars the ledger already tells of must not be lived through twice: a stop they led would stand inside them.
        if at is None or now > self._restored_to:
            account, deals, _ = self._follower.follow(
                self._account, self._led, known, now, trading_day_at(opened_at), high_windows
            )
        if account is not self._account:
            try:
                self._keep(account, "bars", deals)
            except BaseException:
                self._at = was_at
                self._latest.update({symbol: bar for symbol, bar in previous.items() if bar is not None})
                for symbol in (symbol for symbol, bar in previous.items() if bar is None):
                    del self._latest[symbol]
                raise
        self._high_windows = high_windows
        self._seen.update(dict.fromkeys(known, now))
        met = {} if quote_spread is None else quote_spread
        self._quote_spread.update({symbol: met.get(symbol, bar.spread) for symbol, bar in known.items()})
        self._quotes = None
        return deals

    async def place(self, order: MarketOrder) -> Answer:
        """Open a position; see the port.

        Raises:
            Unavailable: the pair has not been quoted since the start, or the ledger fails; nothing happened.
        """
        body = order_body(order)
        stored = self._stored(order.client_order_id, body)
        if stored is not None:
            return stored
        if order.symbol not in self._terms.instruments:
            unknown = Declined(DeclineCode.UNKNOWN_SYMBOL, f"{order.symbol} is not traded here")
            return self._answered(order.client_order_id, body, Booking(self._account, declined=unknown))
        booking = open_position(
            self._account,
            order,
            self._quote(order.symbol),
            self._at,
            terms=self._terms,
            rates=self._rates,
            equity=self._equity(),
            in_high_window=order.symbol in self._high_windows,
        )
        return self._answered(order.client_order_id, body, booking)

    async def close(self, order: CloseOrder) -> Answer:
        """Close a position, whole or part; see the port.

        Raises:
            Unavailable: the pair has not been quoted since the start, or the ledger fails; nothing happened.
        """
        body = order_body(order)
        stored = self._stored(order.client_order_id, body)
        if stored is not None:
            return stored
        position = self._account.position(order.ticket)
        booking = (
            _unknown(self._account, order.ticket)
            if position is None
            else close_position(
                self._account,
                order.ticket,
                order.lots,
                self._quote(position.symbol),
                self._at,
                order.reason,
                terms=self._terms,
                rates=self._rates,
                in_high_window=position.symbol in self._high_windows,
            )
        )
        caused = tuple(deal._replace(client_order_id=order.client_order_id) for deal in booking.deals)
        return self._answered(order.client_order_id, body, booking._replace(deals=caused))

    async def modify(self, order: LevelsOrder) -> Answer:
        """Replace a position's stop and target; see the port.

        Raises:
            Unavailable: the pair has not been quoted since the start, or the ledger fails; nothing happened.
        """
        body = order_body(order)
        stored = self._stored(order.client_order_id, body)
        if stored is not None:
            return stored
        position = self._account.position(order.ticket)
        booking = (
            _unknown(self._account, order.ticket)
            if position is None
            else change_levels(
                self._account,
                order.ticket,
                order.stop,
                order.target,
                self._quote(position.symbol),
                terms=self._terms,
            )
        )
        return self._answered(order.client_order_id, body, booking)

    async def snapshot(self, since_deal: int = 0) -> BrokerSnapshot:
        """Read the account; see the port. After a restart it is valued at the last prices in the ledger."""
        account = self._account
        currency = account.currency
        margin = margin_used(account.positions, currency, self._terms.leverage, self._rates)
        return BrokerSnapshot(
            at=self._at,
            sequence=self._sequence,
            balance=account.balance,
            equity=Money(self._equity(), currency).rounded(),
            margin=Money(margin or Decimal(0), currency).rounded(),
            leverage=self._terms.leverage,
            positions=account.positions,
            deals=tuple(self._deals[since_deal:]),
            quotes=self._all_quotes(),
        )

    async def evidence_of(self, client_order_id: int) -> Evidence:
        """Prove what became of an order; see the port."""
        answer = self._answers.get(client_order_id)
        if answer is not None:
            return Evidence(Trace.FOUND, answer)
        if client_order_id not in self._barred:
            self._keep(self._account, "barred", (), barred=client_order_id)
        return Evidence(Trace.ABSENT)

    def _stored(self, order_id: int, body: str) -> Answer | None:
        if order_id in self._barred:
            return Answer(order_id, AnswerKind.NOT_EXECUTED, code=_BARRED, detail="declared absent before it arrived")
        known = self._bodies.get(order_id)
        if known is None:
            return None
        if known != body:
            raise Conflict(f"client order id {order_id} was used for another order")
        return self._answers[order_id]

    def _answered(self, order_id: int, body: str, booking: Booking) -> Answer:
        declined = booking.declined
        answer = Answer(
            order_id,
            AnswerKind.EXECUTED if declined is None else AnswerKind.NOT_EXECUTED,
            ticket=booking.ticket,
            deals=booking.deals,
            code="" if declined is None else declined.code.value,
            detail="" if declined is None else declined.detail,
        )
        self._keep(booking.account, "order", booking.deals, body=body, answer=answer)
        return answer

    def _keep(
        self,
        account: SimulatedAccount,
        kind: str,
        deals: tuple[Deal, ...],
        *,
        body: str = "",
        answer: Answer | None = None,
        barred: int | None = None,
    ) -> None:
        entry = account_entry(account, kind, self._at)
        entry["deals"] = [deal_row(deal) for deal in deals]
        entry["latest"] = bars_row(self._latest)
        entry["body"] = body
        entry["barred"] = barred
        entry["answer"] = None if answer is None else answer_row(answer)
        self._ledger.append(entry_text(entry))
        self._account = account
        self._deals.extend(deals)
        self._note(body, answer, barred)

    def _note(self, body: str, answer: Answer | None, barred: int | None) -> None:
        self._sequence += 1
        if answer is not None:
            self._bodies[answer.client_order_id] = body
            self._answers[answer.client_order_id] = answer
            plan = plan_from(body)
            if plan is not None and answer.ticket is not None and answer.deals:
                self._led[answer.ticket] = _Led(plan, answer.deals[0].at)
        if barred is not None:
            self._barred.add(barred)

    def _restore(self, entries: tuple[str, ...], start: Money) -> None:
        """Read the books back; the history is in all entries, how things stand is in the last one."""
        if not entries:
            self._keep(self._account, "opened", ())
            return
        booked = start.rounded().amount
        for number, text in enumerate(entries, start=1):
            booked = self._replay(entry_from(text, number), number, start, booked)
        entry = entry_from(entries[-1], len(entries))
        currency = entry["currency"]
        self._account = SimulatedAccount(
            start=Money(Decimal(entry["start"]), currency),
            balance=Money(Decimal(entry["balance"]), currency),
            positions=tuple(position_from(row, currency, self._terms.instruments) for row in entry["positions"]),
            day=entry["day"],
            last_ticket=entry["last_ticket"],
            last_deal=len(self._deals),
        )
        self._at = entry["at"]
        self._latest.update(bars_from(entry["latest"]))

    def _replay(self, entry: EntryRow, number: int, start: Money, booked: Decimal) -> Decimal:
        """Take one entry's history in; gives what is booked with it."""
        currency = entry["currency"]
        opening = Money(Decimal(entry["start"]), currency)
        if opening != start.rounded():
            raise InvalidInput(
                f"the ledger belongs to an account that opened with {opening}, not {start}",
                where=f"entry {number}",
                remedy="name another ledger file, or configure the deposit it was opened with",
            )
        for row in entry["deals"]:
            deal = deal_from(row, currency)
            self._deals.append(deal)
            booked += deal.net.amount
            if deal.ticket != len(self._deals):
                raise InvalidInput(f"deal {deal.ticket} is the ledger's {len(self._deals)}.", where=f"entry {number}")
        if booked != Decimal(entry["balance"]):
            raise InvalidInput("the ledger's deals do not add up to its balance", where=f"entry {number}")
        answer = entry["answer"]
        self._note(entry["body"], None if answer is None else answer_from(answer, self._deals), entry["barred"])
        return booked

    def _equity(self) -> Decimal:
        return mark_to_market(self._account, self._latest, self._rates)

    def _quote(self, symbol: str) -> TickQuote:
        if symbol not in self._seen:
            raise Unavailable(f"{symbol} has not been quoted since the start")
        bar = self._latest[symbol]
        return TickQuote(bar.close, bar.close + self._quote_spread[symbol])

    def _all_quotes(self) -> tuple[BrokerQuote, ...]:
        # Many a snapshot is taken between two looks at the market.
        if self._quotes is None:
            self._quotes = tuple(self._broker_quote(symbol, at) for symbol, at in sorted(self._seen.items()))
        return self._quotes

    def _broker_quote(self, symbol: str, at: int) -> BrokerQuote:
        instrument = self._terms.instruments[symbol]
        quote = self._quote(symbol)
        return BrokerQuote(symbol, to_price(instrument, quote.bid), to_price(instrument, quote.ask), at)


def _unknown(account: SimulatedAccount, ticket: int) -> Booking:
    return Booking(account, declined=Declined(DeclineCode.UNKNOWN_TICKET, f"no open position {ticket}"))
