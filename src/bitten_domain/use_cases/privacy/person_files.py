"""Person files: what is kept of somebody as files that people and programs can read."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bitten_domain.ports.membership.person_data import Cell, PersonTable

__all__ = ["person_files"]

_README = """\
Everything that is kept of {user_id}, as it was on {moment}.

data.json holds all of it, by table: the numbers and texts as they are stored. tables/ holds the same, a CSV file for
each table that has rows; a text there that a spreadsheet would take for a formula has an apostrophe before it.
Moments are ISO 8601 in UTC, bytes are hexadecimal. What the tables are: docs/reference/tables.md.

Not in here: keys and seals, which open nothing outside the store; hashes of links; and who else had to do with a row,
which is written as "somebody else".

{counts}
"""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def person_files(user_id: str, moment: str, tables: Iterable[PersonTable], email: str | None) -> dict[str, bytes]:
    """Write files by name.

    Args:
        user_id: whose.
        moment: when it was read, ISO 8601.
        tables: what was read.
        email: their address, opened; None when none is kept.
    """
    listed = sorted(tables)
    counts = "\n".join(f"{table.name}: {len(table.rows)} rows" for table in listed if table.rows)
    document = {
        "user": user_id,
        "read_at": moment,
        "email": email,
        "tables": {table.name: [dict(zip(table.columns, row, strict=True)) for row in table.rows] for table in listed},
    }
    files = {
        "README.txt": _README.format(user_id=user_id, moment=moment, counts=counts).encode(),
        "data.json": (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode(),
    }
    files.update({f"tables/{table.name}.csv": _csv(table) for table in listed if table.rows})
    if email is not None:
        files["email.txt"] = f"{email}\n".encode()
    return files


class _Written:
    """Text as it comes, for a writer that wants a file."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, text: str) -> None:
        self.parts.append(text)


def _csv(table: PersonTable) -> bytes:
    written = _Written()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)
    return "".join(written.parts).encode()


def _plain(cell: Cell) -> Cell:
    is_number = not isinstance(cell, str) or cell.lstrip("+-").replace(".", "", 1).isdigit()
    return cell if is_number or not str(cell).startswith(_FORMULA) else f"'{cell}"
