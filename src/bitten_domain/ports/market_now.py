"""The market as it is now, for decisions about orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.desk.account.fires.facts_of_account import MarketFacts
    from bitten_domain.desk.signal import Signal

__all__ = ["MarketNow"]


class MarketNow(Protocol):
    """What is known of the market at a moment.

    Promises: it answers from memory and waits for nobody; what is not known is left out or None, never guessed, so
    that the checks refuse.
    """

    def facts(self, signal: Signal, at: int) -> MarketFacts:
        """Say what concerns a signal at a moment, seconds since 1970 UTC."""
        ...
