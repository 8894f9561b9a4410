"""What discipline has earned: the XP ledger, where people stand, and their market days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, bindparam, delete, literal_column, select, update

from bitten_adapters.sql.repositories.decoding import json_of, parsed
from bitten_adapters.sql.repositories.keys import MOST, ZERO, user_key
from bitten_adapters.sql.statements import Statement, adding_once, replacing
from bitten_adapters.sql.tables.earned.progression import MARKET_DAYS, USER_PROGRESS, XP_TRANSACTIONS
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.events import MarketDayClosed, TradeJudged
from bitten_domain.ports.repositories.progression import XpTotals
from bitten_domain.progression import Progress, XpEntry
from bitten_domain.values import AccountId, UserId
from bitten_domain.vocabulary import Breach, XpKind

if TYPE_CHECKING:
    from bitten_adapters.sql.statements import Row, Value, Wire

__all__ = ["SqlMarketDays", "SqlProgress", "SqlXp"]

_X, _P, _D = XP_TRANSACTIONS.c, USER_PROGRESS.c, MARKET_DAYS.c
_KINDS = {kind.value: kind for kind in XpKind}
_BREACHES = {breach.value: breach for breach in Breach}

_BOOK = adding_once(XP_TRANSACTIONS, user_id=user_key())
_LIFETIME = literal_column("CAST(COALESCE(SUM(CASE WHEN amount > 0 THEN amount ELSE 0 END), 0) AS BIGINT)", BigInteger)
_BALANCE = literal_column("CAST(COALESCE(SUM(amount), 0) AS BIGINT)", BigInteger)
_TOTALS = Statement(
    select(_LIFETIME.label("lifetime"), _BALANCE.label("balance"))
    .select_from(XP_TRANSACTIONS)
    .where(_X.user_id == user_key())
)
_ENTRY = select(_X.cause, _X.kind, _X.base, _X.amount, _X.day, _X.at).where(_X.user_id == user_key())
_OF_DAY = Statement(_ENTRY.where(_X.day == bindparam("of_day")).order_by(_X.id))
_RECENT = Statement(_ENTRY.order_by(_X.id.desc()).limit(MOST).offset(ZERO))

_STANDS = select(
    _P.streak, _P.best_streak, _P.adherent_days, _P.closed_trades, _P.banked_days, _P.prestige, _P.settled_day,
    _P.is_game_off,
).where(_P.user_id == user_key())  # fmt: skip
_GET = Statement(_STANDS)
_HOLD = Statement(_STANDS.with_for_update())
_PUT = replacing(
    USER_PROGRESS,
    ("user_id",),
    only_if=literal_column("excluded.settled_day >= user_progress.settled_day"),
    user_id=user_key(),
)

_OF_USER_AND_DAY = (_D.user_id == user_key(), _D.day == bindparam("of_day"))
_ADD_DAY = adding_once(MARKET_DAYS, user_id=user_key())
_BRIEF = Statement(
    update(MARKET_DAYS).where(*_OF_USER_AND_DAY, _D.briefed_at.is_(None), _D.closed_at.is_(None)), ("briefed_at",)
)
_BRIEFED_AT = Statement(select(_D.briefed_at).where(*_OF_USER_AND_DAY))
_CLOSE = Statement(
    update(MARKET_DAYS).where(*_OF_USER_AND_DAY, _D.closed_at.is_(None)), ("closed_at", "trades", "still_broken")
)
_CLOSED = Statement(
    select(_D.day, _D.briefed_at, _D.trades, _D.still_broken)
    .where(
        _D.user_id == user_key(),
        _D.closed_at.is_not(None),
        _D.day >= bindparam("first_day"),
        _D.day <= bindparam("last_day"),
    )
    .order_by(_D.day)
)

_FORGET = Statement(delete(USER_PROGRESS).where(USER_PROGRESS.c.user_id == user_key()))


class SqlXp:
    """The XP ledger; it only grows."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, entry: XpEntry) -> bool:
        """Book an entry; False when the person's cause was booked before."""
        return bool(
            self._wire.write(
                _BOOK,
                user=entry.user_id,
                cause=entry.cause,
                kind=entry.kind.value,
                base=entry.base,
                amount=entry.amount,
                day=entry.day,
                at=entry.at,
            )
        )

    def totals(self, user_id: UserId) -> XpTotals:
        """Add a person's ledger up."""
        row = self._wire.one(_TOTALS, user=user_id)
        return XpTotals(0, 0) if row is None else XpTotals(*row)

    def of_day(self, user_id: UserId, day: int) -> tuple[XpEntry, ...]:
        """List a person's entries of a trading day, in the order they were booked."""
        return tuple(_entry(user_id, row) for row in self._wire.all(_OF_DAY, user=user_id, of_day=day))

    def recent(self, user_id: UserId, limit: int) -> tuple[XpEntry, ...]:
        """List a person's newest entries first."""
        return tuple(_entry(user_id, row) for row in self._wire.all(_RECENT, user=user_id, most=limit))


class SqlProgress:
    """Where people stand."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def get(self, user_id: UserId) -> Progress | None:
        """Read where somebody stands, and hold it where the transaction writes."""
        row = self._wire.one(_HOLD if self._wire.may_write else _GET, user=user_id)
        return None if row is None else Progress(user_id, *row)

    def put(self, progress: Progress) -> None:
        """Keep where somebody stands."""
        written = self._wire.write(
            _PUT,
            user=progress.user_id,
            streak=progress.streak,
            best_streak=progress.best_streak,
            adherent_days=progress.adherent_days,
            closed_trades=progress.closed_trades,
            banked_days=progress.banked_days,
            prestige=progress.prestige,
            settled_day=progress.settled_day,
            is_game_off=progress.is_game_off,
        )
        if not written:
            raise BrokenInvariant(f"{progress.user_id} is settled beyond day {progress.settled_day}, and never back")

    def forget(self, user_id: UserId) -> int:
        """Erase where somebody stands; how many rows there were."""
        return self._wire.write(_FORGET, user=user_id)


class SqlMarketDays:
    """Market days of people."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def brief(self, user_id: UserId, day: int, at: int) -> bool:
        """Note a briefing; False when it is known."""
        nothing: dict[str, Value] = {"closed_at": None, "trades": None, "still_broken": None}
        if self._wire.write(_ADD_DAY, user=user_id, day=day, briefed_at=at, **nothing):
            return True
        return bool(self._wire.write(_BRIEF, user=user_id, of_day=day, briefed_at=at))

    def briefed_at(self, user_id: UserId, day: int) -> int | None:
        """Say when somebody was briefed."""
        row = self._wire.one(_BRIEFED_AT, user=user_id, of_day=day)
        return None if row is None else row[0]

    def close(self, closed: MarketDayClosed, at: int) -> None:
        """Keep a closed day; a person's day is closed once."""
        trades = json_of(
            [
                [
                    one.account,
                    one.position,
                    one.strategy,
                    one.closed_at,
                    sorted(breach.value for breach in one.breaches),
                ]
                for one in closed.trades
            ]
        )
        still = json_of(sorted(breach.value for breach in closed.still_broken))
        user, day = closed.user_id, closed.day
        found: dict[str, Value] = {"closed_at": at, "trades": trades, "still_broken": still}
        if self._wire.write(_ADD_DAY, user=user, day=day, briefed_at=None, **found):
            return
        if not self._wire.write(_CLOSE, user=user, of_day=day, **found):
            raise Conflict(f"day {day} of {user} is closed already")

    def closed(self, user_id: UserId, first: int, last: int) -> tuple[MarketDayClosed, ...]:
        """List closed days, oldest first."""
        rows = self._wire.all(_CLOSED, user=user_id, first_day=first, last_day=last)
        return tuple(
            MarketDayClosed(
                user_id, day, briefed_at is not None, tuple(map(_judged, parsed(trades))), _breaches(parsed(still))
            )
            for day, briefed_at, trades, still in rows
        )


def _entry(user_id: UserId, row: Row) -> XpEntry:
    cause, kind, base, amount, day, at = row
    return XpEntry(user_id, cause, _KINDS[kind], base, amount, day, at)


def _judged(row: tuple[str, int, str, int, list[str]]) -> TradeJudged:
    account, position, strategy, closed_at, breaches = row
    return TradeJudged(AccountId(account), position, strategy, closed_at, _breaches(breaches))


def _breaches(names: list[str]) -> frozenset[Breach]:
    return frozenset(_BREACHES[name] for name in names)
