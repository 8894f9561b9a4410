"""``bitten verify``: the store, an export of it, and what it says of both."""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import sys
from itertools import count
from typing import TYPE_CHECKING

import pytest
from dependency_injector import providers

from bitten_adapters.cryptography.signer import new_key_file
from bitten_adapters.files.anchor_publisher import FileAnchorPublisher
from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_adapters.system.clock import SystemClock
from bitten_apps.cli.exit_codes import BAD_INPUT, DONE, PROBLEMS
from bitten_apps.cli.main import main
from bitten_apps.container import Container
from bitten_domain.use_cases.platform.anchor_day import AnchorDay, AnchorDayCommand

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = 20_454


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Path]:
    """Give a folder with a key and published anchors, and have the container open a store with an anchored journal."""
    salts = count()
    store = MemoryUnitOfWork(lambda: next(salts).to_bytes(16))
    signer = new_key_file(tmp_path / "anchors.key")
    publisher = FileAnchorPublisher(tmp_path / "published.jsonl")

    async def fill() -> None:
        for stream in ("system", "account:1"):
            await store.run(lambda each, stream=stream: each.journal.append(stream, [b"one", b"two", b"three"]))  # type: ignore[misc]
        await AnchorDay(store, signer, publisher, SystemClock())(AnchorDayCommand(DAY))
        await store.run(lambda each: each.journal.append("system", [b"late"]))
        await store.run(lambda each: each.journal.erase("account:1", 1))

    asyncio.run(fill())
    with Container.existing_store.override(providers.Object(store)):
        yield tmp_path


def verify(*arguments: object) -> int:
    return main(["verify", *map(str, arguments)])


@pytest.fixture
def export(journal: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Give the exported journal's folder."""
    assert verify("--export", journal / "export") == DONE
    assert capsys.readouterr().out.startswith("7 rows of 2 streams and 1 anchors are in ")
    return journal / "export"


def key_of(journal: Path) -> tuple[str, Path]:
    return "--key", journal / "anchors.key.pub"


def test_given_a_store_when_verified_then_it_is_intact_and_says_what_is_proven_and_what_not(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = verify(*key_of(journal), "--anchors", journal / "published.jsonl")

    told = capsys.readouterr().out.splitlines()
    assert code == DONE
    assert told[0] == "INTACT: 7 rows of 2 streams"
    assert told[1].startswith("Proven: Unchanged since the anchor of 2026-01-01, made ")
    assert told[1].endswith(": 6 rows, none edited, moved, added or missing.")
    assert [line.partition(" rows ")[0] for line in told[2:4]] == ["Not proven: 1", "Not proven: 1"]


def test_given_an_export_when_verified_without_a_store_then_it_is_as_the_store_was(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Container.existing_store.override(providers.Callable(pytest.fail, "the store was asked")):
        code = verify(export, *key_of(export.parent), "--json")

    told = json.loads(capsys.readouterr().out)
    assert code == told["exit_code"] == DONE
    assert (told["intact"], told["rows"], told["proven_rows"], told["erased"]) == (True, 7, 6, 1)
    assert told["last_published"]["day"] == DAY
    assert any("its keeper's word" in sentence for sentence in told["not_proven"])
    assert told["streams"] == [
        {"stream": "account:1", "rows": 3, "erased": 1},
        {"stream": "system", "rows": 4, "erased": 0},
    ]


def test_given_an_edited_row_when_verified_then_the_code_is_one_and_the_row_is_named(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = export / "streams" / "000002.rows.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"=two", b"=too")))

    code = verify(export, *key_of(export.parent))

    out = capsys.readouterr().out
    assert code == PROBLEMS
    assert out.startswith("DAMAGED: 1 findings\n  system, row 2: edited payload: ")
    assert "what the findings name is not" in out


def test_given_an_edited_row_when_told_as_json_then_stream_row_and_kind_are_fields(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = export / "streams" / "000001.rows.gz"
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    path.write_bytes(gzip.compress(b"".join(lines[:-2])))

    code = verify(export, *key_of(export.parent), "--json")

    told = json.loads(capsys.readouterr().out)
    assert code == told["exit_code"] == PROBLEMS
    assert [(each["stream"], each["first"], each["last"], each["kind"]) for each in told["damage"]] == [
        ("account:1", 2, 3, "CUT")
    ]


def test_given_another_key_when_verified_then_its_anchors_are_not_believed(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_key_file(export.parent / "other")

    code = verify(export, "--key", export.parent / "other.pub")

    assert code == PROBLEMS
    assert "signed by another key" in capsys.readouterr().out


def test_given_a_receipt_when_the_rows_behind_the_anchor_were_cut_then_it_shows(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = export / "streams" / "000002.rows.gz"
    lines = gzip.decompress(path.read_bytes()).splitlines()
    head = lines[-1].split(b" ")[2].decode()
    codes = [verify(export, *key_of(export.parent), "--receipt", f"system@{rows}:{head}") for rows in (4, 3, 5)]

    out = capsys.readouterr().out
    assert codes == [DONE, PROBLEMS, PROBLEMS]
    assert "a receipt counts 5 rows, there are 4" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--key FILE"),
        (("--key", "absent.pub"), "there is no such key"),
        (("KEY", "--anchors", "absent.jsonl"), "there is no such file"),
        (("KEY", "--receipt", "system"), "STREAM@ROWS:HEAD"),
        (("KEY", "--receipt", f"system@x:{'0' * 64}"), "STREAM@ROWS:HEAD"),
        (("nowhere", "KEY"), "not an exported journal"),
        (("nowhere", "--export", "elsewhere"), "an export is of the store"),
        (("--export", "."), "name a new folder"),
        (("--exprot", "."), "did you mean --export?"),
    ],
)
def test_given_a_slip_when_verified_then_one_line_says_how_to_mend_it(
    arguments: tuple[str, ...],
    said: str,
    journal: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(journal)
    given = [part for each in arguments for part in (key_of(journal) if each == "KEY" else (each,))]

    code = verify(*given)

    error = capsys.readouterr().err
    assert (code, error.count("\n")) == (BAD_INPUT, 1)
    assert said in error


def test_given_no_store_when_the_store_is_asked_for_then_none_is_made_and_the_remedy_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    new_key_file(tmp_path / "key")
    monkeypatch.setenv("BITTEN_HOME", str(tmp_path / "home"))

    for arguments in (("--key", tmp_path / "key.pub"), ("--export", tmp_path / "copy")):
        assert verify(*arguments) == BAD_INPUT
        assert "there is no store yet (run `bitten run` first)" in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


def test_given_the_command_when_only_registered_then_nothing_heavy_is_imported() -> None:
    script = (
        "import argparse, sys; from bitten_apps.cli import verify_command;"
        "verify_command.register(argparse.ArgumentParser().add_subparsers());"
        "print([name for name in ('asyncio', 'cryptography', 'bitten_domain', 'numpy') if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "[]"
