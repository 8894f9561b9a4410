"""Column types: what the domain's values look like in each database.

PostgreSQL has the words the design uses (`timestamptz`, `numeric`). SQLite has integers, floats, text and bytes, and
its STRICT tables hold exactly those: a moment is seconds since 1970 UTC, an amount is an integer of its last decimals,
so that sums and comparisons are exact, and a decimal of any length is its text.

The processors are plain functions of one value, None excepted by whoever calls them: statements run past SQLAlchemy's
result rows (`bitten_adapters.sql.statements`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Boolean, DateTime, Double, Integer, LargeBinary, Numeric, Text
from sqlalchemy.types import REAL, TypeDecorator

from bitten_domain.errors import BrokenInvariant

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine

__all__ = ["Bytes", "Exact", "Flag", "Moment", "Scaled", "Whole", "lots", "money", "number", "price", "words"]


class _TwoWays(TypeDecorator[Any]):
    """A type with one representation on SQLite and another everywhere else."""

    cache_ok = True

    def plain(self) -> TypeEngine[Any]:
        """Name the type where the database has a word for it."""
        raise NotImplementedError

    def on_sqlite(self) -> TypeEngine[Any]:
        """Name SQLite's type."""
        return Integer()

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose by dialect."""
        kind = self.on_sqlite() if dialect.name == "sqlite" else self.plain()
        return dialect.type_descriptor(kind)


class Whole(_TwoWays):
    """A whole number of up to 64 bits."""

    impl = BigInteger
    cache_ok = True

    def plain(self) -> TypeEngine[int]:
        """Name the type where the database has a word for it."""
        return BigInteger()


class Bytes(_TwoWays):
    """Bytes."""

    impl = LargeBinary
    cache_ok = True

    def plain(self) -> TypeEngine[bytes]:
        """Name the type where the database has a word for it."""
        return LargeBinary()

    def on_sqlite(self) -> TypeEngine[bytes]:
        """Name SQLite's type."""
        return LargeBinary()


class Flag(_TwoWays):
    """True or False."""

    impl = Boolean
    cache_ok = True

    def plain(self) -> TypeEngine[bool]:
        """Name the type where the database has a word for it."""
        return Boolean()

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], bool] | None:
        """Read SQLite's 0 and 1."""
        return bool if dialect.name == "sqlite" else None


class Moment(_TwoWays):
    """Seconds since 1970 UTC."""

    impl = BigInteger
    cache_ok = True

    def plain(self) -> TypeEngine[datetime]:
        """Name the type where the database has a word for it."""
        return DateTime(timezone=True)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], datetime] | None:
        """Write an aware datetime where the database has one."""
        return None if dialect.name == "sqlite" else _to_datetime

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], int] | None:
        """Read an aware datetime where the database has one."""
        return None if dialect.name == "sqlite" else _to_seconds


class Scaled(_TwoWays):
    """A decimal with a fixed number of decimals; a value with more of them is refused, never rounded.

    Args:
        precision: digits altogether, at most 18.
        scale: decimals.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        self.precision = precision
        self.scale = scale
        super().__init__()

    def plain(self) -> TypeEngine[Decimal]:
        """Name the type where the database has a word for it."""
        return Numeric(self.precision, self.scale)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], int | Decimal] | None:
        """Write a scaled integer on SQLite."""
        scale, bound, step = self.scale, 10**self.precision, Decimal(1).scaleb(-self.scale)

        def scaled(value: Decimal) -> int:
            number = value.scaleb(scale)
            whole = int(number)
            if whole != number or not -bound < whole < bound:
                raise BrokenInvariant(f"{value} does not fit {bound} of {step}")
            return whole

        def checked(value: Decimal) -> Decimal:
            scaled(value)
            return value

        return scaled if dialect.name == "sqlite" else checked

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Decimal] | None:
        """Read a scaled integer on SQLite."""
        scale = -self.scale
        return (lambda value: Decimal(value).scaleb(scale)) if dialect.name == "sqlite" else None


class Exact(_TwoWays):
    """A decimal of any length, kept to its last digit: worked-out amounts that are never paid."""

    impl = Numeric
    cache_ok = True

    def plain(self) -> TypeEngine[Decimal]:
        """Name the type where the database has a word for it."""
        return Numeric()

    def on_sqlite(self) -> TypeEngine[str]:
        """Name SQLite's type."""
        return Text()

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str] | None:
        """Write text on SQLite."""
        return str if dialect.name == "sqlite" else None

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Decimal] | None:
        """Read text on SQLite."""
        return Decimal if dialect.name == "sqlite" else None


class _Number(_TwoWays):
    """A float64, bit for bit."""

    impl = Double
    cache_ok = True

    def plain(self) -> TypeEngine[float]:
        """Name the type where the database has a word for it."""
        return Double()

    def on_sqlite(self) -> TypeEngine[float]:
        """Name SQLite's type."""
        return REAL()


def price() -> Scaled:
    """Give the type of a price."""
    return Scaled(18, 8)


def money() -> Scaled:
    """Give the type of a booked amount, whole cents."""
    return Scaled(18, 2)


def lots() -> Scaled:
    """Give the type of a volume."""
    return Scaled(14, 4)


def number() -> TypeEngine[float]:
    """Give the type of a measured number."""
    return _Number()


def words() -> TypeEngine[str]:
    """Give the type of a text, which sorts by code points whatever the database's language."""
    return Text(collation="C").with_variant(Text(), "sqlite")


def _to_datetime(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _to_seconds(moment: datetime) -> int:
    return int(moment.timestamp())
