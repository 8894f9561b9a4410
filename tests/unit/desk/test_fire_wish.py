"""A wish to fire says how, in numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bitten_domain.desk.account.fires.facts_of_account import FireWish
from bitten_domain.errors import InvalidInput
from bitten_domain.vocabulary import FireMode


@pytest.mark.parametrize("lots", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_given_a_ceiling_that_is_no_number_when_wished_then_it_is_refused(lots: str) -> None:
    with pytest.raises(InvalidInput, match="no number"):
        FireWish(FireMode.SINGLE, lots_ceiling=Decimal(lots))
