"""Any signal, message, calendar, anchor and entry."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from bitten_apps.testkit.unit_of_work.drawn import values as v
from bitten_domain.desk.closed_ideas import ClosedIdeas
from bitten_domain.desk.decisions import ThresholdEvaluated
from bitten_domain.desk.signal import Signal
from bitten_domain.desk.signal_book import SignalBook
from bitten_domain.desk.signal_desk import SignalDesk
from bitten_domain.market.news import EventCalendar, NewsEvent
from bitten_domain.market.news_view import Blackout
from bitten_domain.ports.news_calendar import CalendarSnapshot
from bitten_domain.ports.repositories.housekeeping import AuditEntry, JobRun
from bitten_domain.ports.repositories.messages import InboxUpdate, OutboxMessage, Priority, Processed
from bitten_domain.ports.repositories.record import Anchor
from bitten_domain.record.journal_row import StreamHead
from bitten_domain.risk.emergency_stop import EmergencyStop, StopKind, StopScope
from bitten_domain.tcs.breakdown import ScoreDetail
from bitten_domain.tcs.threshold import CEILING, FLOOR, ClosedSignals, Condition, ThresholdDecision, ThresholdState
from bitten_domain.values import SignalId, UserId
from bitten_domain.vocabulary import Band, Impact, PlanKind

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

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

_numbers = st.integers(-(1 << 40), 1 << 40)
_scores = st.integers(0, 10_000)
_thresholds = st.integers(FLOOR, CEILING)
_hashes = st.binary(min_size=32, max_size=32)


def _some(values: SearchStrategy[int]) -> SearchStrategy[tuple[int, ...]]:
    return st.lists(values, max_size=4).map(tuple)


def _gaps(values: SearchStrategy[int]) -> SearchStrategy[tuple[int | None, ...]]:
    return st.lists(st.none() | values, max_size=4).map(tuple)


@st.composite
def signals(draw: st.DrawFn) -> Signal:
    """Draw a signal as it comes back: without a row."""
    at = draw(v.moments)
    return Signal(
        signal_id=SignalId(draw(v.names)),
        row=-1,
        symbol=draw(v.symbols),
        direction=draw(v.directions),
        strategy=draw(v.names),
        timeframe=draw(st.sampled_from([900, 3_600])),
        at=at,
        entry=draw(v.prices),
        stop=draw(v.prices),
        target=draw(v.prices),
        plan=draw(st.sampled_from(PlanKind)),
        flat_at=at + draw(v.counts),
        valid_until=at + draw(v.counts),
        score=draw(_scores),
        gate=draw(st.integers(0, 100_000)),
        threshold=draw(_thresholds),
        band=draw(st.sampled_from(Band)),
        coverage=draw(st.integers(0, 100)),
        cost_share=draw(v.floats),
        reward_net=draw(v.floats),
        blackout=draw(st.sampled_from(Blackout)),
        detail=ScoreDetail(
            draw(_some(_scores)), draw(v.counts), draw(_gaps(_numbers)), draw(_gaps(_numbers)), draw(_gaps(_numbers))
        ),
    )


_spans = st.dictionaries(
    st.tuples(v.symbols, st.sampled_from([-1, 1])), st.tuples(v.moments, v.moments), max_size=3
).map(MappingProxyType)

desks: SearchStrategy[SignalDesk] = st.builds(
    SignalDesk,
    threshold=st.builds(ThresholdState, _thresholds, _numbers, _numbers, _numbers),
    book=st.builds(
        SignalBook,
        v.days,
        v.counts,
        st.dictionaries(v.symbols, v.counts, max_size=3).map(MappingProxyType),
        _spans,
        _some(_numbers),
        _spans,
    ),
    ideas=st.lists(st.tuples(v.days, v.counts, v.floats), max_size=3).map(lambda days: ClosedIdeas(tuple(days))),
    scanned_to=v.moments,
)
"""What the emission remembers."""

evaluations: SearchStrategy[ThresholdEvaluated] = st.builds(
    ThresholdEvaluated,
    open_clock=_numbers,
    audit=st.builds(
        ThresholdDecision,
        old=_thresholds,
        new=_thresholds,
        count=v.counts,
        volume_move=_numbers,
        performance_move=_numbers,
        reason=v.names,
        condition=st.sampled_from(Condition),
        closed=st.builds(ClosedSignals, v.counts, v.floats, v.floats),
    ),
)
"""Decisions of the threshold."""

_events = st.builds(
    NewsEvent,
    time=v.moments,
    currency=st.sampled_from(["USD", "EUR", "ALL"]),
    impact=st.sampled_from(Impact),
    title=v.texts,
    forecast=v.texts,
    previous=v.texts,
    actual=v.texts,
    source=v.texts,
    time_known=st.booleans(),
)


@st.composite
def calendars(draw: st.DrawFn) -> CalendarSnapshot:
    """Draw a calendar; several events may share a moment, and their order counts."""
    events = sorted(draw(st.lists(_events, max_size=4)), key=lambda event: event.time)
    first, last = sorted([draw(v.moments), draw(v.moments)])
    source = draw(v.names)
    calendar = EventCalendar(tuple(events), first, last, draw(st.frozensets(st.sampled_from(Impact))), source)
    return CalendarSnapshot(calendar, draw(st.none() | v.moments))


@st.composite
def stops(draw: st.DrawFn) -> EmergencyStop:
    """Draw a stop."""
    scope = draw(st.sampled_from(StopScope))
    subject = "" if scope is StopScope.GLOBAL else draw(v.names)
    return EmergencyStop(scope, subject, draw(st.sampled_from(StopKind)), UserId("user-1"), draw(v.moments))


@st.composite
def anchors(draw: st.DrawFn) -> Anchor:
    """Draw an anchor over some streams."""
    streams = sorted(draw(st.sets(v.names, max_size=3)))
    heads = tuple(StreamHead(stream, draw(v.counts), draw(_hashes)) for stream in streams)
    plain = Anchor(draw(v.days), draw(v.moments), draw(_hashes), heads, draw(v.names), draw(st.binary(max_size=64)))
    return replace(plain, published_at=draw(st.none() | v.moments))


outbox_messages: SearchStrategy[OutboxMessage] = st.builds(
    OutboxMessage,
    message_id=v.names,
    user_id=st.none() | st.just(UserId("user-1")),
    topic=v.names,
    priority=st.sampled_from(Priority),
    body=v.json_texts,
    created_at=v.moments,
)
"""Messages."""

inbox_updates: SearchStrategy[InboxUpdate] = st.builds(
    InboxUpdate, bot=v.names, update_id=st.integers(0, (1 << 63) - 1), body=v.json_texts, received_at=v.moments
)
"""Updates that never failed."""

processed_inputs: SearchStrategy[Processed] = st.builds(
    Processed, scope=v.names, key=v.names, body_hash=_hashes, answer=v.json_texts, at=v.moments
)
"""Answers."""

audit_entries: SearchStrategy[AuditEntry] = st.builds(
    AuditEntry, at=v.moments, actor=st.just(UserId("user-1")), action=v.names, subject=v.texts, detail=v.json_texts
)
"""Audit entries of the first sample person."""


@st.composite
def job_runs(draw: st.DrawFn) -> JobRun:
    """Draw a run of a job."""
    started_at = draw(v.moments)
    return JobRun(draw(v.names), draw(v.names), started_at, started_at + draw(v.counts), draw(v.texts))
