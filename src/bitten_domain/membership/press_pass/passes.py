"""Press passes: what is kept of one, and what it is worth at a moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant, InvalidInput
from bitten_domain.membership.calendar_day import DAY_SECONDS
from bitten_domain.risk.policy.bounds import require_bounds
from bitten_domain.risk.policy.tiers import TIER_LIMITS
from bitten_domain.values.identity_enum import IdentityEnum
from bitten_domain.vocabulary import Tier

if TYPE_CHECKING:
    from bitten_domain.values import UserId

__all__ = ["TELEGRAM_KEY_BYTES", "DayScore", "PressPass", "PressPassDay", "PressPassPolicy", "PressPassState"]

TELEGRAM_KEY_BYTES = 32
"""Length of the keyed hash of a Telegram id."""


class PressPassState(IdentityEnum):
    """What a press pass is at a moment; OFFERED is having none."""

    OFFERED = "OFFERED"
    CLAIMED = "CLAIMED"
    ACTIVE = "ACTIVE"
    EXPIRING = "EXPIRING"
    EXPIRED = "EXPIRED"
    CONVERTED = "CONVERTED"
    REVOKED = "REVOKED"


@dataclass(frozen=True, slots=True)
class PressPassPolicy:
    """Figures of the press pass.

    Args:
        a_day: passes given on one day, UTC.
        lasts_days: how long one holds from its claim.
        expiring_seconds: how long before its end it is called expiring.
        reminders_before: how long before its end somebody is reminded, seconds, longest first; at most two.
        tier: what it lends while it holds; one without a live account.

    Raises:
        InvalidInput: a figure lies outside its bounds, or the tier has a live account.
        BrokenInvariant: more than two reminders, or not longest first.
    """

    a_day: int = 10
    lasts_days: int = 7
    expiring_seconds: int = DAY_SECONDS
    reminders_before: tuple[int, ...] = (3 * DAY_SECONDS, DAY_SECONDS)
    tier: Tier = Tier.PRESS_PASS

    def __post_init__(self) -> None:
        bounds = {"a_day": ("0", "1000"), "lasts_days": ("1", "30"), "expiring_seconds": ("0", str(DAY_SECONDS))}
        require_bounds(self, bounds)
        if TIER_LIMITS[self.tier].live_accounts:
            raise InvalidInput(
                f"a press pass cannot lend tier {self.tier.value}, which has a live account",
                where="PressPassPolicy.tier",
                remedy="choose PRESS_PASS",
            )
        if len(self.reminders_before) > 2 or list(self.reminders_before) != sorted(self.reminders_before, reverse=True):
            raise BrokenInvariant("a press pass reminds at most twice, the longer before its end first")


@dataclass(frozen=True, slots=True)
class DayScore:
    """XP earned on one day while a press pass holds; what is earned for life is elsewhere and is never reset.

    Args:
        day: days since 1970-01-01, UTC.
        points: earned since that day began, >= 0.
    """

    day: int
    points: int = 0


@dataclass(frozen=True, slots=True)
class PressPass:
    """A press pass that was claimed; a Telegram id gets one in its life.

    Args:
        telegram_key: keyed hash of the Telegram id, 32 bytes; it outlives the person's data, so that one stays one.
        user_id: who claimed it; None once that person was erased.
        claimed_at: seconds since 1970 UTC; the pass counts for that moment's day.
        ends_at: when it ends, known from the claim on.
        activated_at: when the paper account was opened; None before.
        converted_at: when its holder became a paying member; None until then.
        revoked_at: when an ADMIN took it back; None while it stands.
        reminders_sent: how many reminders went out, 0 to 2.
        wants_reminders: off after one tap.
        score: the day's XP.

    Raises:
        BrokenInvariant: the key has another length, it ends before its claim, or it reminded more than twice.
    """

    telegram_key: bytes
    user_id: UserId | None
    claimed_at: int
    ends_at: int
    activated_at: int | None = None
    converted_at: int | None = None
    revoked_at: int | None = None
    reminders_sent: int = 0
    wants_reminders: bool = True
    score: DayScore = field(default_factory=lambda: DayScore(0))

    def __post_init__(self) -> None:
        if len(self.telegram_key) != TELEGRAM_KEY_BYTES:
            raise BrokenInvariant(f"a Telegram key has {TELEGRAM_KEY_BYTES} bytes")
        if self.ends_at <= self.claimed_at:
            raise BrokenInvariant("a press pass ends after its claim")
        if not 0 <= self.reminders_sent <= 2:
            raise BrokenInvariant("a press pass reminds at most twice")


@dataclass(frozen=True, slots=True)
class PressPassDay:
    """A day on which press passes are given.

    Args:
        day: days since 1970-01-01, UTC.
        limit: passes given on it at most, fixed when the day is first asked for.
        claims: rows of passes claimed on it, counted.
    """

    day: int
    limit: int
    claims: int

    @property
    def remaining(self) -> int:
        """How many are left: the limit less the claims, never below 0."""
        return max(0, self.limit - self.claims)
