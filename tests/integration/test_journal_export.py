"""The journal as files: what goes in comes out, any change of a file shows, and a hostile file does no harm."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_adapters.cryptography.signer import is_signed_ed25519, signer_of
from bitten_adapters.files.journal.layout import CONTENTS, stream_path
from bitten_adapters.files.journal.reader import FolderJournal
from bitten_adapters.files.journal.row_lines import row_from, row_line
from bitten_adapters.files.journal.sink import FolderJournalSink
from bitten_apps.testkit.journal_bench import JournalBench, chained_rows
from bitten_domain.errors import BrokenInvariant, InvalidInput, Unavailable
from bitten_domain.ports.journal_reader import JournalSummary
from bitten_domain.record.damage import DamageKind
from bitten_domain.record.journal_row import JournalRow
from bitten_domain.record.stream_check import PAGE_ROWS
from bitten_domain.use_cases.platform.verify_journal import VerifyJournal, VerifyJournalCommand

if TYPE_CHECKING:
    from pathlib import Path

    from bitten_domain.record.verification import Verdict

SIGNER = signer_of(bytes(range(32)))
DAY = 20_454


def journal(rows: int) -> JournalBench:
    bench = JournalBench()
    for name in ("account:1", "system"):
        bench.streams[name] = chained_rows(
            name, [(sha256(f"{name}{at}".encode()).digest()[:16], f'["row",{at}]'.encode()) for at in range(rows)]
        )
    bench.anchor(SIGNER, DAY, DAY * 86_400)
    return bench


def exported(bench: JournalBench, folder: Path) -> Path:
    sink = FolderJournalSink(folder)
    for rows in bench.streams.values():
        sink.add(rows)
    sink.finish(JournalSummary(bench.heads(), tuple(bench.anchors)))
    return folder


def verified(folder: Path, processes: int = 1) -> Verdict:
    command = VerifyJournalCommand(SIGNER.public_key)
    reader = FolderJournal(folder, processes, least_rows=0)
    return asyncio.run(VerifyJournal(reader, is_signed_ed25519)(command))


def lines_of(path: Path) -> list[bytes]:
    return gzip.decompress(path.read_bytes()).splitlines(keepends=True)


@given(
    number=st.integers(1, 2**40),
    salt=st.none() | st.binary(min_size=16, max_size=16),
    payload=st.none() | st.binary(max_size=40) | st.text(st.characters(codec="ascii"), max_size=40).map(str.encode),
)
def test_given_any_row_when_written_as_a_line_then_it_is_read_back(
    number: int, salt: bytes | None, payload: bytes | None
) -> None:
    row = JournalRow("s", number, salt, payload, bytes(32), bytes(range(32)))

    line = row_line(row)

    assert row_from(line, "s") == row
    assert "\n" not in line


@given(st.binary(max_size=20), st.data())
def test_given_any_bit_of_a_line_when_flipped_then_it_is_refused_or_is_another_row(
    payload: bytes, data: st.DataObject
) -> None:
    row = JournalRow("s", 12, bytes(range(16)), payload, bytes(range(32)), bytes(range(100, 132)))
    raw = bytearray(row_line(row).encode("ascii"))
    bit = data.draw(st.integers(0, 8 * len(raw) - 1))
    raw[bit // 8] ^= 1 << bit % 8

    try:
        found = row_from(raw.decode("latin-1"), "s")
    except ValueError:
        return
    assert found != row


def test_given_a_line_when_hashed_by_hand_then_commitment_and_head_come_out(tmp_path: Path) -> None:
    folder = exported(journal(2), tmp_path / "journal")
    head = bytes(32)

    for line in lines_of(stream_path(folder, 0))[1:]:
        _, commitment, stated, salt, payload = line.rstrip(b"\n").split(b" ", 4)
        assert hashlib.sha256(bytes.fromhex(salt.decode()) + payload[1:]).hexdigest().encode() == commitment
        head = hashlib.sha256(head + bytes.fromhex(commitment.decode())).digest()
        assert head.hex().encode() == stated


def test_given_a_journal_when_exported_then_it_is_verified_from_the_files_and_the_same_files_come_again(
    tmp_path: Path,
) -> None:
    bench = journal(PAGE_ROWS + 5)
    bench.erase("system", PAGE_ROWS)
    folder = exported(bench, tmp_path / "one")
    again = exported(bench, tmp_path / "two")

    verdict = verified(folder)

    assert verdict.is_intact, verdict.findings
    assert (verdict.rows, verdict.erased, verdict.proven_rows) == (2 * PAGE_ROWS + 10, 1, 2 * PAGE_ROWS + 10)
    assert all(
        (again / path.relative_to(folder)).read_bytes() == path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    )


def test_given_two_streams_when_verified_by_two_processes_then_the_verdict_is_that_of_one(tmp_path: Path) -> None:
    bench = journal(6_000)
    row = bench.streams["system"][4_999]
    bench.streams["system"][4_999] = row._replace(payload=b"edited")
    folder = exported(bench, tmp_path / "journal")

    one, two = verified(folder), verified(folder, 2)

    assert one.findings == two.findings
    assert [str(each.damage) for each in two.streams if each.damage] == [
        "system, row 5000: edited payload: salt and payload are not what the row's commitment was made of"
    ]


def test_given_any_flipped_bit_of_an_unpacked_file_when_verified_then_it_is_found(tmp_path: Path) -> None:
    folder = exported(journal(3), tmp_path / "journal")
    path = stream_path(folder, 1)
    whole = gzip.decompress(path.read_bytes())
    for bit in range(0, 8 * len(whole), 11):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(gzip.compress(flipped, 1))

        assert not verified(folder).is_intact, bit


@pytest.mark.parametrize("cut", [0, 5, 30, -1])
def test_given_a_torn_file_when_verified_then_it_cannot_be_read_there(cut: int, tmp_path: Path) -> None:
    folder = exported(journal(50), tmp_path / "journal")
    path = stream_path(folder, 1)
    path.write_bytes(path.read_bytes()[:cut])

    (finding,) = verified(folder).findings

    assert finding.startswith("system, row")


def test_given_a_line_that_is_no_row_when_verified_then_its_place_is_named(tmp_path: Path) -> None:
    folder = exported(journal(50), tmp_path / "journal")
    lines = lines_of(stream_path(folder, 1))
    lines[30] = lines[30].upper()
    stream_path(folder, 1).write_bytes(gzip.compress(b"".join(lines)))

    (damage,) = (report.damage for report in verified(folder).streams if report.damage)

    assert (damage.kind, damage.number) == (DamageKind.UNREADABLE, 30)
    assert "000002.rows.gz:31" in damage.detail


def test_given_a_file_that_is_gone_when_verified_then_all_its_rows_are_missed(tmp_path: Path) -> None:
    folder = exported(journal(3), tmp_path / "journal")
    stream_path(folder, 0).unlink()

    (damage,) = (report.damage for report in verified(folder).streams if report.damage)

    assert (damage.stream, damage.kind, damage.number, damage.last) == ("account:1", DamageKind.CUT, 1, 3)


def test_given_two_files_when_swapped_then_neither_passes_for_the_other(tmp_path: Path) -> None:
    folder = exported(journal(3), tmp_path / "journal")
    first, second = stream_path(folder, 0), stream_path(folder, 1)
    held = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(held)

    assert [report.damage.kind for report in verified(folder).streams if report.damage] == [
        DamageKind.EDITED_NUMBER,
        DamageKind.EDITED_NUMBER,
    ]


@pytest.mark.parametrize(
    "told",
    [
        "{}",
        "[]",
        "nonsense",
        "[" * 5_000,
        json.dumps({"format": "bitten journal export 1", "streams": [["system"]], "published": []}),
        json.dumps({"format": "bitten journal export 1", "streams": [["system", -1, ""]], "published": []}),
        json.dumps({"format": "bitten journal export 2", "streams": [], "published": []}),
    ],
)
def test_given_contents_that_cannot_be_when_read_then_one_error_says_so(told: str, tmp_path: Path) -> None:
    folder = exported(journal(1), tmp_path / "journal")
    (folder / CONTENTS).write_text(told)

    with pytest.raises(InvalidInput, match=r"journal\.json"):
        verified(folder)


def test_given_an_export_that_was_not_finished_when_read_then_it_is_no_journal(tmp_path: Path) -> None:
    FolderJournalSink(tmp_path / "journal").add(journal(1).streams["system"])

    with pytest.raises(InvalidInput, match="not finished"):
        verified(tmp_path / "journal")


def test_given_an_endless_line_when_read_then_it_is_given_up(tmp_path: Path) -> None:
    folder = exported(journal(1), tmp_path / "journal")
    stream_path(folder, 1).write_bytes(gzip.compress(b'"system"\n' + b"1" * (1 << 23)))

    (finding,) = verified(folder).findings

    assert "longer than any row" in finding


def test_given_a_folder_with_something_in_it_when_exported_to_then_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(InvalidInput, match="name a new folder"):
        FolderJournalSink(tmp_path)
    with pytest.raises(Unavailable):
        FolderJournalSink(tmp_path / "notes.txt")


def test_given_streams_mixed_up_or_not_listed_when_exported_then_the_caller_is_told(tmp_path: Path) -> None:
    bench = journal(2)
    sink = FolderJournalSink(tmp_path / "journal")
    for name in ("account:1", "system"):
        sink.add(bench.streams[name][:1])

    with pytest.raises(BrokenInvariant, match="ended already"):
        sink.add(bench.streams["account:1"][1:])
    with pytest.raises(BrokenInvariant, match="are listed"):
        sink.finish(JournalSummary((), ()))
