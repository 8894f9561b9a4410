"""Reserved risk is rounded to whole cents, never down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.execution.protocol.reservation import cents_up
from bitten_domain.values import CENT, Money

if TYPE_CHECKING:
    from decimal import Decimal


@given(st.decimals(min_value=0, max_value=1_000_000, allow_nan=False, places=7))
def test_given_any_amount_when_rounded_up_then_it_is_whole_cents_and_less_than_one_more(amount: Decimal) -> None:
    rounded = cents_up(Money(amount, "USD")).amount

    assert rounded % CENT == 0
    assert 0 <= rounded - amount < CENT
