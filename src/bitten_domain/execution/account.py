"""The simulated account: a hedging account at a broker, as a value.

The functions of `broker_side` take an account and give the next one with the deals that lead to it, so that at any time
``balance = start + sum of the deals``, to the cent. A request the broker would not take is answered by a `Declined`
value and leaves the account as it was. Several positions of one pair live side by side, each with its ticket.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import BrokenInvariant
from bitten_domain.execution.costs import CostModel
from bitten_domain.values.instrument import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.execution.deal import Deal
    from bitten_domain.execution.position import Position
    from bitten_domain.values.instrument import Instrument
    from bitten_domain.values.money import Money

__all__ = ["Booking", "BrokerTerms", "DeclineCode", "Declined", "SimulatedAccount", "open_account"]


class DeclineCode(Enum):
    """Why a broker does not take a request."""

    UNKNOWN_SYMBOL = "UNKNOWN_SYMBOL"
    MARKET_CLOSED = "MARKET_CLOSED"
    NO_QUOTE = "NO_QUOTE"
    PAST_DEADLINE = "PAST_DEADLINE"
    INVALID_VOLUME = "INVALID_VOLUME"
    INVALID_LEVELS = "INVALID_LEVELS"
    NOT_ENOUGH_MONEY = "NOT_ENOUGH_MONEY"
    NO_CONVERSION_RATE = "NO_CONVERSION_RATE"
    UNKNOWN_TICKET = "UNKNOWN_TICKET"


@dataclass(frozen=True, slots=True)
class Declined:
    """A broker's refusal.

    Args:
        code: which rule.
        detail: the limit and the actual value, in a sentence.
    """

    code: DeclineCode
    detail: str


@dataclass(frozen=True, slots=True)
class BrokerTerms:
    """What the simulated broker trades by.

    Args:
        instruments: contracts by symbol.
        costs: the cost table.
        leverage: units held per unit of margin, > 0.
    """

    instruments: Mapping[str, Instrument] = field(default_factory=lambda: INSTRUMENTS)
    costs: CostModel = CostModel()
    leverage: Decimal = Decimal(30)

    def __post_init__(self) -> None:
        if self.leverage <= 0:
            raise BrokenInvariant(f"leverage must be positive, got {self.leverage}")


class SimulatedAccount(NamedTuple):
    """The account's state.

    Args:
        start: opening balance.
        balance: start plus all deals.
        positions: what is open, by rising ticket.
        day: trading day of the last advance, days since 1970-01-01.
        last_ticket: last number given to a position.
        last_deal: last number given to a deal.
    """

    start: Money
    balance: Money
    positions: tuple[Position, ...] = ()
    day: int = 0
    last_ticket: int = 0
    last_deal: int = 0

    @property
    def currency(self) -> str:
        """Account currency."""
        return self.start.currency

    def position(self, ticket: int) -> Position | None:
        """Find an open position; None when there is none of that ticket."""
        return next((position for position in self.positions if position.ticket == ticket), None)


class Booking(NamedTuple):
    """What became of a request.

    Args:
        account: the next state; the same object when nothing changed.
        deals: what was booked.
        ticket: the position it was about; None when it was declined before there was one.
        declined: the refusal; None when the request was carried out.
    """

    account: SimulatedAccount
    deals: tuple[Deal, ...] = ()
    ticket: int | None = None
    declined: Declined | None = None


def open_account(start: Money) -> SimulatedAccount:
    """Open an account with a deposit, rounded to cents.

    Raises:
        BrokenInvariant: the deposit is not positive.
    """
    if start.amount <= 0:
        raise BrokenInvariant(f"an account opens with a positive deposit, got {start}")
    return SimulatedAccount(start=start.rounded(), balance=start.rounded())
