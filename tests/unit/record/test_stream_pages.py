"""A stream is read in pages, and nothing hides between two of them."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from bitten_apps.testkit.journal_bench import JournalBench, chained_rows
from bitten_domain.record.damage import DamageKind
from bitten_domain.record.stream_check import PAGE_ROWS, Mark, StreamReport, StreamTask, check_stream

if TYPE_CHECKING:
    from bitten_domain.record.journal_row import JournalRow

EDGES = (PAGE_ROWS - 1, PAGE_ROWS, PAGE_ROWS + 1, PAGE_ROWS + 2)


@cache
def long_stream() -> tuple[JournalRow, ...]:
    return tuple(
        chained_rows("system", [(sha256(str(at).encode()).digest()[:16], b"row") for at in range(2 * PAGE_ROWS + 3)])
    )


def checked(rows: list[JournalRow], *marks: Mark) -> StreamReport:
    bench = JournalBench()
    bench.streams["system"] = [row._replace(number=number) for number, row in enumerate(rows, start=1)]
    return check_stream(bench, StreamTask("system", marks))


def found(report: StreamReport) -> tuple[DamageKind, int, int]:
    assert report.damage is not None
    return report.damage.kind, report.damage.number, report.damage.last


@pytest.mark.parametrize("count", [0, 1, PAGE_ROWS - 1, PAGE_ROWS, PAGE_ROWS + 1, 2 * PAGE_ROWS])
def test_given_any_length_when_checked_then_all_rows_are_gone_through(count: int) -> None:
    rows = list(long_stream()[:count])
    marks = (Mark(count, rows[-1].head, "the anchor"),) if rows else ()

    assert checked(rows, *marks) == StreamReport("system", count, 0, count, None)


@pytest.mark.parametrize("number", EDGES)
def test_given_an_edit_near_an_edge_when_checked_then_the_row_is_named(number: int) -> None:
    rows = list(long_stream())
    rows[number - 1] = rows[number - 1]._replace(payload=b"raw")

    report = checked(rows)

    assert found(report) == (DamageKind.EDITED_PAYLOAD, number, number)
    assert report.rows == number - 1


@pytest.mark.parametrize("number", EDGES)
def test_given_rows_swapped_across_an_edge_when_checked_then_the_first_is_named(number: int) -> None:
    rows = list(long_stream())
    rows[number - 1], rows[number + 40] = rows[number + 40], rows[number - 1]

    assert found(checked(rows)) == (DamageKind.REORDERED, number, number + 41)


@pytest.mark.parametrize("number", EDGES)
def test_given_rows_put_in_near_an_edge_when_checked_then_they_are_named(number: int) -> None:
    rows = list(long_stream())
    strangers = chained_rows("system", [(bytes(16), b"stranger")] * 3, rows[number - 2].head)

    assert found(checked([*rows[: number - 1], *strangers, *rows[number - 1 :]])) == (
        DamageKind.INSERTED,
        number,
        number + 2,
    )


@pytest.mark.parametrize("number", EDGES)
def test_given_a_mark_near_an_edge_when_it_disagrees_then_the_rows_since_the_last_that_agreed_are_named(
    number: int,
) -> None:
    rows = list(long_stream())
    good = Mark(7, rows[6].head, "the first anchor")

    report = checked(rows, good, Mark(number, bytes(32), "the second anchor"))

    assert found(report) == (DamageKind.REWRITTEN, 8, number)
    assert (report.rows, report.agreed) == (7, 7)


def test_given_a_mark_beyond_the_end_when_checked_then_the_rows_up_to_the_furthest_are_missed() -> None:
    rows = list(long_stream()[:5])

    report = checked(rows, Mark(6, bytes(32), "one"), Mark(9, bytes(32), "two"))

    assert found(report) == (DamageKind.CUT, 6, 9)
    assert report.damage is not None
    assert report.damage.detail == "two counts 9 rows, there are 5"
