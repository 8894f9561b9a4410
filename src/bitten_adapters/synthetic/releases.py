"""The economic releases of the synthetic market: a made-up calendar, whose surprises move the made-up prices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bitten_adapters.synthetic.draws import normals
from bitten_domain.market.clocks.zones import LONDON, NEW_YORK, SYDNEY, TOKYO
from bitten_domain.market.news import graded
from bitten_domain.vocabulary import Impact

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SERIES", "Release", "ReleaseSeries", "releases_between"]

_STREAM_SURPRISE = 100
_STREAM_FORECAST = 101
_EVERY_WEEK = 0
_EVERY_MONTH = frozenset(range(1, 13))
_QUARTERS = frozenset({1, 4, 7, 10})
_EIGHT_A_YEAR = frozenset({1, 3, 4, 6, 7, 9, 10, 12})
_AUCKLAND = "Pacific/Auckland"
_MON, _TUE, _WED, _THU, _FRI = range(5)


@dataclass(frozen=True, slots=True)
class ReleaseSeries:
    """A series that is published again and again.

    Args:
        currency, title, impact: as a calendar prints them.
        zone, at: the publisher's wall clock and the time on it, on a quarter of an hour.
        weekday, nth: day of the month it falls on, such as the first Friday; ``nth`` 0 is every week.
        jump: percent the currency moves by one standard deviation of surprise, >= 0; negative when more is worse.
        usual, sigma, step: usual figure, standard deviation of its surprise, and what figures are rounded to.
        unit: what follows the printed figure.
        months: the months it is published in.
    """

    currency: str
    title: str
    impact: Impact
    zone: str
    at: time
    weekday: int
    nth: int
    jump: float
    usual: float
    sigma: float
    step: float
    unit: str = "%"
    months: frozenset[int] = _EVERY_MONTH

    @property
    def effective_impact(self) -> Impact:
        """The grade the rules go by: some titles raise MEDIUM to HIGH."""
        return graded(self.impact, self.title)

    def falls_on(self, day: date) -> bool:
        """Say whether it is published on that day of the publisher's calendar."""
        if day.weekday() != self.weekday or day.month not in self.months:
            return False
        return self.nth in {_EVERY_WEEK, (day.day - 1) // 7 + 1}

    def printed(self, figure: float) -> str:
        """Print a figure as a calendar does."""
        decimals = len(f"{self.step:.2f}".rstrip("0").partition(".")[2])
        return f"{round(figure / self.step) * self.step:.{decimals}f}{self.unit}"


@dataclass(frozen=True, slots=True)
class Release:
    """One publication.

    Args:
        at: seconds since 1970 UTC.
        series: the series.
        forecast, previous, actual: as printed.
        surprise: (actual - forecast) in standard deviations before rounding, positive when good for the currency.
    """

    at: int
    series: ReleaseSeries
    forecast: str
    previous: str
    actual: str
    surprise: float


_H, _M, _L = Impact.HIGH, Impact.MEDIUM, Impact.LOW
_NOON = time(12)

SERIES: tuple[ReleaseSeries, ...] = (
    ReleaseSeries("USD", "Non-Farm Employment Change", _H, NEW_YORK, time(8, 30), _FRI, 1, 0.35, 150, 60, 1, "K"),
    ReleaseSeries("USD", "CPI m/m", _H, NEW_YORK, time(8, 30), _WED, 2, 0.25, 0.3, 0.1, 0.1),
    ReleaseSeries(
        "USD", "Federal Funds Rate", _H, NEW_YORK, time(14), _WED, 3, 0.30, 4.25, 0.12, 0.25, months=_EIGHT_A_YEAR
    ),
    ReleaseSeries("USD", "Retail Sales m/m", _H, NEW_YORK, time(8, 30), _FRI, 3, 0.15, 0.2, 0.4, 0.1),
    ReleaseSeries("USD", "ISM Manufacturing PMI", _H, NEW_YORK, time(10), _TUE, 1, 0.15, 49.5, 1.0, 0.1, ""),
    ReleaseSeries("USD", "GDP q/q", _H, NEW_YORK, time(8, 30), _THU, 4, 0.15, 2.0, 0.5, 0.1),
    ReleaseSeries("USD", "Unemployment Claims", _M, NEW_YORK, time(8, 30), _THU, _EVERY_WEEK, -0.04, 225, 10, 1, "K"),
    ReleaseSeries(
        "USD", "Crude Oil Inventories", _L, NEW_YORK, time(10, 30), _WED, _EVERY_WEEK, 0.0, 0.5, 2.5, 0.1, "M"
    ),
    ReleaseSeries(
        "EUR", "Main Refinancing Rate", _H, LONDON, time(13, 15), _THU, 1, 0.25, 2.5, 0.12, 0.25, months=_EIGHT_A_YEAR
    ),
    ReleaseSeries("EUR", "CPI Flash Estimate y/y", _H, LONDON, time(10), _WED, 1, 0.15, 2.2, 0.15, 0.1),
    ReleaseSeries("EUR", "Flash Manufacturing PMI", _M, LONDON, time(9), _FRI, 3, 0.08, 48.0, 0.8, 0.1, ""),
    ReleaseSeries("EUR", "Consumer Confidence", _L, LONDON, time(15), _MON, 3, 0.0, -14, 1, 1, ""),
    ReleaseSeries("GBP", "Official Bank Rate", _H, LONDON, _NOON, _THU, 2, 0.28, 4.5, 0.12, 0.25, months=_EIGHT_A_YEAR),
    ReleaseSeries("GBP", "CPI y/y", _H, LONDON, time(7), _WED, 3, 0.20, 2.8, 0.15, 0.1),
    ReleaseSeries("GBP", "GDP m/m", _H, LONDON, time(7), _FRI, 2, 0.12, 0.1, 0.2, 0.1),
    ReleaseSeries("GBP", "Retail Sales m/m", _M, LONDON, time(7), _FRI, 3, 0.08, 0.2, 0.6, 0.1),
    ReleaseSeries("JPY", "BOJ Policy Rate", _H, TOKYO, _NOON, _FRI, 3, 0.30, 0.5, 0.1, 0.25, months=_EIGHT_A_YEAR),
    ReleaseSeries("JPY", "Tokyo Core CPI y/y", _M, TOKYO, time(8, 30), _FRI, 4, 0.08, 2.4, 0.2, 0.1),
    ReleaseSeries("CHF", "SNB Policy Rate", _H, LONDON, time(8, 30), _THU, 3, 0.30, 0.5, 0.12, 0.25, months=_QUARTERS),
    ReleaseSeries("CHF", "CPI m/m", _H, LONDON, time(7, 30), _TUE, 1, 0.12, 0.1, 0.15, 0.1),
    ReleaseSeries(
        "CAD", "Overnight Rate", _H, NEW_YORK, time(9, 45), _WED, 2, 0.25, 2.75, 0.12, 0.25, months=_EIGHT_A_YEAR
    ),
    ReleaseSeries("CAD", "Employment Change", _H, NEW_YORK, time(8, 30), _FRI, 2, 0.22, 10, 25, 0.1, "K"),
    ReleaseSeries("CAD", "CPI m/m", _H, NEW_YORK, time(8, 30), _TUE, 3, 0.18, 0.2, 0.2, 0.1),
    ReleaseSeries("AUD", "Cash Rate", _H, SYDNEY, time(14, 30), _TUE, 1, 0.28, 4.1, 0.12, 0.25, months=_EIGHT_A_YEAR),
    ReleaseSeries("AUD", "Employment Change", _H, SYDNEY, time(11, 30), _THU, 3, 0.18, 20, 25, 0.1, "K"),
    ReleaseSeries(
        "NZD", "Official Cash Rate", _H, _AUCKLAND, time(14), _WED, 2, 0.28, 3.75, 0.12, 0.25, months=_EIGHT_A_YEAR
    ),
    ReleaseSeries("NZD", "CPI q/q", _H, _AUCKLAND, time(10, 45), _WED, 3, 0.22, 0.6, 0.2, 0.1, months=_QUARTERS),
)
"""Everything the synthetic calendar publishes. Titles are the usual ones, so that classification is exercised."""


def releases_between(seed: int, first: date, start: int, stop: int) -> tuple[Release, ...]:
    """Publish the calendar of a period, oldest first.

    Args:
        seed: of the market, >= 0.
        first: day the draws are counted from; a later ``stop`` leaves what came before as it was.
        start, stop: the releases of ``[start, stop)`` are returned, seconds since 1970 UTC.
    """
    return tuple(
        sorted(_published(seed, first, start, stop), key=lambda release: (release.at, release.series.currency))
    )


def _published(seed: int, first: date, start: int, stop: int) -> Iterator[Release]:
    # A publisher's date may run a day ahead of UTC or behind it.
    days = stop // 86_400 - (first - date(1970, 1, 1)).days + 3
    surprises = normals(seed, _STREAM_SURPRISE, days, len(SERIES)).tolist()
    forecasts = normals(seed, _STREAM_FORECAST, days, len(SERIES)).tolist()
    for column, series in enumerate(SERIES):
        zone = ZoneInfo(series.zone)
        good = -1.0 if series.jump < 0 else 1.0
        previous = series.printed(series.usual)
        for number in range(days):
            day = first + timedelta(days=number - 1)
            if not series.falls_on(day):
                continue
            at = int(datetime.combine(day, series.at, tzinfo=zone).astimezone(UTC).timestamp())
            surprise = surprises[number][column]
            forecast = series.usual + forecasts[number][column] * series.sigma
            actual = series.printed(forecast + surprise * series.sigma)
            if start <= at < stop:
                yield Release(at, series, series.printed(forecast), previous, actual, good * surprise)
            previous = actual
