"""The turn of a day beside trading: whatever becomes of points, moments are traded, and nothing is forgotten."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from bitten_adapters.system.clock import SystemClock
from bitten_apps.runtime.centre import Centre
from bitten_domain.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = 1_704_196_800
DAY = 86_400


class Desk:
    def __init__(self) -> None:
        self.taken: list[int] = []

    async def take(self, moment: Any, _: object) -> object:
        self.taken.append(moment.at)
        return SimpleNamespace(signals=(), answers=())

    async def due(self, _: int) -> tuple[()]:
        return ()


class Days:
    """Fails so often, then works."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.settled: list[int] = []
        self.begun_at: list[int] = []

    async def ended(self, day: int, at: int) -> None:
        if self.failures:
            self.failures -= 1
            raise Unavailable("points could not be worked out")
        self.settled.append(day)

    async def begun(self, at: int) -> None:
        self.begun_at.append(at)


class Moments:
    outcomes = ()

    def __iter__(self) -> Iterator[object]:
        return iter([SimpleNamespace(at=NOON + number * DAY // 2) for number in range(6)])


def run(days: Days) -> tuple[Desk, list[str]]:
    desk, crashes = Desk(), list[str]()

    async def nothing(*_: object) -> bool:
        return False

    def nobody(*_: object) -> None:
        return None

    def crashed(name: str, _: Exception) -> None:
        crashes.append(name)

    parts: dict[str, Any] = {
        "desk": desk,
        "moments": Moments(),
        "deliver": nothing,
        "anchor": nothing,
        "days": days,
        "clock": SystemClock(),
        "speed": 0.0,
        "crashed": crashed,
        "watch": nobody,
    }
    centre = Centre(**parts)
    assert asyncio.run(centre.run())
    return desk, crashes


def test_given_points_that_cannot_be_worked_out_when_a_market_is_traded_then_every_moment_is_taken_once() -> None:
    desk, crashes = run(Days(failures=1_000))

    assert desk.taken == [NOON + number * DAY // 2 for number in range(6)]
    assert set(crashes) == {"days"}


def test_given_days_that_turn_when_a_market_is_traded_then_each_is_settled_and_begun_in_order() -> None:
    days = Days(failures=0)

    _, crashes = run(days)

    # From Tuesday noon on, every twelve hours: midnight UTC is 19:00 in New York, two hours into the next day. Tuesday
    # to Friday begin, and the day before Tuesday is over as well. 2024-01-02 is day 19,724.
    assert days.settled == [19_723, 19_724, 19_725, 19_726]
    assert days.begun_at == [NOON, NOON + DAY // 2, NOON + 3 * DAY // 2, NOON + 5 * DAY // 2]
    assert crashes == []
