"""Promises about signals, their outcomes, the threshold and the news calendar."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_apps.testkit.contract_broken import ContractBroken
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.bench import UnitOfWorkBench, at_once, each, expect, refused, told_apart
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.market.news import EventCalendar, NewsEvent
from bitten_domain.ports.news_calendar import CalendarSnapshot
from bitten_domain.values import SignalId
from bitten_domain.vocabulary import Impact

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work.bench import Check
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["SIGNAL_PROMISES"]

_TIMES = ((1, 50), (2, 10), (3, 90), (5, 50), (4, 50))


async def _add_signals(bench: UnitOfWorkBench) -> None:
    await each(bench, lambda r, one: r.signals.add(one), [s.signal(number, s.NOON + at) for number, at in _TIMES])


async def _keeps_a_signal_without_its_row(bench: UnitOfWorkBench) -> None:
    await _add_signals(bench)
    await refused(bench, Conflict, lambda r: r.signals.add(s.signal(1, s.NOON + 99)), "the same signal")
    found = await bench.store.read(lambda r: [r.signals.get(SignalId(name)) for name in ("signal-1", "nothing")])
    expect(found, [s.signal(1, s.NOON + 50)._replace(row=-1), None], "a signal, its row forgotten, and none")


async def _lists_signals_of_a_span(bench: UnitOfWorkBench) -> None:
    await _add_signals(bench)

    def work(r: Repositories) -> list[list[str]]:
        spans = ((0, 999), (10, 50), (50, 90), (11, 50), (51, 91), (50, 50))
        found = [r.signals.between(s.NOON + start, s.NOON + stop) for start, stop in spans]
        return [[signal.signal_id[-1] for signal in some] for some in found]

    expected = [["2", "1", "5", "4", "3"], ["2"], ["1", "5", "4"], [], ["3"], []]
    expect(await bench.store.read(work), expected, "signals of a span, oldest first; of one moment, as they were added")


async def _never_goes_back_in_time(bench: UnitOfWorkBench) -> None:
    expect(await bench.store.read(lambda r: r.signals.desk()), None, "what is remembered before the first scan")
    later, other = s.signal_desk(s.NOON + 900), s.signal_desk(s.NOON + 900)
    other = other._replace(threshold=replace(other.threshold, value=72_000))
    for desk in (s.signal_desk(s.NOON), later, other):
        await each(bench, lambda r, one: r.signals.put_desk(one), [desk])
        expect(await bench.store.run(lambda r: r.signals.desk()), desk, "what the emission remembers")
    back = s.signal_desk(s.NOON + 899)
    await refused(bench, BrokenInvariant, lambda r: r.signals.put_desk(back), "going back in time")
    expect(await bench.store.read(lambda r: r.signals.desk()), other, "what the emission remembers")


async def _loses_no_scan(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: r.signals.put_desk(s.signal_desk(s.NOON)))

    def work(r: Repositories) -> None:
        desk = r.signals.desk()
        if desk is None:
            raise ContractBroken("what was kept can be read")
        r.signals.put_desk(desk._replace(scanned_to=desk.scanned_to + 1))

    expect(told_apart(await at_once(bench, [work] * 24), Conflict)[1], 0, "scans that gave up on a short queue")
    expect(await bench.store.read(lambda r: r.signals.desk()), s.signal_desk(s.NOON + 24), "after 24 scans at once")


async def _has_one_outcome_a_signal(bench: UnitOfWorkBench) -> None:
    await _add_signals(bench)
    without = replace(s.outcome(2, s.NOON + 600), net_r=None, gross_r=None)
    await each(bench, lambda r, one: r.outcomes.add(one), (s.outcome(5, s.NOON + 700), without))
    await refused(bench, Conflict, lambda r: r.outcomes.add(s.outcome(5, s.NOON + 999)), "a second outcome")

    def work(r: Repositories) -> list[object]:
        names = [SignalId(f"signal-{number}") for number in (5, 2, 1)]
        return [*(r.outcomes.get(name) for name in names), *(r.outcomes.missing(s.NOON + at) for at in (91, 90, 50))]

    missing = tuple(SignalId(f"signal-{number}") for number in (1, 4, 3))
    expected = [s.outcome(5, s.NOON + 700), without, None, missing, missing[:2], ()]
    expect(await bench.store.read(work), expected, "outcomes, and signals without one, oldest first")


async def _lists_thresholds(bench: UnitOfWorkBench) -> None:
    decisions = ((5, 70_100), (1, 70_200), (9, 70_300), (5, 70_400))
    await each(bench, lambda r, one: r.thresholds.add(s.NOON + one[0], s.evaluated(one[1])), decisions)
    found = await bench.store.read(lambda r: [r.thresholds.recent(limit) for limit in (99, 2, 0)])
    decided = tuple((s.NOON + at, s.evaluated(new)) for at, new in ((9, 70_300), (5, 70_400), (5, 70_100), (1, 70_200)))
    expect(found, [decided, decided[:2], ()], "decisions, newest first; of one moment, the last added first")


def _calendar(source: str, *titles: str, refreshed_at: int | None = None) -> CalendarSnapshot:
    events = tuple(NewsEvent(s.NOON, "USD", Impact.HIGH, title, source=source) for title in titles)
    span = (s.NOON - 86_400, s.NOON + 86_400)
    return CalendarSnapshot(EventCalendar(events, *span, frozenset(Impact), source), refreshed_at)


async def _keeps_a_calendar_a_source(bench: UnitOfWorkBench) -> None:
    first, second = _calendar("file", "NFP", "CPI"), _calendar("feed", "NFP", refreshed_at=s.NOON)
    await each(bench, lambda r, snapshot: r.news.put(snapshot), (first, second))
    found = await bench.store.read(lambda r: [r.news.get(source) for source in ("file", "feed", "nobody")])
    expect(found, [first, second, None], "calendars by source")
    for newer in (_calendar("file", "CPI", "GDP", "PMI"), _calendar("file"), first):
        await each(bench, lambda r, one: r.news.put(one), [newer])
        found = await bench.store.read(lambda r: [r.news.get(source) for source in ("file", "feed")])
        expect(found, [newer, second], "calendars after one was refreshed")


SIGNAL_PROMISES: tuple[tuple[str, Check], ...] = (
    ("a signal is kept once, and comes back without its row", _keeps_a_signal_without_its_row),
    ("signals of a span are listed oldest first", _lists_signals_of_a_span),
    ("what the emission remembers never goes back in time", _never_goes_back_in_time),
    ("scans at once follow one another, and none is lost", _loses_no_scan),
    ("a signal has one outcome, and those without are listed", _has_one_outcome_a_signal),
    ("decisions of the threshold are listed newest first", _lists_thresholds),
    ("a source has one calendar, the last one put", _keeps_a_calendar_a_source),
)
"""Promises of the signal, outcome, threshold and news repositories."""
