"""Blackouts around releases, by pair and moment."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.errors import InvalidInput
from bitten_domain.market.news import ANY_CURRENCY, EventCalendar, NewsEvent
from bitten_domain.market.news_view import Blackout, Freshness, NewsCalendarView, NewsPolicy
from bitten_domain.vocabulary import Impact

MINUTE = 60
HOUR = 3_600
DAY = 86_400
NOON = 20_000 * DAY + 12 * HOUR
ALL = frozenset(Impact)
SPEECH = "Governor Speaks"


def view(*events: NewsEvent, impacts: frozenset[Impact] = ALL) -> NewsCalendarView:
    ordered = tuple(sorted(events, key=lambda event: event.time))
    return NewsCalendarView(EventCalendar(ordered, NOON - 2 * DAY, NOON + 2 * DAY, impacts))


@pytest.mark.parametrize(
    ("impact", "title", "minutes_from_release", "blackout"),
    [
        (Impact.HIGH, SPEECH, -31, Blackout.NONE),
        (Impact.HIGH, SPEECH, -30, Blackout.HIGH),
        (Impact.HIGH, SPEECH, 30, Blackout.HIGH),
        (Impact.HIGH, SPEECH, 31, Blackout.NONE),
        (Impact.HIGH, "Cash Rate", -45, Blackout.HIGH),
        (Impact.HIGH, "Cash Rate", -46, Blackout.NONE),
        (Impact.HIGH, "Cash Rate", 60, Blackout.HIGH),
        (Impact.HIGH, "Cash Rate", 61, Blackout.NONE),
        (Impact.MEDIUM, SPEECH, -15, Blackout.MEDIUM),
        (Impact.MEDIUM, SPEECH, 16, Blackout.NONE),
        (Impact.MEDIUM, "CPI y/y", -30, Blackout.HIGH),
        (Impact.LOW, "Cash Rate", 0, Blackout.NONE),
    ],
)
def test_given_a_release_when_asked_near_it_then_the_window_of_the_rules_holds(
    impact: Impact, title: str, minutes_from_release: int, blackout: Blackout
) -> None:
    state = view(NewsEvent(NOON, "AUD", impact, title)).state("AUDUSD", NOON + minutes_from_release * MINUTE)

    assert state.blackout is blackout


def test_given_a_release_when_asked_for_its_pairs_then_either_leg_counts_and_others_do_not() -> None:
    news = view(NewsEvent(NOON, "GBP", Impact.HIGH, SPEECH))

    seen = {pair: news.state(pair, NOON).blackout for pair in ("GBPUSD", "EURGBP", "EURUSD")}

    assert seen == {"GBPUSD": Blackout.HIGH, "EURGBP": Blackout.HIGH, "EURUSD": Blackout.NONE}


def test_given_a_rate_decision_when_asked_for_another_pair_then_auto_stops_without_a_blackout() -> None:
    decision = NewsEvent(NOON, "NZD", Impact.HIGH, "Official Cash Rate")

    state = view(decision).state("EURUSD", NOON - 45 * MINUTE)

    assert (state.blackout, state.no_auto_anywhere, state.major_event) == (Blackout.NONE, True, decision)


def test_given_overlapping_windows_when_asked_then_the_stronger_is_named_with_its_release() -> None:
    medium = NewsEvent(NOON - 5 * MINUTE, "USD", Impact.MEDIUM, SPEECH)
    high = NewsEvent(NOON, "USD", Impact.HIGH, SPEECH)

    state = view(medium, high).state("EURUSD", NOON)

    assert (state.blackout, state.event, state.until) == (Blackout.HIGH, high, NOON + 30 * MINUTE)


def test_given_an_event_of_all_currencies_when_asked_then_every_pair_is_in_its_window() -> None:
    assert view(NewsEvent(NOON, ANY_CURRENCY, Impact.HIGH, "Meetings")).state("EURGBP", NOON).blackout is Blackout.HIGH


def test_given_a_release_without_a_time_when_asked_that_day_then_it_is_told_and_blacks_out_nothing() -> None:
    event = NewsEvent(20_000 * DAY, "JPY", Impact.HIGH, "BOJ Policy Rate", time_known=False)
    news = view(event)

    on_the_day, next_day = news.state("USDJPY", NOON), news.state("USDJPY", NOON + DAY)

    assert (on_the_day.blackout, on_the_day.untimed) == (Blackout.NONE, (event,))
    assert next_day.untimed == ()


def test_given_a_file_when_asked_outside_its_span_then_nothing_is_known() -> None:
    news = view(NewsEvent(NOON, "USD", Impact.HIGH, SPEECH))

    seen = [news.state("EURUSD", NOON + shift).freshness for shift in (-2 * DAY - 1, -2 * DAY, 2 * DAY - 1, 2 * DAY)]

    assert seen == [Freshness.UNKNOWN, Freshness.FRESH, Freshness.FRESH, Freshness.UNKNOWN]


def test_given_a_calendar_without_high_releases_when_asked_then_it_is_not_covered() -> None:
    news = view(NewsEvent(NOON, "USD", Impact.LOW, SPEECH), impacts=frozenset({Impact.LOW}))

    assert news.state("EURUSD", NOON).freshness is Freshness.NOT_COVERED
    assert news.uncovered == {Impact.MEDIUM, Impact.HIGH}


@pytest.mark.parametrize(
    ("age", "freshness"),
    [
        (12 * HOUR, Freshness.FRESH),
        (12 * HOUR + 1, Freshness.DEGRADED),
        (48 * HOUR, Freshness.DEGRADED),
        (48 * HOUR + 1, Freshness.UNKNOWN),
    ],
)
def test_given_a_refreshed_calendar_when_it_ages_then_it_is_trusted_less(age: int, freshness: Freshness) -> None:
    assert view().state("EURUSD", NOON, age).freshness is freshness


def test_given_no_calendar_when_asked_then_the_state_is_unknown_and_calm() -> None:
    state = NewsCalendarView(EventCalendar.empty()).state("EURUSD", NOON)

    assert (state.freshness, state.blackout) == (Freshness.UNKNOWN, Blackout.NONE)


@pytest.mark.parametrize(("seconds", "inside"), [(-1, False), (0, True), (59, True), (60, False)])
def test_given_a_high_release_when_asked_for_its_minute_then_only_the_sixty_seconds_after_it_count(
    seconds: int, inside: bool
) -> None:
    news = view(NewsEvent(NOON, "USD", Impact.HIGH, SPEECH))

    assert news.high_event_minute("EURUSD", NOON + seconds) is inside


def test_given_a_window_beyond_a_day_when_a_policy_is_made_then_it_is_refused() -> None:
    with pytest.raises(InvalidInput, match="high_before"):
        NewsPolicy(high_before=DAY + 1)


def test_given_a_year_of_releases_when_asked_then_an_answer_takes_microseconds() -> None:
    events = [NewsEvent(NOON + i * HOUR, "USD", Impact.HIGH, SPEECH) for i in range(1_000)]
    news = view(*events)
    news.state("EURUSD", NOON)

    best = min(_seconds_for_a_thousand(news) for _ in range(5))

    assert best / 1_000 < 10e-6


def _seconds_for_a_thousand(news: NewsCalendarView) -> float:
    start = time.perf_counter()
    for _ in range(1_000):
        news.state("EURUSD", NOON)
    return time.perf_counter() - start


@st.composite
def releases(draw: st.DrawFn) -> list[NewsEvent]:
    one = st.builds(
        NewsEvent,
        st.integers(NOON - DAY, NOON + DAY),
        st.sampled_from(("USD", "EUR", "JPY", ANY_CURRENCY)),
        st.sampled_from(Impact),
        st.sampled_from((SPEECH, "Cash Rate", "CPI m/m", "Non-Farm Employment Change")),
    )
    return draw(st.lists(one, max_size=12))


@given(releases(), st.integers(NOON - DAY, NOON + DAY))
def test_given_any_calendar_when_asked_then_a_plain_scan_of_all_releases_agrees(
    events: list[NewsEvent], at: int
) -> None:
    news = view(*events)

    state = news.state("EURUSD", at)

    reach = {Impact.HIGH: (30, 30), Impact.MEDIUM: (15, 15)}
    strongest, auto_stopped = Blackout.NONE, False
    for event in events:
        before, after = (45, 60) if event.stops_auto_everywhere else reach.get(event.effective_impact, (0, -1))
        inside = event.time - before * MINUTE <= at <= event.time + after * MINUTE
        auto_stopped |= inside and event.stops_auto_everywhere
        if inside and event.currency in {"EUR", "USD", ANY_CURRENCY} and strongest is not Blackout.HIGH:
            strongest = Blackout.HIGH if event.effective_impact is Impact.HIGH else Blackout.MEDIUM
    assert (state.blackout, state.no_auto_anywhere) == (strongest, auto_stopped)


@given(releases(), st.lists(st.integers(NOON - DAY, NOON + DAY), min_size=1, max_size=20))
def test_given_any_calendar_when_asked_by_column_then_single_answers_agree(
    events: list[NewsEvent], moments: list[int]
) -> None:
    news = view(*events)
    column = np.array(moments, dtype=np.int64)

    windows = news.high_windows("EURUSD", column)
    minutes = news.high_events_within("EURUSD", column, before_seconds=0, after_seconds=59)

    assert news.blackouts("EURUSD", column) == [news.state("EURUSD", at).blackout for at in moments]
    assert windows.tolist() == [news.high_window("EURUSD", at) for at in moments]
    assert minutes.tolist() == [news.high_event_minute("EURUSD", at) for at in moments]
