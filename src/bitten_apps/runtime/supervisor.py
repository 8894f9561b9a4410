"""The supervisor: it starts the loops, restarts what crashes, and lets everything finish when asked to stop.

A loop that crashes does not take the others with it: the one that closes positions must run when the one that opens
them cannot.
"""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from bitten_domain.errors import BrokenInvariant

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping

__all__ = ["Loop", "LoopHealth", "LoopState", "Stop", "Supervisor"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """The wish to stop, that loops look at between two pieces of work."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    @property
    def is_asked(self) -> bool:
        """Whether somebody asked."""
        return self._event.is_set()

    def ask(self) -> None:
        """Ask every loop to finish what it is doing and leave."""
        self._event.set()

    async def asked(self) -> None:
        """Wait for the wish."""
        await self._event.wait()

    async def within(self, seconds: float) -> bool:
        """Wait for the wish, at most so long; say whether it came."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        return True


Body: TypeAlias = "Callable[[Stop], Coroutine[object, object, None]]"


@dataclass(frozen=True, slots=True)
class Loop:
    """Something that runs until it is done or asked to stop.

    Args:
        name: unique, for people.
        body: does the work. Returning means done; raising means crashed.
        is_main: when every main loop is done, the supervisor stops the others and leaves.
    """

    name: str
    body: Body
    is_main: bool = False


class LoopState(Enum):
    """Where a loop is."""

    RUNNING = "RUNNING"
    WAITING = "WAITING"
    DONE = "DONE"


@dataclass(frozen=True, slots=True)
class LoopHealth:
    """How a loop is doing.

    Args:
        state: RUNNING, WAITING for its restart after a crash, or DONE.
        crashes: how often it crashed so far.
        last_error: the newest crash, its kind and words; empty without one.
    """

    state: LoopState
    crashes: int = 0
    last_error: str = ""


class Supervisor:
    """Run loops together.

    Args:
        loops: what is run.
        crashed: told of each crash, with the loop's name; it records them.
        first_pause, longest_pause: seconds before a restart; doubled with each crash in a row.
        calm_seconds: a loop that ran this long begins with the first pause again.
        grace_seconds: how long loops may take to finish once asked; then they are cancelled.
    """

    def __init__(
        self,
        loops: Iterable[Loop],
        crashed: Callable[[str, Exception], None],
        *,
        first_pause: float = 1.0,
        longest_pause: float = 60.0,
        calm_seconds: float = 60.0,
        grace_seconds: float = 20.0,
    ) -> None:
        self._loops = tuple(loops)
        names = [loop.name for loop in self._loops]
        if len(set(names)) != len(names):
            raise BrokenInvariant(f"two loops have one name: {sorted(names)}")
        self._crashed = crashed
        self._first_pause, self._longest_pause = first_pause, longest_pause
        self._calm, self._grace = calm_seconds, grace_seconds
        self._stop = Stop()
        self._health = {loop.name: LoopHealth(LoopState.RUNNING) for loop in self._loops}

    @property
    def health(self) -> Mapping[str, LoopHealth]:
        """How each loop is doing, by name."""
        return self._health

    @property
    def is_ready(self) -> bool:
        """Whether no loop is waiting for its restart, and nobody asked to stop."""
        return not self._stop.is_asked and all(one.state is not LoopState.WAITING for one in self._health.values())

    def stop(self) -> None:
        """Ask every loop to finish."""
        self._stop.ask()

    async def run(self) -> bool:
        """Run until the main loops are done or somebody asks to stop, by SIGINT, SIGTERM or `stop`.

        A second signal cancels at once what the first one asked.

        Returns:
            Whether every loop finished by itself; False when one had to be cancelled.
        """
        tasks: list[asyncio.Task[None]] = []
        event_loop = asyncio.get_running_loop()

        def signalled() -> None:
            if self._stop.is_asked:
                for task in tasks:
                    task.cancel()
            self._stop.ask()

        self._listen(event_loop, signalled)
        try:
            async with asyncio.TaskGroup() as group:
                tasks += [group.create_task(self._kept(loop), name=loop.name) for loop in self._loops]
                group.create_task(self._end(tasks))
        finally:
            self._listen(event_loop, None)
        return not any(task.cancelled() for task in tasks)

    @staticmethod
    def _listen(event_loop: asyncio.AbstractEventLoop, to: Callable[[], None] | None) -> None:
        for number in _SIGNALS:
            # Windows' event loops take no handlers; there Ctrl-C ends the program the ordinary way.
            with suppress(NotImplementedError):
                if to is None:
                    event_loop.remove_signal_handler(number)
                else:
                    event_loop.add_signal_handler(number, to)

    async def _end(self, tasks: list[asyncio.Task[None]]) -> None:
        await self._stop.asked()
        _, late = await asyncio.wait(tasks, timeout=self._grace)
        for task in late:
            task.cancel()

    async def _kept(self, loop: Loop) -> None:
        pause, clock = self._first_pause, asyncio.get_running_loop()
        while not self._stop.is_asked:
            began = clock.time()
            before = self._health[loop.name]
            self._health[loop.name] = LoopHealth(LoopState.RUNNING, before.crashes, before.last_error)
            try:
                await loop.body(self._stop)
            except Exception as error:  # the outermost door of a loop: recorded, and tried again
                self._crashed(loop.name, error)
                words = f"{type(error).__name__}: {error}"
                self._health[loop.name] = LoopHealth(LoopState.WAITING, before.crashes + 1, words)
            else:
                break
            if clock.time() - began >= self._calm:
                pause = self._first_pause
            if await self._stop.within(pause):
                break
            pause = min(2 * pause, self._longest_pause)
        before = self._health[loop.name]
        self._health[loop.name] = LoopHealth(LoopState.DONE, before.crashes, before.last_error)
        main = [one.name for one in self._loops if one.is_main]
        if main and all(self._health[name].state is LoopState.DONE for name in main):
            self._stop.ask()
