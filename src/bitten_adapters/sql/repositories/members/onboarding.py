"""How people came in, and what they agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select, update

from bitten_adapters.sql.repositories.keys import user_key
from bitten_adapters.sql.statements import Statement, adding_once, replacing
from bitten_adapters.sql.tables.members.onboarding import CONSENTS, ONBOARDING_SESSIONS
from bitten_domain.errors import BrokenInvariant
from bitten_domain.membership.onboarding import Experience, OnboardingSession, Step
from bitten_domain.membership.privacy import Consent, ConsentPurpose

if TYPE_CHECKING:
    from bitten_adapters.sql.statements import Wire
    from bitten_domain.values import UserId

__all__ = ["SqlConsents", "SqlOnboardings"]

_O, _C = ONBOARDING_SESSIONS.c, CONSENTS.c
_STEPS = {step.value: step for step in Step}
_EXPERIENCES = {kind.value: kind for kind in Experience}
_PURPOSES = {purpose.value: purpose for purpose in ConsentPurpose}

_PUT = replacing(ONBOARDING_SESSIONS, ("user_id",), user_id=user_key())
_OF = Statement(
    select(
        _O.started_at,
        _O.step,
        _O.experience,
        _O.adult_at,
        _O.risk_version,
        _O.privacy_version,
        _O.quiz_result,
        _O.callsign,
        _O.has_account,
        _O.done_at,
    ).where(_O.user_id == user_key())
)
_DROP = Statement(delete(ONBOARDING_SESSIONS).where(_O.done_at.is_(None), _O.started_at < bindparam("before")))
_FORGET = Statement(delete(ONBOARDING_SESSIONS).where(_O.user_id == user_key()))

_ADD_CONSENT = adding_once(CONSENTS, user_id=user_key())
_WITHDRAW = Statement(
    update(CONSENTS).where(
        _C.public_id == bindparam("consent"), _C.withdrawn_at.is_(None), _C.given_at <= bindparam("until")
    ),
    ("withdrawn_at",),
)
_WITHDRAWN = Statement(select(_C.id).where(_C.public_id == bindparam("consent"), _C.withdrawn_at.is_not(None)))
_CONSENTS = Statement(
    select(_C.public_id, _C.purpose, _C.version, _C.given_at, _C.withdrawn_at)
    .where(_C.user_id == user_key())
    .order_by(_C.given_at, _C.id)
)
_FORGET_CONSENTS = Statement(delete(CONSENTS).where(_C.user_id == user_key()))


class SqlOnboardings:
    """Onboardings, one a person at most."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def put(self, session: OnboardingSession) -> None:
        """Keep an onboarding, or replace the person's."""
        self._wire.write(
            _PUT,
            user=session.user_id,
            started_at=session.started_at,
            step=session.step.value,
            experience=None if session.experience is None else session.experience.value,
            adult_at=session.adult_at,
            risk_version=session.risk_version,
            privacy_version=session.privacy_version,
            quiz_result=session.quiz_result_id,
            callsign=session.callsign,
            has_account=session.has_account,
            done_at=session.done_at,
        )

    def of(self, user_id: UserId) -> OnboardingSession | None:
        """Read a person's onboarding."""
        row = self._wire.one(_OF, user=user_id)
        if row is None:
            return None
        started_at, step, experience, *rest = row
        told = None if experience is None else _EXPERIENCES[experience]
        return OnboardingSession(user_id, started_at, _STEPS[step], told, *rest)

    def drop_started_before(self, moment: int) -> int:
        """Erase the unfinished ones started before a moment; how many there were."""
        return self._wire.write(_DROP, before=moment)

    def forget(self, user_id: UserId) -> int:
        """Erase a person's; how many there were."""
        return self._wire.write(_FORGET, user=user_id)


class SqlConsents:
    """Consents; a row is given once and withdrawn once."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, consent: Consent) -> None:
        """Keep a new consent; `Conflict` while one of the same person, purpose and version stands."""
        self._wire.add(
            _ADD_CONSENT,
            f"consent {consent.consent_id}, or one to {consent.purpose.value} {consent.version} that stands,",
            user=consent.user_id,
            public_id=consent.consent_id,
            purpose=consent.purpose.value,
            version=consent.version,
            given_at=consent.given_at,
            withdrawn_at=consent.withdrawn_at,
        )

    def withdraw(self, consent_id: str, at: int) -> None:
        """Take one back; a second time changes nothing."""
        if self._wire.write(_WITHDRAW, consent=consent_id, until=at, withdrawn_at=at):
            return
        if self._wire.one(_WITHDRAWN, consent=consent_id) is None:
            raise BrokenInvariant(f"consent {consent_id} is not there, or was given after {at}")

    def of(self, user_id: UserId) -> tuple[Consent, ...]:
        """List a person's consents, withdrawn ones among them, oldest first."""
        return tuple(
            Consent(name, user_id, _PURPOSES[purpose], version, given_at, withdrawn_at)
            for name, purpose, version, given_at, withdrawn_at in self._wire.all(_CONSENTS, user=user_id)
        )

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person; how many there were."""
        return self._wire.write(_FORGET_CONSENTS, user=user_id)
