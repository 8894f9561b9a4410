"""Booking points: what something earns now, once for its cause, within the day's caps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.market.clocks.fx_week import day_ending_at
from bitten_domain.progression import Progress
from bitten_domain.progression.xp import award

if TYPE_CHECKING:
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.progression import XpEntry, XpPolicy
    from bitten_domain.values import UserId
    from bitten_domain.vocabulary import XpKind

__all__ = ["book_points"]


def book_points(
    store: Repositories, user_id: UserId, kind: XpKind, cause: str, at: int, policy: XpPolicy
) -> XpEntry | None:
    """Book what a cause earns; None when it was booked before, or a cap leaves nothing.

    Args:
        store: of the transaction.
        user_id: whose; they are there.
        kind: what for.
        cause: unique for ever among the person's.
        at: now, seconds since 1970 UTC.
        policy: the figures.
    """
    # Read first and so held: two who book at once do it one after the other, and the second sees the day's caps.
    progress = store.progress.get(user_id) or Progress(user_id)
    day = day_ending_at(at)
    entry = award(kind, cause, day, at, progress, store.xp.of_day(user_id, day), policy)
    return entry if entry is not None and store.xp.add(entry) else None
