"""A frame that grows bar by bar and keeps only what the longest indicator needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.errors import BrokenInvariant, InvalidInput
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.frame import DERIVED, Frame, Track, frame_of
from bitten_domain.market.resample import complete_bars, period_start

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bitten_domain.values import Instrument

__all__ = ["LiveFrame"]

_COLUMNS = 6


def _table(bars: Bars) -> NDArray[np.float64]:
    spread = np.full(len(bars), np.nan) if bars.spread_pips is None else bars.spread_pips
    return np.stack((bars.open, bars.high, bars.low, bars.close, bars.volume, spread))


class _Tail:
    """The newest rows of a table that only grows at its end, in one array that slides back when it is full."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._times = np.zeros((2, 2 * keep), dtype=np.int64)
        self._values = np.zeros((_COLUMNS, 2 * keep))
        self._stop = 0
        self._track: Track | None = None

    def add(self, times: tuple[int, int], values: NDArray[np.float64]) -> None:
        if self._stop == self._times.shape[1]:
            kept = slice(self._stop - self._keep, self._stop)
            self._times[:, : self._keep] = self._times[:, kept].copy()
            self._values[:, : self._keep] = self._values[:, kept].copy()
            self._stop = self._keep
        self._track = None
        self._times[:, self._stop] = times
        self._values[:, self._stop] = values
        self._stop += 1

    def fill(self, track: Track) -> None:
        rows = slice(max(0, len(track.bars) - self._keep), len(track.bars))
        self._stop = rows.stop - rows.start
        self._times[0, : self._stop] = track.bars.opened[rows]
        self._times[1, : self._stop] = track.known_at[rows]
        self._values[:, : self._stop] = _table(track.bars)[:, rows]

    def track(self, symbol: str, timeframe: Timeframe) -> Track:
        if self._track is not None:
            return self._track
        rows = slice(max(0, self._stop - self._keep), self._stop)
        o, h, low, c, v, s = self._values[:, rows].copy()
        opened, known = self._times[:, rows].copy()
        spread = None if bool(np.all(np.isnan(s))) else s
        self._track = Track(Bars(symbol, timeframe, opened, o, h, low, c, v, spread), known)
        return self._track


class LiveFrame:
    """A pair's rolling window in all timeframes.

    Args:
        instrument: the pair's contract.
        keep: bars to keep of each timeframe, >= 1; M15 keeps at least a day's.
    """

    def __init__(self, instrument: Instrument, keep: Mapping[Timeframe, int]) -> None:
        self._instrument = instrument
        self._tails = {timeframe: _Tail(keep[timeframe]) for timeframe in (Timeframe.M15, *DERIVED)}
        self._pending: dict[Timeframe, list[tuple[int, NDArray[np.float64]]]] = {t: [] for t in DERIVED}
        self._pending_start = dict.fromkeys(DERIVED, 0)
        self._last_opened: int | None = None

    @classmethod
    def of(cls, instrument: Instrument, keep: Mapping[Timeframe, int], history: Bars) -> LiveFrame:
        """Start with recorded bars, as if they had been appended one by one.

        Args:
            instrument, keep: as for the class.
            history: M15 bars of the pair, any number of them.
        """
        live = cls(instrument, keep)
        if len(history) == 0:
            return live
        whole = frame_of(instrument, history)
        for track in whole.tracks:
            live._tails[track.bars.timeframe].fill(track)
        live._last_opened = int(history.opened[-1])
        for timeframe in DERIVED:
            start = int(period_start(history.opened[-1:], timeframe)[0])
            live._pending_start[timeframe] = start
            if int(history.closed[-1]) < start + timeframe.seconds:
                first = int(np.searchsorted(history.opened, start))
                rows = history.rows(slice(first, len(history)))
                live._pending[timeframe] = list(zip(rows.opened.tolist(), _table(rows).T, strict=True))
        return live

    def append(self, bar: Bars) -> None:
        """Take the next closed M15 bar.

        Raises:
            InvalidInput: the bar is not newer than the last one.
        """
        if len(bar) != 1 or bar.timeframe is not Timeframe.M15 or bar.symbol != self._instrument.symbol:
            raise BrokenInvariant(f"{self._instrument.symbol} takes one M15 bar of its own at a time")
        opened = int(bar.opened[0])
        if self._last_opened is not None and opened <= self._last_opened:
            raise InvalidInput(f"bar at {opened} is not newer than the last at {self._last_opened}", where=bar.symbol)
        self._last_opened = opened
        closed = opened + Timeframe.M15.seconds
        row = _table(bar)[:, 0]
        self._tails[Timeframe.M15].add((opened, closed), row)
        for timeframe in DERIVED:
            start = self._pending_start[timeframe]
            if not start <= opened < start + timeframe.seconds:
                if self._pending[timeframe]:
                    self._finish(timeframe, closed)
                start = self._pending_start[timeframe] = int(period_start(bar.opened, timeframe)[0])
            self._pending[timeframe].append((opened, row))
            if closed >= start + timeframe.seconds:
                self._finish(timeframe, closed)

    def _finish(self, timeframe: Timeframe, known_at: int) -> None:
        rows = self._pending[timeframe]
        self._pending[timeframe] = []
        opened = np.array([at for at, _ in rows], dtype=np.int64)
        o, h, low, c, v, s = np.array([row for _, row in rows]).T.copy()
        # A closing row past the end makes the period complete for the shared derivation; it adds nothing to it.
        end = self._pending_start[timeframe] + timeframe.seconds
        sentinel = np.array([end], dtype=np.int64)
        nothing = np.zeros(1)
        base = Bars(
            self._instrument.symbol,
            Timeframe.M15,
            np.concatenate((opened, sentinel)),
            np.concatenate((o, nothing)),
            np.concatenate((h, nothing)),
            np.concatenate((low, nothing)),
            np.concatenate((c, nothing)),
            np.concatenate((v, nothing)),
            np.concatenate((s, np.array([np.nan]))),
        )
        whole, _ = complete_bars(base, timeframe)
        assert whole.spread_pips is not None  # noqa: S101 - given just above
        values = np.array(
            [whole.open[0], whole.high[0], whole.low[0], whole.close[0], whole.volume[0], whole.spread_pips[0]]
        )
        self._tails[timeframe].add((int(whole.opened[0]), known_at), values)

    def frame(self) -> Frame:
        """Take a frame of what is known now; later bars do not change it."""
        symbol = self._instrument.symbol
        return Frame(self._instrument, tuple(tail.track(symbol, timeframe) for timeframe, tail in self._tails.items()))
