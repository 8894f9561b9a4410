"""A round trip: any record of one kind that is stored comes back equal, in one transaction that is then taken back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

    Work = Callable[[Repositories], None]

__all__ = ["RoundTrip", "taken_back", "trip"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """One kind of record.

    Args:
        name: which.
        checks: works on an empty store that keep any such record, read it, and raise `ContractBroken` unless they are
            equal.
    """

    name: str
    checks: SearchStrategy[Work]


class _TakenBack(Exception):
    """Raised at the end of a work, so that nothing of it is kept."""


async def taken_back(store: UnitOfWork, check: Work) -> None:
    """Run a check in a transaction of which nothing is kept, so that the next one finds the store empty again."""

    def work(repositories: Repositories) -> None:
        check(repositories)
        raise _TakenBack

    try:
        await store.run(work)
    except _TakenBack:
        return


def trip(name: str, drawn: SearchStrategy[T], check: Callable[[T, Repositories], None]) -> RoundTrip:
    """Make a trip of drawn records and the check of one."""
    return RoundTrip(name, drawn.map(lambda record: partial(check, record)))
