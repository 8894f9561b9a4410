"""A mandate that is granted again each time it ended."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.risk.policy import Mandate
from bitten_domain.values import AccountId

DAY = 86_400
MANDATE = Mandate(AccountId("a"), frozenset({"EURUSD"}), Decimal(85), 5, Decimal(1), 10 * DAY, 40 * DAY)


@given(st.integers(10 * DAY, 4_000 * DAY))
def test_given_any_later_moment_when_renewed_then_it_holds_as_long_as_before_and_asks_the_same(now: int) -> None:
    renewed = MANDATE.renewed_at(now)

    assert renewed.granted_at <= now < renewed.ends_at
    assert renewed.ends_at - renewed.granted_at == 30 * DAY
    assert (renewed.pairs, renewed.least_score, renewed.shots_a_day) == (MANDATE.pairs, Decimal(85), 5)


def test_given_the_moment_it_ends_when_renewed_then_the_next_begins_there() -> None:
    assert MANDATE.renewed_at(40 * DAY).granted_at == 40 * DAY


def test_given_a_moment_before_it_when_renewed_then_it_is_not_granted_earlier() -> None:
    assert MANDATE.renewed_at(0) is MANDATE
