"""Where imported bars are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bitten_domain.ports.bar_history import BarHistory

if TYPE_CHECKING:
    from bitten_domain.market.bars import Bars
    from bitten_domain.market.data_quality import DataQuality

__all__ = ["BarStore", "ImportOutcome", "Provenance"]


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import changed: ``added + present + conflicts`` bars were offered.

    Args:
        added: bars the store did not have.
        present: bars it had already, the same in every column.
        conflicts: bars it has otherwise; the stored ones stay.
        conflict_samples: opening times of the first of them, seconds since 1970 UTC.
    """

    added: int
    present: int
    conflicts: int
    conflict_samples: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where stored bars came from, one for each import that added any.

    Args:
        source: name of the file.
        sha256: its digest, hex.
        layout: how it was written.
        zone: rule of its clock.
        added: bars it added.
        conflicts: bars it had otherwise than the store.
        first, last: opening time of the first and last bar it offered, seconds since 1970 UTC.
    """

    source: str
    sha256: str
    layout: str
    zone: str
    added: int
    conflicts: int
    first: int
    last: int


class BarStore(BarHistory, Protocol):
    """Bars that were imported, kept as long as nobody deletes them.

    Promises, beyond those of `BarHistory`:
        1. Appending is incremental and idempotent: the same bars twice add nothing the second time.
        2. A stored bar is never overwritten; a bar that differs is counted as a conflict.
        3. An import that is cut off at any moment leaves a store that can be read and the import repeated.
        4. What was loaded equals what was appended, bit for bit.
    """

    def append(self, bars: Bars, quality: DataQuality) -> ImportOutcome:
        """Add the bars that are not there yet; ``quality`` says where they came from."""
        ...

    def provenance(self, symbol: str) -> tuple[Provenance, ...]:
        """List the imports that made the pair's bars, oldest first."""
        ...
