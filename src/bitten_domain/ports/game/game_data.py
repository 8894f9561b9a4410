"""Game data: where the game's catalogue comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.progression.catalogue import GameCatalogue

__all__ = ["GameData"]


class GameData(Protocol):
    """Achievements, challenges, gear and goods."""

    def catalogue(self) -> GameCatalogue:
        """Read the catalogue, the same every time.

        Raises:
            InvalidInput: an entry cannot be used; it says file, entry and remedy.
        """
        ...
