"""What is sealed: persons' keys, and their e-mail addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, null, select, update

from bitten_adapters.sql.repositories.keys import user_key
from bitten_adapters.sql.statements import Statement, adding_once, replacing
from bitten_adapters.sql.tables.members.privacy import PERSON_KEYS, USER_EMAILS
from bitten_adapters.sql.tables.people import USERS
from bitten_domain.errors import BrokenInvariant
from bitten_domain.membership.privacy import PersonKey, SealedEmail, SealedText
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from bitten_adapters.sql.statements import Row, Wire

__all__ = ["SqlEmails", "SqlPersonKeys"]

_U, _K, _E = USERS.c, PERSON_KEYS.c, USER_EMAILS.c

_KEY = select(_U.public_id, _K.key_id, _K.nonce, _K.ciphertext, _K.made_at, _K.destroyed_at).join_from(
    PERSON_KEYS, USERS
)
_ADD_KEY = adding_once(PERSON_KEYS, user_id=user_key())
_GET_KEY = Statement(_KEY.where(_K.user_id == user_key()))
_LIVE_KEYS = Statement(_KEY.where(_K.destroyed_at.is_(None)).order_by(_U.public_id))
_RESEAL = Statement(
    update(PERSON_KEYS).where(_K.user_id == user_key(), _K.destroyed_at.is_(None)), ("key_id", "nonce", "ciphertext")
)
_DESTROY = Statement(
    update(PERSON_KEYS)
    .where(_K.user_id == user_key(), _K.destroyed_at.is_(None))
    .values(key_id=null(), nonce=null(), ciphertext=null()),
    ("destroyed_at",),
)

_PUT_EMAIL = replacing(USER_EMAILS, ("user_id",), user_id=user_key())
_GET_EMAIL = Statement(
    select(_E.blind_index, _E.key_id, _E.nonce, _E.ciphertext, _E.set_at).where(_E.user_id == user_key())
)
_BY_INDEX = Statement(
    select(_U.public_id)
    .join_from(USER_EMAILS, USERS)
    .where(_E.blind_index == bindparam("of_index"))
    .order_by(_U.public_id)
)
_FORGET_EMAIL = Statement(delete(USER_EMAILS).where(_E.user_id == user_key()))


class SqlPersonKeys:
    """Keys of persons, sealed."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, key: PersonKey) -> None:
        """Keep a new key."""
        sealed = key.sealed
        self._wire.add(
            _ADD_KEY,
            f"a key of {key.user_id}",
            user=key.user_id,
            key_id=None if sealed is None else sealed.key_id,
            nonce=None if sealed is None else sealed.nonce,
            ciphertext=None if sealed is None else sealed.ciphertext,
            made_at=key.made_at,
            destroyed_at=key.destroyed_at,
        )

    def get(self, user_id: UserId) -> PersonKey | None:
        """Read a person's key, which may be destroyed."""
        row = self._wire.one(_GET_KEY, user=user_id)
        return None if row is None else _key(row)

    def reseal(self, user_id: UserId, sealed: SealedText) -> None:
        """Replace the seal of a key that is there."""
        changed = self._wire.write(
            _RESEAL, user=user_id, key_id=sealed.key_id, nonce=sealed.nonce, ciphertext=sealed.ciphertext
        )
        if not changed:
            raise BrokenInvariant(f"{user_id} has no key, or it was destroyed")

    def destroy(self, user_id: UserId, at: int) -> None:
        """Destroy a person's key so that nothing of it stays in the store."""
        if not self._wire.write(_DESTROY, user=user_id, destroyed_at=at):
            self._wire.write(
                _ADD_KEY, user=user_id, key_id=None, nonce=None, ciphertext=None, made_at=at, destroyed_at=at
            )

    def all(self) -> tuple[PersonKey, ...]:
        """List the keys that are not destroyed, by person."""
        return tuple(map(_key, self._wire.all(_LIVE_KEYS)))


class SqlEmails:
    """E-mail addresses, sealed."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def put(self, email: SealedEmail) -> None:
        """Keep a person's address, in place of the one before."""
        sealed = email.sealed
        self._wire.write(
            _PUT_EMAIL,
            user=email.user_id,
            blind_index=email.index,
            key_id=sealed.key_id,
            nonce=sealed.nonce,
            ciphertext=sealed.ciphertext,
            set_at=email.set_at,
        )

    def get(self, user_id: UserId) -> SealedEmail | None:
        """Read a person's address."""
        row = self._wire.one(_GET_EMAIL, user=user_id)
        if row is None:
            return None
        index, key_id, nonce, ciphertext, set_at = row
        return SealedEmail(user_id, bytes(index), SealedText(key_id, bytes(nonce), bytes(ciphertext)), set_at)

    def by_index(self, index: bytes) -> tuple[UserId, ...]:
        """Find the persons who gave an address, by id."""
        return tuple(UserId(user) for (user,) in self._wire.all(_BY_INDEX, of_index=index))

    def forget(self, user_id: UserId) -> int:
        """Erase a person's address; how many there were."""
        return self._wire.write(_FORGET_EMAIL, user=user_id)


def _key(row: Row) -> PersonKey:
    user, key_id, nonce, ciphertext, made_at, destroyed_at = row
    sealed = None if key_id is None else SealedText(key_id, bytes(nonce), bytes(ciphertext))
    return PersonKey(UserId(user), sealed, made_at, destroyed_at)
