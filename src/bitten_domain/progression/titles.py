"""Titles: names for lifetime XP. They decide nothing."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from bitten_domain.events import TitleReached
from bitten_domain.vocabulary import Title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.values import UserId

__all__ = ["TITLE_FROM", "title_of", "titles_reached"]

TITLE_FROM: Mapping[Title, int] = MappingProxyType(
    {
        Title.RECRUIT: 0,
        Title.PRIVATE: 100,
        Title.CORPORAL: 500,
        Title.SERGEANT: 1_000,
        Title.LIEUTENANT: 2_500,
        Title.CAPTAIN: 5_000,
        Title.MAJOR: 10_000,
        Title.COLONEL: 25_000,
        Title.GENERAL: 50_000,
        Title.MARSHAL: 100_000,
    }
)
"""Lifetime XP from which a title is held."""


def title_of(lifetime: int) -> Title:
    """Name lifetime XP, >= 0."""
    return max((title for title, least in TITLE_FROM.items() if lifetime >= least), key=TITLE_FROM.__getitem__)


def titles_reached(user_id: UserId, before: int, after: int, at: int) -> tuple[TitleReached, ...]:
    """Tell which titles lifetime XP has reached on its way, lowest first.

    Args:
        user_id: whose.
        before, after: lifetime XP; it never falls.
        at: seconds since 1970 UTC.
    """
    return tuple(TitleReached(user_id, title, at) for title, least in TITLE_FROM.items() if before < least <= after)
