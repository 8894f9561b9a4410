"""What the game gives: achievements, challenges of days, gear, boards and forecasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select, update

from bitten_adapters.sql.repositories.keys import MOST, ZERO, user_key
from bitten_adapters.sql.statements import Statement, adding_once, replacing
from bitten_adapters.sql.tables.earned.game import (
    ACHIEVEMENTS,
    BOARD_MEMBERS,
    CHALLENGES,
    FORECASTS,
    GEAR,
    GEAR_WORN,
    USER_ACHIEVEMENTS,
)
from bitten_adapters.sql.tables.people import USERS
from bitten_adapters.sql.tables.signals import SIGNAL_OUTCOMES, SIGNALS
from bitten_domain.errors import BrokenInvariant
from bitten_domain.ports.repositories.game import JudgedForecast
from bitten_domain.progression.achievements import Achievement, AchievementGroup, EarnedAchievement
from bitten_domain.progression.boards import BoardMember, Forecast
from bitten_domain.progression.challenges import DailyChallenge
from bitten_domain.progression.gear import Equipped, GearSlot, Origin, Owned
from bitten_domain.values import SignalId, UserId
from bitten_domain.vocabulary import Board

if TYPE_CHECKING:
    from sqlalchemy import Table

    from bitten_adapters.sql.statements import Row, Wire

__all__ = ["SqlAchievements", "SqlBoards", "SqlChallenges", "SqlForecasts", "SqlGear"]

_A, _U, _C, _G = ACHIEVEMENTS.c, USER_ACHIEVEMENTS.c, CHALLENGES.c, GEAR.c
_W, _B, _F, _S, _O = GEAR_WORN.c, BOARD_MEMBERS.c, FORECASTS.c, SIGNALS.c, SIGNAL_OUTCOMES.c
_GROUPS = {group.value: group for group in AchievementGroup}
_ORIGINS = {origin.value: origin for origin in Origin}
_SLOTS = {slot.value: slot for slot in GearSlot}
_BOARDS = {board.value: board for board in Board}


def _forgetting(table: Table) -> Statement:
    return Statement(delete(table).where(table.c.user_id == user_key()))


_PUBLISH = replacing(ACHIEVEMENTS, ("code",))
_PUBLISHED = Statement(
    select(_A.code, _A.name, _A.text, _A.about, _A.condition, _A.least, _A.subject, _A.xp).order_by(_A.code)
)
_EARN = adding_once(
    USER_ACHIEVEMENTS,
    user_id=user_key(),
    achievement_id=select(_A.id).where(_A.code == bindparam("code")).scalar_subquery(),
)
_EARNED = Statement(
    select(_A.code, _U.at)
    .join_from(USER_ACHIEVEMENTS, ACHIEVEMENTS)
    .where(_U.user_id == user_key())
    .order_by(_U.at, _U.id)
)
_FORGET_EARNED = _forgetting(USER_ACHIEVEMENTS)

_SET_CHALLENGE = adding_once(CHALLENGES, user_id=user_key())
_OF_DAYS = Statement(
    select(_C.day, _C.code, _C.met_at)
    .where(_C.user_id == user_key(), _C.day >= bindparam("first_day"), _C.day <= bindparam("last_day"))
    .order_by(_C.day, _C.code)
)
_OF_DAY_AND_CODE = (_C.user_id == user_key(), _C.day == bindparam("of_day"), _C.code == bindparam("of_code"))
_MEET = Statement(update(CHALLENGES).where(*_OF_DAY_AND_CODE, _C.met_at.is_(None)), ("met_at",))
_IS_SET = Statement(select(_C.id).where(*_OF_DAY_AND_CODE))
_FORGET_CHALLENGES = _forgetting(CHALLENGES)

_OWN = adding_once(GEAR, user_id=user_key())
_OWNED = Statement(select(_G.code, _G.origin, _G.at).where(_G.user_id == user_key()).order_by(_G.at, _G.id))
_PUT_ON = replacing(
    GEAR_WORN,
    ("user_id", "slot", "place"),
    user_id=user_key(),
    gear_id=select(_G.id).where(_G.user_id == user_key(), _G.code == bindparam("code")).scalar_subquery(),
)
_TAKE_OFF = Statement(
    delete(GEAR_WORN).where(
        _W.user_id == user_key(), _W.slot == bindparam("of_slot"), _W.place == bindparam("of_place")
    )
)
_WORN = Statement(
    select(_W.slot, _W.place, _G.code)
    .join_from(GEAR_WORN, GEAR)
    .where(_W.user_id == user_key())
    .order_by(_W.slot, _W.place)
)
_FORGET_WORN, _FORGET_OWNED = _forgetting(GEAR_WORN), _forgetting(GEAR)

_ADD_MEMBER = adding_once(BOARD_MEMBERS, user_id=user_key())
_OF_BOARD = (_B.user_id == user_key(), _B.board == bindparam("of_board"))
_RENAME = Statement(update(BOARD_MEMBERS).where(*_OF_BOARD), ("pseudonym", "folded"))
_LEAVE = Statement(delete(BOARD_MEMBERS).where(*_OF_BOARD))
_MEMBERS = Statement(
    select(USERS.c.public_id, _B.pseudonym, _B.since)
    .join_from(BOARD_MEMBERS, USERS)
    .where(_B.board == bindparam("of_board"))
    .order_by(USERS.c.public_id)
)
_MEMBER_OF = Statement(select(_B.board, _B.pseudonym, _B.since).where(_B.user_id == user_key()).order_by(_B.board))
_FORGET_MEMBER = _forgetting(BOARD_MEMBERS)

_STATE = adding_once(
    FORECASTS,
    user_id=user_key(),
    signal_id=select(_S.id).where(_S.public_id == bindparam("signal")).scalar_subquery(),
)
_FORECAST = select(_S.public_id, _F.percent, _F.at).join_from(FORECASTS, SIGNALS).where(_F.user_id == user_key())
_OF_SIGNAL = Statement(_FORECAST.where(_S.public_id == bindparam("of_signal")))
_RECENT = Statement(_FORECAST.order_by(_F.at.desc(), _F.id.desc()).limit(MOST).offset(ZERO))
_JUDGED = Statement(
    select(_S.public_id, _F.percent, _F.at, _O.net_r)
    .join_from(FORECASTS, SIGNALS)
    .join(SIGNAL_OUTCOMES, _O.signal_id == _S.id)
    .where(_F.user_id == user_key())
    .order_by(_F.at, _F.id)
)
_FORGET_FORECASTS = _forgetting(FORECASTS)


class SqlAchievements:
    """Achievements as they were published, and who has which."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def publish(self, achievements: tuple[Achievement, ...]) -> None:
        """Keep the definitions in force."""
        # In one order, so that two who publish at once wait for each other and never both.
        rows = [
            {
                "code": one.code,
                "name": one.name,
                "text": one.text,
                "about": one.group.value,
                "condition": one.condition,
                "least": one.least,
                "subject": one.subject,
                "xp": one.xp,
            }
            for one in sorted(achievements, key=lambda one: one.code)
        ]
        self._wire.write_all(_PUBLISH, rows)

    def all(self) -> tuple[Achievement, ...]:
        """List what was ever published, by code."""
        return tuple(map(_achievement, self._wire.all(_PUBLISHED)))

    def earn(self, earned: EarnedAchievement) -> bool:
        """Keep that somebody has one; False when they have it already."""
        return bool(self._wire.write(_EARN, user=earned.user_id, code=earned.code, at=earned.at))

    def of(self, user_id: UserId) -> tuple[EarnedAchievement, ...]:
        """List what somebody has, oldest first."""
        return tuple(EarnedAchievement(user_id, *row) for row in self._wire.all(_EARNED, user=user_id))

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person."""
        return self._wire.write(_FORGET_EARNED, user=user_id)


class SqlChallenges:
    """Challenges that were set for people's days."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def set(self, challenges: tuple[DailyChallenge, ...]) -> bool:
        """Keep the challenges of a person's day; False when that day has some."""
        for place, one in enumerate(challenges):
            is_new = self._wire.write(
                _SET_CHALLENGE, user=one.user_id, day=one.day, place=place, code=one.code, met_at=None
            )
            if not is_new:
                return False
        return bool(challenges)

    def of(self, user_id: UserId, first: int, last: int) -> tuple[DailyChallenge, ...]:
        """List somebody's challenges of trading days, by day and code."""
        rows = self._wire.all(_OF_DAYS, user=user_id, first_day=first, last_day=last)
        return tuple(DailyChallenge(user_id, *row) for row in rows)

    def meet(self, user_id: UserId, day: int, code: str, at: int) -> bool:
        """Note that one is met; False when it was before."""
        if self._wire.write(_MEET, user=user_id, of_day=day, of_code=code, met_at=at):
            return True
        if self._wire.one(_IS_SET, user=user_id, of_day=day, of_code=code) is None:
            raise BrokenInvariant(f"challenge {code} was not set for day {day} of {user_id}")
        return False

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person."""
        return self._wire.write(_FORGET_CHALLENGES, user=user_id)


class SqlGear:
    """What people own, and what they have put where."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def own(self, owned: Owned) -> bool:
        """Keep that somebody owns an item; False when they do already."""
        return bool(self._wire.write(_OWN, user=owned.user_id, code=owned.code, origin=owned.origin.value, at=owned.at))

    def owned(self, user_id: UserId) -> tuple[Owned, ...]:
        """List what somebody owns, oldest first."""
        return tuple(
            Owned(user_id, code, _ORIGINS[origin], at) for code, origin, at in self._wire.all(_OWNED, user=user_id)
        )

    def equip(self, user_id: UserId, slot: GearSlot, place: int, code: str | None) -> None:
        """Put an item into a place, instead of what is there; None empties the place."""
        if code is None:
            self._wire.write(_TAKE_OFF, user=user_id, of_slot=slot.value, of_place=place)
        else:
            self._wire.write(_PUT_ON, user=user_id, slot=slot.value, place=place, code=code)

    def equipped(self, user_id: UserId) -> tuple[Equipped, ...]:
        """List what somebody has put where, by slot's name and place."""
        return tuple(
            Equipped(user_id, _SLOTS[slot], place, code) for slot, place, code in self._wire.all(_WORN, user=user_id)
        )

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person."""
        return self._wire.write(_FORGET_WORN, user=user_id) + self._wire.write(_FORGET_OWNED, user=user_id)


class SqlBoards:
    """Who asked to be ranked."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def join(self, member: BoardMember) -> None:
        """Keep a member, or replace the person's pseudonym."""
        user, board = member.user_id, member.board.value
        folded = member.pseudonym.lower()
        if self._wire.write(_RENAME, user=user, of_board=board, pseudonym=member.pseudonym, folded=folded):
            return
        self._wire.add(
            _ADD_MEMBER,
            f"{member.pseudonym} on board {board}",
            user=user,
            board=board,
            pseudonym=member.pseudonym,
            folded=folded,
            since=member.since,
        )

    def leave(self, user_id: UserId, board: Board) -> bool:
        """Take somebody off a board at once; False when they were not on it."""
        return bool(self._wire.write(_LEAVE, user=user_id, of_board=board.value))

    def members(self, board: Board) -> tuple[BoardMember, ...]:
        """List a board's members, by user id."""
        rows = self._wire.all(_MEMBERS, of_board=board.value)
        return tuple(BoardMember(UserId(user), board, pseudonym, since) for user, pseudonym, since in rows)

    def of(self, user_id: UserId) -> tuple[BoardMember, ...]:
        """List the boards somebody is on, by the board's name."""
        return tuple(
            BoardMember(user_id, _BOARDS[board], pseudonym, since)
            for board, pseudonym, since in self._wire.all(_MEMBER_OF, user=user_id)
        )

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person."""
        return self._wire.write(_FORGET_MEMBER, user=user_id)


class SqlForecasts:
    """Chances people gave to signals."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, forecast: Forecast) -> bool:
        """Keep a forecast; False when that person gave that signal one already."""
        return bool(
            self._wire.write(
                _STATE, user=forecast.user_id, signal=forecast.signal_id, percent=forecast.percent, at=forecast.at
            )
        )

    def of(self, user_id: UserId, signal_id: SignalId) -> Forecast | None:
        """Read what somebody gave a signal."""
        row = self._wire.one(_OF_SIGNAL, user=user_id, of_signal=signal_id)
        return None if row is None else _forecast(user_id, row)

    def recent(self, user_id: UserId, limit: int) -> tuple[Forecast, ...]:
        """List somebody's newest forecasts first."""
        return tuple(_forecast(user_id, row) for row in self._wire.all(_RECENT, user=user_id, most=limit))

    def judged(self, user_id: UserId) -> tuple[JudgedForecast, ...]:
        """List somebody's forecasts of signals whose outcome is known, oldest first."""
        rows = self._wire.all(_JUDGED, user=user_id)
        return tuple(JudgedForecast(_forecast(user_id, row[:3]), row[3]) for row in rows)

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person."""
        return self._wire.write(_FORGET_FORECASTS, user=user_id)


def _achievement(row: Row) -> Achievement:
    code, name, text, about, condition, least, subject, xp = row
    return Achievement(code, name, text, _GROUPS[about], condition, least, subject, xp)


def _forecast(user_id: UserId, row: Row) -> Forecast:
    signal_id, percent, at = row
    return Forecast(user_id, SignalId(signal_id), percent, at)
