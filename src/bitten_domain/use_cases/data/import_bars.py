"""Import a pair's bars from a source into the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bitten_domain.market.data_quality import DataQuality
    from bitten_domain.ports.bar_history import BarHistory
    from bitten_domain.ports.bar_store import BarStore, ImportOutcome

__all__ = ["ImportBars", "ImportBarsCommand", "PairImport"]


@dataclass(frozen=True, slots=True)
class ImportBarsCommand:
    """Import one pair, the bars that open in ``[start, stop)``; None leaves a side open."""

    symbol: str
    start: int | None = None
    stop: int | None = None


@dataclass(frozen=True, slots=True)
class PairImport:
    """What the source held and what the store took."""

    quality: DataQuality
    outcome: ImportOutcome

    @property
    def is_clean(self) -> bool:
        """Say whether every row was a bar and none contradicted the store."""
        return self.quality.is_clean and self.outcome.conflicts == 0


@dataclass(frozen=True, slots=True)
class ImportBars:
    """Import bars of a source into the store; stored bars are never changed."""

    source: BarHistory
    store: BarStore

    async def __call__(self, command: ImportBarsCommand) -> PairImport:
        """Import one pair; what the source or the store raise passes through."""
        bars, quality = self.source.load(command.symbol, command.start, command.stop)
        return PairImport(quality, self.store.append(bars, quality))
