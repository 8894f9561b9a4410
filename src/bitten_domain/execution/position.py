"""Positions: what is open, with its levels ready for the bar loop."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bitten_domain.execution.fill_model import NO_LEVEL_ABOVE, NO_LEVEL_BELOW
from bitten_domain.execution.lifecycle import PositionState
from bitten_domain.execution.ticks import to_price

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.values.direction import Direction
    from bitten_domain.values.instrument import Instrument
    from bitten_domain.values.lots import Lots
    from bitten_domain.values.money import Money

__all__ = ["Position", "worth_of_tick"]


def worth_of_tick(instrument: Instrument, lots: Lots) -> Decimal:
    """Find what one tick moves a volume by, in the quote currency, unrounded."""
    return lots.value * instrument.contract_size * instrument.tick


@dataclass(frozen=True, slots=True)
class Position:
    """An open position.

    Args:
        ticket: the broker's number.
        client_order_id: of the order that opened it.
        instrument: the pair's contract.
        direction: which way.
        lots: volume still open, > 0.
        filled_lots: volume that was opened.
        entry_ticks: fill price.
        stop_ticks, target_ticks: levels at the broker, on the exit side; None for none.
        initial_stop_ticks: the stop it was opened with, from which R is measured; None for none.
        opened_at: seconds since 1970 UTC.
        charged_day: trading day (days since 1970-01-01) up to which swaps are accrued.
        initial_risk: money lost at the initial stop on the filled lots, stop slippage and commission in it, > 0; None
            without a stop.
        conversion: account currency for one unit of the quote currency when it was opened, > 0; used to close when no
            later rate is known, because closing is never refused.
        swap: accrued and not yet booked, unrounded, account currency.
        state: OPEN, CLOSING or ADOPTED.

    `lower` and `upper` are the levels as the bar loop wants them: while the exit side of a bar stays strictly between
    the two, nothing happens. `tick_worth` is what one tick moves the open volume by, in the quote currency.
    """

    ticket: int
    client_order_id: int
    instrument: Instrument
    direction: Direction
    lots: Lots
    filled_lots: Lots
    entry_ticks: int
    stop_ticks: int | None
    target_ticks: int | None
    initial_stop_ticks: int | None
    opened_at: int
    charged_day: int
    initial_risk: Money | None
    conversion: Decimal
    swap: Money
    state: PositionState = PositionState.OPEN
    symbol: str = field(init=False)
    quote_currency: str = field(init=False)
    tick_worth: Decimal = field(init=False, repr=False)
    sign: int = field(init=False)
    lower: int = field(init=False, repr=False)
    upper: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        sign = self.direction.sign
        below, above = (self.stop_ticks, self.target_ticks) if sign > 0 else (self.target_ticks, self.stop_ticks)
        object.__setattr__(self, "symbol", self.instrument.symbol)
        object.__setattr__(self, "quote_currency", self.instrument.quote)
        object.__setattr__(self, "tick_worth", worth_of_tick(self.instrument, self.lots))
        object.__setattr__(self, "sign", sign)
        object.__setattr__(self, "lower", NO_LEVEL_BELOW if below is None else below)
        object.__setattr__(self, "upper", NO_LEVEL_ABOVE if above is None else above)

    @property
    def entry(self) -> Decimal:
        """Fill price."""
        return to_price(self.instrument, self.entry_ticks)

    @property
    def stop(self) -> Decimal | None:
        """Stop at the broker."""
        return None if self.stop_ticks is None else to_price(self.instrument, self.stop_ticks)

    @property
    def target(self) -> Decimal | None:
        """Target at the broker."""
        return None if self.target_ticks is None else to_price(self.instrument, self.target_ticks)

    @property
    def initial_stop(self) -> Decimal | None:
        """Stop it was opened with."""
        return None if self.initial_stop_ticks is None else to_price(self.instrument, self.initial_stop_ticks)
