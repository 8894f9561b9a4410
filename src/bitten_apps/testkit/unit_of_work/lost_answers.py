"""A store in front of another, which loses answers to commits."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bitten_domain.errors import OutcomeUnknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

__all__ = ["LosesAnswers"]

T = TypeVar("T")


class LosesAnswers:
    """Runs transactions, and says of some that it does not know what became of them.

    Args:
        store: the store behind.
        loses: whether the answer to a commit is lost, by its number from 1; the first one's alone when left out.
        keeps: whether such a transaction is kept all the same.
    """

    def __init__(
        self, store: UnitOfWork, loses: Callable[[int], bool] = lambda number: number == 1, *, keeps: bool = True
    ) -> None:
        self._store, self._loses, self._keeps = store, loses, keeps
        self._runs = 0

    async def run(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that writes."""
        self._runs += 1
        is_lost = self._loses(self._runs)

        def done(store: Repositories) -> T:
            result = work(store)
            if is_lost and not self._keeps:
                raise OutcomeUnknown("the answer was lost, and nothing kept")
            return result

        result = await self._store.run(done)
        if is_lost:
            raise OutcomeUnknown("the answer was lost")
        return result

    async def read(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that only reads."""
        return await self._store.read(work)
