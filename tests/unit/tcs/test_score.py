"""The score: additive to the hundredth, clipped with its context, and honest about what was available."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.tcs.context import ContextVerdict
from bitten_domain.tcs.evidence import Evidence
from bitten_domain.tcs.parts import COMPONENTS, RULE_COMPONENT, RULES
from bitten_domain.tcs.rank_knots import RANK_SCALE
from bitten_domain.tcs.rank_scale import RANKED, RankScale
from bitten_domain.tcs.score import COVERAGE_FOR_AUTO, COVERAGE_FOR_SCORE, Scores, score

PLAIN = RankScale("none", "no sample", MappingProxyType({}))
NAMES = ("london_breakout", "mean_reversion", "momentum_continuation")
SHARES = st.lists(st.one_of(st.none(), st.floats(0.0, 1.0)), min_size=len(RULES), max_size=len(RULES))


def scored(shares: list[float | None], context: float = 0.0, scale: RankScale = PLAIN, name: str = NAMES[0]) -> Scores:
    """Score one candidate that has these shares of each rule's cap, None where a rule is unavailable."""
    points = np.array(
        [[float("nan") if share is None else share * rule.cap for share, rule in zip(shares, RULES, strict=True)]]
    )
    none = np.zeros(1)
    verdict = ContextVerdict(np.array([context]), np.zeros(1, dtype=np.bool_), none, none)
    return score(name, Evidence(points, points), verdict, scale)


def by_hand(shares: list[float | None], scale: RankScale, name: str) -> float:
    """Work the score out rule by rule in plain Python."""
    points, available = 0.0, 0.0
    for number, component in enumerate(COMPONENTS):
        rules = [
            (share, rule.cap) for share, rule, at in zip(shares, RULES, RULE_COMPONENT, strict=True) if at == number
        ]
        cap = float(sum(cap for share, cap in rules if share is not None))
        found = sum(share * cap for share, cap in rules if share is not None)
        available += cap
        knots = scale.knots.get((name, component))
        if component in RANKED and knots is not None and cap > 0.0:
            share = found / cap
            found = cap * float(np.interp(share, knots.share, knots.rank)) ** 0.25 if share > 0.0 else 0.0
        points += found
    return 100.0 * points / available if available else 0.0


@settings(max_examples=25)
@given(shares=SHARES, context=st.integers(-3, 3), name=st.sampled_from(NAMES))
def test_given_any_evidence_when_scored_then_parts_and_context_add_up_exactly(
    shares: list[float | None], context: int, name: str
) -> None:
    found = scored(shares, float(context), RANK_SCALE, name)

    assert int(found.parts.sum() + found.context[0]) == int(found.hundredths[0])
    assert 0 <= int(found.hundredths[0]) <= 10_000
    assert bool(np.all(found.parts >= 0))


@settings(max_examples=25)
@given(shares=SHARES, name=st.sampled_from(NAMES))
def test_given_any_evidence_when_scored_then_plain_arithmetic_gives_the_same(
    shares: list[float | None], name: str
) -> None:
    for scale in (PLAIN, RANK_SCALE):
        assert scored(shares, 0.0, scale, name).hundredths[0] == pytest.approx(
            100 * by_hand(shares, scale, name), abs=1
        )


@settings(max_examples=25)
@given(shares=SHARES)
def test_given_any_evidence_when_scored_then_coverage_is_the_points_that_were_there(
    shares: list[float | None],
) -> None:
    expected = sum(rule.cap for share, rule in zip(shares, RULES, strict=True) if share is not None)

    found = scored(shares)
    assert int(found.coverage[0]) == expected
    assert float(found.caps.sum()) == expected


@settings(max_examples=25)
@given(shares=SHARES, better=st.integers(0, len(RULES) - 1), name=st.sampled_from(NAMES))
def test_given_more_evidence_of_one_rule_when_scored_then_the_score_does_not_fall(
    shares: list[float | None], better: int, name: str
) -> None:
    raised: list[float | None] = list(shares)
    if raised[better] is not None:
        raised[better] = 1.0

    before, after = (int(scored(s, 0.0, RANK_SCALE, name).hundredths[0]) for s in (shares, raised))
    assert after >= before


def test_given_everything_complete_when_scored_then_it_is_100_and_each_part_is_its_cap() -> None:
    found = scored([1.0] * len(RULES))

    assert found.hundredths.tolist() == [10_000]
    assert found.parts.tolist() == [[2_000, 1_500, 1_500, 1_000, 1_000, 1_000, 1_000, 1_000]]


def test_given_no_sentiment_and_no_spread_when_complete_then_87_points_are_the_whole() -> None:
    shares: list[float | None] = [None if rule.name in {"sentiment", "spread"} else 1.0 for rule in RULES]
    found = scored(shares)

    assert (found.hundredths.tolist(), found.coverage.tolist()) == ([10_000], [87])
    # Structure is 20 of 87.
    assert found.parts[0, 0] == int((Decimal(200_000) / 87).quantize(Decimal(1), ROUND_HALF_EVEN))


@pytest.mark.parametrize(("share", "context", "total", "added"), [
    (1.0, 3.0, 10_000, 0), (0.98, 3.0, 10_000, 200), (0.5, 3.0, 5_300, 300), (0.5, -2.0, 4_800, -200),
    (0.01, -3.0, 0, -100), (0.0, -3.0, 0, 0),
])  # fmt: skip
def test_given_the_context_when_it_would_leave_the_scale_then_only_what_fits_is_added(
    share: float, context: float, total: int, added: int
) -> None:
    found = scored([share] * len(RULES), context)

    assert (int(found.hundredths[0]), int(found.context[0])) == (total, added)


def test_given_nothing_available_when_scored_then_it_is_zero_and_uncovered() -> None:
    found = scored([None] * len(RULES))

    assert (found.hundredths.tolist(), found.coverage.tolist()) == ([0], [0])


def test_given_the_coverage_limits_when_named_then_they_are_the_documented_ones() -> None:
    assert (COVERAGE_FOR_SCORE, COVERAGE_FOR_AUTO) == (60, 85)


def test_given_many_candidates_when_scored_together_then_each_is_scored_as_alone() -> None:
    draws = np.random.default_rng(4).random((40, len(RULES)))
    caps = np.array([rule.cap for rule in RULES], dtype=np.float64)
    points = np.where(draws < 0.1, np.nan, draws * caps)
    none = np.zeros(40)
    verdict = ContextVerdict(none, np.zeros(40, dtype=np.bool_), none, none)
    together = score(NAMES[1], Evidence(points, points), verdict, RANK_SCALE)

    for row in range(40):
        shares = [None if np.isnan(p) else float(p / cap) for p, cap in zip(points[row], caps, strict=True)]
        alone = scored(shares, 0.0, RANK_SCALE, NAMES[1])
        assert int(alone.hundredths[0]) == pytest.approx(int(together.hundredths[row]), abs=1)
