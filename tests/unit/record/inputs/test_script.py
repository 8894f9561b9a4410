"""A script has everything once, in the order in which it took effect, whoever recorded it and whoever died."""

from __future__ import annotations

import pytest

from bitten_domain.errors import InvalidInput
from bitten_domain.record.inputs.entries import (
    ActBegan,
    ActEnded,
    ActKind,
    Entry,
    RowsAdded,
    SessionBegan,
    SessionEnded,
    SessionKind,
    StoreFailed,
    StoreRead,
    StoreWritten,
)
from bitten_domain.record.inputs.script import script_of
from bitten_domain.record.journal_row import JournalRow

RUN, COMMAND = SessionBegan(SessionKind.RUN, "1"), SessionBegan(SessionKind.COMMAND, "1")


def journal(*heads: int) -> dict[str, list[JournalRow]]:
    """Make rows of one stream whose heads are those numbers."""
    rows = [JournalRow("system", place, b"", b"", b"", bytes([head])) for place, head in enumerate(heads, start=1)]
    return {"system": rows}


def began(act: int) -> ActBegan:
    return ActBegan(act, ActKind.SEND, order=act)


def wrote(act: int, before: int, *heads: int, step: int = 1) -> StoreWritten:
    """Say that an act found so many rows, and added rows up to those heads."""
    added = {"system": RowsAdded(len(heads), f"{heads[-1]:02x}")} if heads else {}
    return StoreWritten(act, step, {"system": before}, added)


def written(sessions: list[list[Entry]], rows: dict[str, list[JournalRow]]) -> list[tuple[int, int]]:
    """Give the transactions of the script: session and act."""
    named = [(f"session {number}", entries) for number, entries in enumerate(sessions, start=1)]
    lines = script_of(named, rows).lines
    return [(line.session, line.entry.act) for line in lines if isinstance(line.entry, StoreWritten)]


def test_given_another_process_when_put_in_order_then_it_stands_where_the_journal_was_as_it_found_it() -> None:
    run: list[Entry] = [
        RUN,
        began(1),
        wrote(1, 0, 1),
        ActEnded(1),
        began(2),
        wrote(2, 2, 3),
        ActEnded(2),
        SessionEnded(),
    ]
    command: list[Entry] = [COMMAND, began(1), wrote(1, 1, 2), ActEnded(1), SessionEnded()]

    assert written([run, command], journal(1, 2, 3)) == [(0, 1), (1, 1), (0, 2)]


def test_given_a_transaction_without_rows_before_another_process_when_put_in_order_then_it_comes_first() -> None:
    run: list[Entry] = [RUN, began(1), wrote(1, 0), ActEnded(1), began(2), wrote(2, 1, 2), ActEnded(2), SessionEnded()]
    command: list[Entry] = [COMMAND, began(1), wrote(1, 0, 1), ActEnded(1), SessionEnded()]

    assert written([run, command], journal(1, 2)) == [(0, 1), (1, 1), (0, 2)]


@pytest.mark.parametrize(("there", "kept"), [((1, 2), [(0, 1), (0, 2)]), ((1, 9), [(0, 1), (1, 1)])])
def test_given_a_crash_at_a_commit_when_put_in_order_then_the_journal_says_whether_it_was_kept(
    there: tuple[int, int], kept: list[tuple[int, int]]
) -> None:
    killed: list[Entry] = [RUN, began(1), wrote(1, 0, 1), ActEnded(1), began(2), wrote(2, 1, 2)]
    # Where the transaction was not kept, another one made the row of its number.
    after: list[Entry] = [RUN, began(1), wrote(1, 1, 9), ActEnded(1), SessionEnded()]

    assert written([killed, after] if there[1] == 9 else [killed], journal(*there)) == kept


def test_given_a_work_called_again_when_put_in_order_then_the_last_time_counts() -> None:
    run: list[Entry] = [RUN, began(1), wrote(1, 0, 7), wrote(1, 0, 1), ActEnded(1), SessionEnded()]

    assert written([run], journal(1)) == [(0, 1)]


@pytest.mark.parametrize(("there", "kept"), [((1, 2), [(0, 1), (0, 1)]), ((2,), [(0, 1)])])
def test_given_an_answer_that_was_lost_when_put_in_order_then_the_journal_says_whether_it_was_kept(
    there: tuple[int, ...], kept: list[tuple[int, int]]
) -> None:
    lost = StoreFailed(1, 1, ("OutcomeUnknown", "no answer"))
    again = wrote(1, len(there) - 1, 2, step=2)

    run: list[Entry] = [RUN, began(1), wrote(1, 0, 1), lost, again, ActEnded(1), SessionEnded()]

    assert written([run], journal(*there)) == kept


def order(run: list[Entry], rows: dict[str, list[JournalRow]]) -> list[Entry]:
    lines = script_of([("session 1", run)], rows).lines
    return [line.entry for line in lines if isinstance(line.entry, StoreRead | StoreWritten)]


def test_given_a_read_noted_late_when_put_in_order_then_it_stands_before_what_it_did_not_see() -> None:
    write, read = wrote(1, 0, 1), StoreRead(2, 1, {"system": 0})
    run: list[Entry] = [RUN, began(1), began(2), write, read, ActEnded(1), ActEnded(2), SessionEnded()]

    assert order(run, journal(1)) == [read, write]


def test_given_an_act_that_began_between_note_and_commit_when_put_in_order_then_its_read_stands_before_the_commit() -> (
    None
):
    write, read = wrote(1, 0, 1), StoreRead(2, 1, {"system": 0})
    run: list[Entry] = [RUN, began(1), write, began(2), read, ActEnded(1), ActEnded(2), SessionEnded()]

    assert order(run, journal(1)) == [read, write]


def test_given_a_read_noted_after_the_writer_went_on_when_put_in_order_then_it_comes_first_with_its_act() -> None:
    write, read = wrote(1, 0, 1), StoreRead(2, 1, {"system": 0})
    run: list[Entry] = [RUN, began(1), write, began(2), ActEnded(1), read, ActEnded(2), SessionEnded()]

    lines = [line.entry for line in script_of([("session 1", run)], journal(1)).lines]

    assert lines == [RUN, began(1), began(2), read, write, ActEnded(1), ActEnded(2), SessionEnded()]


def test_given_rows_nobody_recorded_when_put_in_order_then_they_are_named() -> None:
    run: list[Entry] = [
        RUN,
        began(1),
        wrote(1, 0, 1),
        ActEnded(1),
        began(2),
        wrote(2, 3, 4),
        ActEnded(2),
        SessionEnded(),
    ]

    with pytest.raises(InvalidInput, match="rows 2 to 3 of system were written by a process that did not record"):
        written([run], journal(1, 2, 3, 4))


def test_given_a_store_older_than_its_recording_when_put_in_order_then_it_says_so() -> None:
    run: list[Entry] = [RUN, began(1), wrote(1, 5, 6), ActEnded(1), SessionEnded()]

    with pytest.raises(InvalidInput, match="5 rows of system were written before anything was recorded"):
        written([run], journal(1, 2, 3, 4, 5, 6))


def test_given_another_journal_when_put_in_order_then_the_first_row_that_is_not_its_own_is_named() -> None:
    run: list[Entry] = [RUN, began(1), wrote(1, 0, 1), ActEnded(1), SessionEnded()]

    with pytest.raises(InvalidInput, match="up to 1 of system"):
        written([run], journal(8))


def test_given_a_run_that_still_runs_when_put_in_order_then_what_is_later_than_the_journal_is_left_out() -> None:
    run: list[Entry] = [RUN, began(1), wrote(1, 0, 1), ActEnded(1), began(2), wrote(2, 1, 2), ActEnded(2), began(3)]

    assert written([run], journal(1)) == [(0, 1)]
