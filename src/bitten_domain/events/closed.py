"""Closed trades and closed market days, with the rules that were broken: all that progression learns of trading."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bitten_domain.values import AccountId, UserId
    from bitten_domain.vocabulary import Breach

__all__ = ["MarketDayClosed", "TradeJudged"]


class TradeJudged(NamedTuple):
    """A trade came to its end, and was held against the rules. Its result and its size are left out on purpose.

    Args:
        account: where.
        position: its ticket there.
        strategy: what proposed it; empty for one made by hand at the broker.
        closed_at: seconds since 1970 UTC.
        breaches: rules it broke.
    """

    account: AccountId
    position: int
    strategy: str
    closed_at: int
    breaches: frozenset[Breach]


class MarketDayClosed(NamedTuple):
    """A market day is over for somebody.

    Args:
        user_id: whose.
        day: trading day, days since 1970-01-01.
        is_briefed: they read the day's briefing and confirmed their limits on that day.
        trades: closed on it, in all accounts of theirs, paper and live alike, oldest first.
        still_broken: rules that positions open at the day's end break. They count day by day until the position is
            closed: if they counted when it is, keeping it open would be worth points.
    """

    user_id: UserId
    day: int
    is_briefed: bool
    trades: tuple[TradeJudged, ...]
    still_broken: frozenset[Breach] = frozenset()

    @property
    def breaches(self) -> frozenset[Breach]:
        """Every rule that was broken on the day, or was still broken at its end."""
        return self.still_broken.union(*(trade.breaches for trade in self.trades))

    @property
    def is_adherent(self) -> bool:
        """Whether the day counts: prepared for, and no rule broken, with or without trades."""
        return self.is_briefed and not self.breaches
