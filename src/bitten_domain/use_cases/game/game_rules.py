"""The rules of the game as the uses of it are given them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bitten_domain.progression import XpPolicy

if TYPE_CHECKING:
    from bitten_domain.membership.education import Syllabus
    from bitten_domain.progression.catalogue import GameCatalogue

__all__ = ["GameRules"]


@dataclass(frozen=True, slots=True)
class GameRules:
    """What there is to earn, and by which figures.

    Args:
        catalogue: achievements, challenges, gear and goods.
        syllabus: what there is to learn.
        policy: the figures of the XP ledger.
    """

    catalogue: GameCatalogue
    syllabus: Syllabus
    policy: XpPolicy = field(default_factory=XpPolicy)
