"""The clock of a replay: it shows the time of the recording."""

from __future__ import annotations

from datetime import UTC, datetime

from bitten_domain.errors import BrokenInvariant

__all__ = ["ReplayClock"]


class ReplayClock:
    """A clock that stands where the recording is.

    Args:
        at: where it begins, seconds since 1970 UTC.
    """

    def __init__(self, at: int = 0) -> None:
        self._at = at

    def move_to(self, at: int) -> None:
        """Move on.

        Raises:
            BrokenInvariant: a recording never goes back.
        """
        if at < self._at:
            raise BrokenInvariant(f"a replay was moved back from {self._at} to {at}")
        self._at = at

    def now(self) -> datetime:
        """Read the recording's time, UTC."""
        return datetime.fromtimestamp(self._at, UTC)

    def monotonic_seconds(self) -> float:
        """Read the same as seconds."""
        return float(self._at)
