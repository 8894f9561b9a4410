"""Transactions that are repeated when nobody knows whether they were kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bitten_domain.errors import OutcomeUnknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

__all__ = ["durably"]

T = TypeVar("T")

_TRIES = 3


async def durably(unit_of_work: UnitOfWork, work: Callable[[Repositories], T]) -> T:
    """Run a transaction whose work may be done twice with the effect of once.

    Raises:
        OutcomeUnknown: the answer was lost each time; the same work may be run again later.
        Unavailable, Conflict: as `UnitOfWork.run`.
    """
    for _ in range(_TRIES - 1):
        try:
            return await unit_of_work.run(work)
        except OutcomeUnknown:
            continue
    return await unit_of_work.run(work)
