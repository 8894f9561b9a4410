"""A corpus of broken files: each gives one clear error or a counted quarantine."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bitten_adapters.files.bar_file import ReadOptions, read_bar_file
from bitten_adapters.files.bar_folder import FolderBarHistory, load_folder
from bitten_domain.errors import BittenError, InvalidInput
from bitten_domain.market.data_quality import RowFault

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "time,open,high,low,close,volume"
GOOD = [
    f"2025-06-02T{hour:02}:{minute:02}:00Z,1.10,1.20,1.00,1.15,5" for hour in range(8) for minute in (0, 15, 30, 45)
]


def write(folder: Path, content: bytes | list[str], name: str = "EURUSD.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else ("\n".join(content) + "\n").encode())
    return path


UNREADABLE: list[tuple[str, bytes, str]] = [
    ("empty", b"", "empty"),
    ("blank lines", b"\n\n\n", "empty"),
    ("header only", f"{HEAD}\n".encode(), "no rows"),
    ("wrong columns", b"a,b,c,d,e\n1,2,3,4,5\n", "no column for"),
    ("a column short", b"time,open,high,low,volume\n2025-06-02T00:00:00Z,1,1,1,1\n", "no column for close"),
    ("a column twice", b"time,open,open,high,low,close\n", "stands there twice"),
    ("prose", b"Dear customer,\nthank you for your order\n", "no table of bars"),
    ("binary", bytes(range(256)) * 64, "binary"),
    ("truncated gzip", gzip.compress("\n".join([HEAD, *GOOD * 50]).encode())[:-40], "damaged or cut off"),
    ("gzip of garbage", b"\x1f\x8b" + b"not an archive at all", "damaged or cut off"),
    ("all rows faulty", "\n".join([HEAD, *(row.replace("1.15", "nan") for row in GOOD)]).encode(), "nan"),
    ("Z and no zone", "\n".join([HEAD, *GOOD, "2025-06-02T09:00:00,1.10,1.20,1.00,1.15,5"]).encode(), "does not"),
    ("two zones", "\n".join([HEAD, *GOOD, "2025-06-02T09:00:00+05:00,1.10,1.20,1.00,1.15,5"]).encode(), "mixed"),
    ("no timeframe", "\n".join([HEAD, *(row.replace(":15:", ":17:").replace(":30:", ":34:").replace(":45:", ":51:") for row in GOOD)]).encode(), "no timeframe"),  # noqa: E501 one file a line
    ("parquet in name only", b"PAR1 and then nothing", "damaged"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "said"), [each[1:] for each in UNREADABLE], ids=[each[0] for each in UNREADABLE])
def test_given_a_file_that_is_no_table_of_bars_when_read_then_one_error_says_so(
    tmp_path: Path, content: bytes, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said) as caught:
        read_bar_file(write(tmp_path, content), "EURUSD")

    assert caught.value.where.startswith("EURUSD.csv")


def test_given_a_first_line_of_a_hundred_megabytes_when_read_then_it_is_refused_after_a_few_bytes(
    tmp_path: Path,
) -> None:
    path = tmp_path / "EURUSD.csv"
    with path.open("wb") as file:
        file.write(b"time,open,high,low,close,")
        file.truncate(100 * 1024**2)
        file.seek(25)
        file.write(b"x" * 200_000)

    with pytest.raises(InvalidInput, match="longer than"):
        read_bar_file(path, "EURUSD")


def test_given_a_long_line_among_rows_when_read_then_its_number_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, [HEAD, *GOOD, "2025-06-02T09:00:00Z,1.10,1.20,1.00,1.15," + "5" * 5_000])

    with pytest.raises(InvalidInput, match="longer than") as caught:
        read_bar_file(path, "EURUSD")

    assert caught.value.where == "EURUSD.csv:34"


def test_given_an_archive_that_unpacks_without_end_when_read_then_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "EURUSD.csv.gz"
    line = (GOOD[0] + "\n").encode()
    with gzip.open(path, "wb", compresslevel=9) as archive:
        archive.write((HEAD + "\n").encode())
        for _ in range(40):
            archive.write(line * 20_000)

    with pytest.raises(InvalidInput, match="times its size"):
        read_bar_file(path, "EURUSD")


LAST = "2025-06-02T09:00:00Z"
FAULTY = [
    (f"{LAST},1.1,1.2,1.0,1.15", RowFault.COLUMNS),
    (f"{LAST},1.1,1.2,1.0,1.15,5,6", RowFault.COLUMNS),
    ("never,1.1,1.2,1.0,1.15,5", RowFault.NOT_A_TIME),
    ("2025-02-30T09:00:00Z,1.1,1.2,1.0,1.15,5", RowFault.NOT_A_TIME),
    ("2025-06-02T25:00:00Z,1.1,1.2,1.0,1.15,5", RowFault.NOT_A_TIME),
    (f"{LAST},1.1,1.2,1.0,,5", RowFault.NOT_A_NUMBER),
    (f"{LAST},1.1,1.2,NaN,1.15,5", RowFault.NOT_A_NUMBER),
    (f"{LAST},1.1,inf,1.0,1.15,5", RowFault.NOT_A_NUMBER),
    (f"{LAST},1_1,1.2,1.0,1.15,5", RowFault.NOT_A_NUMBER),
    (f"{LAST},1.1,1.2,0,1.15,5", RowFault.NOT_POSITIVE),
    (f"{LAST},1.1,1.2,-1.0,1.15,5", RowFault.NOT_POSITIVE),
    (f"{LAST},1.1,1.0,1.2,1.15,5", RowFault.HIGH_BELOW_LOW),
    (f"{LAST},1.3,1.2,1.0,1.15,5", RowFault.OUTSIDE_RANGE),
    (f"{LAST},1.1,12.0,1.0,1.15,5", RowFault.IMPLAUSIBLE_PRICE),
    ("0001-01-01T09:00:00Z,1.1,1.2,1.0,1.15,5", RowFault.IMPLAUSIBLE_TIME),
    ("2300-01-01T09:00:00Z,1.1,1.2,1.0,1.15,5", RowFault.IMPLAUSIBLE_TIME),
    (f"{LAST},1.1,1.2,1.0,1.15,-5", RowFault.NEGATIVE_VOLUME),
    ("2025-06-02T09:07:00Z,1.1,1.2,1.0,1.15,5", RowFault.OFF_GRID),
    ("2025-06-07T09:00:00Z,1.1,1.2,1.0,1.15,5", RowFault.MARKET_CLOSED),
]


@pytest.mark.parametrize(("row", "fault"), FAULTY)
def test_given_one_faulty_row_when_read_then_it_is_counted_with_its_line_and_the_rest_is_kept(
    tmp_path: Path, row: str, fault: RowFault
) -> None:
    bars, quality = read_bar_file(write(tmp_path, [HEAD, *GOOD, row]), "EURUSD")

    (count,) = quality.quarantined
    assert (len(bars), count.fault, count.count, quality.rows) == (32, fault, 1, 33)
    assert count.samples[0].startswith("EURUSD.csv:34: ")


@pytest.mark.parametrize(("row", "fault"), FAULTY)
def test_given_one_faulty_row_when_read_strictly_then_the_error_names_its_line(
    tmp_path: Path, row: str, fault: RowFault
) -> None:
    with pytest.raises(InvalidInput, match=fault.value) as caught:
        read_bar_file(write(tmp_path, [HEAD, *GOOD, row]), "EURUSD", ReadOptions(strict=True))

    assert caught.value.where == "EURUSD.csv:34"


@pytest.mark.parametrize("year", ["0001", "1700", "2300", "9999"])
@pytest.mark.parametrize("zone", ["NY+7", "Europe/London", "UTC"])
def test_given_an_impossible_year_on_a_local_clock_when_read_then_it_is_counted(
    tmp_path: Path, year: str, zone: str
) -> None:
    rows = [row.replace("Z,", ",") for row in [*GOOD, GOOD[0].replace("2025", year)]]

    bars, quality = read_bar_file(write(tmp_path, [HEAD, *rows]), "EURUSD", ReadOptions(zone=zone))

    assert [(each.fault, each.count) for each in quality.quarantined] == [(RowFault.IMPLAUSIBLE_TIME, 1)]
    assert len(bars) == 32


@pytest.mark.parametrize("years", [("2025", "9999"), ("9999", "9999")])
def test_given_an_impossible_year_and_no_zone_when_read_then_the_zone_is_asked_for(
    tmp_path: Path, years: tuple[str, str]
) -> None:
    rows = [f"{year}.06.02,08:{15 * i:02},1.10,1.20,1.00,1.15,5" for i, year in enumerate(years)]

    with pytest.raises(InvalidInput, match="which clock"):
        read_bar_file(write(tmp_path, rows), "EURUSD")


def test_given_parquet_with_an_impossible_year_when_read_then_it_is_counted(tmp_path: Path) -> None:
    # 2025-06-02 08:00 UTC, and 2300-01-01, which nanoseconds since 1970 cannot express.
    times = [1_000_000 * at for at in (*(1_748_851_200 + 900 * i for i in range(4)), 10_413_792_000)]
    prices = {name: [1.1] * 5 for name in ("open", "high", "low", "close", "volume")}
    path = tmp_path / "EURUSD.parquet"
    pq.write_table(pa.table({"time": pa.array(times, type=pa.timestamp("us", tz="UTC")), **prices}), path)

    bars, quality = read_bar_file(path, "EURUSD")

    assert [(each.fault, each.count) for each in quality.quarantined] == [(RowFault.IMPLAUSIBLE_TIME, 1)]
    assert bars.opened.tolist() == [1_748_851_200 + 900 * i for i in range(4)]


def test_given_repeated_reversed_and_contradicting_rows_when_read_then_each_is_counted(tmp_path: Path) -> None:
    conflicting = GOOD[3].replace("1.15", "1.16")
    path = write(tmp_path, [HEAD, *reversed(GOOD), GOOD[0], conflicting, "", ""])

    bars, quality = read_bar_file(path, "EURUSD")

    assert (len(bars), quality.duplicates, quality.blank_lines) == (31, 1, 2)
    assert [(each.fault, each.count) for each in quality.quarantined] == [(RowFault.CONFLICT, 2)]
    assert quality.rows == quality.kept + quality.duplicates + quality.quarantined_rows


def test_given_an_unknown_zone_when_read_then_near_names_are_offered(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_bar_file(
            write(tmp_path, [HEAD, *(row.replace("Z", "") for row in GOOD)]),
            "EURUSD",
            ReadOptions(zone="Europe/Lodnon"),
        )

    assert "Europe/London" in caught.value.remedy


def test_given_an_empty_folder_when_asked_then_the_error_says_how_to_name_files(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no bar files") as caught:
        FolderBarHistory(tmp_path).pairs()

    assert "EURUSD.csv" in caught.value.remedy


def test_given_two_files_of_a_pair_when_loaded_then_both_are_named(tmp_path: Path) -> None:
    write(tmp_path, [HEAD, *GOOD], "EURUSD.csv")
    write(tmp_path, [HEAD, *GOOD], "eurusd_m15.txt")

    with pytest.raises(InvalidInput, match=r"EURUSD\.csv, eurusd_m15\.txt"):
        load_folder(tmp_path)


@pytest.mark.parametrize(
    "name",
    ["EURUSD.csv", "eurusd.csv", "EURUSD_M15.csv", "EURUSD.r.csv", "EURUSDm.csv", "EUR_USD.csv", "M15-EURUSD-2025.csv",
     "DAT_ASCII_EURUSD_M1_2012.csv", "EURUSD_M15_202501020000_202510312345.csv"],
)  # fmt: skip
def test_given_a_file_named_by_pair_when_listed_then_the_pair_is_found(tmp_path: Path, name: str) -> None:
    write(tmp_path, [HEAD, *GOOD], name)

    assert FolderBarHistory(tmp_path).pairs() == ("EURUSD",)


def test_given_a_period_without_bars_when_loaded_then_the_error_says_so(tmp_path: Path) -> None:
    write(tmp_path, [HEAD, *GOOD])

    with pytest.raises(InvalidInput, match="in the period"):
        load_folder(tmp_path, ["EURUSD"], 0, 900)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(alphabet='0123456789.,;:-TZ \t\n"<>abeno+_', max_size=300).map(str.encode),
        st.lists(
            st.sampled_from([HEAD, *GOOD, *(row for row, _ in FAULTY), "", "\x00", '"', ",,,,,"]), max_size=40
        ).map(lambda lines: "\n".join(lines).encode()),
    )
)
def test_given_any_bytes_when_read_then_they_are_bars_or_one_error_of_ours(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path, content)

    try:
        _, quality = read_bar_file(path, "EURUSD")
    except BittenError:
        return

    assert quality.rows == quality.kept + quality.duplicates + quality.quarantined_rows
