"""Change how somebody is addressed: callsign, language, time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.membership import Denial, Profile
from bitten_domain.membership.access import Action
from bitten_domain.membership.onboarding import callsign_denial
from bitten_domain.use_cases.choices.asking import denied, note, required
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from bitten_domain.membership import Person
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import UserId

__all__ = ["ChangeProfile", "require_language", "require_zone"]

_LANGUAGE = re.compile(r"[a-z]{2}", re.ASCII)


def require_language(language: str) -> str:
    """Give a language back that is two small letters.

    Raises:
        InvalidInput: it is not.
    """
    if not _LANGUAGE.fullmatch(language):
        raise InvalidInput(f"{language!r} is no language", where="language", remedy="two small letters, such as en")
    return language


def require_zone(zone: str, zones: AbstractSet[str]) -> str:
    """Give a time zone back that is one of IANA's.

    Raises:
        InvalidInput: it is not.
    """
    if zone not in zones:
        raise InvalidInput(f"{zone!r} is no time zone", where="zone", remedy="an IANA name, such as Europe/Berlin")
    return zone


@dataclass(frozen=True, slots=True)
class ChangeProfile:
    """Change it.

    Args:
        unit_of_work: the store.
        zones: IANA names of time zones.
    """

    unit_of_work: UnitOfWork
    zones: AbstractSet[str]

    async def __call__(
        self,
        user_id: UserId,
        at: int,
        *,
        callsign: str | None = None,
        language: str | None = None,
        zone: str | None = None,
    ) -> Profile | Denial:
        """Change what is given and keep the rest; a callsign belongs to one person, whatever its case.

        Args:
            user_id: who.
            at: now, seconds since 1970 UTC.
            callsign: the wanted one; None to keep it.
            language: two small letters; None to keep it.
            zone: an IANA name; None to keep it.

        Raises:
            InvalidInput: there is no such person, language or zone.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        if language is not None:
            require_language(language)
        if zone is not None:
            require_zone(zone, self.zones)

        def work(store: Repositories) -> Profile | Denial:
            person = required(store, user_id)
            no = None if callsign is None else _callsign_denied(store, person, callsign, at)
            if no is None and (language is not None or zone is not None):
                no = denied(store, person, Action.CHANGE_SETTINGS, at)
            if no is not None:
                return no
            was = person.profile
            profile = Profile(
                was.callsign if callsign is None else callsign,
                was.language if language is None else language,
                was.zone if zone is None else zone,
            )
            if profile != was:
                store.people.put(replace(person, profile=profile))
                note(store, at, user_id, "PROFILE_CHANGED")
            return profile

        return await durably(self.unit_of_work, work)


def _callsign_denied(store: Repositories, person: Person, callsign: str, at: int) -> Denial | None:
    owner = store.people.by_callsign(callsign)
    is_taken = owner is not None and owner.user_id != person.user_id
    return denied(store, person, Action.SET_CALLSIGN, at) or callsign_denial(callsign, is_taken=is_taken)
