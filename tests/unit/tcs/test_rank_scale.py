"""The rank scale: mid-ranks by brute force, monotone, zero at zero, frozen."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.errors import BrokenInvariant
from bitten_domain.strategies import Profile, strategies_of
from bitten_domain.tcs.parts import Component
from bitten_domain.tcs.rank_knots import RANK_SCALE
from bitten_domain.tcs.rank_scale import RANKED, RankKnots, RankScale, knots_from

SAMPLES = st.lists(st.integers(0, 10_000).map(lambda share: share / 10_000), min_size=1, max_size=120)


def mid_rank(sample: list[float], share: float) -> float:
    """Count how many of a sample lie below, and half of those that are equal."""
    below = sum(round(other, 4) < share for other in sample)
    equal = sum(round(other, 4) == share for other in sample)
    return (below + equal / 2.0) / len(sample)


@given(sample=SAMPLES)
def test_given_a_sample_when_knots_are_taken_then_each_is_a_mid_rank_of_it(sample: list[float]) -> None:
    knots = knots_from(np.array(sample))

    assert set(knots.share) <= {round(share, 4) for share in sample}
    for share, rank in zip(knots.share, knots.rank, strict=True):
        assert rank == pytest.approx(mid_rank(sample, share), abs=1e-5)


@settings(max_examples=12)
@given(seed=st.integers(0, 50), size=st.integers(100, 500))
def test_given_a_large_sample_when_thinned_then_ranks_between_knots_are_near(seed: int, size: int) -> None:
    sample = np.round(np.random.default_rng(seed).beta(2.0, 3.0, size), 4)
    knots = knots_from(sample, most=48)

    assert len(knots.share) <= 48
    read = np.interp(sample, knots.share, knots.rank)
    true = [mid_rank(sample.tolist(), share) for share in sample[:20].tolist()]
    assert np.abs(read[:20] - true).max() < 1.5 / 47


def test_given_ties_when_ranked_then_they_share_the_middle() -> None:
    knots = knots_from(np.array([0.2, 0.5, 0.5, 0.5, 0.9]))

    assert knots.share == (0.2, 0.5, 0.9)
    assert knots.rank == (0.1, 0.5, 0.9)


@given(a=st.floats(0.0, 1.0), b=st.floats(0.0, 1.0), cap=st.floats(0.5, 20.0))
def test_given_the_shipped_scale_when_evidence_grows_then_points_never_fall_nor_pass_the_cap(
    a: float, b: float, cap: float
) -> None:
    low, high = sorted((a, b))
    for strategy, component in RANK_SCALE.knots:
        found = RANK_SCALE.restate(strategy, component, cap * np.array([0.0, low, high]), np.full(3, cap)).tolist()
        assert found[0] == 0.0
        assert found[1] <= found[2] + 1e-9 <= cap + 2e-9


def test_given_a_rank_of_a_sixteenth_when_restated_then_it_is_half_of_the_cap() -> None:
    scale = RankScale(
        "hand", "none", MappingProxyType({("s", Component.MOMENTUM): RankKnots((0.1, 0.5, 0.9), (0.0, 0.0625, 1.0))})
    )

    found = scale.restate("s", Component.MOMENTUM, np.array([0.0, 5.0, 9.0, 10.0, np.nan]), np.full(5, 10.0))
    assert found.tolist() == pytest.approx([0.0, 5.0, 10.0, 10.0, np.nan], nan_ok=True)


def test_given_a_strategy_without_knots_when_restated_then_its_evidence_stays() -> None:
    evidence = np.array([1.0, 7.5])

    assert RANK_SCALE.restate("yours", Component.STRUCTURE, evidence, np.full(2, 20.0)).tolist() == [1.0, 7.5]


def test_given_no_available_cap_when_restated_then_there_are_no_points() -> None:
    found = RANK_SCALE.restate("mean_reversion", Component.LIQUIDITY, np.zeros(1), np.zeros(1))

    assert found.tolist() == [0.0]


def test_given_the_shipped_scale_when_looked_at_then_every_strategy_and_ranked_component_is_in_it() -> None:
    names = {s.name for s in strategies_of(Profile.WIDE)}

    assert set(RANK_SCALE.knots) == {(name, component) for name in names for component in RANKED}
    assert RANK_SCALE.version
    assert "2025" in RANK_SCALE.sample


@pytest.mark.parametrize(
    ("share", "rank"),
    [((), ()), ((0.1, 0.1), (0.2, 0.3)), ((0.1, 0.2), (0.3, 0.2)), ((0.1, 0.2), (0.3,)), ((0.2, 0.1), (0.2, 0.3))],
)
def test_given_knots_out_of_order_when_built_then_it_is_a_broken_invariant(
    share: tuple[float, ...], rank: tuple[float, ...]
) -> None:
    with pytest.raises(BrokenInvariant, match="rank knots"):
        RankKnots(share, rank)
