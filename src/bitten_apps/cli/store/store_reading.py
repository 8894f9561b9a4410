"""Reading the store that is there: one snapshot for a whole answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from bitten_apps.container import Container

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_apps.store import Store
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["label_of", "read_store"]

T = TypeVar("T")


def read_store(work: Callable[[Repositories], T]) -> T:
    """Read the store; it is neither made nor changed.

    Raises:
        InvalidInput: there is none, or its tables are another version's.
        Unavailable: it does not answer.
    """
    store: Store = Container.existing_store()
    try:
        return asyncio.run(_read(store, work))
    finally:
        store.close()


async def _read(store: Store, work: Callable[[Repositories], T]) -> T:
    return await store.read(work)


def label_of(is_live: bool) -> str:
    """Label an account's rows: what is not real money is PAPER."""
    return "LIVE" if is_live else "PAPER"
