"""The emission gate: clipped to [70, 78], overlays, screening."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.errors import InvalidInput
from bitten_domain.tcs.gate import GateRules, emission_gate, overlay_of, screen

if TYPE_CHECKING:
    from tests.unit.tcs.conftest import TableMaker

    from bitten_domain.tcs.scan import ScoredCandidates


@given(threshold=st.integers(70_000, 78_000), offset=st.integers(-2_000, 2_000), overlay=st.integers(-1_000, 2_500))
def test_given_any_overlay_when_the_gate_is_placed_then_it_is_the_sum_within_70_and_78(
    threshold: int, offset: int, overlay: int
) -> None:
    assert emission_gate(threshold, offset, overlay) == sorted((70_000, threshold + offset + overlay, 78_000))[1]


@pytest.mark.parametrize(
    ("volatility", "news", "thousandths"),
    [
        (1.0, False, 0),
        (1.6, False, 0),
        (1.61, False, 1_000),
        (0.7, False, 0),
        (0.69, False, -1_000),
        (float("nan"), False, 0),
        (1.0, True, 1_500),
        (2.0, True, 2_500),
        (0.5, True, 500),
    ],
)
def test_given_the_markets_state_when_overlaid_then_volatility_and_news_add_up(
    volatility: float, news: bool, thousandths: int
) -> None:
    assert overlay_of(np.array([volatility]), np.array([news])).tolist() == [thousandths]


@pytest.mark.parametrize(
    ("score", "cost_share", "veto", "coverage", "code"),
    [
        (7_000, 0.30, False, 60, 0),
        (6_999, 0.10, False, 87, 4),
        (9_000, 0.301, False, 87, 3),
        (9_000, 0.10, True, 87, 2),
        (9_000, 0.10, False, 59, 1),
        (6_000, 0.50, True, 40, 1),
        (6_000, 0.50, True, 87, 2),
        (6_000, 0.50, False, 87, 3),
    ],
)
def test_given_a_candidate_when_screened_then_the_first_reason_in_order_is_given(
    table_of: TableMaker, score: int, cost_share: float, veto: bool, coverage: int, code: int
) -> None:
    table: ScoredCandidates = table_of(score=score, cost_share=cost_share, veto=veto, coverage=coverage)

    assert screen(table).tolist() == [code]


@pytest.mark.parametrize("offset", [-2_001, 2_001])
def test_given_an_offset_beyond_two_points_when_set_then_it_is_refused(offset: int) -> None:
    with pytest.raises(InvalidInput, match=r"gate\.pair_offset\.EURUSD"):
        GateRules(pair_offset=MappingProxyType({"EURUSD": offset}))


@pytest.mark.parametrize(
    ("per_pair", "per_day", "minutes"), [(0, 100, 60), (13, 100, 60), (12, 101, 60), (12, 100, 59)]
)
def test_given_a_cap_beyond_its_bounds_when_set_then_it_is_refused(per_pair: int, per_day: int, minutes: int) -> None:
    with pytest.raises(InvalidInput, match="outside its bounds"):
        GateRules(per_pair=per_pair, per_day=per_day, repeat_minutes=minutes)


def test_given_the_defaults_when_read_then_they_are_the_documented_ones() -> None:
    rules = GateRules()

    assert (rules.per_pair, rules.per_day, rules.repeat_minutes, dict(rules.pair_offset)) == (12, 100, 60, {})
