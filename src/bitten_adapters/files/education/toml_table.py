"""A TOML table read field by field; every complaint says file, entry and remedy."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["TomlTable"]


class TomlTable:
    """One table. Read its fields, then `finish`, which refuses what nobody read.

    Args:
        where: file and entry, for complaints.
        values: as parsed.
    """

    def __init__(self, where: str, values: dict[str, object]) -> None:
        self.where = where
        self._values = dict(values)

    @classmethod
    def parse(cls, where: str, text: str) -> TomlTable:
        """Parse a document.

        Raises:
            InvalidInput: it is not TOML.
        """
        try:
            return cls(where, tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise InvalidInput(f"this is not TOML ({error})", where=where, remedy="mend the line") from error

    def text(self, key: str, default: str | None = None) -> str:
        """Read a text that is not blank; a default makes it optional and may be empty."""
        if default is not None and key not in self._values:
            return default
        value = self._take(key)
        if not isinstance(value, str) or not value.strip():
            raise self._fault(f"{key} must be a text", f'write {key} = "..."')
        return value.strip()

    def whole(self, key: str) -> int:
        """Read a whole number."""
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._fault(f"{key} must be a whole number", f"write {key} = 1")
        return value

    def yes(self, key: str, *, default: bool) -> bool:
        """Read true or false."""
        value = self._values.pop(key, default)
        if not isinstance(value, bool):
            raise self._fault(f"{key} must be true or false", f"write {key} = true")
        return value

    def table(self, key: str) -> TomlTable:
        """Read a table inside; empty when there is none."""
        value = self._values.pop(key, {})
        if not isinstance(value, dict):
            raise self._fault(f"{key} must be a table", f"write [{key}]")
        return TomlTable(f"{self.where}: {key}", value)

    def tables(self, key: str, name: str = "name") -> Iterator[TomlTable]:
        """Read a list of tables, each called by its name or its number in complaints."""
        value = self._take(key)
        if not isinstance(value, list) or not value:
            raise self._fault(f"{key} must be a list of tables", f"write [[{key}]]")
        for number, entry in enumerate(value, 1):
            if not isinstance(entry, dict):
                raise self._fault(f"{key} must be a list of tables", f"write [[{key}]]")
            yield TomlTable(f"{self.where}: {key} {entry.get(name, number)}", entry)

    def names(self) -> tuple[str, ...]:
        """Name the fields nobody has read yet, in the file's order."""
        return tuple(self._values)

    def finish(self) -> None:
        """Refuse fields that nobody read: a misspelt one must not be lost."""
        if self._values:
            left = ", ".join(sorted(self._values))
            raise self._fault(f"nothing is known of {left}", "take it out, or spell it as the guide does")

    def _take(self, key: str) -> object:
        if key not in self._values:
            raise self._fault(f"{key} is missing", f"write {key} = ...")
        return self._values.pop(key)

    def _fault(self, what: str, remedy: str) -> InvalidInput:
        return InvalidInput(what, where=self.where, remedy=remedy)
