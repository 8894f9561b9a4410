"""The machine's clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime

__all__ = ["SystemClock"]


class SystemClock:
    """Clock of this machine."""

    def now(self) -> datetime:
        """Read the wall clock, UTC."""
        return datetime.now(tz=UTC)

    def monotonic_seconds(self) -> float:
        """Read the steady clock, seconds since some fixed moment."""
        return time.monotonic()
