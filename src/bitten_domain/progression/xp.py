"""Experience points: what is earned for a kept day and for learning, how it is multiplied, and where it is capped.

A trade earns nothing, whatever its result, size or number: points are given for a market day that was prepared for and
on which no rule was broken, with or without trades. So adding a trade to any history never raises them; one that breaks
a rule takes the day, and the streak with it. The argument is in docs/explanation/progression.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import BrokenInvariant, InvalidInput
from bitten_domain.vocabulary import XpKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bitten_domain.values import UserId

__all__ = ["Progress", "XpEntry", "XpPolicy", "award", "balance_of", "freezes_of", "lifetime_of", "multiplier_of"]

_BASE: Mapping[XpKind, int] = MappingProxyType(
    {
        XpKind.ADHERENT_DAY: 30,
        XpKind.ADHERENT_WEEK: 100,
        XpKind.DIARY: 20,
        XpKind.LESSON: 15,
        XpKind.PERFECT_QUIZ: 20,
    }
)
_ONE = 10_000
_A_DAY: Mapping[XpKind, int] = MappingProxyType({XpKind.DIARY: 20, XpKind.LESSON: 150})


@dataclass(frozen=True, slots=True)
class XpPolicy:
    """The figures (rules: XP).

    Args:
        base: points of each kind before multipliers.
        most_a_day_by_kind: base points of a kind that count on one day.
        streak_step_percent, streak_step_days, most_streak_percent: what each full step of a streak adds, and at most.
        prestige_percent: what each prestige adds.
        most_multiplier_percent: product of the multipliers at most.
        most_an_action, most_a_day: points at most, multiplied.
        freeze_every_days, most_freezes: every so many adherent days in a row earn a freeze day; so many are kept.
        prestige_price: spendable points a prestige costs.

    Raises:
        InvalidInput: a figure is negative, or a multiplier would lower what is earned.
    """

    base: Mapping[XpKind, int] = field(default_factory=lambda: _BASE)
    most_a_day_by_kind: Mapping[XpKind, int] = field(default_factory=lambda: _A_DAY)
    streak_step_percent: int = 5
    streak_step_days: int = 5
    most_streak_percent: int = 50
    prestige_percent: int = 10
    most_multiplier_percent: int = 300
    most_an_action: int = 1_000
    most_a_day: int = 10_000
    freeze_every_days: int = 10
    most_freezes: int = 3
    prestige_price: int = 50_000

    def __post_init__(self) -> None:
        figures = (
            *self.base.values(), *self.most_a_day_by_kind.values(), self.streak_step_percent, self.most_streak_percent,
            self.prestige_percent, self.most_an_action, self.most_a_day, self.most_freezes, self.prestige_price,
        )  # fmt: skip
        if min(figures) < 0 or self.streak_step_days < 1 or self.freeze_every_days < 1:
            raise InvalidInput("points, caps and steps are not negative", where="XpPolicy")
        if self.most_multiplier_percent < 100:
            raise InvalidInput("a multiplier never lowers what is earned", where="most_multiplier_percent")


class XpEntry(NamedTuple):
    """One line of the ledger; lines are never changed.

    Args:
        user_id: whose.
        cause: what it is for, unique for ever among a person's: the same cause again gives nothing.
        kind: of it.
        base: points before multipliers; 0 for what is spent.
        amount: points booked; negative for what is spent.
        day: trading day it counts for, days since 1970-01-01.
        at: seconds since 1970 UTC.
    """

    user_id: UserId
    cause: str
    kind: XpKind
    base: int
    amount: int
    day: int
    at: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Where somebody stands, beyond the ledger.

    Args:
        user_id: whose.
        streak: adherent market days in a row, days that were frozen left out.
        best_streak: the longest so far.
        adherent_days: all of them.
        closed_trades: counted on days that were closed; a condition of rank ELITE, never of XP.
        banked_days: adherent days that were put by: so many of them make a freeze day (see `freezes_of`).
        prestige: how often it was taken.
        settled_day: last market day that was settled, days since 1970-01-01; -1 before the first.
        is_game_off: they want to see nothing of it; points are booked all the same, so that turning it on again loses
            nothing.
    """

    user_id: UserId
    streak: int = 0
    best_streak: int = 0
    adherent_days: int = 0
    closed_trades: int = 0
    banked_days: int = 0
    prestige: int = 0
    settled_day: int = -1
    is_game_off: bool = False


def freezes_of(progress: Progress, policy: XpPolicy) -> int:
    """Count the freeze days somebody has: market days without a briefing that their streak outlives."""
    return progress.banked_days // policy.freeze_every_days


def balance_of(entries: Iterable[XpEntry]) -> int:
    """Add a ledger up: what may be spent."""
    return sum(entry.amount for entry in entries)


def lifetime_of(entries: Iterable[XpEntry]) -> int:
    """Add up what was ever earned; spending does not lower it."""
    return sum(entry.amount for entry in entries if not entry.kind.spends)


def multiplier_of(progress: Progress, policy: XpPolicy) -> int:
    """Multiply streak and prestige: ten-thousandths, exact, at most the policy's most."""
    streak = min(policy.streak_step_percent * (progress.streak // policy.streak_step_days), policy.most_streak_percent)
    prestige = policy.prestige_percent * progress.prestige
    return min((100 + streak) * (100 + prestige), policy.most_multiplier_percent * 100)


def award(
    kind: XpKind,
    cause: str,
    day: int,
    at: int,
    progress: Progress,
    today: Iterable[XpEntry],
    policy: XpPolicy,
    points: int | None = None,
) -> XpEntry | None:
    """Work out what something earns.

    An achievement is not multiplied: earned later, when the multiplier has grown, it would be worth more, and a broken
    rule can make it come later.

    Args:
        kind: what for; not one that spends.
        cause: unique for ever; whoever books it sees to that.
        day: trading day it counts for.
        at: seconds since 1970 UTC.
        progress: before it.
        today: entries of that day so far, of every kind.
        policy: the figures.
        points: of an achievement or challenge, before multipliers; None for kinds the policy has points for.

    Returns:
        The entry, its amount floored once at the end; None when a cap leaves nothing.

    Raises:
        BrokenInvariant: the kind spends, or points are given for a kind that has its own, or for no other.
    """
    if kind.spends:
        raise BrokenInvariant(f"{kind.value} earns nothing")
    if (points is None) is not (kind in policy.base):
        raise BrokenInvariant(f"points of {kind.value} stand in one place")
    base = policy.base[kind] if points is None else points
    earned = [entry for entry in today if entry.day == day and not entry.kind.spends]
    most = policy.most_a_day_by_kind.get(kind)
    if most is not None:
        base = min(base, most - sum(entry.base for entry in earned if entry.kind is kind))
    left = policy.most_a_day - sum(entry.amount for entry in earned)
    multiplier = _ONE if kind is XpKind.ACHIEVEMENT else multiplier_of(progress, policy)
    amount = min(base * multiplier // _ONE, policy.most_an_action, left)
    return XpEntry(progress.user_id, cause, kind, base, amount, day, at) if amount > 0 else None
