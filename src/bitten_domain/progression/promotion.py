"""Promotion to ELITE: time kept to the rules, some practice, and the risk course. Results play no part."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bitten_domain.progression.xp import Progress

__all__ = ["ELITE_CLOSED_TRADES", "ELITE_DAYS", "elite_lacks"]

ELITE_DAYS = 30
"""Adherent market days rank ELITE asks for."""

ELITE_CLOSED_TRADES = 20
"""Closed trades, paper or live, rank ELITE asks for."""


def elite_lacks(progress: Progress, *, has_risk_course: bool) -> tuple[str, ...]:
    """Say what somebody still lacks for rank ELITE, in words; nothing when it is due."""
    lacks = []
    if progress.adherent_days < ELITE_DAYS:
        lacks.append(f"{ELITE_DAYS - progress.adherent_days} more adherent market days")
    if progress.closed_trades < ELITE_CLOSED_TRADES:
        lacks.append(f"{ELITE_CLOSED_TRADES - progress.closed_trades} more closed trades, on paper or live")
    if not has_risk_course:
        lacks.append("the risk course")
    return tuple(lacks)
