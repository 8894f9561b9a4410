"""Frames: one pair's bars in all timeframes, aligned so that nothing can be seen before it closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.errors import BrokenInvariant
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.resample import complete_bars

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.values import Instrument

__all__ = ["DERIVED", "SCANNED", "Frame", "Track", "frame_of"]

SCANNED: tuple[Timeframe, ...] = (Timeframe.M15, Timeframe.M30, Timeframe.H1)
"""Timeframes that are searched for set-ups."""

DERIVED: tuple[Timeframe, ...] = (Timeframe.M30, Timeframe.H1, Timeframe.H4, Timeframe.D1)
"""Timeframes derived from the M15 base."""


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One timeframe of a frame.

    Args:
        bars: its complete bars.
        known_at: shape (len(bars),), seconds since 1970 UTC at which each bar became known, not decreasing: its end,
            or later where the base bars that would have shown it were missing.
    """

    bars: Bars
    known_at: NDArray[np.int64]

    def last_known(self, moments: NDArray[np.int64]) -> NDArray[np.int64]:
        """Find the position of the newest bar known at each moment; -1 where there is none."""
        found: NDArray[np.int64] = np.searchsorted(self.known_at, moments, side="right").astype(np.int64) - 1
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One pair in all timeframes.

    Args:
        instrument: the pair's contract.
        tracks: M15, M30, H1, H4 and D1, in that order. They may reach back differently far: a live frame keeps of
            each only what the longest indicator needs.
    """

    instrument: Instrument
    tracks: tuple[Track, ...]

    def __post_init__(self) -> None:
        if tuple(track.bars.timeframe for track in self.tracks) != (Timeframe.M15, *DERIVED):
            raise BrokenInvariant("a frame holds M15, M30, H1, H4 and D1, in that order")

    @property
    def base(self) -> Bars:
        """The M15 bars."""
        return self.tracks[0].bars

    def track(self, timeframe: Timeframe) -> Track:
        """Pick one timeframe's track."""
        for track in self.tracks:
            if track.bars.timeframe is timeframe:
                return track
        raise BrokenInvariant(f"a frame holds no {timeframe.name}")


def frame_of(instrument: Instrument, base: Bars) -> Frame:
    """Build a frame from a pair's M15 bars.

    Args:
        instrument: the pair's contract; its symbol must be the bars'.
        base: M15 bid bars, any number of them.
    """
    if base.timeframe is not Timeframe.M15 or base.symbol != instrument.symbol:
        raise BrokenInvariant(
            f"a frame of {instrument.symbol} is built on its M15 bars, got {base.symbol} {base.timeframe.name}"
        )
    tracks = [Track(base, base.closed)]
    for timeframe in DERIVED:
        bars, known = complete_bars(base, timeframe)
        tracks.append(Track(bars, base.closed[known]))
    return Frame(instrument, tuple(tracks))
