"""Recordings in files: in order, whole up to a crash, and honest about damage."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_adapters.files.inputs.layout import framed
from bitten_adapters.files.inputs.log import FolderInputLog
from bitten_adapters.files.inputs.recording import FolderRecording
from bitten_domain.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from pathlib import Path

DAY = 20_000
LINES = [framed(number, f"entry {number}") for number in range(4)]


def entries(folder: Path) -> list[tuple[str, ...]]:
    return [session.entries for session in FolderRecording(folder).sessions()]


def test_given_entries_over_days_when_read_then_they_come_in_order_from_packed_and_open_parts(tmp_path: Path) -> None:
    log = FolderInputLog(tmp_path, DAY)
    log.append("one")
    log.turn(DAY + 1)
    log.append("two")
    log.sync()

    assert entries(tmp_path) == [("one", "two")]
    assert sorted(path.name for path in tmp_path.glob("*.log*")) == ["000001-020000.log.gz", "000001-020001.log"]


def test_given_a_session_that_was_not_closed_when_another_begins_then_it_appends_nothing_to_it(tmp_path: Path) -> None:
    FolderInputLog(tmp_path, DAY).append("one")
    second = FolderInputLog(tmp_path, DAY)
    second.append("two")
    second.close()

    assert entries(tmp_path) == [("one",), ("two",)]


def test_given_two_processes_at_once_when_they_begin_then_each_has_a_session_of_its_own(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        logs = list(pool.map(lambda day: FolderInputLog(tmp_path, day), [DAY, DAY + 1] * 8))
    for number, log in enumerate(logs):
        log.append(str(number))

    assert sorted(entries(tmp_path)) == sorted((str(number),) for number in range(16))


def test_given_many_threads_when_they_append_then_no_entry_is_lost_or_torn(tmp_path: Path) -> None:
    log = FolderInputLog(tmp_path, DAY)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(log.append, [f"entry {number}" for number in range(200)]))

    assert sorted(entries(tmp_path)[0]) == sorted(f"entry {number}" for number in range(200))


@given(length=st.integers(0, sum(map(len, LINES))))
def test_given_a_crash_at_any_byte_when_read_then_whole_entries_are_there_and_a_torn_one_is_told(
    tmp_path_factory: pytest.TempPathFactory, length: int
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    (folder / "000001-020000.log").write_bytes(b"".join(LINES)[:length])

    (session,) = FolderRecording(folder).sessions()

    ends = [sum(map(len, LINES[:count])) for count in range(5)]
    whole = sum(end <= length for end in ends) - 1
    assert session.entries == tuple(f"entry {number}" for number in range(whole))
    assert bool(session.torn) is (length not in ends)


@given(place=st.integers(0, sum(map(len, LINES)) - 1), bit=st.integers(0, 7))
def test_given_any_bit_that_flipped_when_read_then_no_entry_is_another(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("flipped")
    content = bytearray(b"".join(LINES))
    content[place] ^= 1 << bit
    (folder / "000001-020000.log").write_bytes(bytes(content))

    try:
        (session,) = FolderRecording(folder).sessions()
        told, read = session.torn, session.entries
    except InvalidInput as error:
        told, read = error.where, ()

    assert "000001-020000.log" in told
    assert read == tuple(f"entry {number}" for number in range(len(read)))


def test_given_the_same_material_twice_when_kept_then_it_is_there_once(tmp_path: Path) -> None:
    log = FolderInputLog(tmp_path, DAY)
    first, second = log.keep("long"), log.keep("long")

    assert (first == second, FolderRecording(tmp_path).material(first)) == (True, "long")
    assert len(list((tmp_path / "material").iterdir())) == 1


def test_given_a_closed_log_when_appended_to_then_it_is_unavailable(tmp_path: Path) -> None:
    log = FolderInputLog(tmp_path, DAY)
    log.close()

    with pytest.raises(Unavailable):
        log.append("late")


def test_given_a_folder_that_cannot_be_made_when_begun_then_it_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(Unavailable, match="cannot be recorded"):
        FolderInputLog(tmp_path / "file" / "inputs", DAY)
