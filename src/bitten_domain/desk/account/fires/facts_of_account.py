"""Facts of an account: what the twelve checks may know of it, from its books and the market."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from bitten_domain.desk.account.trading_account import AccountStanding
from bitten_domain.desk.firing import DeskAccount, exit_levels, facts_for, holdings_of, request_for
from bitten_domain.errors import InvalidInput
from bitten_domain.execution import FillKind, SimulatedAccount, TickQuote, TickRates, mark_to_market
from bitten_domain.risk.facts import OpenRisk, PersonFacts, Quote

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from bitten_domain.desk.account.account_books import AccountBooks
    from bitten_domain.desk.signal import Signal
    from bitten_domain.desk.state import AccountDesk
    from bitten_domain.execution import BrokerTerms, TickBar
    from bitten_domain.membership import Person
    from bitten_domain.risk.emergency_stop import EmergencyStop
    from bitten_domain.risk.facts import NewsFacts, RiskFacts
    from bitten_domain.risk.policy.mandate import Mandate
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.values import Direction, SignalId
    from bitten_domain.vocabulary import FireMode

__all__ = ["FireWish", "MarketFacts", "equity_of", "facts_of_account", "person_facts", "request_of"]


@dataclass(frozen=True, slots=True)
class MarketFacts:
    """The market as it concerns one signal at one moment.

    Args:
        bars: latest bar of each pair, a quote being a bar of one price, by symbol.
        quoted_at: when the broker gave them, seconds since 1970 UTC, by symbol.
        news: around the signal's pair; None when not known.
        correlations: of the pairs; None when not known.
        in_high_window: a HIGH release of either currency is near.
        is_touched: stop or target of the signal was touched since its emission.
        quote_spread: ticks between bid and ask that an order meets now, by symbol; a bar's own where it is not said.
    """

    bars: Mapping[str, TickBar]
    quoted_at: Mapping[str, int]
    news: NewsFacts | None
    correlations: Mapping[tuple[str, str], float] | None
    in_high_window: bool = False
    is_touched: bool = False
    quote_spread: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def quote(self, symbol: str) -> TickQuote | None:
        """Read a pair's quote; None when there is none."""
        bar = self.bars.get(symbol)
        if bar is None:
            return None
        return TickQuote(bar.close, bar.close + self.quote_spread.get(symbol, bar.spread))


@dataclass(frozen=True, slots=True)
class FireWish:
    """How somebody, or a mandate, wants to fire a signal.

    Args:
        fire_mode: who pulls the trigger.
        is_confirmed: the person said yes to this order.
        proposed_at: when a SEMI proposal was shown, seconds since 1970 UTC; None in other modes.
        lots_ceiling: most lots the person wants; None leaves it to the sizing.

    Raises:
        InvalidInput: the ceiling is no number.
    """

    fire_mode: FireMode
    is_confirmed: bool = False
    proposed_at: int | None = None
    lots_ceiling: Decimal | None = None

    def __post_init__(self) -> None:
        if self.lots_ceiling is not None and not self.lots_ceiling.is_finite():
            raise InvalidInput(f"{self.lots_ceiling} lots are no number", where="lots", remedy="name a number of lots")


def person_facts(person: Person) -> PersonFacts:
    """Read what a person may do; a raise of limits that waits is none, however late the desk's time is."""
    return PersonFacts(
        person.user_id,
        person.status,
        person.rank,
        person.tier,
        person.mode,
        person.limits.current,
        person.has_live_consent,
        person.is_sniper,
    )


def equity_of(books: AccountBooks, market: MarketFacts, terms: BrokerTerms) -> Decimal | None:
    """Value an account at the latest quotes, account currency; None when an open pair has none."""
    if any(held.position.symbol not in market.bars for held in books.positions):
        return None
    return mark_to_market(_simulated(books), market.bars, TickRates(market.bars, terms.instruments))


def facts_of_account(
    books: AccountBooks,
    state: AccountDesk,
    person: Person,
    signal: Signal,
    wish: FireWish,
    market: MarketFacts,
    equity: Decimal | None,
    *,
    terms: BrokerTerms,
    now: int,
    stops: tuple[EmergencyStop, ...],
    mandate: Mandate | None,
    fired: AbstractSet[SignalId],
    last_fires: Mapping[tuple[str, Direction], int],
) -> RiskFacts:
    """Collect what the checks may know.

    Args:
        books: the account, under its lock.
        state: the desk's memory of it, marked now.
        person: who fires.
        signal, wish: what is fired, and how.
        market: around the signal.
        equity: of the account now; None when it cannot be told, which counts as no quote.
        terms: the broker's contracts and costs.
        now: seconds since 1970 UTC.
        stops: emergency stops in force.
        mandate: the one that stands.
        fired: the signal, when the account ever fired it.
        last_fires: when the account last fired each pair and side.
    """
    account = books.account
    rates = TickRates(market.bars, terms.instruments)
    desk = DeskAccount(account.account_id, account.broker, person_facts(person), wish.fire_mode, mandate)
    value = account.balance.amount if equity is None else equity
    # What the account's margin is worked out with is its own leverage, whatever the broker's others have.
    own_terms = terms if terms.leverage == account.leverage else replace(terms, leverage=account.leverage)
    holdings = holdings_of(desk, state, _simulated(books), value, own_terms, rates)
    held_facts = replace(
        holdings.account,
        is_live=account.is_live,
        is_netting=account.is_netting,
        is_reconciled=account.standing is AccountStanding.READY,
    )
    reserved = tuple(
        OpenRisk(one.symbol, one.direction, one.risk.amount, one.margin.amount, one.group) for one in books.reservations
    )
    instrument, quote = terms.instruments[signal.symbol], market.quote(signal.symbol)
    facts = facts_for(
        desk,
        state,
        instrument,
        TickQuote(0, 0) if quote is None else quote,
        now,
        holdings=holdings._replace(account=held_facts, risks=holdings.risks + reserved),
        rates=rates,
        news=market.news,
        # An account without risk has nothing that could move with the pair.
        correlations=market.correlations if holdings.risks or reserved else {},
    )
    told = facts.quote
    if quote is None or equity is None or told is None:
        told = None
    else:
        told = Quote(told.bid, told.ask, market.quoted_at[signal.symbol])
    shots = state.day.shots + _parents(reserved)
    return replace(
        facts,
        quote=told,
        stops=stops,
        fired_signals=fired,
        last_fires=last_fires,
        shots_used=shots,
        mandate_shots_used=shots if mandate is not None else 0,
    )


def request_of(
    signal: Signal, wish: FireWish, facts: RiskFacts, market: MarketFacts, terms: BrokerTerms
) -> FireRequest:
    """Ask to fire a signal now, as somebody wishes it.

    At its emission a signal promises what its quote gives; later, what it promised then.
    """
    instrument, quote = terms.instruments[signal.symbol], market.quote(signal.symbol)
    slippage = terms.costs.slippage_ticks(instrument, FillKind.MARKET, in_high_window=market.in_high_window)
    bid = TickQuote(0, 0) if quote is None else quote
    request = request_for(signal, exit_levels(signal, instrument, bid, slippage), facts.now, wish.fire_mode)
    promised = None if facts.now == signal.at else Decimal(repr(signal.reward_net))
    return replace(
        request,
        signal=replace(request.signal, reward_risk=promised, is_touched=market.is_touched),
        is_confirmed=wish.is_confirmed,
        proposed_at=wish.proposed_at,
        lots_ceiling=wish.lots_ceiling,
    )


def _simulated(books: AccountBooks) -> SimulatedAccount:
    account = books.account
    return SimulatedAccount(account.opening, account.balance, tuple(held.position for held in books.positions))


def _parents(reserved: tuple[OpenRisk, ...]) -> int:
    """Count reserved orders, a sliced one once."""
    groups = {one.group for one in reserved if one.group}
    return sum(not one.group for one in reserved) + len(groups)
