"""The garbage collector, told to look more rarely while a run makes millions of records."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["collecting_rarely"]

_ALLOCATIONS = 200_000


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Look for cycles after 200,000 more objects than were freed, not after 700.

    A run keeps what it makes, and none of it is cyclic: the collector only walks through it again and again. Memory is
    freed by reference counts as ever.
    """
    before = gc.get_threshold()
    gc.set_threshold(_ALLOCATIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
