"""Refusals and suppressions counted by hand."""

from __future__ import annotations

from bitten_domain.analytics.desk_counts import refusal_lines, suppression_counts
from bitten_domain.desk.decisions import CandidatesSuppressed
from bitten_domain.risk import Reason, Refusal
from bitten_domain.vocabulary import RefusalCode, SuppressionCode


def refused(*codes: RefusalCode, actual: str = "7") -> Refusal:
    return Refusal(tuple(Reason(code, "at most 5", actual, f"mend {code.value}") for code in codes))


def test_given_refusals_when_counted_then_first_reasons_add_up_to_the_orders() -> None:
    lines = refusal_lines(
        [
            refused(RefusalCode.COOL_DOWN, RefusalCode.MARGIN_LEVEL),
            refused(RefusalCode.MARGIN_LEVEL, actual="9"),
            refused(RefusalCode.COOL_DOWN, actual="11"),
        ]
    )

    assert [(line.code, line.first, line.named) for line in lines] == [
        (RefusalCode.COOL_DOWN, 2, 2),
        (RefusalCode.MARGIN_LEVEL, 1, 2),
    ]
    assert sum(line.first for line in lines) == 3
    assert (lines[0].actual, lines[0].remedy) == ("7", "mend COOL_DOWN")


def test_given_suppressions_of_several_moments_when_counted_then_they_add_up_and_no_code_is_missing() -> None:
    counts = suppression_counts(
        [
            CandidatesSuppressed(900, {SuppressionCode.REPEAT: 2, SuppressionCode.CONTEXT: 1}),
            CandidatesSuppressed(1_800, {SuppressionCode.CONTEXT: 3}),
        ]
    )

    assert counts[:2] == ((SuppressionCode.CONTEXT, 4), (SuppressionCode.REPEAT, 2))
    assert {code for code, _ in counts} == set(SuppressionCode)
