"""Codes in plain words."""

from __future__ import annotations

from bitten_domain.analytics.counterfactual import Fate
from bitten_domain.vocabulary import SuppressionCode

__all__ = ["FATES", "SUPPRESSED"]

FATES: dict[Fate, str] = {
    Fate.FIRED: "fired",
    Fate.REFUSED: "refused by the checks",
    Fate.DECLINED: "declined by the broker",
    Fate.LAPSED: "approved and never sent",
    Fate.UNCONFIRMED: "open to confirm, and confirmed by nobody",
    Fate.NOT_ASKED: "not asked for",
}
"""What was done about a signal."""

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
