"""Check a pair's bars without storing them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bitten_domain.market.data_quality import DataQuality
    from bitten_domain.ports.bar_history import BarHistory

__all__ = ["BarCheck", "CheckBars", "CheckBarsCommand"]


@dataclass(frozen=True, slots=True)
class CheckBarsCommand:
    """Check one pair."""

    symbol: str


@dataclass(frozen=True, slots=True)
class BarCheck:
    """A pair's quality and what is wrong with it, each in a sentence; holes are told but are no fault of the rows."""

    quality: DataQuality
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckBars:
    """Check bars of a source."""

    history: BarHistory

    async def __call__(self, command: CheckBarsCommand) -> BarCheck:
        """Read one pair and list its problems; a source that cannot be read at all raises."""
        _, quality = self.history.load(command.symbol)
        problems = [
            f"{each.count} rows left out as {each.fault.value}, such as {each.samples[0]}"
            for each in quality.quarantined
        ]
        if quality.duplicates:
            problems.append(f"{quality.duplicates} rows stood there twice")
        if quality.out_of_order:
            problems.append(f"{quality.out_of_order} rows were out of order")
        return BarCheck(quality, tuple(problems))
