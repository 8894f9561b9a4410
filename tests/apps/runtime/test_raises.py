"""A raise of limits while a centre runs: applied by the machine's clock, however fast or slow its market goes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_adapters.system.clock import SystemClock
from bitten_apps.runtime.centre import Centre
from bitten_apps.runtime.raises import Raises
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.risk.policy import LimitChoice, UserLimits
from bitten_domain.use_cases.choices.limits import ApplyRaise, ChooseLimits
from bitten_domain.values import UserId
from bitten_domain.vocabulary import Rank, Tier

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = 86_400
YOU = UserId("user-1")


class Clock(SystemClock):
    """A machine's clock that is set by hand."""

    at = s.NOON

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)


def test_given_a_market_years_ahead_when_the_loop_looks_then_the_machines_day_counts_and_the_desks_time_is_noted() -> (
    None
):
    numbers, clock = count(1), Clock()
    store = MemoryUnitOfWork(lambda: next(numbers).to_bytes(16, "big"))
    raises = Raises(YOU, ApplyRaise(store), clock)
    market = s.NOON + 999 * DAY

    async def looked() -> LimitChoice:
        await raises(market)
        person = await store.read(lambda r: r.people.get(YOU))
        assert person is not None
        return person.limits

    async def both() -> tuple[LimitChoice, LimitChoice]:
        await store.run(s.add_accounts)
        await store.run(lambda r: r.people.put(replace(s.person(1), rank=Rank.AUTHORIZED, tier=Tier.NIBBLER)))
        await ChooseLimits(store, DAY)(YOU, market, clock.at, risk_percent=Decimal(2))
        clock.at += DAY - 1
        early = await looked()
        clock.at += 1
        return early, await looked()

    early, due = asyncio.run(both())
    newest, _ = asyncio.run(store.read(lambda r: r.audit.recent(9)))

    assert early.current == UserLimits()
    assert due == LimitChoice(UserLimits(Decimal(2)), chosen_at=s.NOON)
    assert (newest.action, newest.at) == ("LIMITS_RAISED", market)


def test_given_a_centre_that_runs_when_seconds_pass_then_it_asks_for_raises_at_the_last_moment_traded() -> None:
    asked: list[int] = []

    async def raises(at: int) -> None:
        asked.append(at)

    class Desk:
        async def take(self, _moment: Any, _outcomes: object) -> object:
            await asyncio.sleep(0.6)
            return SimpleNamespace(signals=(), answers=())

        async def due(self, _: int) -> tuple[()]:
            return ()

    class Days:
        async def ended(self, day: int, at: int) -> None:
            """Settle nothing."""

        async def begun(self, at: int) -> None:
            """Confirm nothing."""

    class Moments:
        outcomes = ()

        def __iter__(self) -> Iterator[object]:
            return iter([SimpleNamespace(at=s.NOON + number) for number in range(3)])

    async def nothing(*_: object) -> bool:
        return False

    parts: dict[str, Any] = {
        "desk": Desk(),
        "moments": Moments(),
        "deliver": nothing,
        "anchor": nothing,
        "days": Days(),
        "clock": SystemClock(),
        "speed": 0.0,
        "crashed": lambda *_: None,
        "watch": lambda *_: None,
        "raises": raises,
    }
    asyncio.run(Centre(**parts).run())

    # Three moments of 0.6 s: the loop looks after one second, when a moment was traded.
    assert asked
    assert set(asked) <= {s.NOON + number for number in range(3)}
