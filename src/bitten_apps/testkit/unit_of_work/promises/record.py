"""Promises about the journal and its anchors, with the chain worked out anew."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.bench import UnitOfWorkBench, each, expect, refused, rivals, told_apart
from bitten_domain.errors import Conflict
from bitten_domain.ports.repositories.record import Anchor
from bitten_domain.record.journal_row import StreamHead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_apps.testkit.unit_of_work.bench import Check
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.record.journal_row import JournalRow

__all__ = ["RECORD_PROMISES", "expect_chain"]

_STREAM = "account:account-1"
_SALT_BYTES = 16
_AT_ONCE = 24


def expect_chain(rows: Sequence[JournalRow], head: StreamHead | None) -> None:
    """Work a stream's chain out from salts and payloads alone, and hold commitments and heads against it.

    The formulas are written here once more, so that a mistake in the domain's is found too. Rows without salt keep
    their commitment.

    Args:
        rows: the whole stream.
        head: how far the store says it has come; None when it knows no such stream.
    """
    chain = bytes(32)
    for number, row in enumerate(rows, start=1):
        expect(row.number, number, "numbers run from 1 without gaps")
        if row.salt is not None and row.payload is not None:
            expect(row.commitment, hashlib.sha256(row.salt + row.payload).digest(), f"commitment of row {number}")
        chain = hashlib.sha256(chain + row.commitment).digest()
        expect(row.head, chain, f"head with row {number}")
    found = None if head is None else (head.rows, head.head)
    expect(found, (len(rows), chain) if rows else None, "the stream's head")


async def _stream(bench: UnitOfWorkBench, stream: str) -> tuple[tuple[JournalRow, ...], StreamHead | None]:
    def work(r: Repositories) -> tuple[tuple[JournalRow, ...], StreamHead | None]:
        return r.journal.rows(stream, 0, 9_999), next((one for one in r.journal.heads() if one.stream == stream), None)

    return await bench.store.read(work)


async def _chains_rows(bench: UnitOfWorkBench) -> None:
    payloads = [b"one", b"", bytes(range(256)), "Ω".encode(), b"one", b"x" * 70_000]
    reached = await each(bench, lambda r, some: r.journal.append(_STREAM, some), (payloads[:2], payloads[2:]))
    rows, head = await _stream(bench, _STREAM)
    expect([row.payload for row in rows], payloads, "payloads in order")
    expect({row.stream for row in rows}, {_STREAM}, "their stream")
    expect_chain(rows, head)
    expect(reached, [StreamHead(_STREAM, 2, rows[1].head), head], "what append answers")
    salts = [row.salt for row in rows if row.salt is not None]
    lengths = {len(salt) for salt in salts}
    expect((len(salts), len(set(salts)), lengths), (6, 6, {_SALT_BYTES}), "salts, all different, of 16 bytes")


async def _keeps_streams_apart(bench: UnitOfWorkBench) -> None:
    names = ["system", "account:B", "account:a", "account:Ω", "account:10", "account:9"]
    await each(bench, lambda r, name: r.journal.append(name, [name.encode()] * len(name)), names)
    heads = await bench.store.read(lambda r: r.journal.heads())
    expected = [(name, len(name)) for name in sorted(names)]
    expect([(head.stream, head.rows) for head in heads], expected, "streams by name, with their rows")
    for name in names:
        expect_chain(*await _stream(bench, name))


async def _begins_no_stream_with_nothing(bench: UnitOfWorkBench) -> None:
    nothing = await bench.store.run(lambda r: r.journal.append(_STREAM, []))
    expect(nothing, StreamHead(_STREAM, 0, bytes(32)), "the head of a stream that has not begun")
    expect(await _stream(bench, _STREAM), ((), None), "a stream that nothing was appended to")
    head = await bench.store.run(lambda r: r.journal.append(_STREAM, [b"one"]))
    expect(await bench.store.run(lambda r: r.journal.append(_STREAM, ())), head, "the head after appending nothing")


async def _pages_through_rows(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: r.journal.append(_STREAM, [bytes([number]) for number in range(1, 8)]))

    def work(r: Repositories) -> list[list[int]]:
        asked = ((0, 3), (3, 3), (6, 3), (7, 3), (99, 3), (0, 0), (2, 1))
        return [[row.number for row in r.journal.rows(_STREAM, after, limit)] for after, limit in asked]

    expect(await bench.store.read(work), [[1, 2, 3], [4, 5, 6], [7], [], [], [], [3]], "rows above a number")


async def _leaves_no_gap_behind_a_failure(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: r.people.add(s.person()))
    await bench.store.run(lambda r: r.journal.append("system", [b"one"]))

    def work(r: Repositories) -> None:
        r.journal.append("system", [b"lost", b"lost"])
        r.people.add(s.person())

    await refused(bench, Conflict, work, "a person who is there")
    await bench.store.run(lambda r: r.journal.append("system", [b"two"]))
    rows, head = await _stream(bench, "system")
    expect([row.payload for row in rows], [b"one", b"two"], "payloads of transactions that were kept")
    expect_chain(rows, head)


async def _numbers_without_gaps_at_once(bench: UnitOfWorkBench) -> None:
    payloads = [[f"{number}a".encode(), f"{number}b".encode()] for number in range(_AT_ONCE)]
    results = await rivals(bench, lambda r, some: r.journal.append("system", some), payloads)
    reached, lost = told_apart(results, Conflict)
    rows, head = await _stream(bench, "system")
    expect_chain(rows, head)
    expect(lost, 0, "appends that gave up on a short queue")
    expect(sorted(one.rows for one in reached), list(range(2, 2 * _AT_ONCE + 1, 2)), "ends that were answered")
    pairs = sorted([first.payload, second.payload] for first, second in zip(rows[::2], rows[1::2], strict=True))
    expect(pairs, sorted(payloads), "pairs of one append stand side by side")
    for one in reached:
        expect(rows[one.rows - 1].head, one.head, "the head that was answered")


async def _erases_content_only(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: r.journal.append(_STREAM, [b"one", b"two", b"three"]))
    await bench.store.run(lambda r: r.journal.append("system", [b"one", b"two"]))
    before, head = await _stream(bench, _STREAM)
    rows = ((_STREAM, 2), (_STREAM, 2), (_STREAM, 99), ("account:nobody", 1))
    await each(bench, lambda r, row: r.journal.erase(*row), rows)
    after, same = await _stream(bench, _STREAM)
    expect(after, (before[0], before[1]._replace(salt=None, payload=None), before[2]), "rows after one was erased")
    expect(same, head, "the head after a row was erased")
    system, _ = await _stream(bench, "system")
    expect([row.payload for row in system], [b"one", b"two"], "another stream's rows")
    await bench.store.run(lambda r: r.journal.append(_STREAM, [b"four"]))
    expect_chain(*await _stream(bench, _STREAM))


async def _anchors_a_day_once(bench: UnitOfWorkBench) -> None:
    head = StreamHead("system", 3, b"\x07" * 32)
    first = Anchor(19_724, s.NOON, b"\x01" * 32, (StreamHead("account:Ω", 9, b"\x00" * 32), head), "key", b"\x00\xff")
    later, none = replace(first, day=19_730, published_at=s.NOON + 5), replace(first, day=19_000, heads=())
    await each(bench, lambda r, anchor: r.anchors.add(anchor), (later, first, none))
    await refused(bench, Conflict, lambda r: r.anchors.add(replace(first, key_id="other")), "a second anchor of a day")
    expect(await bench.store.read(lambda r: r.anchors.all()), (none, first, later), "anchors, oldest first")
    publications = ((19_724, s.NOON + 7), (19_724, s.NOON + 8), (19_730, s.NOON + 9), (1, s.NOON))
    await each(bench, lambda r, one: r.anchors.published(*one), publications)
    expected = (none, replace(first, published_at=s.NOON + 7), later)
    expect(await bench.store.read(lambda r: r.anchors.all()), expected, "when anchors were first published")


RECORD_PROMISES: tuple[tuple[str, Check], ...] = (
    ("rows are chained over salted commitments, as anybody can work out", _chains_rows),
    ("streams do not touch each other, and heads are listed by name", _keeps_streams_apart),
    ("appending nothing begins no stream and gives the head", _begins_no_stream_with_nothing),
    ("rows are read above a number, at most so many", _pages_through_rows),
    ("a failed transaction leaves no gap in a stream", _leaves_no_gap_behind_a_failure),
    ("appends at once are numbered without gaps, each in one piece", _numbers_without_gaps_at_once),
    ("erasing destroys salt and payload, and leaves the chain", _erases_content_only),
    ("a day has one anchor, published once", _anchors_a_day_once),
)
"""Promises of `JournalRepository` and `AnchorRepository`."""
