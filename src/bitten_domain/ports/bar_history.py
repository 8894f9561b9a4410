"""Where recorded bars come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.market.bars import Bars
    from bitten_domain.market.data_quality import DataQuality

__all__ = ["BarHistory"]


class BarHistory(Protocol):
    """Recorded bars by pair.

    Promises:
        1. `pairs` is sorted, without repeats, and `load` answers for each of them.
        2. Bars are clean (see `Bars`) and lie in ``[start, stop)``; the same call gives the same bars.
        3. The quality describes the whole source, not the selection; no row is left out uncounted.
        4. A pair that is not there, or a source that cannot be read, is InvalidInput that says what there is.

    It reads local storage and blocks while it does; a caller that serves others calls it in a worker thread.
    """

    def pairs(self) -> tuple[str, ...]:
        """Name the pairs there are bars of."""
        ...

    def load(self, symbol: str, start: int | None = None, stop: int | None = None) -> tuple[Bars, DataQuality]:
        """Read the bars of a pair that open in ``[start, stop)``, seconds since 1970 UTC; None leaves a side open."""
        ...
