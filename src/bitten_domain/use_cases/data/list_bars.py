"""List what bars there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bitten_domain.market.data_quality import DataQuality
    from bitten_domain.ports.bar_history import BarHistory

__all__ = ["ListBars", "ListBarsCommand"]


@dataclass(frozen=True, slots=True)
class ListBarsCommand:
    """List the pairs named; none named lists all there are."""

    symbols: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListBars:
    """List bars of a source or of the store."""

    history: BarHistory

    async def __call__(self, command: ListBarsCommand) -> tuple[DataQuality, ...]:
        """Read each pair's account, by pair."""
        symbols = command.symbols or self.history.pairs()
        return tuple(self.history.load(symbol)[1] for symbol in symbols)
