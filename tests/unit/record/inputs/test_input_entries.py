"""Entries of an input log are read as they were written."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_apps.testkit.unit_of_work.drawn import values as v
from bitten_apps.testkit.unit_of_work.drawn.trading import deals, held_positions
from bitten_domain.execution import SwapRate, SwapTable, TradePlan
from bitten_domain.execution.order import CloseOrder, LevelsOrder, MarketOrder
from bitten_domain.execution.protocol.answers import Answer, AnswerKind, BrokerQuote, BrokerSnapshot, Evidence, Trace
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.news import EventCalendar, NewsEvent
from bitten_domain.record.inputs.configuration import RunConfiguration, configuration_from, configuration_payload
from bitten_domain.record.inputs.entries import (
    ActBegan,
    ActKind,
    BarRow,
    BrokerAnswered,
    BrokerAsked,
    StoreFailed,
    entry_from,
    entry_text,
)
from bitten_domain.record.inputs.material import (
    bars_from,
    bars_text,
    calendar_from,
    calendar_text,
    row_of,
    swaps_from,
    swaps_text,
)
from bitten_domain.values import Money
from bitten_domain.vocabulary import Impact, PlanKind

if TYPE_CHECKING:
    from bitten_domain.desk.account import HeldPosition
    from bitten_domain.execution import Deal

PRICES = st.floats(min_value=1e-6, max_value=1e6, allow_nan=False)
BARS = st.builds(BarRow, st.integers(0, 2**40), PRICES, PRICES, PRICES, PRICES, PRICES, st.none() | st.floats(0, 1e3))
CONFIGURATION = RunConfiguration(Decimal(10_000), "COMMANDER", "auto", "wide", ("mine",), Decimal("0.5"), Decimal(4), 3)


@given(held=held_positions(), deal=deals(), price=v.prices)
def test_given_any_snapshot_when_written_and_read_then_it_is_the_same(
    held: HeldPosition, deal: Deal, price: Decimal
) -> None:
    worth = Money(Decimal("10000.00"), "USD")
    quote = BrokerQuote("EURUSD", price, price, 5)
    snapshot = BrokerSnapshot(1, 2, worth, worth, worth, Decimal(30), (held.position,), (deal,), (quote,))
    entry = BrokerAnswered(3, "snapshot", 7, snapshot)

    assert entry_from(entry_text(entry)) == entry


@given(deal=deals(), kind=st.sampled_from(AnswerKind), text=v.texts)
def test_given_any_evidence_when_written_and_read_then_it_is_the_same(deal: Deal, kind: AnswerKind, text: str) -> None:
    answer = Answer(9, kind, None, (deal,), text, text)
    entry = BrokerAnswered(1, "evidence_of", 9, Evidence(Trace.FOUND, answer))

    assert entry_from(entry_text(entry)) == entry


@given(lots=v.lots, price=v.prices, direction=v.directions, plan=st.sampled_from(PlanKind))
def test_given_any_order_when_written_and_read_then_it_is_the_same(
    lots: object, price: Decimal, direction: object, plan: PlanKind
) -> None:
    orders = (
        MarketOrder(1, "EURUSD", direction, lots, price, None, 5, TradePlan(plan, 9)),  # type: ignore[arg-type]
        CloseOrder(2, 3, lots),  # type: ignore[arg-type]
        LevelsOrder(4, 5, price, None),
    )

    for order in orders:
        assert entry_from(entry_text(BrokerAsked(1, "place", order))) == BrokerAsked(1, "place", order)


@given(bar=BARS)
def test_given_any_bar_when_written_and_read_then_every_bit_is_the_same(bar: BarRow) -> None:
    entry = ActBegan(1, ActKind.TAKE, 900, {"EURUSD": bar})

    assert entry_from(entry_text(entry)) == entry


@given(bars=st.lists(BARS, min_size=2, max_size=8, unique_by=lambda bar: bar.opened), shown=st.integers(0, 8))
def test_given_any_bars_when_some_are_history_and_some_shown_then_together_they_are_the_columns(
    bars: list[BarRow], shown: int
) -> None:
    rows = sorted(bars)
    columns = [np.array(column, dtype=np.float64) for column in list(zip(*rows, strict=True))[1:]]
    whole = Bars("EURUSD", Timeframe.M15, np.array([row.opened for row in rows], dtype=np.int64), *columns)
    history = whole.rows(slice(0, len(rows) - min(shown, len(rows))))

    made = bars_from(bars_text({"EURUSD": history}), {"EURUSD": rows[len(history) :]})["EURUSD"]

    assert [row_of(made, place) for place in range(len(made))] == rows


def test_given_a_calendar_when_written_and_read_then_it_is_the_same() -> None:
    event = NewsEvent(10, "USD", Impact.HIGH, "Non-Farm Payrolls", source="a file", time_known=False)
    calendar = EventCalendar((event,), 0, 100, frozenset({Impact.HIGH, Impact.MEDIUM}), "a file")

    assert calendar_from(calendar_text(calendar)) == calendar


def test_given_a_table_of_swaps_when_written_and_read_then_it_is_the_same() -> None:
    table = SwapTable.of([SwapRate("EURUSD", 20_000, Decimal("-0.71"), Decimal("0.12"))])

    assert swaps_from(swaps_text(table)) == table


def test_given_a_configuration_when_written_and_read_then_it_is_the_same() -> None:
    assert configuration_from(CONFIGURATION.text) == CONFIGURATION


def test_given_two_configurations_when_digested_then_one_choice_more_is_another_digest() -> None:
    assert CONFIGURATION.sha256 != replace(CONFIGURATION, max_positions=4).sha256


def test_given_a_configuration_when_noted_then_the_payload_holds_it_and_its_digest() -> None:
    payload = configuration_payload(CONFIGURATION, 5)

    # By hand: sha256 of the canonical text, keys sorted, no white space.
    assert payload.startswith(b'["configured",{"at":5,"sha256":"')
    assert CONFIGURATION.text.encode() in payload


@pytest.mark.parametrize(
    "text", ['{"is":"Nothing"}', '{"is":"TimeRead","act":1}', '{"is":"TimeRead","act":true,"at":1}', "[]", "7"]
)
def test_given_a_text_that_is_no_entry_when_read_then_it_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        entry_from(text)


def test_given_an_older_entry_without_a_new_field_when_read_then_it_has_the_default() -> None:
    assert entry_from('{"is":"ActBegan","act":2,"kind":"send","gone":1}') == ActBegan(2, ActKind.SEND)


def test_given_a_failure_when_written_and_read_then_it_is_the_same() -> None:
    entry = StoreFailed(1, 2, ("Unavailable", "the disk is full"))

    assert entry_from(entry_text(entry)) == entry
