"""How every table is described: names of constraints, keys, and rules written once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Identity, Integer, MetaData, Table

from bitten_adapters.sql.column_types import Flag, Moment, Whole, words

if TYPE_CHECKING:
    from enum import Enum

    from sqlalchemy.schema import SchemaItem
    from sqlalchemy.types import TypeEngine

__all__ = [
    "CURRENCY",
    "METADATA",
    "currency",
    "exactly",
    "flag",
    "json",
    "key",
    "moment",
    "one_of",
    "reference",
    "table",
    "text",
    "whole",
]

T = TypeVar("T")

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)
"""Every table of the store; constraints are named by rule, so that both databases call them the same."""


def table(name: str, about: str, *items: SchemaItem) -> Table:
    """Describe a table; SQLite holds every value to its column's type (STRICT)."""
    return Table(name, METADATA, *items, comment=about, sqlite_strict=True)


def key() -> Column[int]:
    """Describe the surrogate key: given by the database, never told to anybody outside."""
    kind = BigInteger().with_variant(Integer(), "sqlite")
    return Column("id", kind, Identity(always=True), primary_key=True)


def reference(name: str, to: str, *, unique: bool = False, primary_key: bool = False) -> Column[int]:
    """Describe a reference to another table's key."""
    return Column(name, Whole(), ForeignKey(to), nullable=False, unique=unique or None, primary_key=primary_key)


def exactly(name: str, kind: TypeEngine[T], *, optional: bool = False) -> Column[T]:
    """Describe a column of any type."""
    return Column(name, kind, nullable=optional)


def whole(name: str, *, optional: bool = False) -> Column[int]:
    """Describe a whole number."""
    return Column(name, Whole(), nullable=optional)


def moment(name: str, *, optional: bool = False) -> Column[int]:
    """Describe a moment."""
    return Column(name, Moment(), nullable=optional)


def flag(name: str) -> Column[bool]:
    """Describe a yes or no."""
    return Column(name, Flag(), nullable=False)


def text(name: str, *, optional: bool = False) -> Column[str]:
    """Describe a text."""
    return Column(name, words(), nullable=optional)


def json(name: str, *, optional: bool = False) -> Column[str]:
    """Describe a JSON text, kept letter for letter."""
    return Column(name, words(), nullable=optional)


def currency() -> Column[str]:
    """Describe the currency of the row's amounts."""
    return Column("currency", words(), nullable=False)


CURRENCY = "length(currency) = 3"
"""A currency is three letters."""


def one_of(column: str, kinds: type[Enum], *, optional: bool = False) -> CheckConstraint:
    """Allow a column the values of an enumeration only."""
    values = ", ".join(f"'{kind.value}'" for kind in kinds)
    rule = f"{column} IN ({values})"
    return CheckConstraint(f"{column} IS NULL OR {rule}" if optional else rule, name=f"{column}_known")
