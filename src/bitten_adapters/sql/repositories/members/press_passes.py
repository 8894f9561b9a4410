"""Press passes, the days they are given on, and trials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, null, select, update

from bitten_adapters.sql.repositories.keys import require_user, user_key
from bitten_adapters.sql.statements import Statement, adding_once
from bitten_adapters.sql.tables.members.membership import PRESS_PASS_DAYS, PRESS_PASSES, TRIAL_MARKS
from bitten_adapters.sql.tables.people import USERS
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.membership.calendar_day import utc_day
from bitten_domain.membership.press_pass import DayScore, PressPass, PressPassDay
from bitten_domain.membership.subscription import TrialMark
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from bitten_adapters.sql.statements import Row, Value, Wire

__all__ = ["SqlPressPassDays", "SqlPressPasses", "SqlTrials"]

_D, _P, _T = PRESS_PASS_DAYS.c, PRESS_PASSES.c, TRIAL_MARKS.c
_KEY = bindparam("of_key", type_=_P.telegram_key.type)

_BEGIN_DAY = adding_once(PRESS_PASS_DAYS)
_MOST = select(_D.most).where(_D.day == bindparam("of_day"))
_GET_DAY = Statement(_MOST)
_HOLD_DAY = Statement(_MOST.with_for_update())
_DROP_DAYS = Statement(delete(PRESS_PASS_DAYS).where(_D.day < bindparam("before")))
_CLAIMS = Statement(select(func.count().label("claims")).select_from(PRESS_PASSES).where(_P.day == bindparam("of_day")))

_PASS = select(
    _P.telegram_key,
    USERS.c.public_id,
    _P.claimed_at,
    _P.ends_at,
    _P.activated_at,
    _P.converted_at,
    _P.revoked_at,
    _P.reminders_sent,
    _P.wants_reminders,
    _P.score_day,
    _P.score_points,
).join_from(PRESS_PASSES, USERS, isouter=True)
_OF = _PASS.where(_P.user_id == user_key())
_GET_PASS = Statement(_OF)
_HOLD_PASS = Statement(_OF.with_for_update(of=PRESS_PASSES))
_BY_KEY = Statement(_PASS.where(_P.telegram_key == _KEY))
_HELD = Statement(
    _PASS.where(_P.user_id.is_not(None), _P.converted_at.is_(None), _P.revoked_at.is_(None)).order_by(
        _P.ends_at, _P.telegram_key
    )
)
_ADD_PASS = adding_once(PRESS_PASSES, user_id=user_key())
_CHANGING = (
    "activated_at", "converted_at", "revoked_at", "reminders_sent", "wants_reminders", "score_day", "score_points",
)  # fmt: skip
# What never changes is compared, so that a change of it is seen without a look at the old row.
_SAME_PASS = (
    _P.telegram_key == _KEY,
    _P.claimed_at == bindparam("same_claim", type_=_P.claimed_at.type),
    _P.ends_at == bindparam("same_end", type_=_P.ends_at.type),
)
_PUT_PASS = Statement(update(PRESS_PASSES).where(*_SAME_PASS, _P.user_id == user_key()), _CHANGING)
_PUT_NOBODYS = Statement(update(PRESS_PASSES).where(*_SAME_PASS).values(user_id=null()), _CHANGING)

_MARK = select(_T.telegram_key, USERS.c.public_id, _T.at).join_from(TRIAL_MARKS, USERS, isouter=True)
_MARK_BY_KEY = Statement(_MARK.where(_T.telegram_key == bindparam("of_key", type_=_T.telegram_key.type)))
_ADD_MARK = adding_once(TRIAL_MARKS, user_id=user_key())
_FORGET_MARK = Statement(update(TRIAL_MARKS).where(_T.user_id == user_key()).values(user_id=null()))


class SqlPressPassDays:
    """Days on which press passes are given."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def lock(self, day: int, limit: int) -> PressPassDay:
        """Read a day and hold it until the transaction ends; a new one begins with the limit."""
        self._wire.write(_BEGIN_DAY, day=day, most=limit)
        found = _day(self._wire, day, _HOLD_DAY)
        if found is None:
            raise BrokenInvariant(f"day {day} of press passes was begun and is not there")
        self._wire.held_days.add(day)
        return found

    def get(self, day: int) -> PressPassDay | None:
        """Read a day without holding it."""
        return _day(self._wire, day, _GET_DAY)

    def drop_before(self, day: int) -> int:
        """Erase days before one; how many there were."""
        return self._wire.write(_DROP_DAYS, before=day)


class SqlPressPasses:
    """Press passes, one in the life of a Telegram key."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, press_pass: PressPass) -> None:
        """Keep a new pass of a day this transaction holds."""
        self._wire.require_writing()
        day = utc_day(press_pass.claimed_at)
        if day not in self._wire.held_days:
            raise BrokenInvariant(f"a press pass of day {day} is kept without holding the day")
        if press_pass.user_id is None:
            raise BrokenInvariant("a press pass is claimed by somebody")
        require_user(self._wire, press_pass.user_id)
        found = _day(self._wire, day, _GET_DAY)
        if found is None or found.remaining == 0:
            raise Conflict(f"every press pass of day {day} is given")
        self._wire.add(
            _ADD_PASS,
            f"a press pass of {press_pass.user_id}, or of this Telegram id,",
            user=press_pass.user_id,
            telegram_key=press_pass.telegram_key,
            day=day,
            claimed_at=press_pass.claimed_at,
            ends_at=press_pass.ends_at,
            **_changing(press_pass),
        )

    def by_key(self, telegram_key: bytes) -> PressPass | None:
        """Find the pass of a Telegram key."""
        row = self._wire.one(_BY_KEY, of_key=telegram_key)
        return None if row is None else _pass(row)

    def of(self, user_id: UserId) -> PressPass | None:
        """Find a person's pass."""
        row = self._wire.one(_GET_PASS, user=user_id)
        return None if row is None else _pass(row)

    def lock(self, user_id: UserId) -> PressPass | None:
        """Find a person's pass and hold it until the transaction ends."""
        self._wire.require_writing()
        row = self._wire.one(_HOLD_PASS, user=user_id)
        return None if row is None else _pass(row)

    def put(self, press_pass: PressPass) -> None:
        """Replace the pass of the same Telegram key."""
        values: dict[str, Value] = {
            "of_key": press_pass.telegram_key,
            "same_claim": press_pass.claimed_at,
            "same_end": press_pass.ends_at,
            **_changing(press_pass),
        }
        if press_pass.user_id is None:
            written = self._wire.write(_PUT_NOBODYS, **values)
        else:
            written = self._wire.write(_PUT_PASS, user=press_pass.user_id, **values)
        if not written:
            raise BrokenInvariant("this press pass is not there, or its claim, end or person would change")

    def held(self) -> tuple[PressPass, ...]:
        """List the passes that belong to a person and were neither converted nor revoked, by end, then by key."""
        return tuple(map(_pass, self._wire.all(_HELD)))


class SqlTrials:
    """Trials that were given, one in the life of a Telegram key."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, mark: TrialMark) -> bool:
        """Keep a mark; False when the key has one already."""
        if mark.user_id is None:
            raise BrokenInvariant("a trial is given to somebody")
        require_user(self._wire, mark.user_id)
        return bool(self._wire.write(_ADD_MARK, user=mark.user_id, telegram_key=mark.telegram_key, at=mark.at))

    def by_key(self, telegram_key: bytes) -> TrialMark | None:
        """Find the trial of a Telegram key."""
        row = self._wire.one(_MARK_BY_KEY, of_key=telegram_key)
        if row is None:
            return None
        key, user, at = row
        return TrialMark(key, None if user is None else UserId(user), at)

    def forget(self, user_id: UserId) -> int:
        """Take a person from their mark, which stays."""
        return self._wire.write(_FORGET_MARK, user=user_id)


def _day(wire: Wire, day: int, statement: Statement) -> PressPassDay | None:
    row = wire.one(statement, of_day=day)
    if row is None:
        return None
    counted = wire.one(_CLAIMS, of_day=day)
    return PressPassDay(day, row[0], 0 if counted is None else counted[0])


def _changing(press_pass: PressPass) -> dict[str, Value]:
    return {
        "activated_at": press_pass.activated_at,
        "converted_at": press_pass.converted_at,
        "revoked_at": press_pass.revoked_at,
        "reminders_sent": press_pass.reminders_sent,
        "wants_reminders": press_pass.wants_reminders,
        "score_day": press_pass.score.day,
        "score_points": press_pass.score.points,
    }


def _pass(row: Row) -> PressPass:
    key, user, claimed_at, ends_at, activated_at, converted_at, revoked_at, sent, wants, day, points = row
    return PressPass(
        bytes(key),
        None if user is None else UserId(user),
        claimed_at,
        ends_at,
        activated_at,
        converted_at,
        revoked_at,
        sent,
        wants,
        DayScore(day, points),
    )
