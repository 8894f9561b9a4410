"""Virtual time: coroutines that wait for seconds which pass at once, in an order a seed repeats.

The runner knows one thing to wait for, `pause`. Whatever else a coroutine awaits must end in pauses or in nothing, as
it does for the use cases, because they await ports only.
"""

from __future__ import annotations

import heapq
import types
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator

__all__ = ["JumpingClock", "ProcessDied", "VirtualTime", "pause"]


class ProcessDied(BaseException):
    """The process the coroutine belongs to is killed, here and now; nothing in between catches it."""


@types.coroutine
def pause(seconds: float) -> Generator[float, None, None]:
    """Wait for virtual seconds, >= 0."""
    yield seconds


@dataclass(slots=True)
class _Task:
    coroutine: Coroutine[Any, Any, object]
    process: str
    is_killed: bool = field(default=False)


class VirtualTime:
    """Runs coroutines, each until its next pause, by the time they wait for; equal times in the order of asking.

    Args:
        start: seconds since 1970 UTC.
        on_failure: told of the process and the exception when a coroutine ends with one.
    """

    def __init__(self, start: float, on_failure: Callable[[str, BaseException], None]) -> None:
        self.now = start
        self._on_failure = on_failure
        self._heap: list[tuple[float, int, _Task]] = []
        self._number = 0

    def spawn(self, process: str, coroutine: Coroutine[Any, Any, object], after: float = 0.0) -> None:
        """Start a coroutine of a process, after some seconds."""
        self._push(_Task(coroutine, process), self.now + after)

    def kill(self, process: str) -> None:
        """End every coroutine of a process where it stands."""
        for _, _, task in self._heap:
            if task.process == process and not task.is_killed:
                task.is_killed = True
                task.coroutine.close()

    def run_until(self, end: float) -> None:
        """Let time pass up to a moment."""
        heap = self._heap
        while heap and heap[0][0] <= end:
            at, _, task = heapq.heappop(heap)
            if task.is_killed:
                continue
            self.now = max(self.now, at)
            try:
                waits = task.coroutine.send(None)
            except StopIteration:
                continue
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                self._on_failure(task.process, error)
                continue
            self._push(task, self.now + waits)
        self.now = max(self.now, end)

    def close(self) -> None:
        """Drop whatever still waits."""
        for _, _, task in self._heap:
            if not task.is_killed:
                task.coroutine.close()
        self._heap.clear()

    def _push(self, task: _Task, at: float) -> None:
        self._number += 1
        heapq.heappush(self._heap, (at, self._number, task))


class JumpingClock:
    """One process's wall clock: virtual time, with jumps.

    Args:
        time: what passes.
    """

    def __init__(self, time: VirtualTime) -> None:
        self._time = time
        self.offset = 0.0

    def now(self) -> datetime:
        """Read the wall clock, UTC."""
        return datetime.fromtimestamp(self._time.now + self.offset, tz=UTC)

    def monotonic_seconds(self) -> float:
        """Read the steady clock."""
        return self._time.now
