"""Codes in plain words."""

from __future__ import annotations

from bitten_domain.vocabulary import SuppressionCode

__all__ = ["SUPPRESSED"]

SUPPRESSED: dict[SuppressionCode, str] = {
    SuppressionCode.BELOW_THRESHOLD: "scored below the gate of that moment",
    SuppressionCode.COST_SHARE: "spread and slippage above 0.30 of the stop's distance",
    SuppressionCode.REPEAT: "the same pair and direction had a signal within the hour, or one still alive",
    SuppressionCode.CONTEXT: "the other pairs spoke strongly against it",
    SuppressionCode.COVERAGE: "less than 60 of the score's 100 points could be judged",
    SuppressionCode.PAIR_CAP: "the pair had its twelve signals of the day",
    SuppressionCode.DAY_CAP: "the day had its hundred signals",
}
"""Why a candidate did not become a signal."""
