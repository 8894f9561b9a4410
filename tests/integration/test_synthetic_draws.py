"""Draws have the moments they promise and do not depend on how many are asked for."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bitten_adapters.synthetic.draws import normals, uniforms

seeds = st.integers(min_value=0, max_value=2**63)
streams = st.integers(min_value=0, max_value=1_000)


@given(seed=seeds, stream=streams)
def test_given_any_seed_when_uniforms_are_drawn_then_they_lie_in_the_half_open_unit(seed: int, stream: int) -> None:
    drawn = uniforms(seed, stream, 50, 3)

    assert drawn.shape == (50, 3)
    assert (drawn >= 0.0).all()
    assert (drawn < 1.0).all()


@given(seed=seeds, stream=streams, more=st.integers(min_value=1, max_value=40))
def test_given_more_rows_when_drawn_then_the_first_ones_are_the_same(seed: int, stream: int, more: int) -> None:
    assert np.array_equal(normals(seed, stream, 10, 7), normals(seed, stream, 10 + more, 7)[:10])
    assert np.array_equal(uniforms(seed, stream, 10, 7), uniforms(seed, stream, 10 + more, 7)[:10])


def test_given_many_normals_when_measured_then_mean_variance_and_kurtosis_are_those_of_twelve_uniforms() -> None:
    drawn = normals(1, 2, 100_000, 2).ravel()

    # Five standard errors of 200,000 draws; the sum of twelve uniforms has kurtosis 3 - 1.2 / 12.
    assert abs(float(drawn.mean())) < 0.012
    assert abs(float(drawn.var()) - 1.0) < 0.016
    assert abs(float(np.mean(drawn**4)) - 2.9) < 0.11
    assert float(np.abs(drawn).max()) <= 6.0


def test_given_two_streams_of_a_seed_when_compared_then_they_are_unrelated() -> None:
    one, other = normals(1, 2, 50_000, 1).ravel(), normals(1, 3, 50_000, 1).ravel()

    assert abs(float(np.corrcoef(one, other)[0, 1])) < 0.02
