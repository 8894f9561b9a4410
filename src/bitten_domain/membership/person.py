"""Persons: rank, tier, status and mode (four unrelated types), the limits somebody chose, and how they like to read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.risk.policy.limits import LimitChoice, UserLimits
from bitten_domain.vocabulary import AccountStatus, Rank, SystemMode, Tier

if TYPE_CHECKING:
    from bitten_domain.values import UserId

__all__ = ["Person", "Profile", "require_telegram_id"]


_LARGEST_TELEGRAM_ID = (1 << 63) - 1


def require_telegram_id(number: int) -> int:
    """Give a Telegram id back, from 1 to 2**63 - 1.

    Raises:
        InvalidInput: it is none.
    """
    if not 1 <= number <= _LARGEST_TELEGRAM_ID:
        raise InvalidInput(
            f"{number} is no Telegram id", where="telegram id", remedy=f"give a number from 1 to {_LARGEST_TELEGRAM_ID}"
        )
    return number


@dataclass(frozen=True, slots=True)
class Profile:
    """How a person is called and addressed.

    Args:
        callsign: 3 to 20 letters, digits or underscores; empty before one is chosen.
        language: two letters.
        zone: IANA name of their time zone.
    """

    callsign: str = ""
    language: str = "en"
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who uses the platform.

    Args:
        user_id: their identity here.
        telegram_id: 1 to 2**63 - 1; None for somebody who only uses the library or the command line.
        status, rank, tier, mode: what decides, with the risk state, what they may do.
        is_sniper: the sniper sub-mode is on.
        has_live_consent: a consent to live trading was given and not taken back; the rest of the gate is asked at each
            fire.
        limits: chosen limits, with a raise that may be waiting.
        profile: how they are addressed.
        joined_at: seconds since 1970 UTC.
    """

    user_id: UserId
    joined_at: int
    telegram_id: int | None = None
    status: AccountStatus = AccountStatus.ACTIVE
    rank: Rank = Rank.RECRUIT
    tier: Tier = Tier.NONE
    mode: SystemMode = SystemMode.BIT
    is_sniper: bool = False
    has_live_consent: bool = False
    limits: LimitChoice = field(default_factory=lambda: LimitChoice(UserLimits()))
    profile: Profile = field(default_factory=Profile)
