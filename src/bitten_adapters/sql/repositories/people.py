"""People, what they let the machine do, and what has been stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from bitten_adapters.sql.repositories.decoding import json_of, parsed
from bitten_adapters.sql.repositories.keys import account_key
from bitten_adapters.sql.statements import Statement, adding, adding_once, locking, replacing
from bitten_adapters.sql.tables.accounts import ACCOUNTS
from bitten_adapters.sql.tables.members.onboarding import USER_CHOICES
from bitten_adapters.sql.tables.people import EMERGENCY_STOPS, MANDATES, USER_PROFILES, USERS
from bitten_domain.errors import BrokenInvariant
from bitten_domain.membership import Person, Profile
from bitten_domain.ports.repositories.people import GrantedMandate
from bitten_domain.risk.emergency_stop import EmergencyStop, StopKind, StopScope
from bitten_domain.risk.policy import LimitChoice, Mandate, UserLimits
from bitten_domain.values import AccountId, UserId
from bitten_domain.vocabulary import AccountStatus, Rank, SystemMode, Tier

if TYPE_CHECKING:
    from bitten_adapters.sql.statements import Row, Value, Wire

__all__ = ["SqlMandates", "SqlPeople", "SqlStops"]

_U, _P, _W, _M, _E = USERS.c, USER_PROFILES.c, USER_CHOICES.c, MANDATES.c, EMERGENCY_STOPS.c
_LIMITS = ("risk_percent", "daily_loss_percent", "max_positions")
_CHANGING = (
    "telegram_id", "status", "rank", "tier", "mode", "is_sniper", "has_live_consent", *_LIMITS,
    *(f"raised_{name}" for name in _LIMITS), "raise_at", "joined_at",
)  # fmt: skip

_PERSON = (
    select(
        _U.public_id,
        _U.joined_at,
        _U.telegram_id,
        _U.status,
        _U.rank,
        _U.tier,
        _U.mode,
        _U.is_sniper,
        _U.has_live_consent,
        *(_U[name] for name in _LIMITS),
        *(_U[f"raised_{name}"] for name in _LIMITS),
        _U.raise_at,
        _P.callsign,
        _P.language,
        _P.zone,
        _W.limits_chosen_at,
    )
    .join_from(USERS, USER_PROFILES)
    .outerjoin(USER_CHOICES, _W.user_id == _U.id)
)
_GET = Statement(_PERSON.where(_U.public_id == bindparam("person")))
# Held first and read afterwards: whoever waited must see what the other one wrote in the profile too.
_HOLD = Statement(select(_U.id).where(_U.public_id == bindparam("person")).with_for_update())
_ALL = Statement(_PERSON.order_by(_U.public_id))
_BY_TELEGRAM = Statement(_PERSON.where(_U.telegram_id == bindparam("telegram")))
_BY_CALLSIGN = Statement(_PERSON.where(_W.callsign_key == bindparam("callsign")))
_ADD = adding_once(USERS)
_USER_KEY = select(_U.id).where(_U.public_id == bindparam("person")).scalar_subquery()
_ADD_PROFILE = adding(USER_PROFILES, user_id=_USER_KEY)
_PUT_CHOICES = replacing(USER_CHOICES, ("user_id",), user_id=_USER_KEY)
_PUT = Statement(update(USERS).where(_U.public_id == bindparam("person")), _CHANGING)
_PUT_PROFILE = Statement(
    update(USER_PROFILES).where(_P.user_id == _USER_KEY),
    ("callsign", "language", "zone"),
)

_MANDATE = select(
    _M.public_id,
    _M.user_public_id,
    ACCOUNTS.c.public_id,
    _M.pairs,
    _M.least_score,
    _M.shots_a_day,
    _M.risk_percent,
    _M.granted_at,
    _M.ends_at,
    _M.revoked_at,
).join_from(MANDATES, ACCOUNTS)
_STANDING = Statement(_MANDATE.where(_M.revoked_at.is_(None), ACCOUNTS.c.public_id == bindparam("account")))
_ALL_STANDING = Statement(_MANDATE.where(_M.revoked_at.is_(None)).order_by(ACCOUNTS.c.public_id))
_ADD_MANDATE = adding_once(MANDATES, account_id=account_key())
_REVOKE = Statement(
    update(MANDATES).where(_M.public_id == bindparam("mandate"), _M.revoked_at.is_(None)), ("revoked_at",)
)

_IN_FORCE = Statement(
    select(_E.scope, _E.subject, _E.kind, _E.set_by, _E.set_at)
    .where(_E.released_at.is_(None))
    .order_by(_E.set_at, _E.id)
)
_SET = adding(EMERGENCY_STOPS)
# Whoever decides by the stops holds them shared, whoever sets one waits for those: after its commit nobody acts on a
# state without it. Ending one needs no such care.
_STOPS_KEY = 0x6269_7401
_SEE_STOPS = locking(_STOPS_KEY, shared=True)
_CHANGE_STOPS = locking(_STOPS_KEY)
_RELEASE = Statement(
    update(EMERGENCY_STOPS).where(
        _E.scope == bindparam("of_scope"),
        _E.subject == bindparam("of_subject"),
        _E.kind == bindparam("of_kind"),
        _E.released_at.is_(None),
    ),
    ("released_by", "released_at"),
)


class SqlPeople:
    """Persons with their profiles."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, person: Person) -> None:
        """Keep a new person; a Telegram id belongs to one person."""
        self._wire.add(_ADD, f"person {person.user_id}", public_id=person.user_id, **_columns(person))
        profile = person.profile
        self._wire.write(
            _ADD_PROFILE,
            person=person.user_id,
            callsign=profile.callsign,
            language=profile.language,
            zone=profile.zone,
        )
        self._put_choices(person)

    def get(self, user_id: UserId) -> Person | None:
        """Read a person."""
        row = self._wire.one(_GET, person=user_id)
        return None if row is None else _person(row)

    def lock(self, user_id: UserId) -> Person | None:
        """Read a person and hold them until the transaction ends."""
        self._wire.require_writing()
        return None if self._wire.one(_HOLD, person=user_id) is None else self.get(user_id)

    def all(self) -> tuple[Person, ...]:
        """List everybody, by id."""
        return tuple(map(_person, self._wire.all(_ALL)))

    def by_callsign(self, callsign: str) -> Person | None:
        """Find the person of a callsign, whatever its case; None for the empty one."""
        row = self._wire.one(_BY_CALLSIGN, callsign=callsign.lower())
        return None if row is None else _person(row)

    def by_telegram(self, telegram_id: int) -> Person | None:
        """Find the person of a Telegram id."""
        row = self._wire.one(_BY_TELEGRAM, telegram=telegram_id)
        return None if row is None else _person(row)

    def put(self, person: Person) -> None:
        """Replace a person that is there."""
        if not self._wire.write(_PUT, person=person.user_id, **_columns(person)):
            raise BrokenInvariant(f"person {person.user_id} is not there")
        profile = person.profile
        self._wire.write(
            _PUT_PROFILE,
            person=person.user_id,
            callsign=profile.callsign,
            language=profile.language,
            zone=profile.zone,
        )
        self._put_choices(person)

    def _put_choices(self, person: Person) -> None:
        self._wire.write(
            _PUT_CHOICES,
            person=person.user_id,
            callsign_key=person.profile.callsign.lower() or None,
            limits_chosen_at=person.limits.chosen_at,
        )


class SqlMandates:
    """Mandates; an account has at most one that is not revoked."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, granted: GrantedMandate) -> None:
        """Keep a new mandate; `Conflict` while the account has one that is not revoked."""
        mandate = granted.mandate
        self._wire.add(
            _ADD_MANDATE,
            f"mandate {granted.mandate_id}, or one that stands on {mandate.account_id},",
            public_id=granted.mandate_id,
            account=mandate.account_id,
            user_public_id=granted.user_id,
            pairs=json_of(sorted(mandate.pairs)),
            least_score=mandate.least_score,
            shots_a_day=mandate.shots_a_day,
            risk_percent=mandate.risk_percent,
            granted_at=mandate.granted_at,
            ends_at=mandate.ends_at,
            revoked_at=granted.revoked_at,
        )

    def standing(self, account: AccountId) -> GrantedMandate | None:
        """Read the account's mandate that is not revoked, whether or not it has run out."""
        row = self._wire.one(_STANDING, account=account)
        return None if row is None else _granted(row)

    def all_standing(self) -> tuple[GrantedMandate, ...]:
        """List the mandates that are not revoked, by account."""
        return tuple(map(_granted, self._wire.all(_ALL_STANDING)))

    def revoke(self, mandate_id: str, at: int) -> None:
        """Take one back; a second time changes nothing."""
        self._wire.write(_REVOKE, mandate=mandate_id, revoked_at=at)


class SqlStops:
    """Emergency stops; a scope and subject has at most one of a kind in force."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def in_force(self) -> tuple[EmergencyStop, ...]:
        """List what is not released, oldest first."""
        self._wire.hold(_SEE_STOPS)
        return tuple(
            EmergencyStop(StopScope(scope), subject, StopKind(kind), UserId(set_by), set_at)
            for scope, subject, kind, set_by, set_at in self._wire.all(_IN_FORCE)
        )

    def set(self, stop: EmergencyStop) -> None:
        """Put a stop in force; one of the same scope, subject and kind is replaced, so that its wait starts again."""
        self._wire.hold(_CHANGE_STOPS)
        self.release(stop, stop.set_by, stop.set_at)
        self._wire.write(
            _SET,
            scope=stop.scope.value,
            subject=stop.subject,
            kind=stop.kind.value,
            set_by=stop.set_by,
            set_at=stop.set_at,
            released_by=None,
            released_at=None,
        )

    def release(self, stop: EmergencyStop, by: UserId, at: int) -> None:
        """End the stop of that scope, subject and kind; a second time changes nothing."""
        self._wire.write(
            _RELEASE,
            of_scope=stop.scope.value,
            of_subject=stop.subject,
            of_kind=stop.kind.value,
            released_by=by,
            released_at=at,
        )


def _columns(person: Person) -> dict[str, Value]:
    limits, raised = person.limits.current, person.limits.raised
    columns: dict[str, Value] = {
        "joined_at": person.joined_at,
        "telegram_id": person.telegram_id,
        "status": person.status.value,
        "rank": person.rank.value,
        "tier": person.tier.value,
        "mode": person.mode.value,
        "is_sniper": person.is_sniper,
        "has_live_consent": person.has_live_consent,
        "raise_at": person.limits.raise_at,
    }
    for name in _LIMITS:
        columns[name] = getattr(limits, name)
        columns[f"raised_{name}"] = None if raised is None else getattr(raised, name)
    return columns


def _person(row: Row) -> Person:
    name, joined, telegram, status, rank, tier, mode, sniper, consent = row[:9]
    risk, loss, most, raised_risk, raised_loss, raised_most, raise_at, callsign, language, zone, chosen_at = row[9:]
    raised = None if raised_risk is None else UserLimits(raised_risk, raised_loss, raised_most)
    return Person(
        user_id=UserId(name),
        joined_at=joined,
        telegram_id=telegram,
        status=AccountStatus(status),
        rank=Rank(rank),
        tier=Tier(tier),
        mode=SystemMode(mode),
        is_sniper=sniper,
        has_live_consent=consent,
        limits=LimitChoice(UserLimits(risk, loss, most), raised, raise_at, chosen_at),
        profile=Profile(callsign, language, zone),
    )


def _granted(row: Row) -> GrantedMandate:
    name, user, account, pairs, least_score, shots, risk, granted_at, ends_at, revoked_at = row
    mandate = Mandate(AccountId(account), frozenset(parsed(pairs)), least_score, shots, risk, granted_at, ends_at)
    return GrantedMandate(name, UserId(user), mandate, revoked_at)
