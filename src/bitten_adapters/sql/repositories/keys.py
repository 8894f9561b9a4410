"""Keys and bounds: a row's surrogate key from its public identity, and constants written out in statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, bindparam, literal_column, select

from bitten_adapters.sql.statements import Statement
from bitten_adapters.sql.tables.accounts import ACCOUNTS
from bitten_adapters.sql.tables.fires import FIRE_INTENTS
from bitten_adapters.sql.tables.people import USERS
from bitten_domain.errors import BrokenInvariant

if TYPE_CHECKING:
    from sqlalchemy import ScalarSelect

    from bitten_adapters.sql.statements import Wire
    from bitten_domain.values import UserId

__all__ = ["MOST", "ONE", "ZERO", "account_key", "intent_key", "require_user", "user_key"]

ZERO = literal_column("0", Integer)
"""Nought. A bound on rows comes with an offset of it, since the SQLite dialect would add one as a parameter."""

ONE = literal_column("1", Integer)
"""One."""

MOST = bindparam("most", type_=Integer)
"""How many rows are read at most."""


def account_key() -> ScalarSelect[Any]:
    """Look the key of the parameter ``account`` up."""
    return select(ACCOUNTS.c.id).where(ACCOUNTS.c.public_id == bindparam("account")).scalar_subquery()


def intent_key() -> ScalarSelect[Any]:
    """Look the key of the parameter ``intent`` up."""
    return select(FIRE_INTENTS.c.id).where(FIRE_INTENTS.c.public_id == bindparam("intent")).scalar_subquery()


def user_key() -> ScalarSelect[Any]:
    """Look the key of the parameter ``user`` up."""
    return select(USERS.c.id).where(USERS.c.public_id == bindparam("user")).scalar_subquery()


_USER = Statement(select(USERS.c.id).where(USERS.c.public_id == bindparam("user")))


def require_user(wire: Wire, user_id: UserId) -> None:
    """Make sure that a row may point to a person, where one that points to nobody is allowed too.

    Raises:
        BrokenInvariant: they are not there.
    """
    if wire.one(_USER, user=user_id) is None:
        raise BrokenInvariant(f"person {user_id} is not there; nothing can be kept for them")
