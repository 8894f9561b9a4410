"""Arrive: whoever comes for the first time becomes a person of rank RECRUIT, and their onboarding begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import InvalidInput
from bitten_domain.membership import Denial, Person, Profile
from bitten_domain.membership.access import Action
from bitten_domain.membership.onboarding import OnboardingSession, is_resumable
from bitten_domain.membership.person import require_telegram_id
from bitten_domain.use_cases.choices.asking import denied, required
from bitten_domain.use_cases.choices.profile import require_language, require_zone
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from bitten_domain.ports.identity import Identity
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

__all__ = ["Arrive", "Arrived", "Resume"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)
_OURS = ("system",)
"""Names under which this program itself writes into the audit."""


class Arrived(NamedTuple):
    """Who came, and where they stand.

    Args:
        person: as kept.
        session: their onboarding, begun, taken up or done.
        is_new: whether they were not known before.
    """

    person: Person
    session: OnboardingSession
    is_new: bool


@dataclass(frozen=True, slots=True)
class Arrive:
    """Make somebody known.

    Args:
        unit_of_work: the store.
        identity: names them where they do not do so themselves.
        zones: IANA names of time zones.
    """

    unit_of_work: UnitOfWork
    identity: Identity
    zones: AbstractSet[str]

    async def __call__(
        self,
        at: int,
        *,
        telegram_id: int | None = None,
        name: str | None = None,
        language: str = "en",
        zone: str = "UTC",
    ) -> Arrived | Denial:
        """Come in; who was here before is known again, and an onboarding that was left for a week begins anew.

        Args:
            at: now, seconds since 1970 UTC.
            telegram_id: of whoever comes by Telegram; it makes one person, however often and at once they come.
            name: the identity somebody chooses who comes by the command line; None lets one be made.
            language, zone: how somebody new is addressed.

        Raises:
            InvalidInput: the name, Telegram id, language or zone cannot be, or the name belongs to another Telegram id.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        if telegram_id is not None:
            require_telegram_id(telegram_id)
        profile = Profile("", require_language(language), require_zone(zone, self.zones))
        if name is not None and (not _NAME.fullmatch(name) or name.lower() in _OURS):
            raise InvalidInput(
                f"{name!r} is no name to be known by",
                where="name",
                remedy="1 to 64 letters, digits, dots, hyphens or underscores, and not one of this program's own",
            )
        user_id = UserId(self.identity.new_id() if name is None else name)

        def work(store: Repositories) -> Arrived | Denial:
            known = None if telegram_id is None else store.people.by_telegram(telegram_id)
            known = store.people.get(user_id) if known is None else known
            if known is not None:
                if telegram_id is not None and known.telegram_id != telegram_id:
                    raise InvalidInput(f"{user_id} came in another way", where="name", remedy="choose another")
                taken_up = _taken_up(store, known.user_id, at)
                return taken_up if isinstance(taken_up, Denial) else Arrived(*taken_up, is_new=False)
            person = Person(user_id, at, telegram_id, profile=profile)
            session = OnboardingSession(user_id, at)
            store.people.add(person)
            store.onboardings.put(session)
            return Arrived(person, session, is_new=True)

        return await durably(self.unit_of_work, work)


@dataclass(frozen=True, slots=True)
class Resume:
    """Take up the onboarding of somebody who is known."""

    unit_of_work: UnitOfWork

    async def __call__(self, user_id: UserId, at: int) -> Arrived | Denial:
        """Take it up; one that was left for a week, or never begun, begins now.

        Args:
            user_id: who.
            at: now, seconds since 1970 UTC.

        Raises:
            InvalidInput: there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """

        def work(store: Repositories) -> Arrived | Denial:
            taken_up = _taken_up(store, user_id, at)
            return taken_up if isinstance(taken_up, Denial) else Arrived(*taken_up, is_new=False)

        return await durably(self.unit_of_work, work)


def _taken_up(store: Repositories, user_id: UserId, at: int) -> tuple[Person, OnboardingSession] | Denial:
    person = required(store, user_id)
    no = denied(store, person, Action.START, at)
    if no is not None:
        return no
    session = store.onboardings.of(user_id)
    if session is None or not is_resumable(session, at):
        session = OnboardingSession(user_id, at)
        store.onboardings.put(session)
    return person, session
