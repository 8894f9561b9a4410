"""The supervisor: restarts what crashes, lets the rest run, finishes when asked."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from bitten_apps.runtime.supervisor import Loop, LoopState, Stop, Supervisor
from bitten_domain.errors import BrokenInvariant


async def until_stopped(stop: Stop) -> None:
    await stop.within(30)


def supervisor(*loops: Loop, crashes: list[str] | None = None, grace: float = 5.0) -> Supervisor:
    told = [] if crashes is None else crashes
    return Supervisor(
        loops,
        lambda name, error: told.append(f"{name}: {error}"),
        first_pause=0.001,
        longest_pause=0.004,
        grace_seconds=grace,
    )


def test_given_a_main_loop_when_it_is_done_then_the_others_are_asked_to_finish() -> None:
    finished: list[str] = []

    async def main(stop: Stop) -> None:
        finished.append("main")

    async def other(stop: Stop) -> None:
        await stop.within(30)
        finished.append("other")

    clean = asyncio.run(supervisor(Loop("other", other), Loop("main", main, is_main=True)).run())

    assert clean
    assert finished == ["main", "other"]


def test_given_a_loop_that_crashes_when_run_then_it_comes_back_and_the_others_never_stop() -> None:
    runs: list[int] = []
    ticks: list[int] = []
    crashes: list[str] = []

    async def shaky(stop: Stop) -> None:
        runs.append(1)
        if len(runs) < 4:
            raise OSError("gone")

    async def steady(stop: Stop) -> None:
        while not await stop.within(0.0005):
            ticks.append(len(runs))

    one = supervisor(Loop("shaky", shaky, is_main=True), Loop("steady", steady), crashes=crashes)
    clean = asyncio.run(one.run())

    assert clean
    assert crashes == ["shaky: gone"] * 3
    assert ticks == sorted(ticks)
    assert {1, 2, 3} <= set(ticks)
    assert one.health["steady"].crashes == 0
    assert one.health["shaky"].crashes == 3
    assert one.health["shaky"].last_error == "OSError: gone"


def test_given_a_crashed_loop_when_it_waits_then_the_runtime_is_not_ready() -> None:
    seen: list[bool] = []

    async def broken(stop: Stop) -> None:
        raise OSError("gone")

    async def looking(stop: Stop) -> None:
        seen.append(one.is_ready)
        while one.health["broken"].state is not LoopState.WAITING:
            await stop.within(0.0002)
        seen.append(one.is_ready)

    one = Supervisor(
        [Loop("looking", looking, is_main=True), Loop("broken", broken)], lambda name, error: None, first_pause=30.0
    )
    asyncio.run(one.run())

    assert seen == [True, False]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_given_a_signal_when_it_comes_then_every_loop_finishes_its_work(number: signal.Signals) -> None:
    done: list[str] = []

    async def working(stop: Stop) -> None:
        os.kill(os.getpid(), number)
        await stop.asked()
        done.append("the last piece of work")

    clean = asyncio.run(supervisor(Loop("working", working), Loop("idle", until_stopped)).run())

    assert clean
    assert done == ["the last piece of work"]


def test_given_a_loop_that_does_not_leave_when_the_grace_is_over_then_it_is_cancelled() -> None:
    async def stubborn(stop: Stop) -> None:
        await asyncio.Event().wait()

    one = supervisor(Loop("stubborn", stubborn), grace=0.01)

    async def run() -> bool:
        asyncio.get_running_loop().call_later(0.02, one.stop)
        return await one.run()

    assert asyncio.run(run()) is False


def test_given_two_loops_of_one_name_when_supervised_then_it_refuses() -> None:
    with pytest.raises(BrokenInvariant, match="one name"):
        supervisor(Loop("a", until_stopped), Loop("a", until_stopped))
