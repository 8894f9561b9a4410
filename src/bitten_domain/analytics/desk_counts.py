"""Counts of what the desk kept back, refused and adjusted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.vocabulary import RefusalCode, SuppressionCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.desk.decisions import CandidatesSuppressed
    from bitten_domain.risk import Refusal
    from bitten_domain.tcs.scan import ScoredCandidates

__all__ = ["ContextCounts", "RefusalLine", "context_counts", "refusal_lines", "suppression_counts"]


@dataclass(frozen=True, slots=True)
class ContextCounts:
    """What the cross-asset context did to candidates; one that it vetoed is in no other count."""

    vetoed: int
    raised: int
    lowered: int
    candidates: int


@dataclass(frozen=True, slots=True)
class RefusalLine:
    """One rule that kept orders back.

    Args:
        code: the rule.
        first: orders it was the first broken rule of; over all rules these add up to the refused orders.
        named: orders it was among the reasons of.
        limit, actual, remedy: as the first such refusal worded them.
    """

    code: RefusalCode
    first: int
    named: int
    limit: str
    actual: str
    remedy: str


def suppression_counts(suppressed: Sequence[CandidatesSuppressed]) -> tuple[tuple[SuppressionCode, int], ...]:
    """Count candidates that did not become signals, most frequent first; every code is there."""
    totals: Counter[SuppressionCode] = Counter(dict.fromkeys(SuppressionCode, 0))
    for each in suppressed:
        totals.update(each.counts)
    return tuple(sorted(totals.items(), key=lambda item: (-item[1], item[0].value)))


def refusal_lines(refusals: Sequence[Refusal]) -> tuple[RefusalLine, ...]:
    """Count refusals by rule, most frequent first."""
    first = Counter(refusal.reasons[0].code for refusal in refusals)
    named = Counter(code for refusal in refusals for code in set(refusal.codes))
    wording = {reason.code: reason for refusal in reversed(refusals) for reason in reversed(refusal.reasons)}
    lines = [
        RefusalLine(code, first[code], count, wording[code].limit, wording[code].actual, wording[code].remedy)
        for code, count in named.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.first, -line.named, line.code.value)))


def context_counts(table: ScoredCandidates) -> ContextCounts:
    """Count what the context did to a scan's candidates."""
    judged = ~table.veto
    return ContextCounts(
        vetoed=int(np.count_nonzero(table.veto)),
        raised=int(np.count_nonzero(judged & (table.context > 0))),
        lowered=int(np.count_nonzero(judged & (table.context < 0))),
        candidates=len(table),
    )
