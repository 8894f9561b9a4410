"""Any record about signals, messages, news and the record itself: hypothesis strategies, as in `records`."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from bitten_apps.testkit.unit_of_work.records import exact, floats, json_texts, moments, names, texts
from bitten_domain.desk.closed_ideas import ClosedIdeas
from bitten_domain.desk.decisions import ThresholdEvaluated
from bitten_domain.desk.signal import Signal
from bitten_domain.desk.signal_book import SignalBook
from bitten_domain.desk.signal_desk import SignalDesk
from bitten_domain.market.news import EventCalendar, NewsEvent
from bitten_domain.ports.news_calendar import CalendarSnapshot
from bitten_domain.ports.repositories.housekeeping import AuditEntry, JobRun
from bitten_domain.ports.repositories.messages import InboxUpdate, OutboxMessage, Priority, Processed
from bitten_domain.ports.repositories.record import Anchor
from bitten_domain.record.journal_row import StreamHead
from bitten_domain.risk.emergency_stop import EmergencyStop, StopKind, StopScope
from bitten_domain.tcs.breakdown import ScoreDetail
from bitten_domain.tcs.threshold import ClosedSignals, Condition, ThresholdDecision, ThresholdState
from bitten_domain.values import INSTRUMENTS, Direction, SignalId, UserId
from bitten_domain.vocabulary import Band, Impact, PlanKind

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    Drawn = SearchStrategy

__all__ = [
    "anchors",
    "audit_entries",
    "calendars",
    "desks",
    "evaluations",
    "inbox_updates",
    "job_runs",
    "outbox_messages",
    "processed_inputs",
    "signals",
    "stops",
]

_counts = st.integers(0, 1_000)
_numbers = st.integers(-(1 << 40), 1 << 40)
_days = st.integers(-1, 40_000)
_symbols = st.sampled_from(sorted(INSTRUMENTS))
_scores = st.integers(0, 10_000)
_hashes = st.binary(min_size=32, max_size=32)
_prices = exact("0.5", "999").map(lambda price: round(price, 5))


def _some(values: Drawn[int]) -> Drawn[tuple[int, ...]]:
    return st.lists(values, max_size=4).map(tuple)


def _gaps(values: Drawn[int]) -> Drawn[tuple[int | None, ...]]:
    return st.lists(st.none() | values, max_size=4).map(tuple)


signals: Drawn[Signal] = st.builds(
    Signal,
    signal_id=names.map(SignalId),
    row=st.just(-1),
    symbol=_symbols,
    direction=st.sampled_from(Direction),
    strategy=names,
    timeframe=st.sampled_from([900, 3_600]),
    at=moments,
    entry=_prices,
    stop=_prices,
    target=_prices,
    plan=st.sampled_from(PlanKind),
    flat_at=moments,
    valid_until=moments,
    score=_scores,
    gate=st.integers(0, 100_000),
    threshold=st.integers(0, 100_000),
    band=st.sampled_from(Band),
    coverage=st.integers(0, 100),
    cost_share=floats,
    reward_net=floats,
    detail=st.builds(ScoreDetail, _some(_scores), _counts, _gaps(_numbers), _gaps(_numbers), _gaps(_numbers)),
)
"""Signals, as they come back: without a row."""

desks: Drawn[SignalDesk] = st.builds(
    SignalDesk,
    threshold=st.builds(ThresholdState, _numbers, _numbers, _numbers, _numbers),
    book=st.builds(
        SignalBook,
        _days,
        _counts,
        st.dictionaries(_symbols, _counts, max_size=3).map(MappingProxyType),
        st.dictionaries(st.tuples(_symbols, st.sampled_from([-1, 1])), st.tuples(moments, moments), max_size=3).map(
            MappingProxyType
        ),
        _some(_numbers),
    ),
    ideas=st.lists(st.tuples(_days, _counts, floats), max_size=3).map(lambda days: ClosedIdeas(tuple(days))),
    scanned_to=moments,
)
"""What the emission remembers."""

evaluations: Drawn[ThresholdEvaluated] = st.builds(
    ThresholdEvaluated,
    open_clock=_numbers,
    audit=st.builds(
        ThresholdDecision,
        old=_numbers,
        new=_numbers,
        count=_counts,
        volume_move=_numbers,
        performance_move=_numbers,
        reason=names,
        condition=st.sampled_from(Condition),
        closed=st.builds(ClosedSignals, _counts, floats, floats),
    ),
)
"""Decisions of the threshold."""

_events = st.builds(
    NewsEvent,
    time=moments,
    currency=st.sampled_from(["USD", "EUR", "ALL"]),
    impact=st.sampled_from(Impact),
    title=texts,
    forecast=texts,
    previous=texts,
    actual=texts,
    source=texts,
    time_known=st.booleans(),
)


@st.composite
def calendars(draw: st.DrawFn) -> CalendarSnapshot:
    """Draw a calendar; several events may share a moment, and their order counts."""
    events = sorted(draw(st.lists(_events, max_size=4)), key=lambda event: event.time)
    first, last = sorted([draw(moments), draw(moments)])
    source = draw(names)
    calendar = EventCalendar(tuple(events), first, last, draw(st.frozensets(st.sampled_from(Impact))), source)
    return CalendarSnapshot(calendar, draw(st.none() | moments))


@st.composite
def stops(draw: st.DrawFn) -> EmergencyStop:
    """Draw a stop."""
    scope = draw(st.sampled_from(StopScope))
    subject = "" if scope is StopScope.GLOBAL else draw(names)
    return EmergencyStop(scope, subject, draw(st.sampled_from(StopKind)), UserId("user-1"), draw(moments))


@st.composite
def anchors(draw: st.DrawFn) -> Anchor:
    """Draw an anchor over some streams."""
    streams = sorted(draw(st.sets(names, max_size=3)))
    heads = tuple(StreamHead(stream, draw(_counts), draw(_hashes)) for stream in streams)
    plain = Anchor(draw(_days), draw(moments), draw(_hashes), heads, draw(names), draw(st.binary(max_size=64)))
    return replace(plain, published_at=draw(st.none() | moments))


outbox_messages: Drawn[OutboxMessage] = st.builds(
    OutboxMessage,
    message_id=names,
    user_id=st.none() | st.just(UserId("user-1")),
    topic=names,
    priority=st.sampled_from(Priority),
    body=json_texts,
    created_at=moments,
)
"""Messages."""

inbox_updates: Drawn[InboxUpdate] = st.builds(
    InboxUpdate, bot=names, update_id=st.integers(0, (1 << 63) - 1), body=json_texts, received_at=moments
)
"""Updates that never failed."""

processed_inputs: Drawn[Processed] = st.builds(
    Processed, scope=names, key=names, body_hash=_hashes, answer=json_texts, at=moments
)
"""Answers."""

audit_entries: Drawn[AuditEntry] = st.builds(
    AuditEntry, at=moments, actor=st.just(UserId("user-1")), action=names, subject=texts, detail=json_texts
)
"""Audit entries of the first sample person."""


@st.composite
def job_runs(draw: st.DrawFn) -> JobRun:
    """Draw a run of a job."""
    started_at = draw(moments)
    return JobRun(draw(names), draw(names), started_at, started_at + draw(_counts), draw(texts))
