"""What another version decides: from its exported journal, or by asking it to replay the same recording."""

from __future__ import annotations

import asyncio
import json
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bitten_apps.container import Container
from bitten_apps.replaying.day_replay import date_of, rows_of_journal
from bitten_apps.replaying.replayer import Decided
from bitten_apps.store import inputs_folder
from bitten_domain.errors import InvalidInput
from bitten_domain.market.clocks.fx_week import day_ending_at
from bitten_domain.record.decision_changes import moment_of
from bitten_domain.use_cases.platform.export_journal import ExportJournal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_apps.replaying.day_replay import Wanted

__all__ = ["decisions_elsewhere"]

_WHERE = "--against"


def decisions_elsewhere(other: Path, wanted: Wanted, days: Sequence[int]) -> list[Decided]:
    """Find what another version decided, or decides, on some days.

    Args:
        other: a folder that `bitten verify --export` made; or another installed version: its environment's folder, or
            its Python.
        wanted: what was replayed here.
        days: those that are compared, days since 1970.

    Raises:
        InvalidInput: the path is none of these, or that version cannot replay this recording.
    """
    if (other / "journal.json").is_file():
        return [each for each in _of_export(other) if each.day in days]
    return _asked(_python_of(other), wanted)


def _of_export(export: Path) -> list[Decided]:
    decided: list[Decided] = []
    for stream, rows in rows_of_journal(export).items():
        day = 0
        for row in rows:
            at = None if row.payload is None else moment_of(row.payload)
            # What does not say when it was decided stands beside what does.
            day = day if at is None else day_ending_at(at)
            decided.append(Decided(day, stream, row.number, row.payload))
    return decided


def _python_of(other: Path) -> Path:
    for python in (other, other / "bin" / "python", other / "Scripts" / "python.exe"):
        if python.is_file():
            # Not resolved: an environment's Python is a link, and knows its environment by where it is.
            return python.absolute()
    raise InvalidInput(
        "this is neither an exported journal nor an environment with another version",
        where=f"{_WHERE} {other}",
        remedy="name a folder made by `bitten verify --export`, or an environment's folder or Python",
    )


def _asked(python: Path, wanted: Wanted) -> list[Decided]:
    inputs = wanted.inputs or inputs_folder(Container.settings())
    day = "all" if wanted.day is None else str(date_of(wanted.day))
    with tempfile.TemporaryDirectory() as place:
        # The other version may not know this store's tables; an export it can read.
        journal = wanted.journal or _exported(Path(place) / "journal")
        command = [
            str(python), "-m", "bitten_apps.cli", "replay", day, "--json", "--decisions",
            "--inputs", str(inputs.absolute()), "--journal", str(journal.absolute()),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- the user named it
    try:
        told = json.loads(done.stdout)["decisions"]
        return [Decided(row["day"], row["stream"], row["number"], _payload(row["payload"])) for row in told]
    except (ValueError, KeyError, TypeError) as error:
        reason = " ".join(done.stderr.split())[-300:] or f"exit code {done.returncode}"
        raise InvalidInput(
            f"that version cannot replay this recording: {reason}",
            where=f"{_WHERE} {python}",
            remedy="both versions must know `bitten replay --decisions` and this recording's format",
        ) from error


def _payload(text: str | None) -> bytes | None:
    return None if text is None else text.encode("ascii")


def _exported(folder: Path) -> Path:
    store = Container.existing_store()
    try:
        asyncio.run(ExportJournal(store, Container.journal_sink(folder))())
    finally:
        store.close()
    return folder
