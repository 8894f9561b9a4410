"""Files of somebody's data: whole in JSON, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import json

from hypothesis import given
from hypothesis import strategies as st

from bitten_adapters.files.privacy.zip_archive import zip_archive
from bitten_domain.ports.membership.person_data import PersonTable
from bitten_domain.use_cases.privacy.person_files import person_files

cells = st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
tables = st.lists(st.tuples(cells, cells), max_size=4).map(
    lambda rows: PersonTable("diary_entries", ("text", "mood"), tuple(rows))
)


@given(tables)
def test_given_any_rows_when_written_then_json_gives_them_back_and_csv_has_no_formula(table: PersonTable) -> None:
    files = person_files("user-1", "2024-01-02T12:00:00Z", [table], "ann@example.org")

    document = json.loads(files["data.json"])
    assert document["tables"]["diary_entries"] == [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert document["email"] == "ann@example.org"
    if table.rows:
        text = files["tables/diary_entries.csv"].decode()
        rows = list(csv.reader(text.splitlines(keepends=True)))
        for row in rows[1:]:
            for cell in row:
                is_number = cell.lstrip("+-").replace(".", "", 1).isdigit()
                assert is_number or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    else:
        assert "tables/diary_entries.csv" not in files


def test_given_the_same_files_when_packed_twice_then_the_archive_is_the_same() -> None:
    files = person_files("user-1", "2024-01-02T12:00:00Z", [], None)

    assert zip_archive(files) == zip_archive(dict(reversed(files.items())))
    assert json.loads(files["data.json"])["email"] is None
