"""The books of accounts: positions, deals, trades, changes of levels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select
from sqlalchemy import text as sql

from bitten_adapters.sql.repositories.decoding import DIRECTIONS, amount_in, known_of, known_text, lots_of, on_tick
from bitten_adapters.sql.repositories.keys import account_key
from bitten_adapters.sql.statements import Statement, adding, adding_once, replacing
from bitten_adapters.sql.tables.books import DEALS, POSITIONS, TRADE_MODIFICATIONS
from bitten_domain.desk.account import HeldPosition
from bitten_domain.errors import BrokenInvariant
from bitten_domain.execution import Deal, DealReason, Position, PositionState, to_ticks
from bitten_domain.ports.repositories.books import LevelsChange
from bitten_domain.values import IntentId, Money

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from bitten_adapters.sql.statements import Row, Wire
    from bitten_domain.values import AccountId, Instrument

__all__ = ["REASONS", "SqlDeals", "SqlLevelsChanges", "SqlPositions"]

_P, _D, _L = POSITIONS.c, DEALS.c, TRADE_MODIFICATIONS.c
_STATES = {state.value: state for state in PositionState}

REASONS = {reason.value: reason for reason in DealReason}
"""Deal reasons by their text."""

_HELD = select(
    _P.intent_public_id,
    _P.known,
    _P.stop_confirmed_at,
    _P.stop_tries,
    _P.ticket,
    _P.client_order_id,
    _P.symbol,
    _P.direction,
    _P.lots,
    _P.filled_lots,
    _P.entry,
    _P.stop,
    _P.target,
    _P.initial_stop,
    _P.opened_at,
    _P.charged_day,
    _P.initial_risk,
    _P.conversion,
    _P.swap,
    _P.currency,
    _P.state,
)
_GET = Statement(_HELD.where(_P.account_id == account_key(), _P.ticket == bindparam("of_ticket")))
_OPEN = Statement(_HELD.where(_P.account_id == account_key(), sql("positions.state <> 'CLOSED'")).order_by(_P.ticket))
_PUT = replacing(
    POSITIONS,
    ("account_id", "ticket"),
    only_if=sql("positions.state <> 'CLOSED' OR excluded.state = 'CLOSED'"),
    account_id=account_key(),
)

_DEAL = select(
    _D.ticket,
    _D.position,
    _D.client_order_id,
    _D.symbol,
    _D.direction,
    _D.reason,
    _D.lots,
    _D.price,
    _D.at,
    _D.profit,
    _D.swap,
    _D.commission,
    _D.fee,
    _D.spread_cost,
    _D.slippage_cost,
    _D.currency,
    _D.ambiguous,
)
_BOOK = adding_once(DEALS, account_id=account_key())
_BOOKED = Statement(_DEAL.where(_D.account_id == account_key(), _D.ticket == bindparam("of_ticket")))
_OF_POSITION = Statement(
    _DEAL.where(_D.account_id == account_key(), _D.position == bindparam("of_position")).order_by(_D.at, _D.id)
)
_TOTAL = Statement(
    select(func.sum(_D.profit), func.sum(_D.swap), func.sum(_D.commission), func.sum(_D.fee), _D.currency)
    .where(_D.account_id == account_key())
    .group_by(_D.currency)
)

_CHANGES = Statement(
    select(
        _L.at, _L.stop_before, _L.stop_after, _L.target_before, _L.target_after, _L.reason, _P.symbol
    )
    .outerjoin_from(
        TRADE_MODIFICATIONS, POSITIONS, (_P.account_id == _L.account_id) & (_P.ticket == _L.ticket)
    )
    .where(_L.account_id == account_key(), _L.ticket == bindparam("of_ticket"))
    .order_by(_L.at, _L.id)
)  # fmt: skip
_CHANGE = adding(TRADE_MODIFICATIONS, account_id=account_key())


class SqlPositions:
    """Positions, open and closed; a ticket is one position of an account.

    Args:
        wire: the transaction's.
        instruments: contracts of every pair that may be held.
    """

    def __init__(self, wire: Wire, instruments: Mapping[str, Instrument]) -> None:
        self._wire = wire
        self._instruments = instruments

    def put(self, held: HeldPosition) -> None:
        """Keep a new position, or replace the one of the same account and ticket."""
        position = held.position
        risk, currency = position.initial_risk, position.swap.currency
        written = self._wire.write(
            _PUT,
            account=held.account,
            ticket=position.ticket,
            client_order_id=position.client_order_id,
            symbol=position.symbol,
            direction=position.direction.value,
            lots=position.lots.value,
            filled_lots=position.filled_lots.value,
            entry=position.entry,
            stop=position.stop,
            target=position.target,
            initial_stop=position.initial_stop,
            opened_at=position.opened_at,
            charged_day=position.charged_day,
            initial_risk=None if risk is None else amount_in(risk, currency),
            conversion=position.conversion,
            swap=position.swap.amount,
            currency=currency,
            state=position.state.value,
            intent_public_id=held.intent_id,
            known=known_text(held.known),
            stop_confirmed_at=held.stop_confirmed_at,
            stop_tries=held.stop_tries,
        )
        if not written:
            raise BrokenInvariant(f"position {position.ticket} of {held.account} is CLOSED and stays so")

    def get(self, account: AccountId, ticket: int) -> HeldPosition | None:
        """Read a position."""
        row = self._wire.one(_GET, account=account, of_ticket=ticket)
        return None if row is None else self._held(account, row)

    def open(self, account: AccountId) -> tuple[HeldPosition, ...]:
        """List what is not CLOSED, by ticket."""
        return tuple(self._held(account, row) for row in self._wire.all(_OPEN, account=account))

    def _held(self, account: AccountId, row: Row) -> HeldPosition:
        intent, known, confirmed_at, tries, ticket, order, symbol, direction, lots, filled, entry, *levels = row
        stop, target, initial_stop, opened_at, charged_day, risk, conversion, swap, currency, state = levels
        instrument = self._instruments.get(symbol)
        if instrument is None:
            raise BrokenInvariant(f"no contract is known of {symbol}, which {account} holds")

        def ticks(price: Decimal | None) -> int | None:
            return None if price is None else to_ticks(instrument, price)

        position = Position(
            ticket,
            order,
            instrument,
            DIRECTIONS[direction],
            lots_of(lots),
            lots_of(filled),
            to_ticks(instrument, entry),
            ticks(stop),
            ticks(target),
            ticks(initial_stop),
            opened_at,
            charged_day,
            None if risk is None else Money(risk, currency),
            conversion,
            Money(swap, currency),
            _STATES[state],
        )
        intent_id = None if intent is None else IntentId(intent)
        return HeldPosition(account, position, intent_id, known_of(known), confirmed_at, tries)


class SqlDeals:
    """Deals, each booked once."""

    def __init__(self, wire: Wire, instruments: Mapping[str, Instrument]) -> None:
        self._wire = wire
        self._instruments = instruments

    def book(self, account: AccountId, deal: Deal) -> bool:
        """Book a deal; False when it is booked already, which changes nothing."""
        currency = deal.profit.currency
        booked = self._wire.write(
            _BOOK,
            account=account,
            ticket=deal.ticket,
            position=deal.position,
            client_order_id=deal.client_order_id,
            symbol=deal.symbol,
            direction=deal.direction.value,
            reason=deal.reason.value,
            lots=deal.lots.value,
            price=deal.price,
            at=deal.at,
            profit=deal.profit.amount,
            swap=amount_in(deal.swap, currency),
            commission=amount_in(deal.commission, currency),
            fee=amount_in(deal.fee, currency),
            spread_cost=amount_in(deal.spread_cost, currency),
            slippage_cost=amount_in(deal.slippage_cost, currency),
            currency=currency,
            ambiguous=deal.ambiguous,
        )
        if booked:
            return True
        row = self._wire.one(_BOOKED, account=account, of_ticket=deal.ticket)
        if row is None or self._deal(row) != deal:
            raise BrokenInvariant(f"deal {deal.ticket} of {account} is booked, and another one")
        return False

    def of_position(self, account: AccountId, ticket: int) -> tuple[Deal, ...]:
        """List a position's deals, oldest first."""
        return tuple(map(self._deal, self._wire.all(_OF_POSITION, account=account, of_position=ticket)))

    def total(self, account: AccountId) -> Money | None:
        """Add up profit, swap, commission and fees of all deals; None when there are none."""
        rows = self._wire.all(_TOTAL, account=account)
        if not rows:
            return None
        if len(rows) > 1:
            raise BrokenInvariant(f"account {account} has deals in several currencies")
        profit, swap, commission, fee, currency = rows[0]
        return Money(profit + swap + commission + fee, currency)

    def _deal(self, row: Row) -> Deal:
        ticket, position, order, symbol, direction, reason, lots, price, at, *amounts, currency, ambiguous = row
        return Deal._make(
            (
                ticket,
                position,
                order,
                symbol,
                DIRECTIONS[direction],
                REASONS[reason],
                lots_of(lots),
                on_tick(price, self._instruments.get(symbol)),
                at,
                *(Money(amount, currency) for amount in amounts),
                ambiguous,
            )
        )


class SqlLevelsChanges:
    """Changes of levels made while a position was open."""

    def __init__(self, wire: Wire, instruments: Mapping[str, Instrument]) -> None:
        self._wire = wire
        self._instruments = instruments

    def add_change(self, change: LevelsChange) -> None:
        """Keep a change of levels."""
        self._wire.write(
            _CHANGE,
            account=change.account,
            ticket=change.ticket,
            at=change.at,
            stop_before=change.stop_before,
            stop_after=change.stop_after,
            target_before=change.target_before,
            target_after=change.target_after,
            reason=change.reason,
        )

    def changes(self, account: AccountId, ticket: int) -> tuple[LevelsChange, ...]:
        """List a position's changes, oldest first."""
        found: list[LevelsChange] = []
        for at, *levels, reason, symbol in self._wire.all(_CHANGES, account=account, of_ticket=ticket):
            instrument = self._instruments.get(symbol)
            stops_and_targets = [None if level is None else on_tick(level, instrument) for level in levels]
            stop, new_stop, target, new_target = stops_and_targets
            found.append(LevelsChange(account, ticket, at, stop, new_stop, target, new_target, reason))
        return tuple(found)
