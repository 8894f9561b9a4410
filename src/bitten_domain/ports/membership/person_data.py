"""Person data: everything the store holds of somebody, and nothing of anybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from bitten_domain.values import UserId

__all__ = ["Cell", "PersonDataSource", "PersonTable"]

Cell: TypeAlias = "str | int | float | bool | None"
"""A value as it is written into a file: moments are ISO 8601 in UTC, decimals their digits, bytes hex."""


class PersonTable(NamedTuple):
    """The rows of one table that are somebody's.

    Args:
        name: of the table in the store.
        columns: names, in order.
        rows: cells in the order of the columns, oldest first.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class PersonDataSource(Protocol):
    """Read all that is kept of a person.

    Promises:

    - Every table that can hold something of a person is among the answers, by name, even without a row.
    - All of it is one state of the store.
    - Where a row of theirs names somebody else, such as the ADMIN who did something, that name is masked.
    - Keys, seals, keyed hashes and hashes of tokens are left out: they tell a person nothing, and would help whoever
      wants to open something.
    """

    async def __call__(self, user_id: UserId) -> tuple[PersonTable, ...]:
        """Read it.

        Raises:
            Unavailable: the store cannot be read.
        """
        ...
