"""Booking points: what something earns now, once for its cause, within the day's caps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.market.clocks.fx_week import day_ending_at
from bitten_domain.membership import Denial
from bitten_domain.progression import Progress
from bitten_domain.progression.xp import award
from bitten_domain.use_cases.access.standing import allowed
from bitten_domain.use_cases.membership.pass_jobs import note_points
from bitten_domain.use_cases.privacy.deletion import require_present

if TYPE_CHECKING:
    from bitten_domain.membership.access import Action
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.progression import XpEntry, XpPolicy
    from bitten_domain.values import UserId
    from bitten_domain.vocabulary import XpKind

__all__ = ["allowed_progress", "book_entry", "book_points", "hold_progress"]


def hold_progress(store: Repositories, user_id: UserId) -> Progress:
    """Hold a person and read where they stand.

    Whoever books or spends points does this first, so that two of them do it one after the other: the second sees the
    day's caps, the balance and the achievements the first has left. Somebody's first points have no row to hold, so it
    is the person who is held.

    Raises:
        InvalidInput: there is no such person, or they were erased.
    """
    require_present(store, user_id)
    return store.progress.get(user_id) or Progress(user_id)


def allowed_progress(store: Repositories, user_id: UserId, action: Action, at: int) -> Progress | Denial:
    """Hold a person as `hold_progress` does, and say whether they may do something that is asked of their points.

    Args:
        store: of the transaction.
        user_id: who asks.
        action: what for.
        at: now, seconds since 1970 UTC.

    Raises:
        InvalidInput: there is no such person, or they were erased.
    """
    progress = hold_progress(store, user_id)
    answer = allowed(store, user_id, action, at)
    return answer if isinstance(answer, Denial) else progress


def book_points(
    store: Repositories,
    progress: Progress,
    kind: XpKind,
    cause: str,
    at: int,
    policy: XpPolicy,
    tried: list[XpEntry] | None = None,
) -> XpEntry | None:
    """Book what a cause earns; None when it was booked before, or a cap leaves nothing.

    Args:
        store: of the transaction.
        progress: where the person stands, who is held.
        kind: what for.
        cause: unique for ever among the person's.
        at: now, seconds since 1970 UTC.
        policy: the figures.
        tried: what this very call tried to book before, of whose commit the answer was lost; it is told again where it
            was kept, and what is tried now is added. None where nothing is told.
    """
    day = day_ending_at(at)
    today = store.xp.of_day(progress.user_id, day)
    booked = next((entry for entry in today if entry.cause == cause), None)
    if booked is not None:
        return booked if tried is not None and booked in tried else None
    entry = award(kind, cause, day, at, progress, today, policy)
    if entry is not None and tried is not None:
        tried.append(entry)
    return entry if entry is not None and book_entry(store, entry) else None


def book_entry(store: Repositories, entry: XpEntry) -> bool:
    """Book what was earned, in the ledger and in the day score of a press pass that holds; False when it was before.

    Everything that earns goes through here; what spends goes to the ledger alone.
    """
    if not store.xp.add(entry):
        return False
    note_points(store, entry.user_id, entry.amount, entry.at)
    return True
