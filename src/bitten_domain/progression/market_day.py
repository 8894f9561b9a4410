"""A market day settled: the streak moves on, and the day, and perhaps the week, is awarded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import BrokenInvariant
from bitten_domain.progression.causes import cause_of_day, cause_of_prestige, cause_of_week
from bitten_domain.progression.xp import Progress, XpEntry, XpPolicy, award, freezes_of
from bitten_domain.vocabulary import XpKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.events import MarketDayClosed

__all__ = ["DaySettled", "is_market_day", "is_week_end", "settle_day", "take_prestige", "week_of"]

_MARKET_DAYS_A_WEEK = 5
# Day 0 is Thursday, 1970-01-01; trading days run from Monday to Friday.
_MONDAY_FROM_ZERO = 3


class DaySettled(NamedTuple):
    """What a closed market day came to.

    Args:
        progress: after it.
        entries: points to be booked.
    """

    progress: Progress
    entries: tuple[XpEntry, ...]


def week_of(day: int) -> int:
    """Number the week of a trading day, so that Monday to Friday share one."""
    return (day + _MONDAY_FROM_ZERO) // 7


def is_market_day(day: int) -> bool:
    """Say whether a day is a trading day, Monday to Friday."""
    return (day + _MONDAY_FROM_ZERO) % 7 < _MARKET_DAYS_A_WEEK


def is_week_end(day: int) -> bool:
    """Say whether a trading day is a Friday, the last of its week."""
    return (day + _MONDAY_FROM_ZERO) % 7 == _MARKET_DAYS_A_WEEK - 1


def settle_day(
    closed: MarketDayClosed,
    progress: Progress,
    adherent_before: Sequence[int],
    today: Sequence[XpEntry],
    policy: XpPolicy,
    at: int,
) -> DaySettled:
    """Settle a day.

    An adherent day lengthens the streak and is put by; ten of them make a freeze day. A day without a briefing and
    without a broken rule is outlived by a freeze day, where there is one, and ends the streak otherwise. A broken rule
    ends it, and so does whatever ends it take all that was put by. So somebody who is behind in streak and days put by
    never gets ahead by what happens later: without that, a rule broken today could earn more next month.

    Args:
        closed: the day.
        progress: before it.
        adherent_before: adherent market days of its week so far, without this one.
        today: entries of that day so far.
        policy: the figures.
        at: now, seconds since 1970 UTC.

    Raises:
        BrokenInvariant: the day was settled before, or it is another person's.
    """
    if closed.user_id != progress.user_id or closed.day <= progress.settled_day:
        raise BrokenInvariant(f"day {closed.day} of {closed.user_id} is settled once, by day {progress.settled_day}")
    progress = replace(
        progress,
        settled_day=closed.day,
        closed_trades=progress.closed_trades + len(closed.trades),
    )
    if not closed.is_adherent:
        if not closed.breaches and freezes_of(progress, policy) > 0:
            return DaySettled(replace(progress, banked_days=progress.banked_days - policy.freeze_every_days), ())
        return DaySettled(replace(progress, streak=0, banked_days=0), ())
    streak = progress.streak + 1
    progress = replace(
        progress,
        streak=streak,
        best_streak=max(progress.best_streak, streak),
        adherent_days=progress.adherent_days + 1,
        banked_days=min(progress.banked_days + 1, policy.most_freezes * policy.freeze_every_days),
    )
    entries = [award(XpKind.ADHERENT_DAY, cause_of_day(closed.day), closed.day, at, progress, today, policy)]
    week = {day for day in adherent_before if week_of(day) == week_of(closed.day)} | {closed.day}
    if is_week_end(closed.day) and len(week) == _MARKET_DAYS_A_WEEK:
        so_far = [*today, *(entry for entry in entries if entry is not None)]
        cause = cause_of_week(week_of(closed.day))
        entries.append(award(XpKind.ADHERENT_WEEK, cause, closed.day, at, progress, so_far, policy))
    return DaySettled(progress, tuple(entry for entry in entries if entry is not None))


def take_prestige(progress: Progress, balance: int, day: int, at: int, policy: XpPolicy) -> DaySettled | None:
    """Spend points on a prestige; None when there are not enough. Lifetime XP, and so the title, stays.

    Args:
        progress: before it.
        balance: spendable points.
        day: trading day.
        at: now, seconds since 1970 UTC.
        policy: the figures.
    """
    if balance < policy.prestige_price:
        return None
    number = progress.prestige + 1
    entry = XpEntry(progress.user_id, cause_of_prestige(number), XpKind.PRESTIGE, 0, -policy.prestige_price, day, at)
    return DaySettled(replace(progress, prestige=number), (entry,))
