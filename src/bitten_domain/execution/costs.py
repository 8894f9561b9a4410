"""Costs: the one table every fill is charged by, in backtest, paper trading and counterfactuals.

Defaults are the documented ones; what a position is sized with has its defaults in the risk policy and, in a run, is
derived from the table. A report shows the same run at factors 1, 1.5 and 2, and any single cost can be taken out to see
what it takes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.execution.charges.swaps import SwapTable
from bitten_domain.execution.ticks import ticks_of_pips
from bitten_domain.risk.policy import CostPolicy
from bitten_domain.values.identity_enum import IdentityEnum
from bitten_domain.values.lots import Lots
from bitten_domain.values.money import Money, booked

if TYPE_CHECKING:
    from bitten_domain.values.instrument import Instrument

__all__ = ["ALL_COSTS", "REPORT_FACTORS", "Cost", "CostModel", "FillKind"]


class Cost(IdentityEnum):
    """What trading costs; each can be switched off by itself."""

    SPREAD = "SPREAD"
    SLIPPAGE = "SLIPPAGE"
    COMMISSION = "COMMISSION"
    SWAP = "SWAP"


class FillKind(IdentityEnum):
    """How a fill comes about, which decides its slippage: a LIMIT fill (a target) has none."""

    MARKET = "MARKET"
    STOP = "STOP"
    LIMIT = "LIMIT"


ALL_COSTS: frozenset[Cost] = frozenset(Cost)
"""Every cost, the default."""

REPORT_FACTORS: tuple[Decimal, ...] = (Decimal(1), Decimal("1.5"), Decimal(2))
"""The factors every report shows its cost line at."""

_SIZED = CostPolicy()
_MOST_PIPS = Decimal(50)
_MOST_MULTIPLE = Decimal(100)
_ONE_LOT = Lots(Decimal(1))


@dataclass(frozen=True, slots=True)
class CostModel:
    """The cost table.

    Args:
        factor: scales every charge, 0 to 10; a swap that is received is not scaled.
        charged: which costs apply; one that is not in here is nought.
        market_slippage_pips: added to market fills, 0 to 50.
        stop_slippage_pips: added to stop fills, 0 to 50.
        high_slippage_multiple: widens both in the window around a HIGH release, 1 to 100.
        commission_per_lot: for a round trip of one lot, >= 0.
        swaps: what a night costs.
        sydney_multiple, sunday_multiple, roll_multiple, high_event_multiple: widen the normal spread, 1 to 100.

    Raises:
        InvalidInput: a figure is outside its bounds.
    """

    factor: Decimal = Decimal(1)
    charged: frozenset[Cost] = ALL_COSTS
    market_slippage_pips: Decimal = _SIZED.entry_slippage_pips
    stop_slippage_pips: Decimal = _SIZED.stop_slippage_pips
    high_slippage_multiple: Decimal = _SIZED.high_window_factor
    commission_per_lot: Money = Money(_SIZED.commission_per_lot, _SIZED.commission_currency)
    swaps: SwapTable = field(default_factory=SwapTable)
    sydney_multiple: Decimal = Decimal(2)
    sunday_multiple: Decimal = Decimal(3)
    roll_multiple: Decimal = Decimal(5)
    high_event_multiple: Decimal = Decimal(5)
    # Every fire and every open position asks for one of a handful of answers.
    _slippages: dict[tuple[int, FillKind, bool], int] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        _within("factor", self.factor, Decimal(0), Decimal(10))
        _within("market_slippage_pips", self.market_slippage_pips, Decimal(0), _MOST_PIPS)
        _within("stop_slippage_pips", self.stop_slippage_pips, Decimal(0), _MOST_PIPS)
        _within("commission_per_lot", self.commission_per_lot.amount, Decimal(0), Decimal(1000))
        _within("high_slippage_multiple", self.high_slippage_multiple, Decimal(1), _MOST_MULTIPLE)
        _within("sydney_multiple", self.sydney_multiple, Decimal(1), _MOST_MULTIPLE)
        _within("sunday_multiple", self.sunday_multiple, Decimal(1), _MOST_MULTIPLE)
        _within("roll_multiple", self.roll_multiple, Decimal(1), _MOST_MULTIPLE)
        _within("high_event_multiple", self.high_event_multiple, Decimal(1), _MOST_MULTIPLE)

    def scaled(self, factor: Decimal) -> CostModel:
        """Give the same table at another factor (it replaces the present one)."""
        return replace(self, factor=factor)

    def without(self, *costs: Cost) -> CostModel:
        """Give the same table with some costs at nought."""
        return replace(self, charged=self.charged - set(costs))

    @property
    def sizing(self) -> CostPolicy:
        """The part of the table a position is sized with, so that a stop costs what the risk says.

        Raises:
            InvalidInput: a figure times the factor is more than a position may be sized with.
        """
        slips = self.factor if Cost.SLIPPAGE in self.charged else Decimal(0)
        commission = self.commission(_ONE_LOT)
        return CostPolicy(
            entry_slippage_pips=self.market_slippage_pips * slips,
            stop_slippage_pips=self.stop_slippage_pips * slips,
            high_window_factor=self.high_slippage_multiple,
            commission_per_lot=commission.amount,
            commission_currency=commission.currency,
        )

    def slippage_ticks(self, instrument: Instrument, kind: FillKind, *, in_high_window: bool = False) -> int:
        """Find how far from the quote a fill lands, in ticks against the trader, rounded up.

        Args:
            instrument: the pair.
            kind: MARKET, STOP or LIMIT.
            in_high_window: whether a HIGH release of either currency is near.
        """
        asked = instrument.pip_ticks, kind, in_high_window
        known = self._slippages.get(asked)
        if known is None:
            known = self._slippages[asked] = self._slippage(instrument, kind, in_high_window=in_high_window)
        return known

    def _slippage(self, instrument: Instrument, kind: FillKind, *, in_high_window: bool) -> int:
        if kind is FillKind.LIMIT or Cost.SLIPPAGE not in self.charged:
            return 0
        pips = self.market_slippage_pips if kind is FillKind.MARKET else self.stop_slippage_pips
        if in_high_window:
            pips *= self.high_slippage_multiple
        return ticks_of_pips(instrument, pips * self.factor)

    def commission(self, lots: Lots) -> Money:
        """Find the round trip's commission, >= 0, unrounded, in the table's currency."""
        if Cost.COMMISSION not in self.charged:
            return booked(Decimal(0), self.commission_per_lot.currency)
        return self.commission_per_lot * (lots.value * self.factor)

    def swap_pips(self, symbol: str, sign: int, first_day: int, day: int) -> Decimal:
        """Sum what the rolls between two trading days bring, in pips: negative is paid, positive received.

        Args:
            symbol: the pair.
            sign: +1 for a long, -1 for a short.
            first_day: number of the trading day the position was last charged for.
            day: number of the present trading day, >= `first_day`.
        """
        if Cost.SWAP not in self.charged:
            return Decimal(0)
        pips = self.swaps.pips_between(symbol, sign, first_day, day)
        return pips * self.factor if pips < 0 else pips


def _within(name: str, value: Decimal, least: Decimal, most: Decimal) -> None:
    if not value.is_finite() or not least <= value <= most:
        raise InvalidInput(f"{name} must be between {least} and {most}, got {value}", where=name)
