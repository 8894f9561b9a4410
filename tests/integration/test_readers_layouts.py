"""Each layout people keep bars in, read to the same bars."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from bitten_adapters.files.bar_file import ReadOptions, read_bar_file
from bitten_adapters.files.table_layout import BarLayout, SpreadUnit
from bitten_adapters.files.time_text import DateOrder
from bitten_domain.errors import InvalidInput
from bitten_domain.market.bars import Timeframe

if TYPE_CHECKING:
    from pathlib import Path

# 2025-06-16 is a Monday; its day cannot be taken for a month.
TIMES = [datetime(2025, 6, 16, 8, minute, tzinfo=UTC) for minute in (0, 15, 30, 45)]
PRICES = [(1.1000, 1.1012, 1.0998, 1.1005), (1.1005, 1.1020, 1.1001, 1.1019), (1.1019, 1.1021, 1.1003, 1.1004)]
PRICES.append((1.1004, 1.1009, 1.0999, 1.1000))


def write(folder: Path, lines: list[str], name: str = "EURUSD.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def rows(pattern: str, zone: str = "UTC", separator: str = ",", tail: str = "120") -> list[str]:
    lines = []
    for at, prices in zip(TIMES, PRICES, strict=True):
        fields = [at.astimezone(ZoneInfo(zone)).strftime(pattern), *(f"{price:.4f}" for price in prices)]
        lines.append(separator.join([*fields, tail] if tail else fields))
    return lines


HEAD = "time,open,high,low,close,volume"
LAYOUTS: list[tuple[str, list[str], ReadOptions, str]] = [
    ("iso with Z", [HEAD, *rows("%Y-%m-%dT%H:%M:%SZ")], ReadOptions(), "GENERIC"),
    ("iso with offset", [HEAD, *rows("%Y-%m-%d %H:%M:%S+02:00", "Europe/Berlin")], ReadOptions(), "GENERIC"),
    ("no seconds", [HEAD, *rows("%Y/%m/%d %H:%M")], ReadOptions(), "GENERIC"),
    ("semicolons", [HEAD.replace(",", ";"), *rows("%Y-%m-%d %H:%M", separator=";")], ReadOptions(), "GENERIC"),
    ("tabs", [HEAD.replace(",", "\t"), *rows("%Y-%m-%d %H:%M", separator="\t")], ReadOptions(), "GENERIC"),
    ("day first", [HEAD, *rows("%d/%m/%Y %H:%M")], ReadOptions(), "GENERIC"),
    ("month first", [HEAD, *rows("%m/%d/%Y %I:%M %p")], ReadOptions(), "GENERIC"),
    ("quoted", ['"' + HEAD.replace(",", '","') + '"', *('"' + row.replace(",", '","') + '"' for row in rows("%Y-%m-%d %H:%M"))], ReadOptions(), "GENERIC"),  # noqa: E501 one layout a line
    ("date and time", ["Date,Time,Open,High,Low,Close,TickVol", *rows("%Y-%m-%d,%H:%M")], ReadOptions(), "GENERIC"),
    ("decimal commas", ["time;open;high;low;close", *(row.replace(".", ",") for row in rows("%Y-%m-%d %H:%M", separator=";", tail=""))], ReadOptions(), "GENERIC"),  # noqa: E501 one layout a line
    ("local clock", [HEAD, *rows("%Y-%m-%d %H:%M", "Asia/Tokyo")], ReadOptions(zone="Asia/Tokyo"), "GENERIC"),
    ("fixed offset", [HEAD, *rows("%Y-%m-%d %H:%M", "Asia/Tokyo")], ReadOptions(zone="UTC+9"), "GENERIC"),
    ("histdata", rows("%Y%m%d %H%M%S", "Etc/GMT+5", ";", "0"), ReadOptions(), "HISTDATA"),
    ("dukascopy", ["Gmt time,Open,High,Low,Close,Volume", *rows("%d.%m.%Y %H:%M:%S.000")], ReadOptions(), "DUKASCOPY"),
    ("dukascopy local", ["Local time,Open,High,Low,Close,Volume", *rows("%d.%m.%Y %H:%M:%S.000 GMT%z", "Europe/Paris")], ReadOptions(), "DUKASCOPY"),  # noqa: E501 one layout a line
    ("metatrader 4", rows("%Y.%m.%d,%H:%M", "Europe/Helsinki"), ReadOptions(zone="NY+7"), "METATRADER"),
    ("metatrader 5", ["<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>", *rows("%Y.%m.%d\t%H:%M:%S", "Europe/Helsinki", "\t", "120\t0\t14")], ReadOptions(zone="EU+2"), "METATRADER"),  # noqa: E501 one layout a line
]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "options", "layout"), [each[1:] for each in LAYOUTS], ids=[each[0] for each in LAYOUTS]
)
def test_given_a_usual_layout_when_read_then_the_bars_are_the_same(
    tmp_path: Path, lines: list[str], options: ReadOptions, layout: str
) -> None:
    bars, quality = read_bar_file(write(tmp_path, lines), "EURUSD", options)

    assert bars.opened.tolist() == [int(at.timestamp()) for at in TIMES]
    assert list(zip(bars.open, bars.high, bars.low, bars.close, strict=True)) == PRICES
    assert (quality.layout, quality.rows, quality.is_clean) == (layout, 4, True)


@pytest.mark.parametrize("factor", [1, 1_000, 1_000_000, 1_000_000_000])
def test_given_an_epoch_in_any_unit_when_read_then_it_is_utc(tmp_path: Path, factor: int) -> None:
    lines = [HEAD, *(f"{int(at.timestamp()) * factor},1.1,1.2,1.0,1.1,5" for at in TIMES)]

    bars, _ = read_bar_file(write(tmp_path, lines), "EURUSD")

    assert bars.opened.tolist() == [int(at.timestamp()) for at in TIMES]


def test_given_columns_in_another_order_when_read_then_names_decide(tmp_path: Path) -> None:
    lines = ["CLOSE,Volume,Low,TS,High,Open"]
    lines += [f"{c},7,{low},{at:%Y-%m-%dT%H:%M:%SZ},{h},{o}" for at, (o, h, low, c) in zip(TIMES, PRICES, strict=True)]

    bars, _ = read_bar_file(write(tmp_path, lines), "EURUSD")

    assert bars.close.tolist() == [prices[3] for prices in PRICES]
    assert bars.volume.tolist() == [7.0] * 4


def test_given_a_gzipped_file_under_a_plain_name_when_read_then_its_bytes_decide(tmp_path: Path) -> None:
    path = tmp_path / "EURUSD.csv"
    path.write_bytes(gzip.compress("\n".join([HEAD, *rows("%Y-%m-%d %H:%M")]).encode()))

    assert len(read_bar_file(path, "EURUSD")[0]) == 4


def test_given_utf16_with_carriage_returns_when_read_then_it_is_text_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "EURUSD.csv"
    path.write_bytes("\r\n".join([HEAD, *rows("%Y-%m-%d %H:%M")]).encode("utf-16"))

    assert len(read_bar_file(path, "EURUSD")[0]) == 4


@pytest.mark.parametrize(
    ("head", "value", "options", "pips"),
    [
        ("spread_points", "14", ReadOptions(), 1.4),
        ("spread_pips", "1.4", ReadOptions(), 1.4),
        ("spread", "14", ReadOptions(spread_unit=SpreadUnit.POINTS), 1.4),
        ("spread", "1.4", ReadOptions(spread_unit=SpreadUnit.PIPS), 1.4),
    ],
)
def test_given_a_spread_when_read_then_it_is_in_pips(
    tmp_path: Path, head: str, value: str, options: ReadOptions, pips: float
) -> None:
    lines = [f"{HEAD},{head}", *rows("%Y-%m-%d %H:%M", tail=f"5,{value}")]

    bars, _ = read_bar_file(write(tmp_path, lines), "EURUSD", options)

    assert bars.spread_pips is not None
    assert bars.spread_pips == pytest.approx([pips] * 4)


def test_given_bid_and_ask_bars_when_read_then_the_spread_is_measured(tmp_path: Path) -> None:
    head = "ts,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close"
    lines = [head, *rows("%Y-%m-%dT%H:%M:%SZ", tail="1.1002,1.2,1.0,1.1008")]
    lines[1:] = [f"{at:%Y-%m-%dT%H:%M:%SZ},1.1,1.11,1.09,1.105,1.1001,1.12,1.1,1.1053" for at in TIMES]

    bars, quality = read_bar_file(write(tmp_path, lines), "EURUSD")

    assert bars.spread_pips is not None
    # (1.0 pip at the open + 3.0 pips at the close) / 2
    assert bars.spread_pips == pytest.approx([2.0] * 4)
    assert any("no volume" in note for note in quality.notes)


AMBIGUOUS = [
    ([HEAD, *(f"0{day}/05/2025 00:00,1.1,1.2,1.0,1.1,5" for day in (1, 2, 5, 6))], "date order"),
    (rows("%Y.%m.%d,%H:%M", "Europe/Helsinki"), "NY+7"),
    (["Local time,Open,High,Low,Close,Volume", *rows("%d.%m.%Y %H:%M:%S.000")], "zone"),
    ([f"{HEAD},spread", *rows("%Y-%m-%d %H:%M", tail="5,14")], "spread_pips"),
    (rows("%Y-%m-%d %H:%M"), "name the columns"),
]


@pytest.mark.parametrize(("lines", "remedy"), AMBIGUOUS)
def test_given_a_file_that_reads_two_ways_when_read_then_the_error_says_how_to_decide(
    tmp_path: Path, lines: list[str], remedy: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_bar_file(write(tmp_path, lines), "EURUSD")

    assert remedy in caught.value.remedy
    assert caught.value.where.startswith("EURUSD.csv")


def test_given_ambiguous_dates_and_a_date_order_when_read_then_it_decides(tmp_path: Path) -> None:
    lines = [HEAD, *(f"05/06/2025 {hour:02}:00,1.1,1.2,1.0,1.1,5" for hour in range(4))]

    bars, _ = read_bar_file(
        write(tmp_path, lines), "EURUSD", ReadOptions(timeframe=None, date_order=DateOrder.DAY_FIRST)
    )

    assert bars.opened[0] == int(datetime(2025, 6, 5, tzinfo=UTC).timestamp())


def test_given_minutes_when_quarters_are_wanted_then_they_are_combined_with_a_note(tmp_path: Path) -> None:
    start = int(TIMES[0].timestamp())
    lines = [HEAD, *(f"{start + 60 * i},1.{i + 10},1.{i + 20},1.{i + 5:02},1.{i + 11},1" for i in range(31))]

    bars, quality = read_bar_file(write(tmp_path, lines), "EURUSD")

    assert (bars.timeframe, quality.timeframe) == (Timeframe.M15, Timeframe.M1)
    # Minutes 0 to 14: the open of the first, the close of the fifteenth, fifteen ticks.
    assert (bars.open[0], bars.close[0], bars.high[0], bars.low[0], bars.volume[0]) == (1.10, 1.25, 1.34, 1.05, 15.0)
    assert len(bars) == 2
    assert any("combined" in note for note in quality.notes)


def test_given_hours_when_quarters_are_wanted_then_they_are_refused(tmp_path: Path) -> None:
    start = int(TIMES[0].timestamp())
    lines = [HEAD, *(f"{start + 3600 * i},1.1,1.2,1.0,1.1,1" for i in range(5))]

    with pytest.raises(InvalidInput, match="H1 bars and M15 are wanted"):
        read_bar_file(write(tmp_path, lines), "EURUSD")


def test_given_a_layout_said_wrongly_when_read_then_the_error_names_both(tmp_path: Path) -> None:
    path = write(tmp_path, rows("%Y%m%d %H%M%S", "Etc/GMT+5", ";", "0"))

    with pytest.raises(InvalidInput, match="HISTDATA, not as METATRADER"):
        read_bar_file(path, "EURUSD", ReadOptions(layout=BarLayout.METATRADER))


def test_given_a_wrong_clock_when_read_then_the_weekend_tells_and_the_right_one_is_named(tmp_path: Path) -> None:
    # Two whole weeks as a broker writes them, Monday 00:00 to Friday 23:45, read as if it were UTC.
    monday = np.datetime64("2025-06-02T00:00", "s")
    times = [monday + np.timedelta64(900 * i + 604_800 * week, "s") for week in range(2) for i in range(480)]
    lines = [HEAD, *(f"{str(at).replace('T', ' ')},1.1,1.2,1.0,1.1,5" for at in times)]

    with pytest.raises(InvalidInput, match="fall on the weekend") as caught:
        read_bar_file(write(tmp_path, lines), "EURUSD")

    assert "NY+7" in caught.value.remedy
    assert len(read_bar_file(write(tmp_path, lines), "EURUSD", ReadOptions(zone="NY+7"))[0]) == 960


def test_given_a_feed_that_quotes_before_the_week_opens_when_read_then_its_early_rows_are_only_left_out(
    tmp_path: Path,
) -> None:
    # From Sunday 19:00 UTC, two hours early, to Friday 20:45: longer than a week on any clock.
    sunday = np.datetime64("2025-06-01T19:00", "s")
    times = [sunday + np.timedelta64(900 * i, "s") for i in range(488)]
    lines = [HEAD, *(f"{str(at).replace('T', ' ')},1.1,1.2,1.0,1.1,5" for at in times)]

    bars, quality = read_bar_file(write(tmp_path, lines), "EURUSD")

    assert (len(bars), quality.quarantined_rows) == (480, 8)
