"""Accounts and their trading days."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, update

from bitten_adapters.sql.repositories.decoding import amount_in, json_of, parsed
from bitten_adapters.sql.repositories.keys import ONE, ZERO, account_key
from bitten_adapters.sql.statements import Statement, adding_once, locking, replacing
from bitten_adapters.sql.tables.accounts import ACCOUNTS, RISK_SESSIONS
from bitten_domain.desk.account import AccountStanding, RiskSession, TradingAccount
from bitten_domain.desk.state import DayState
from bitten_domain.errors import BrokenInvariant
from bitten_domain.risk.behaviour import BehaviourState
from bitten_domain.values import AccountId, Money, UserId

if TYPE_CHECKING:
    from bitten_adapters.sql.statements import Row, Wire

__all__ = ["SqlAccounts", "SqlRiskSessions"]

_A, _S = ACCOUNTS.c, RISK_SESSIONS.c

_READ = select(
    _A.public_id,
    _A.user_public_id,
    _A.broker,
    _A.is_live,
    _A.is_netting,
    _A.currency,
    _A.opening,
    _A.balance,
    _A.leverage,
    _A.opened_at,
    _A.standing,
    _A.standing_reason,
    _A.epoch,
    _A.next_sequence,
    _A.last_deal,
)
_ONE = _READ.where(_A.public_id == bindparam("account"))
_GET = Statement(_ONE)
_LOCK = Statement(_ONE.with_for_update())
_ALL = Statement(_READ.order_by(_A.public_id))
_OF_USER = Statement(_READ.where(_A.user_public_id == bindparam("user")).order_by(_A.public_id))
_ADD = adding_once(ACCOUNTS)
# A restore raises an account's epoch and never lowers it, so that the highest there is was the highest ever.
_HIGHEST = Statement(select(func.max(_A.epoch)))
_GIVE_EPOCH = locking(0x6269_7405)
# What never changes is compared, so that a change of it is seen without a look at the old row.
_PUT = Statement(
    update(ACCOUNTS).where(
        _A.public_id == bindparam("account"),
        _A.user_public_id == bindparam("user"),
        _A.broker == bindparam("same_broker"),
        _A.currency == bindparam("same_currency"),
        _A.opening == bindparam("same_opening"),
    ),
    ("is_live", "is_netting", "balance", "leverage", "opened_at", "standing", "standing_reason", "epoch",
     "next_sequence", "last_deal"),
)  # fmt: skip

_STANDINGS = {kind.value: kind for kind in AccountStanding}

_SESSION = select(
    _S.day,
    _S.start_balance,
    _S.start_equity,
    _S.loss_floor,
    _S.shots,
    _S.behaviour,
    _S.marked_equity,
    _S.marked_at,
).where(_S.account_id == account_key())
_LATEST = Statement(_SESSION.order_by(_S.day.desc()).limit(ONE).offset(ZERO))
_OF_DAYS = Statement(_SESSION.where(_S.day >= bindparam("first_day"), _S.day <= bindparam("last_day")).order_by(_S.day))
_PUT_DAY = replacing(RISK_SESSIONS, ("account_id", "day"), account_id=account_key())

_BEHAVIOUR = tuple(field.name for field in fields(BehaviourState) if field.name != "peak_equity")


class SqlAccounts:
    """Trading accounts."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, account: TradingAccount) -> None:
        """Keep a new account and hold it; `Conflict` when its id is there or its epoch is another account's."""
        self._wire.add(
            _ADD,
            f"account {account.account_id}, or one of its epoch,",
            public_id=account.account_id,
            user_public_id=account.user_id,
            broker=account.broker,
            is_live=account.is_live,
            is_netting=account.is_netting,
            currency=account.currency,
            opening=account.opening.amount,
            balance=account.balance.amount,
            leverage=account.leverage,
            opened_at=account.opened_at,
            standing=account.standing.value,
            standing_reason=account.standing_reason,
            epoch=account.epoch,
            next_sequence=account.next_sequence,
            last_deal=account.last_deal,
        )
        self._wire.held.add(account.account_id)

    def next_epoch(self) -> int:
        """Give an epoch that no account ever had, and keep the giving to this transaction until it ends."""
        self._wire.require_writing()
        self._wire.hold(_GIVE_EPOCH)
        row = self._wire.one(_HIGHEST)
        return 2 if row is None or row[0] is None else int(row[0]) + 1

    def lock(self, account_id: AccountId) -> TradingAccount | None:
        """Read an account and hold it until the transaction ends: whoever else locks it waits."""
        self._wire.require_writing()
        row = self._wire.one(_LOCK, account=account_id)
        if row is None:
            return None
        self._wire.held.add(account_id)
        return _account(row)

    def get(self, account_id: AccountId) -> TradingAccount | None:
        """Read an account without holding it."""
        row = self._wire.one(_GET, account=account_id)
        return None if row is None else _account(row)

    def put(self, account: TradingAccount) -> None:
        """Replace an account that this transaction has locked."""
        if account.account_id not in self._wire.held:
            raise BrokenInvariant(f"account {account.account_id} is replaced without having been locked")
        written = self._wire.write(
            _PUT,
            account=account.account_id,
            user=account.user_id,
            same_broker=account.broker,
            same_currency=account.currency,
            same_opening=account.opening.amount,
            is_live=account.is_live,
            is_netting=account.is_netting,
            balance=amount_in(account.balance, account.currency),
            leverage=account.leverage,
            opened_at=account.opened_at,
            standing=account.standing.value,
            standing_reason=account.standing_reason,
            epoch=account.epoch,
            next_sequence=account.next_sequence,
            last_deal=account.last_deal,
        )
        if not written:
            raise BrokenInvariant(
                f"account {account.account_id} is not there, or its owner, broker, currency or opening would change"
            )

    def all(self) -> tuple[TradingAccount, ...]:
        """List every account, by id."""
        return tuple(map(_account, self._wire.all(_ALL)))

    def of(self, user_id: UserId) -> tuple[TradingAccount, ...]:
        """List a person's accounts, by id."""
        return tuple(map(_account, self._wire.all(_OF_USER, user=user_id)))


class SqlRiskSessions:
    """Trading days of accounts."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def latest(self, account: AccountId) -> RiskSession | None:
        """Read the newest day of an account; None before its first."""
        row = self._wire.one(_LATEST, account=account)
        return None if row is None else _session(account, row)

    def of_days(self, account: AccountId, first: int, last: int) -> tuple[RiskSession, ...]:
        """List an account's days, both ends included, oldest first."""
        rows = self._wire.all(_OF_DAYS, account=account, first_day=first, last_day=last)
        return tuple(_session(account, row) for row in rows)

    def put(self, session: RiskSession) -> None:
        """Keep a day, or replace the one of the same account and day."""
        day = session.day
        self._wire.write(
            _PUT_DAY,
            account=session.account,
            day=day.day,
            start_balance=day.start_balance,
            start_equity=day.start_equity,
            loss_floor=day.loss_floor,
            shots=day.shots,
            behaviour=_behaviour_text(session.behaviour),
            marked_equity=session.marked_equity,
            marked_at=session.marked_at,
        )


def _account(row: Row) -> TradingAccount:
    name, user, broker, live, netting, currency, opening, balance, leverage, opened_at, standing, *rest = row
    return TradingAccount(
        AccountId(name),
        UserId(user),
        broker,
        live,
        netting,
        Money(opening, currency),
        Money(balance, currency),
        leverage,
        opened_at,
        _STANDINGS[standing],
        *rest,
    )


def _session(account: AccountId, row: Row) -> RiskSession:
    day, balance, equity, floor, shots, behaviour, marked, marked_at = row
    return RiskSession(account, DayState(day, balance, equity, floor, shots), _behaviour(behaviour), marked, marked_at)


def _behaviour_text(behaviour: BehaviourState) -> str:
    return json_of({"peak_equity": str(behaviour.peak_equity)} | {n: getattr(behaviour, n) for n in _BEHAVIOUR})


def _behaviour(text: str) -> BehaviourState:
    body = parsed(text)
    return BehaviourState(Decimal(body.pop("peak_equity")), **body)
