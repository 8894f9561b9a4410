"""Outcomes of emitted signals, fired or not: the ledger of what would have been."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.values import SignalId

__all__ = ["IdeaOutcome"]


@dataclass(frozen=True, slots=True)
class IdeaOutcome:
    """What a signal came to under the one fill model, taken at its emission and led by its plan.

    Args:
        signal_id: which.
        ended_at: seconds since 1970 UTC.
        day: trading day it ended on, days since 1970-01-01.
        net_r, gross_r: with and without costs, rounded to four decimals; None when no rate to the currency is known.
    """

    signal_id: SignalId
    ended_at: int
    day: int
    net_r: Decimal | None
    gross_r: Decimal | None
