"""The signal desk: what the emission of signals remembers, the same for every account."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bitten_domain.desk.closed_ideas import ClosedIdeas
    from bitten_domain.desk.signal_book import SignalBook
    from bitten_domain.tcs.threshold import ThresholdState

__all__ = ["SignalDesk"]


class SignalDesk(NamedTuple):
    """The part of a desk's state that belongs to no account.

    Args:
        threshold: the self-optimising threshold.
        book: what was emitted.
        ideas: what emitted signals came to.
        scanned_to: close of the last moment that was stored, seconds since 1970 UTC; 0 before the first, and in runs
            that store nothing.
    """

    threshold: ThresholdState
    book: SignalBook
    ideas: ClosedIdeas
    scanned_to: int = 0
