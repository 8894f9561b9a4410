"""Rolling reductions against naive loops, and that a value is a function of its window alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.errors import BrokenInvariant
from bitten_domain.market.windowed import (
    geometric_mean_weighted,
    rolling_max,
    rolling_mean,
    rolling_min,
    rolling_sum,
    weighted_sums,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Reduction = Callable[[NDArray[np.float64], int], NDArray[np.float64]]

VALUES = st.lists(st.floats(-1e3, 1e3, width=32), max_size=60).map(lambda x: np.array(x, dtype=np.float64))
LENGTHS = st.integers(1, 80)


def windows(values: NDArray[np.float64], length: int) -> list[list[float]]:
    """Give each position's window, newest first, by slicing a list."""
    plain = values.tolist()
    return [plain[max(0, at - length + 1) : at + 1][::-1] for at in range(len(plain))]


@given(values=VALUES, length=LENGTHS)
def test_given_any_values_when_summed_then_a_naive_loop_agrees(values: NDArray[np.float64], length: int) -> None:
    expected = [sum(window) for window in windows(values, length)]

    assert rolling_sum(values, length).tolist() == pytest.approx(expected, abs=1e-6)


@given(values=VALUES, length=LENGTHS)
def test_given_any_values_when_averaged_then_only_whole_windows_have_a_mean(
    values: NDArray[np.float64], length: int
) -> None:
    expected = [sum(w) / length if len(w) == length else float("nan") for w in windows(values, length)]

    assert rolling_mean(values, length).tolist() == pytest.approx(expected, abs=1e-6, nan_ok=True)


@given(values=VALUES, length=LENGTHS)
def test_given_any_values_when_extremes_are_taken_then_they_are_exactly_those_of_the_window(
    values: NDArray[np.float64], length: int
) -> None:
    every = windows(values, length)

    assert rolling_max(values, length).tolist() == [max(window) for window in every]
    assert rolling_min(values, length).tolist() == [min(window) for window in every]


@given(values=VALUES, length=LENGTHS)
def test_given_any_values_when_weighted_by_age_then_a_naive_loop_agrees(
    values: NDArray[np.float64], length: int
) -> None:
    plain, aged = weighted_sums(values, length)

    every = windows(values, length)
    assert plain.tolist() == pytest.approx([sum(w) for w in every], abs=1e-6)
    assert aged.tolist() == pytest.approx([sum(k * x for k, x in enumerate(w)) for w in every], abs=1e-4)


@given(values=VALUES, length=LENGTHS, alpha=st.floats(0.01, 1.0), first=st.integers(0, 70))
def test_given_any_values_when_weighted_geometrically_then_a_naive_loop_agrees(
    values: NDArray[np.float64], length: int, alpha: float, first: int
) -> None:
    result = geometric_mean_weighted(values, alpha, length, first)

    for at, window in enumerate(windows(values, length)):
        weights = [(1.0 - alpha) ** age for age in range(len(window))]
        mean = sum(w * x for w, x in zip(weights, window, strict=True)) / sum(weights)
        assert result[at] == pytest.approx(mean if at >= first else float("nan"), abs=1e-6, nan_ok=True)


@given(seed=st.integers(0, 99), n=st.integers(1, 120), cut=st.integers(0, 119), length=st.integers(1, 60))
def test_given_a_cut_history_when_the_window_fits_then_the_bits_are_those_of_the_full_history(
    seed: int, n: int, cut: int, length: int
) -> None:
    values = 1.1 + np.random.default_rng(seed).standard_normal(n) / 300.0
    kept = values[min(cut, n - 1) :]
    whole = max(0, len(kept) - length + 1)
    reductions: tuple[Reduction, ...] = (
        rolling_sum,
        rolling_max,
        rolling_min,
        lambda x, k: weighted_sums(x, k)[0],
        lambda x, k: weighted_sums(x, k)[1],
        lambda x, k: geometric_mean_weighted(x, 0.13, k, 0),
    )

    for reduce in reductions:
        full, short = reduce(values, length), reduce(kept, length)
        assert full[n - whole :].tobytes() == short[len(kept) - whole :].tobytes()


@pytest.mark.parametrize("length", [1, 2, 5, 50])
def test_given_an_array_when_reduced_then_it_is_left_as_it_was(length: int) -> None:
    values = np.arange(12.0)

    for result in (
        geometric_mean_weighted(values, 0.5, length, 2),
        rolling_mean(values, length),
        rolling_sum(values, length),
    ):
        result[:] = -1.0

    assert values.tolist() == list(range(12))


@pytest.mark.parametrize("reduction", [rolling_sum, rolling_mean, rolling_max, rolling_min])
def test_given_a_window_of_nothing_when_reduced_then_it_is_refused(reduction: Reduction) -> None:
    with pytest.raises(BrokenInvariant, match="at least one bar"):
        reduction(np.arange(3.0), 0)


def test_given_rows_of_pairs_when_summed_then_each_row_is_its_own() -> None:
    rows = np.arange(24.0).reshape(2, 12)

    assert rolling_sum(rows, 5)[1].tolist() == rolling_sum(rows[1], 5).tolist()
