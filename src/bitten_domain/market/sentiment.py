"""Sentiment: what the crowd holds and what the news surprised with, when somebody supplies them.

Source: rules, order flow and sentiment. Without a feed there is no sentiment: it is None, never zero and never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

from bitten_domain.errors import InvalidInput

__all__ = ["SentimentReading", "sentiment_of", "surprise"]

_WIDEST_SURPRISE = 3.0


@dataclass(frozen=True, slots=True)
class SentimentReading:
    """What feeds say of one pair.

    Args:
        long_share: share of retail positions that are long, 0 to 1; None without such a feed.
        base_surprise, quote_surprise: the latest release's surprise of either currency, in standard deviations
            (`surprise`), > 0 good for the currency; None without one.

    Raises:
        InvalidInput: the share lies outside 0 to 1.
    """

    long_share: float | None = None
    base_surprise: float | None = None
    quote_surprise: float | None = None

    def __post_init__(self) -> None:
        if self.long_share is not None and not 0.0 <= self.long_share <= 1.0:
            raise InvalidInput(f"the share of longs is {self.long_share}", where="long_share", remedy="give 0 to 1")


def surprise(actual: float, forecast: float, deviation: float) -> float | None:
    """Measure a release against its forecast.

    Args:
        actual, forecast: in the release's own unit.
        deviation: standard deviation of its past surprises, same unit.

    Returns:
        Standard deviations; None when past surprises did not vary.
    """
    return (actual - forecast) / deviation if deviation > 0 else None


def sentiment_of(reading: SentimentReading) -> float | None:
    """Put the feeds together, equally weighted.

    Returns:
        s in [-1, 1], > 0 favours a BUY: against the crowd, with the surprise; None when no feed says anything.
    """
    voices: list[float] = []
    if reading.long_share is not None:
        voices.append(1.0 - 2.0 * reading.long_share)
    if reading.base_surprise is not None or reading.quote_surprise is not None:
        lead = (reading.base_surprise or 0.0) - (reading.quote_surprise or 0.0)
        voices.append(min(max(lead / _WIDEST_SURPRISE, -1.0), 1.0))
    return sum(voices) / len(voices) if voices else None
