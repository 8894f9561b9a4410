"""The game's catalogue from TOML files, checked when it is read."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from bitten_adapters.files.game.entries import AchievementEntry, ChallengeEntry, GearEntry, GoodsEntry
from bitten_domain.errors import InvalidInput, Unavailable
from bitten_domain.progression.catalogue import GameCatalogue

if TYPE_CHECKING:
    from bitten_adapters.files.game.entries import Entry

__all__ = ["GAME_DATA", "FileGameData"]

GAME_DATA = Path(__file__).parent / "data"
"""The data that is shipped."""

T = TypeVar("T")


class FileGameData:
    """A folder with `achievements.toml`, `challenges.toml`, `gear.toml` and `goods.toml`.

    Args:
        folder: where they are.
    """

    def __init__(self, folder: Path = GAME_DATA) -> None:
        self._folder = folder

    def catalogue(self) -> GameCatalogue:
        """Read and check all four.

        Raises:
            InvalidInput: an entry cannot be used; it says file, entry and remedy.
            Unavailable: a file cannot be read.
        """
        parts = (
            self._read("achievements", AchievementEntry),
            self._read("challenges", ChallengeEntry),
            self._read("gear", GearEntry),
            self._read("goods", GoodsEntry),
        )
        try:
            return GameCatalogue(*parts)
        except InvalidInput as error:
            raise InvalidInput(error.what, where=f"{self._folder.name}: {error.where}", remedy=error.remedy) from error

    def _read(self, name: str, model: type[Entry[T]]) -> tuple[T, ...]:
        file = f"{name}.toml"
        try:
            document = tomllib.loads((self._folder / file).read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InvalidInput(f"this is not TOML ({error})", where=file, remedy="mend the line it names") from error
        except OSError as error:
            raise Unavailable(f"{file} cannot be read: {error.strerror}") from error
        entries = document.pop(name, None)
        if document or not isinstance(entries, list) or not entries:
            left = f", and nothing is known of {', '.join(sorted(document))}" if document else ""
            raise InvalidInput(
                f"it holds no list of [[{name}]]{left}", where=file, remedy=f"write [[{name}]] entries only"
            )
        return tuple(_record(f"{file}: entry {number}", entry, model) for number, entry in enumerate(entries, 1))


def _record(where: str, entry: object, model: type[Entry[T]]) -> T:
    if isinstance(entry, dict) and isinstance(entry.get("code"), str):
        where = f"{where}, {entry['code']}"
    try:
        return model.model_validate(entry).record()
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'entry'}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"
            for fault in error.errors(include_url=False)
        )
        raise InvalidInput(faults, where=where, remedy="mend the field, or take it out") from error
    except InvalidInput as error:
        place = where if not error.where or error.where in where else f"{where}, {error.where}"
        raise InvalidInput(error.what, where=place, remedy=error.remedy or "mend the entry") from error
