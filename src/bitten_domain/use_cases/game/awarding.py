"""Awarding: what the facts have newly earned, booked in the transaction of what earned it, each thing once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.progression.achievements import EarnedAchievement, earn_achievements
from bitten_domain.progression.gear import Earned, UnlockKind, unlock_gear
from bitten_domain.progression.titles import titles_reached
from bitten_domain.use_cases.game.recorded_facts import facts_of
from bitten_domain.use_cases.people.points import book_entry

if TYPE_CHECKING:
    from bitten_domain.events import AchievementEarned, TitleReached
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.progression import Progress, XpEntry
    from bitten_domain.progression.gear import Owned
    from bitten_domain.use_cases.game.game_rules import GameRules

__all__ = ["NOTHING", "Given", "award_due", "titles_since", "unlock_due"]


class Given(NamedTuple):
    """What the game newly gave somebody.

    Args:
        achievements: earned just now, in the catalogue's order, with the points that were booked for each.
        entries: those points.
        unlocked: gear, in the catalogue's order; what is everybody's from the start is left out.
    """

    achievements: tuple[AchievementEarned, ...] = ()
    entries: tuple[XpEntry, ...] = ()
    unlocked: tuple[Owned, ...] = ()


NOTHING = Given()
"""Nothing new."""


def award_due(store: Repositories, progress: Progress, rules: GameRules, *, day: int, at: int) -> Given:
    """Award what is due by now, and unlock what that reaches.

    Args:
        store: of the transaction.
        progress: where the person stands, who is held; as it will be kept.
        rules: the game's.
        day: trading day the points count for.
        at: now, seconds since 1970 UTC.
    """
    user_id, catalogue = progress.user_id, rules.catalogue
    have = {one.code for one in store.achievements.of(user_id)}
    left = [one for one in catalogue.achievements if one.code not in have]
    facts = facts_of(store, progress, rules.syllabus)
    due = earn_achievements(left, have, facts, store.xp.of_day(user_id, day), rules.policy, day=day, at=at)
    if due.events:
        _publish(store, rules)
    entries = {entry.cause: entry for entry in due.entries if book_entry(store, entry)}
    points = {cause.partition(":")[2]: entry.amount for cause, entry in entries.items()}
    earned = tuple(
        event._replace(xp=points.get(event.code, 0))
        for event in due.events
        if store.achievements.earn(EarnedAchievement(user_id, event.code, at))
    )
    return Given(earned, tuple(entries.values()), unlock_due(store, progress, rules, at))


def unlock_due(store: Repositories, progress: Progress, rules: GameRules, at: int) -> tuple[Owned, ...]:
    """Unlock the gear somebody has come by; gives what is new and was not everybody's from the start.

    Args:
        store, progress, rules, at: as for `award_due`.
    """
    user_id, catalogue = progress.user_id, rules.catalogue
    owned = {one.code for one in store.gear.owned(user_id)}
    earned = Earned(
        store.xp.totals(user_id).lifetime,
        progress.prestige,
        frozenset(one.code for one in store.achievements.of(user_id)),
        frozenset(goods.code for goods in catalogue.goods if goods.code in owned),
    )
    free = {item.code for item in catalogue.gear if item.unlock.kind is UnlockKind.FREE}
    new = [one for one in unlock_gear(user_id, catalogue.gear, owned, earned, at) if store.gear.own(one)]
    return tuple(one for one in new if one.code not in free)


def titles_since(store: Repositories, progress: Progress, before: int, at: int) -> tuple[TitleReached, ...]:
    """Tell which titles were reached since lifetime points were so many.

    Args:
        store: of the transaction.
        progress: whose.
        before: lifetime points before.
        at: now, seconds since 1970 UTC.
    """
    return titles_reached(progress.user_id, before, store.xp.totals(progress.user_id).lifetime, at)


def _publish(store: Repositories, rules: GameRules) -> None:
    """Keep the definitions that are not kept as they are now: who has one must be able to read what it was for."""
    known = set(store.achievements.all())
    new = tuple(one for one in rules.catalogue.achievements if one not in known)
    if new:
        store.achievements.publish(new)
