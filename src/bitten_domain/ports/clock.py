"""Clock: the only source of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Clock"]


class Clock(Protocol):
    """Tell the time.

    Promises: `now` is aware and in UTC; it may jump when the machine's clock is set. `monotonic_seconds` never goes
    back and has no meaning but in differences: deadlines and ages of this process are measured with it.
    """

    def now(self) -> datetime:
        """Read the wall clock, UTC."""
        ...

    def monotonic_seconds(self) -> float:
        """Read the steady clock, seconds since some fixed moment."""
        ...
