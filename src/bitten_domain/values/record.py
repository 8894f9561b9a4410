"""Records that decisions make by the thousand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

__all__ = ["record"]

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """Make a slots dataclass that the type checker holds frozen.

    Freezing at run time costs a function call a field, five times what the whole record costs without it. Use this for
    what is made anew for every decision; everything else is a frozen dataclass.
    """
    return dataclass(slots=True)(cls)
