"""Mandates: what a user lets the machine fire by itself, within which bounds, until when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.risk.policy.bounds import require_bounds

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.values import AccountId

__all__ = ["Mandate"]


@dataclass(frozen=True, slots=True)
class Mandate:
    """A user's standing order for AUTO; revoking it means not passing it any more.

    Args:
        account_id: the account it fires on.
        pairs: symbols it may fire.
        least_score: score it fires from, 0 to 100; the gate may ask for more.
        shots_a_day: orders a trading day, 1 to 50; the tier may allow fewer.
        risk_percent: risk per trade, 0.1 to 2; the user's limit may allow less.
        granted_at, ends_at: seconds since 1970 UTC; it holds in [granted_at, ends_at).

    Raises:
        InvalidInput: a figure lies outside its bounds, or it ends before it begins.
    """

    account_id: AccountId
    pairs: frozenset[str]
    least_score: Decimal
    shots_a_day: int
    risk_percent: Decimal
    granted_at: int
    ends_at: int

    def __post_init__(self) -> None:
        require_bounds(self, {"least_score": ("0", "100"), "shots_a_day": ("1", "50"), "risk_percent": ("0.1", "2")})
        if self.ends_at <= self.granted_at:
            raise InvalidInput("a mandate ends after it begins", where="Mandate.ends_at")

    def renewed_at(self, now: int) -> Mandate:
        """Give the mandate that holds at a moment when the same one is granted again each time it ended.

        Args:
            now: seconds since 1970 UTC; before `granted_at` nothing is renewed.
        """
        if now < self.ends_at:
            return self
        length = self.ends_at - self.granted_at
        granted_at = now - (now - self.granted_at) % length
        return replace(self, granted_at=granted_at, ends_at=granted_at + length)
