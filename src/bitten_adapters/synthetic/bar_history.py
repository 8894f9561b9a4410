"""The bars of a synthetic market as recorded history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.market.data_quality import DataQuality, largest_move

if TYPE_CHECKING:
    from bitten_adapters.synthetic.market import SyntheticMarket
    from bitten_domain.market.bars import Bars

__all__ = ["SyntheticBarHistory"]


class SyntheticBarHistory:
    """Serve a synthetic market through the `BarHistory` port.

    Args:
        market: what is served.
    """

    __slots__ = ("_market",)

    def __init__(self, market: SyntheticMarket) -> None:
        self._market = market

    def pairs(self) -> tuple[str, ...]:
        """Name the pairs there are bars of."""
        return tuple(sorted(self._market.bars))

    def load(self, symbol: str, start: int | None = None, stop: int | None = None) -> tuple[Bars, DataQuality]:
        """Select the bars of a pair that open in ``[start, stop)``; None leaves a side open.

        Raises:
            InvalidInput: the market has no such pair.
        """
        whole = self._market.bars.get(symbol)
        if whole is None:
            there = ", ".join(self.pairs())
            raise InvalidInput(f"the {self._market.label} market has no {symbol}", remedy=f"it has {there}")
        quality = DataQuality(
            symbol=symbol,
            source=f"{self._market.label} seed {self._market.seed}",
            timeframe=whole.timeframe,
            rows=len(whole),
            kept=len(whole),
            layout=self._market.label,
            first=int(whole.opened[0]),
            last=int(whole.opened[-1]),
            largest_move=largest_move(whole),
            notes=(f"{self._market.label}: made of a seed, no market ever quoted this",),
        )
        bars = whole.between(
            self._market.start if start is None else start, self._market.stop if stop is None else stop
        )
        return bars, quality
