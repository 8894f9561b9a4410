"""The store a machine's owner set: an embedded file by default, a PostgreSQL database by its address."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from bitten_domain.errors import InvalidInput
from bitten_domain.ports.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from pathlib import Path

    from bitten_apps.settings import Settings

__all__ = ["SchemaStanding", "Store", "home_folder", "inputs_folder", "store_name", "store_url"]

_SCHEMES = ("postgresql://", "postgres://")


class Store(UnitOfWork, Protocol):
    """A unit of work that holds connections."""

    def close(self) -> None:
        """Give them back, once nothing runs any more."""
        ...


class SchemaStanding(NamedTuple):
    """How a store's tables stand to what this version expects.

    Args:
        revision: the store's; None for one without tables.
        newest: this version's.
        differences: tables, rules and guards that are not as expected, each in words.
    """

    revision: str | None
    newest: str | None
    differences: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        """Whether this version can use the store."""
        return self.revision == self.newest and not self.differences


def inputs_folder(settings: Settings) -> Path:
    """Name the folder in which runs record what they decide from."""
    return settings.home / "inputs"


def store_name(settings: Settings) -> str:
    """Name the store for people; never with its address, which may hold a secret."""
    return str(settings.store_file) if settings.database_url is None else "PostgreSQL"


def store_url(settings: Settings) -> str:
    """Write the store's address as the schema's tools want it; it may hold a secret."""
    if settings.database_url is None:
        return f"sqlite:///{settings.store_file}"
    address = settings.database_url.get_secret_value()
    for scheme in _SCHEMES:
        if address.startswith(scheme):
            return "postgresql+psycopg://" + address.removeprefix(scheme)
    raise InvalidInput("the store's address is not one of PostgreSQL", where="database_url")


def home_folder(settings: Settings) -> None:
    """Make the folder a running centre keeps its things in, for its owner's eyes only.

    Raises:
        InvalidInput: it cannot be made.
    """
    for folder in (settings.home, settings.store_file.parent):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidInput(
                f"the folder cannot be made: {error.strerror}", where=str(folder), remedy="set BITTEN_HOME"
            ) from error
