"""Forgetters: for each table that holds something of persons, how it is taken out of it.

The table of what becomes of rows is `membership.privacy.retention`. A table that it calls ERASED or UNLINKED has a
forgetter here, and a test fails for one that has not. Each may run any number of times.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from bitten_domain.membership.privacy import erased

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import UserId

__all__ = ["FORGETTERS", "Forgetter", "Leaving"]


class Leaving(NamedTuple):
    """Somebody who is being erased.

    Args:
        user_id: their identity here.
        telegram_id: as it was; None without one.
        at: seconds since 1970 UTC.
        journal_rows: streams and numbers of rows of the journal that are personal.
    """

    user_id: UserId
    telegram_id: int | None
    at: int
    journal_rows: tuple[tuple[str, int], ...] = ()


Forgetter: TypeAlias = "Callable[[Repositories, Leaving], int]"
"""Takes somebody out of a table, and gives how many rows it changed."""


def _person(store: Repositories, leaving: Leaving) -> int:
    person = store.people.lock(leaving.user_id)
    if person is None or person == erased(person):
        return 0
    store.people.put(erased(person))
    return 1


def _updates(store: Repositories, leaving: Leaving) -> int:
    return 0 if leaving.telegram_id is None else store.inbox.forget(leaving.telegram_id)


def _key(store: Repositories, leaving: Leaving) -> int:
    key = store.person_keys.get(leaving.user_id)
    if key is not None and key.sealed is None:
        return 0
    store.person_keys.destroy(leaving.user_id, leaving.at)
    return 1


def _mandates(store: Repositories, leaving: Leaving) -> int:
    theirs = [granted for granted in store.mandates.all_standing() if granted.user_id == leaving.user_id]
    for granted in theirs:
        store.mandates.revoke(granted.mandate_id, leaving.at)
    return len(theirs)


def _press_pass(store: Repositories, leaving: Leaving) -> int:
    press_pass = store.press_passes.lock(leaving.user_id)
    if press_pass is None:
        return 0
    store.press_passes.put(replace(press_pass, user_id=None))
    return 1


def _gear(store: Repositories, leaving: Leaving) -> int:
    return store.gear.forget(leaving.user_id)


def _journal(store: Repositories, leaving: Leaving) -> int:
    for stream, number in leaving.journal_rows:
        store.journal.erase(stream, number)
    return len(leaving.journal_rows)


FORGETTERS: Mapping[str, Forgetter] = MappingProxyType(
    {
        "board_members": lambda store, leaving: store.boards.forget(leaving.user_id),
        "challenges": lambda store, leaving: store.challenges.forget(leaving.user_id),
        "consents": lambda store, leaving: store.consents.forget(leaving.user_id),
        "diary_entries": lambda store, leaving: store.diary.forget(leaving.user_id),
        "export_requests": lambda store, leaving: store.exports.forget(leaving.user_id),
        "forecasts": lambda store, leaving: store.forecasts.forget(leaving.user_id),
        "gear": _gear,
        "gear_worn": _gear,
        "inbox_updates": _updates,
        "journal": _journal,
        "lessons": lambda store, leaving: store.lessons.forget(leaving.user_id),
        "mandates": _mandates,
        "missions": lambda store, leaving: store.missions.forget(leaving.user_id),
        "onboarding_sessions": lambda store, leaving: store.onboardings.forget(leaving.user_id),
        "outbox": lambda store, leaving: store.outbox.forget(leaving.user_id),
        "person_keys": _key,
        "press_passes": _press_pass,
        "quiz_results": lambda store, leaving: store.quizzes.forget(leaving.user_id),
        "trial_marks": lambda store, leaving: store.trials.forget(leaving.user_id),
        "user_achievements": lambda store, leaving: store.achievements.forget(leaving.user_id),
        "user_choices": _person,
        "user_emails": lambda store, leaving: store.emails.forget(leaving.user_id),
        "user_profiles": _person,
        "user_progress": lambda store, leaving: store.progress.forget(leaving.user_id),
        "users": _person,
    }
)
"""Forgetters by table."""
