"""Answers: from a worker thread back to the coroutines that wait."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["Request", "deliver"]

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Request(Generic[T]):
    """A work that waits to be run.

    Args:
        work: what to run.
        loop: where its answer is awaited.
        future: what awaits it.
        result: what the work returned.
        error: what came out instead; None when it returned.
    """

    work: Callable[[Repositories], T]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[T]
    result: T | None = None
    error: BaseException | None = None

    @classmethod
    def here(cls, work: Callable[[Repositories], T]) -> Request[T]:
        """Make a request that the running loop awaits."""
        loop = asyncio.get_running_loop()
        return cls(work, loop, loop.create_future())

    def settle(self) -> None:
        """Give the answer to whoever waits, in its own loop; somebody who left gets none."""
        if self.future.done():
            return
        if isinstance(self.error, StopIteration):
            # A future takes none, since a coroutine could not raise it.
            self.future.set_exception(RuntimeError("a work raised StopIteration"))
        elif self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)  # type: ignore[arg-type]


def deliver(requests: Iterable[Request[T]]) -> None:
    """Hand answers over to their loops, one wake-up a loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Request[T]]] = {}
    for request in requests:
        by_loop.setdefault(request.loop, []).append(request)
    for loop, waiting in by_loop.items():
        # Whoever closed their loop waits no more.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle_all, waiting)


def _settle_all(requests: list[Request[T]]) -> None:
    for request in requests:
        request.settle()
