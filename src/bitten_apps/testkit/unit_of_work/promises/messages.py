"""Promises about messages in and out, answers, the audit log and jobs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.bench import UnitOfWorkBench, at_once, each, expect, refused, rivals, told_apart
from bitten_domain.errors import Conflict
from bitten_domain.ports.repositories.housekeeping import AuditEntry, JobRun
from bitten_domain.ports.repositories.messages import InboxUpdate, Priority, Processed
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work.bench import Check
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["MESSAGE_PROMISES"]


async def _waiting(bench: UnitOfWorkBench, now: int = s.NOON, limit: int = 99) -> list[str]:
    found = await bench.store.read(lambda r: r.outbox.waiting(now, limit))
    return [message.message_id for message in found]


async def _tells_the_urgent_first(bench: UnitOfWorkBench) -> None:
    messages = [
        s.message("signal", Priority.SIGNALS, s.NOON + 1),
        s.message("rest", Priority.REST, s.NOON),
        s.message("late stop", Priority.FILLS_AND_STOPS, s.NOON + 9),
        s.message("stop", Priority.FILLS_AND_STOPS, s.NOON + 2),
        s.message("reply", Priority.REPLIES, s.NOON + 5),
        s.message("other reply", Priority.REPLIES, s.NOON + 5),
    ]
    await each(bench, lambda r, message: r.outbox.add(message), messages)
    expected = ["stop", "late stop", "reply", "other reply", "signal", "rest"]
    expect(await _waiting(bench, s.NOON + 10), expected, "messages: the most urgent first, then the oldest")
    expect(await _waiting(bench, s.NOON + 10, 2), expected[:2], "two messages")
    expect(await _waiting(bench, s.NOON + 10, 0), [], "no messages")


async def _tells_a_message_once(bench: UnitOfWorkBench) -> None:
    first = s.message("one")
    changed = replace(first, body="{}", priority=Priority.REPLIES, topic="fill")
    await each(bench, lambda r, one: r.outbox.add(one), (first, changed, s.message("two")))
    expect(await bench.store.read(lambda r: r.outbox.waiting(s.NOON, 1)), (first,), "the message as it first came")
    for _ in range(2):
        await bench.store.run(lambda r: r.outbox.told(["one", "nobody's"], s.NOON))
        expect(await _waiting(bench), ["two"], "messages after one was told")
    await bench.store.run(lambda r: r.outbox.add(first))
    await bench.store.run(lambda r: r.outbox.postpone("one", s.NOON - 9))
    expect(await _waiting(bench, s.NOON + 99), ["two"], "messages after a told one came again")
    await bench.store.run(lambda r: r.outbox.told([], s.NOON))
    told_apart(await at_once(bench, [lambda r: r.outbox.add(s.message("three"))] * 12), Conflict)
    expect(await _waiting(bench), ["two", "three"], "messages after the same came twelve times at once")


async def _leaves_a_postponed_message_alone(bench: UnitOfWorkBench) -> None:
    await each(bench, lambda r, name: r.outbox.add(s.message(name)), ("one", "two"))
    await each(bench, lambda r, name: r.outbox.postpone(name, s.NOON + 60), ("one", "nobody's"))
    found = [await _waiting(bench, s.NOON + now) for now in (0, 59, 60)]
    expect(found, [["two"], ["two"], ["one", "two"]], "messages before, and at the moment it was postponed to")


_UPDATE = InboxUpdate("bot", 7, '{"text":  "/fire Ω"}', s.NOON)


async def _keeps_an_update_once(bench: UnitOfWorkBench) -> None:
    big = (1 << 53) + 1
    updates = [_UPDATE, replace(_UPDATE, update_id=big), replace(_UPDATE, bot="a bot"), replace(_UPDATE, update_id=1)]
    added = await each(bench, lambda r, one: r.inbox.add(one), (*updates, _UPDATE))
    expect(added, [True, True, True, True, False], "new and known updates")
    again = replace(_UPDATE, body="{}", received_at=s.NOON + 9)
    expect(await bench.store.run(lambda r: r.inbox.add(again)), False, "another body under a known number")
    pages = await bench.store.read(lambda r: [r.inbox.waiting(limit) for limit in (99, 2, 0)])
    ordered = (updates[2], updates[3], updates[0], updates[1])
    expect(pages, [ordered, ordered[:2], ()], "waiting, by bot and number")
    for _ in range(2):
        await bench.store.run(lambda r: r.inbox.handled("bot", 7, s.NOON))
    await bench.store.run(lambda r: r.inbox.handled("bot", 99, s.NOON))
    expect(await bench.store.run(lambda r: r.inbox.add(_UPDATE)), False, "an update that was handled comes again")
    found = await bench.store.read(lambda r: r.inbox.waiting(99))
    expect(found, (updates[2], updates[3], updates[1]), "waiting after one was handled")
    results = await at_once(bench, [lambda r: r.inbox.add(replace(_UPDATE, update_id=500))] * 12)
    expect(sum(told_apart(results, Conflict)[0]), 1, "an update that came twelve times at once")


async def _parks_what_fails(bench: UnitOfWorkBench) -> None:
    await each(bench, lambda r, one: r.inbox.add(one), (_UPDATE, replace(_UPDATE, update_id=8)))
    found: list[object] = []
    for _ in range(3):
        count = await bench.store.run(lambda r: r.inbox.failed("bot", 7, 3))
        waiting = await bench.store.read(lambda r: r.inbox.waiting(99))
        found.append((count, [(update.update_id, update.failures) for update in waiting]))
    expected = [(1, [(7, 1), (8, 0)]), (2, [(7, 2), (8, 0)]), (3, [(8, 0)])]
    expect(found, expected, "failures of an update, and what waits")
    await bench.store.run(lambda r: r.inbox.add(replace(_UPDATE, update_id=9)))
    await bench.store.run(lambda r: r.inbox.handled("bot", 9, s.NOON))
    counts = await each(bench, lambda r, number: r.inbox.failed("bot", number, 3), (7, 9, 99))
    expect(counts, [4, 1, 0], "failures of a parked update, a handled one and one that was never kept")
    waiting = await bench.store.read(lambda r: r.inbox.waiting(99))
    expect([update.update_id for update in waiting], [8], "what waits after that")
    results = await at_once(bench, [lambda r: r.inbox.failed("bot", 8, 99)] * 12)
    expect(sorted(told_apart(results, Conflict)[0]), list(range(1, 13)), "failures counted at once")


async def _answers_once(bench: UnitOfWorkBench) -> None:
    first = Processed("fire:account-1", "key", bytes(range(32)), '{"ok":  "Ω"}', s.NOON)
    others = [replace(first, scope="close:account-1"), replace(first, key="Key")]
    await each(bench, lambda r, one: r.processed.add(one), (first, *others))
    await refused(bench, Conflict, lambda r: r.processed.add(replace(first, answer="{}")), "a second answer")

    def work(r: Repositories) -> list[object]:
        asked = (("fire:account-1", "key"), ("close:account-1", "key"), ("fire:account-1", "Key"), ("fire", "key"))
        return [r.processed.get(scope, key) for scope, key in asked]

    expect(await bench.store.read(work), [first, *others, None], "answers, by scope and key")
    late = [replace(first, key="late", answer=str(number)) for number in range(12)]
    results = await rivals(bench, lambda r, one: r.processed.add(one), late)
    expect(len(told_apart(results, Conflict)[0]), 1, "answers under one key that were kept, of twelve at once")


async def _lists_the_audit_log(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: r.people.add(s.person()))
    entries = [
        AuditEntry(s.NOON + at, UserId("user-1"), action, "GLOBAL", '{"why": "Ω"}')
        for at, action in ((5, "ONE"), (1, "TWO"), (9, "THREE"), (5, "FOUR"))
    ]
    await each(bench, lambda r, entry: r.audit.add(entry), entries)
    found = await bench.store.read(lambda r: [[one.action for one in r.audit.recent(limit)] for limit in (9, 2, 0)])
    everything = ["FOUR", "THREE", "TWO", "ONE"]
    expect(found, [everything, everything[:2], []], "entries, written last first, whatever their moments")
    expect(await bench.store.read(lambda r: r.audit.recent(1)), (entries[3],), "the newest entry")
    other = replace(entries[1], subject="user-1", at=s.NOON + 7)
    await bench.store.run(lambda r: r.audit.add(other))
    about = await bench.store.read(lambda r: [r.audit.recent(2, whom) for whom in ("GLOBAL", "user-1", "user")])
    expect(about, [(entries[3], entries[2]), (other,), ()], "the newest entries about somebody")


async def _runs_a_job_once(bench: UnitOfWorkBench) -> None:
    runs = [
        JobRun("rollover", key, s.NOON + at, s.NOON + at + 3, "3 accounts")
        for key, at in (("b", 9), ("a", 5), ("c", 7))
    ]
    other = JobRun("backup", "b", s.NOON + 99, s.NOON + 99, "")
    added = await each(bench, lambda r, run: r.jobs.add(run), (*runs, other, runs[0]))
    expect(added, [True, True, True, True, False], "new and known runs")
    again = replace(runs[1], started_at=s.NOON + 500)
    expect(await bench.store.run(lambda r: r.jobs.add(again)), False, "a job that ran for a key before")
    found = await bench.store.read(lambda r: [r.jobs.latest(job) for job in ("rollover", "backup", "nothing")])
    expect(found, [runs[0], other, None], "newest runs")
    results = await at_once(bench, [lambda r: r.jobs.add(replace(other, key="x"))] * 12)
    expect(sum(told_apart(results, Conflict)[0]), 1, "runs for one key that were kept, of twelve at once")


MESSAGE_PROMISES: tuple[tuple[str, Check], ...] = (
    ("messages wait in the order of urgency, then age", _tells_the_urgent_first),
    ("a message is told once, also when it comes again", _tells_a_message_once),
    ("a postponed message waits until its moment", _leaves_a_postponed_message_alone),
    ("an update is kept once, and waits until it is handled", _keeps_an_update_once),
    ("failures are counted, and what fails too often is parked", _parks_what_fails),
    ("an input is answered once, by scope and key", _answers_once),
    ("the audit log is listed as it was written, last first", _lists_the_audit_log),
    ("a job runs once for a key, and its newest run is found", _runs_a_job_once),
)
"""Promises of the outbox, inbox, processed inputs, audit and jobs."""
