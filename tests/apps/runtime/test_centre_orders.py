"""Orders that wait beside a moment that is taken: closes go out at once, what opens is left to its own moment."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from bitten_adapters.system.clock import SystemClock
from bitten_apps.runtime.centre import Centre
from bitten_domain.execution.protocol import Dispatch
from bitten_domain.values import AccountId

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = 1_704_196_800
OPENING, CLOSING = 7, 8


class SlowDesk:
    """Takes a moment for as long as the loop of orders needs to look twice."""

    def __init__(self) -> None:
        self.is_taking = False
        self.looked = asyncio.Event()
        self.sent: list[tuple[int, bool]] = []

    async def take(self, _moment: object, _outcomes: object) -> object:
        self.is_taking = True
        for _ in range(2):
            self.looked.clear()
            await asyncio.wait_for(self.looked.wait(), 30)
        self.is_taking = False
        return SimpleNamespace(signals=(), answers=())

    async def due(self, _: int) -> tuple[Dispatch, ...]:
        self.looked.set()
        account = AccountId("paper-1")
        return Dispatch(OPENING, account, True, NOON), Dispatch(CLOSING, account, False, NOON)

    async def send(self, client_order_id: int) -> None:
        self.sent.append((client_order_id, self.is_taking))


class Moments:
    outcomes = ()

    def __iter__(self) -> Iterator[object]:
        return iter([SimpleNamespace(at=NOON)])


class Days:
    async def ended(self, _day: int, _at: int) -> None:
        return

    async def begun(self, _at: int) -> None:
        return


def test_given_a_moment_that_is_taken_when_orders_wait_then_only_closes_go_out_beside_it() -> None:
    async def run() -> SlowDesk:
        desk = SlowDesk()

        async def nothing(*_: object) -> bool:
            return False

        def failed(name: str, error: Exception) -> None:
            pytest.fail(f"{name}: {error}")

        parts: dict[str, Any] = {
            "desk": desk,
            "moments": Moments(),
            "deliver": nothing,
            "anchor": nothing,
            "days": Days(),
            "clock": SystemClock(),
            "speed": 0.0,
            "crashed": failed,
            "watch": lambda *_: None,
        }
        assert await Centre(**parts).run()
        return desk

    desk = asyncio.run(run())

    assert (CLOSING, True) in desk.sent
    assert (OPENING, True) not in desk.sent
