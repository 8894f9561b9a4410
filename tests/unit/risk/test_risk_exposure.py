"""Exposure: sums by hand, clusters by chain, and the view."""

from __future__ import annotations

import math
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.risk import ExposureLine, OpenRisk, RiskPolicy, exposure_view
from bitten_domain.risk.exposure import (
    ClusterRisk,
    cluster_risk,
    clusters,
    count_positions,
    net_currency_risk,
    net_pair_risk,
    signed_correlation,
)
from bitten_domain.risk.sizing import Allowance
from bitten_domain.values import TEN_PAIRS, Direction

BUY, SELL = Direction.BUY, Direction.SELL
LEAST = Decimal("0.7")


def held(symbol: str, direction: Direction, risk: str | None, group: str = "") -> OpenRisk:
    return OpenRisk(symbol, direction, None if risk is None else Decimal(risk), group=group)


def open_risks() -> st.SearchStrategy[tuple[OpenRisk, ...]]:
    one = st.builds(
        OpenRisk,
        st.sampled_from(TEN_PAIRS),
        st.sampled_from(Direction),
        st.decimals("0", "500", places=2),
    )
    return st.lists(one, max_size=8).map(tuple)


def test_given_three_positions_when_netted_then_each_currency_has_its_signed_sum() -> None:
    # EURUSD BUY 100: +EUR -USD; GBPUSD SELL 40: -GBP +USD; EURJPY SELL 30: -EUR +JPY.
    book = (held("EURUSD", BUY, "100"), held("GBPUSD", SELL, "40"), held("EURJPY", SELL, "30"))

    net = {currency: net_currency_risk(book, currency) for currency in ("EUR", "USD", "GBP", "JPY", "CHF")}

    assert net == {"EUR": 70, "USD": -60, "GBP": -40, "JPY": 30, "CHF": 0}


@given(book=open_risks())
def test_given_any_book_when_netted_then_the_currencies_sum_to_nought(book: tuple[OpenRisk, ...]) -> None:
    names = {symbol[place : place + 3] for symbol in TEN_PAIRS for place in (0, 3)}

    assert sum(net_currency_risk(book, name) for name in names) == 0


def test_given_two_positions_when_correlated_then_directions_sign_it() -> None:
    table = {("EURUSD", "GBPUSD"): 0.8}

    assert signed_correlation("EURUSD", BUY, "GBPUSD", BUY, table) == 0.8
    assert signed_correlation("GBPUSD", SELL, "EURUSD", BUY, table) == -0.8
    assert signed_correlation("EURUSD", BUY, "EURUSD", BUY, None) == 1
    assert signed_correlation("EURUSD", BUY, "EURUSD", SELL, None) == -1
    assert signed_correlation("EURUSD", BUY, "USDJPY", BUY, table) is None
    assert signed_correlation("EURUSD", BUY, "GBPUSD", BUY, {("EURUSD", "GBPUSD"): math.nan}) is None


def test_given_a_negative_correlation_when_sides_are_opposite_then_it_is_one_bet() -> None:
    book = (held("USDCHF", SELL, "60"),)

    linked = cluster_risk("EURUSD", BUY, book, {("EURUSD", "USDCHF"): -0.85}, LEAST)

    assert linked == ClusterRisk(Decimal(60), Decimal(60))


def test_given_exactly_the_threshold_when_summed_then_it_links_and_just_below_it_does_not() -> None:
    book = (held("GBPUSD", BUY, "60"),)

    assert cluster_risk("EURUSD", BUY, book, {("EURUSD", "GBPUSD"): 0.7}, LEAST).known == 60
    assert cluster_risk("EURUSD", BUY, book, {("EURUSD", "GBPUSD"): 0.6999}, LEAST).known == 0


def test_given_a_chain_when_summed_then_the_far_end_counts() -> None:
    book = (held("GBPUSD", BUY, "60"), held("AUDUSD", BUY, "50"), held("USDJPY", BUY, "40"))
    table = {
        ("EURUSD", "GBPUSD"): 0.8,
        ("GBPUSD", "AUDUSD"): 0.75,
        ("EURUSD", "AUDUSD"): 0.2,
        ("EURUSD", "USDJPY"): 0.0,
        ("GBPUSD", "USDJPY"): 0.0,
        ("AUDUSD", "USDJPY"): 0.0,
    }

    assert cluster_risk("EURUSD", BUY, book, table, LEAST) == ClusterRisk(Decimal(110), Decimal(110))


def test_given_unknown_correlations_when_summed_then_the_worst_case_counts_them() -> None:
    book = (held("GBPUSD", BUY, "60"), held("EURUSD", BUY, "30"))

    assert cluster_risk("EURUSD", BUY, book, None, LEAST) == ClusterRisk(Decimal(30), Decimal(90))


def test_given_exactly_the_threshold_when_parted_then_it_links_and_just_below_it_does_not() -> None:
    one, other = held("EURUSD", BUY, "60"), held("GBPUSD", BUY, "50")

    assert clusters((one, other), {("EURUSD", "GBPUSD"): 0.7}, LEAST) == ((one, other),)
    assert clusters((one, other), {("EURUSD", "GBPUSD"): 0.6999}, LEAST) == ((one,), (other,))
    assert clusters((one, other), None, LEAST) == ((one, other),)


@given(book=open_risks(), level=st.floats(-1, 1))
def test_given_any_book_when_parted_then_every_position_is_in_one_cluster(
    book: tuple[OpenRisk, ...], level: float
) -> None:
    table = {(one, other): level for one in TEN_PAIRS for other in TEN_PAIRS if one < other}

    parts = clusters(book, table, LEAST)

    assert sorted(map(id, book)) == sorted(id(one) for part in parts for one in part)


@given(book=open_risks(), level=st.floats(-1, 1), index=st.integers(0, 7))
def test_given_any_book_when_an_order_joins_then_its_cluster_is_the_one_the_view_shows(
    book: tuple[OpenRisk, ...], level: float, index: int
) -> None:
    table = {(one, other): level for one in TEN_PAIRS for other in TEN_PAIRS if one < other}
    if not book:
        return
    newest = book[index % len(book)]
    rest = tuple(one for one in book if one is not newest)

    linked = cluster_risk(newest.symbol, newest.direction, rest, table, LEAST)

    part = next(part for part in clusters(book, table, LEAST) if any(one is newest for one in part))
    assert linked.known == sum(one.risk or Decimal(0) for one in part if one is not newest)


def test_given_slices_of_one_parent_when_counted_then_the_parent_is_seen_once() -> None:
    book = (held("EURUSD", BUY, "10", "p1"), held("EURUSD", BUY, "10", "p1"), held("USDJPY", BUY, "10"))

    assert (count_positions(book), count_positions(book, "EURUSD"), count_positions(book, "GBPUSD")) == (2, 1, 0)


def test_given_a_book_when_viewed_then_every_limit_shows_use_and_headroom() -> None:
    book = (held("EURUSD", BUY, "100"), held("GBPUSD", BUY, "60"), held("USDJPY", BUY, None))
    hundred = Decimal(100)
    allowance = Allowance(
        sizing_balance=Decimal(10_000),
        unit=hundred,
        risk_percent=Decimal(1),
        budget=hundred,
        daily_cap=Decimal(400),
        day_loss=Decimal(50),
        pending_risk=None,
        day_loss_at_stops=None,
        is_medic=False,
    )
    table = {("EURUSD", "GBPUSD"): 0.9, ("EURUSD", "USDJPY"): 0.0, ("GBPUSD", "USDJPY"): 0.0}

    view = exposure_view(book, table, allowance, RiskPolicy(), 10)

    used = {line.name: line.used for line in view.currencies}
    assert used == {"EUR": Decimal(100), "GBP": Decimal(60), "JPY": Decimal(0), "USD": Decimal(-160)}
    assert {line.limit for line in view.currencies} == {Decimal(200)}
    assert [(line.name, line.used, line.headroom) for line in view.clusters] == [
        ("EURUSD BUY GBPUSD BUY", Decimal(160), Decimal(0)),
        ("USDJPY BUY", Decimal(0), Decimal(150)),
    ]
    assert view.total == ExposureLine("total", Decimal(160), Decimal(600))
    assert view.total.headroom == 440
    assert view.day == ExposureLine("day", Decimal(210), Decimal(400))
    assert view.positions == ExposureLine("positions", Decimal(3), Decimal(10))
    assert view.unprotected == ("USDJPY",)


def test_given_a_book_when_a_pair_is_netted_then_both_currencies_are_summed_and_others_are_not() -> None:
    # EUR: +100 -30 +10; USD: -100 +40 -20; what has no stop, or risks nothing any more, adds nothing.
    book = (
        held("GBPUSD", BUY, None),
        held("EURUSD", BUY, "0"),
        held("EURUSD", BUY, "100"),
        held("GBPUSD", SELL, "40"),
        held("EURJPY", SELL, "30"),
        held("AUDUSD", BUY, "20"),
        held("EURGBP", BUY, "10"),
        held("GBPJPY", BUY, "500"),
    )

    assert net_pair_risk(book, "EUR", "USD") == (Decimal(80), Decimal(-80))
    # Both legs on the quote's side: USD is bought by 40 and by nothing else here.
    assert net_pair_risk((held("USDJPY", BUY, "25"), held("GBPUSD", SELL, "40")), "EUR", "USD") == (
        Decimal(0),
        Decimal(65),
    )


def test_given_no_position_when_a_cluster_is_summed_then_nothing_is_known_and_nothing_feared() -> None:
    assert cluster_risk("EURUSD", BUY, (), {}, LEAST) == ClusterRisk(Decimal(0), Decimal(0))


def test_given_a_known_and_an_unknown_correlation_when_summed_then_only_the_worst_case_has_both() -> None:
    book = (held("GBPUSD", BUY, "60"), held("USDJPY", BUY, "30"))

    linked = cluster_risk("EURUSD", BUY, book, {("EURUSD", "GBPUSD"): 0.8}, LEAST)

    assert linked == ClusterRisk(Decimal(60), Decimal(90))


def test_given_positions_without_a_loss_to_come_when_linked_then_they_add_nothing_and_pass_the_chain_on() -> None:
    book = (held("GBPUSD", BUY, None), held("AUDUSD", BUY, "-5"), held("NZDUSD", BUY, "50"))
    table = {
        ("EURUSD", "GBPUSD"): 0.8,
        ("GBPUSD", "AUDUSD"): 0.8,
        ("AUDUSD", "NZDUSD"): 0.8,
        ("EURUSD", "AUDUSD"): 0.1,
        ("EURUSD", "NZDUSD"): 0.1,
        ("GBPUSD", "NZDUSD"): 0.1,
    }

    assert cluster_risk("EURUSD", BUY, book, table, LEAST) == ClusterRisk(Decimal(50), Decimal(50))


def test_given_two_parents_and_another_pair_first_when_counted_then_each_parent_counts() -> None:
    book = (held("USDJPY", BUY, "10"), held("EURUSD", BUY, "10", "p1"), held("EURUSD", BUY, "10", "p2"))

    assert (count_positions(book), count_positions(book, "EURUSD")) == (3, 2)


def test_given_the_days_loss_at_the_stops_when_viewed_then_it_is_what_the_day_shows() -> None:
    hundred, nought = Decimal(100), Decimal(0)
    allowance = Allowance(
        sizing_balance=Decimal(10_000),
        unit=hundred,
        risk_percent=Decimal(1),
        budget=hundred,
        daily_cap=Decimal(400),
        day_loss=Decimal(50),
        pending_risk=hundred,
        day_loss_at_stops=Decimal(120),
        is_medic=False,
    )

    book = exposure_view((held("EURUSD", BUY, "100"),), {}, allowance, RiskPolicy(), 10)
    nothing = exposure_view((), {}, allowance, RiskPolicy(), 10)
    bare = exposure_view((held("EURUSD", BUY, None),), {}, allowance, RiskPolicy(), 10)

    # 150 are lost and at risk; 30 of them are lost on paper already.
    assert book.day == ExposureLine("day", Decimal(120), Decimal(400))
    assert nothing.total == ExposureLine("total", nought, Decimal(600))
    # Nought is an amount too: what reads the view writes it with its decimals.
    assert isinstance(nothing.total.used, Decimal)
    assert isinstance(bare.clusters[0].used, Decimal)
