"""Identity: the only source of new identifiers."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Identity"]


class Identity(Protocol):
    """Make identifiers.

    Promises: no identifier comes twice, in this process or any other; it sorts by when it was made, to the
    millisecond; it holds only lower-case letters, digits and hyphens, at most 36 characters.
    """

    def new_id(self) -> str:
        """Make one."""
        ...
