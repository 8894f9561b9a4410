"""What releases are about, how they are graded, and what a calendar may claim."""

from __future__ import annotations

import pytest

from bitten_domain.errors import BrokenInvariant
from bitten_domain.market.news import EventCalendar, NewsEvent, ReleaseKind, graded, release_kind
from bitten_domain.vocabulary import Impact

# Titles as publishers print them, classed by hand.
TITLES = [
    ("Federal Funds Rate", ReleaseKind.RATE_DECISION),
    ("Official Bank Rate", ReleaseKind.RATE_DECISION),
    ("Main Refinancing Rate", ReleaseKind.RATE_DECISION),
    ("Cash Rate", ReleaseKind.RATE_DECISION),
    ("Overnight Rate", ReleaseKind.RATE_DECISION),
    ("BOJ Policy Rate", ReleaseKind.RATE_DECISION),
    ("FOMC Statement", ReleaseKind.RATE_DECISION),
    ("Non-Farm Employment Change", ReleaseKind.PAYROLLS),
    ("Nonfarm Payrolls", ReleaseKind.PAYROLLS),
    ("ADP Non-Farm Employment Change", ReleaseKind.EMPLOYMENT),
    ("Core CPI m/m", ReleaseKind.INFLATION),
    ("Prelim GDP q/q", ReleaseKind.GDP),
    ("Unemployment Rate", ReleaseKind.EMPLOYMENT),
    ("Claimant Count Change", ReleaseKind.EMPLOYMENT),
    ("Core Retail Sales m/m", ReleaseKind.RETAIL_SALES),
    ("German Flash Manufacturing PMI", ReleaseKind.PMI),
    ("ISM Services Prices", ReleaseKind.PMI),
    ("10-y Bond Auction", ReleaseKind.OTHER),
    ("Mortgage Approvals", ReleaseKind.OTHER),
    ("Fed Chair Powell Speaks", ReleaseKind.OTHER),
    ("Prism Survey", ReleaseKind.OTHER),
]


@pytest.mark.parametrize(("title", "kind"), TITLES)
def test_given_a_publishers_title_when_classed_then_the_kind_is_the_one_a_reader_would_say(
    title: str, kind: ReleaseKind
) -> None:
    assert release_kind(title) is kind


@pytest.mark.parametrize(
    ("impact", "title", "grade"),
    [
        (Impact.MEDIUM, "CPI Flash Estimate y/y", Impact.HIGH),
        (Impact.MEDIUM, "Consumer Confidence", Impact.MEDIUM),
        (Impact.LOW, "Final Manufacturing PMI", Impact.LOW),
        (Impact.HIGH, "President Speaks", Impact.HIGH),
    ],
)
def test_given_a_publishers_grade_when_graded_then_only_medium_is_raised_by_its_title(
    impact: Impact, title: str, grade: Impact
) -> None:
    assert graded(impact, title) is grade


@pytest.mark.parametrize(
    ("currency", "impact", "title", "stops"),
    [
        ("USD", Impact.HIGH, "Non-Farm Employment Change", True),
        ("USD", Impact.HIGH, "ADP Non-Farm Employment Change", False),
        ("NZD", Impact.HIGH, "Official Cash Rate", True),
        ("NZD", Impact.LOW, "Official Cash Rate", False),
        ("USD", Impact.HIGH, "CPI m/m", False),
    ],
)
def test_given_a_release_when_asked_for_auto_then_only_decisions_and_us_payrolls_stop_it_everywhere(
    currency: str, impact: Impact, title: str, stops: bool
) -> None:
    assert NewsEvent(0, currency, impact, title).stops_auto_everywhere is stops


def test_given_events_out_of_order_when_a_calendar_is_made_then_it_is_refused() -> None:
    events = (NewsEvent(10, "USD", Impact.HIGH, "CPI"), NewsEvent(5, "USD", Impact.HIGH, "GDP"))

    with pytest.raises(BrokenInvariant):
        EventCalendar(events, 0, 100, frozenset(Impact))


def test_given_no_calendar_when_asked_then_it_covers_no_moment() -> None:
    assert not EventCalendar.empty().covers(0)
