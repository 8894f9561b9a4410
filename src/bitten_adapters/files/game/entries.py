"""Entries of the game's files as they are written, one model each, and the domain's record each becomes."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints

from bitten_domain.progression.achievements import Achievement, AchievementGroup
from bitten_domain.progression.challenges import Challenge, ChallengeTheme
from bitten_domain.progression.gear import GearItem, GearSlot, Goods, GoodsKind, Rarity, Unlock, UnlockKind

__all__ = ["AchievementEntry", "ChallengeEntry", "Entry", "GearEntry", "GoodsEntry"]

T = TypeVar("T")

_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Entry(BaseModel, Generic[T]):
    """What every entry has; a field nobody knows is refused, so that a misspelt one is not lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: _Words
    name: _Words
    text: _Words

    def record(self) -> T:
        """Make the domain's record, which checks what it means."""
        raise NotImplementedError


class AchievementEntry(Entry[Achievement]):
    """An entry of achievements.toml."""

    group: AchievementGroup
    condition: str
    least: int
    subject: str = ""
    xp: int = 0

    def record(self) -> Achievement:
        """Make the achievement."""
        return Achievement(
            self.code, self.name, self.text, self.group, self.condition, self.least, self.subject, self.xp
        )


class ChallengeEntry(Entry[Challenge]):
    """An entry of challenges.toml."""

    theme: ChallengeTheme
    condition: str
    figure: int
    xp: int = 0

    def record(self) -> Challenge:
        """Make the challenge."""
        return Challenge(self.code, self.name, self.text, self.theme, self.condition, self.figure, self.xp)


class _UnlockEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: UnlockKind
    subject: str = ""
    least: int = 0


class GearEntry(Entry[GearItem]):
    """An entry of gear.toml."""

    slot: GearSlot
    rarity: Rarity
    unlock: _UnlockEntry

    def record(self) -> GearItem:
        """Make the item."""
        unlock = Unlock(self.unlock.kind, self.unlock.subject, self.unlock.least)
        return GearItem(self.code, self.name, self.text, self.slot, self.rarity, unlock)


class GoodsEntry(Entry[Goods]):
    """An entry of goods.toml."""

    kind: GoodsKind
    price: int

    def record(self) -> Goods:
        """Make the goods."""
        return Goods(self.code, self.name, self.text, self.kind, self.price)
