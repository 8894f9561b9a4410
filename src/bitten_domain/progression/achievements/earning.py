"""Earning achievements: which conditions hold that did not before, and how far the others are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.events import AchievementEarned
from bitten_domain.progression.achievements.conditions import CONDITIONS
from bitten_domain.progression.causes import cause_of_achievement
from bitten_domain.progression.xp import award
from bitten_domain.vocabulary import XpKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from bitten_domain.progression.achievements.definition import Achievement
    from bitten_domain.progression.achievements.facts import Facts
    from bitten_domain.progression.xp import XpEntry, XpPolicy

__all__ = ["EarnedNow", "count_of", "earn_achievements", "is_met"]


class EarnedNow(NamedTuple):
    """What the facts have newly earned.

    Args:
        events: an achievement each, in the catalogue's order.
        entries: points to be booked; badges have none.
    """

    events: tuple[AchievementEarned, ...]
    entries: tuple[XpEntry, ...]


def count_of(achievement: Achievement, facts: Facts) -> int:
    """Count what an achievement counts, so that somebody sees how far they are."""
    return CONDITIONS[achievement.condition].measure(facts, achievement.subject)


def is_met(achievement: Achievement, facts: Facts) -> bool:
    """Say whether an achievement's condition holds."""
    return count_of(achievement, facts) >= achievement.least


def earn_achievements(
    achievements: Iterable[Achievement],
    have: AbstractSet[str],
    facts: Facts,
    today: Iterable[XpEntry],
    policy: XpPolicy,
    *,
    day: int,
    at: int,
) -> EarnedNow:
    """Find what is newly earned.

    Args:
        achievements: the catalogue.
        have: codes of those somebody has.
        facts: what is recorded of them.
        today: entries of the day so far.
        policy: the figures of the ledger.
        day: trading day the points count for.
        at: seconds since 1970 UTC.
    """
    events: list[AchievementEarned] = []
    entries: list[XpEntry] = []
    so_far = list(today)
    user_id = facts.progress.user_id
    for achievement in achievements:
        if achievement.code in have or not is_met(achievement, facts):
            continue
        cause = cause_of_achievement(achievement.code)
        entry = (
            award(XpKind.ACHIEVEMENT, cause, day, at, facts.progress, so_far, policy, achievement.xp)
            if achievement.xp
            else None
        )
        if entry is not None:
            entries.append(entry)
            so_far.append(entry)
        events.append(AchievementEarned(user_id, achievement.code, 0 if entry is None else entry.amount, at))
    return EarnedNow(tuple(events), tuple(entries))
