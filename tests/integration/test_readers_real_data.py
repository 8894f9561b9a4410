"""Real files: what the manifest says of them, and an independent parser."""

from __future__ import annotations

import json
import math
import time
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from bitten_adapters.files.bar_file import ReadOptions, read_bar_file
from bitten_adapters.files.bar_folder import load_folder
from bitten_adapters.files.calendar_file import read_calendar
from bitten_domain.market.clocks.fx_week import open_seconds
from bitten_domain.values import TEN_PAIRS
from bitten_domain.vocabulary import Impact

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = ["m15", "m15_mt5_spread", "m15_broker2", "m5_broker2", "h1", "m1_bidask"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_given_real_files_when_read_then_rows_span_and_digest_are_the_manifests(shared_data: Path, folder: str) -> None:
    told = json.loads((shared_data / "MANIFEST.json").read_text("utf-8"))["files"]
    files = [each for each in told if each["file"].startswith(f"{folder}/")]
    assert files

    for each in files:
        name = each["file"].split("/")[1]
        _, quality = read_bar_file(shared_data / each["file"], name[:6], ReadOptions(timeframe=None))

        assert (quality.rows, quality.kept, quality.sha256) == (each["rows"], each["rows"], each["sha256"]), name
        assert quality.is_clean, name
        assert (quality.first, quality.last) == (_seconds(each["first"]), _seconds(each["last"])), name


def test_given_the_ten_pairs_when_read_then_holes_inside_the_week_and_moves_are_the_manifests(
    shared_data: Path,
) -> None:
    told = json.loads((shared_data / "MANIFEST.json").read_text("utf-8"))["files"]

    for symbol, (bars, quality) in load_folder(shared_data / "m15").items():
        (each,) = (entry for entry in told if entry["file"] == f"m15/{symbol}.csv.gz")
        # The manifest counts neighbours further apart than a bar, weekends left out, and returns as logarithms.
        steps, open_steps = np.diff(bars.opened), np.diff(open_seconds(bars.opened))
        within = (steps > 900) & (steps == open_steps)
        assert int(np.count_nonzero(within)) == each["gaps_in_week"], symbol
        assert quality.gap_count >= each["gaps_in_week"], symbol
        largest = 100.0 * float(np.max(np.abs(np.diff(np.log(bars.close)))))
        assert round(largest, 2) == each["max_abs_ret_pct"], symbol
        assert math.isclose(100.0 * quality.largest_move, largest, rel_tol=0.02), symbol


def test_given_a_real_file_when_read_then_pandas_reads_the_same(shared_data: Path) -> None:
    path = shared_data / "m15_mt5_spread" / "EURUSD.csv.gz"

    bars, _ = read_bar_file(path, "EURUSD")

    frame = pd.read_csv(path, dtype=str)
    assert bars.opened.tolist() == [int(at.timestamp()) for at in pd.to_datetime(frame["ts"])]
    for name in ("open", "high", "low", "close", "volume"):
        assert np.array_equal(getattr(bars, name), [float(text) for text in frame[name]]), name
    assert bars.spread_pips is not None
    assert np.array_equal(bars.spread_pips, [int(text) / 10.0 for text in frame["spread_points"]])


def test_given_ten_real_files_when_loaded_then_it_takes_a_fraction_of_a_second(shared_data: Path) -> None:
    load_folder(shared_data / "m15", ["EURUSD"])

    seconds = min(_seconds_to_load(shared_data / "m15") for _ in range(3))

    # Measured at about 0.2 s; the bar leaves room for a busy machine.
    assert seconds < 0.8


def test_given_the_real_calendars_when_read_then_no_row_is_lost(shared_data: Path) -> None:
    told = json.loads((shared_data / "MANIFEST.json").read_text("utf-8"))["files"]
    (rows,) = (each["rows"] for each in told if each["file"] == "calendar/high_impact.csv.gz")

    high, quality = read_calendar(shared_data / "calendar" / "high_impact.csv.gz")
    sample, sample_quality = read_calendar(shared_data / "calendar" / "all_impacts_sample.csv")

    assert quality.rows == rows == quality.events + quality.duplicates + sum(n for _, n in quality.passed_over)
    assert (quality.quarantined, high.impacts) == (0, frozenset({Impact.HIGH}))
    assert (sample_quality.rows, sample_quality.quarantined, sample_quality.untimed) == (126, 0, 8)
    assert sample.impacts == frozenset(Impact)


def _seconds_to_load(folder: Path) -> float:
    start = time.perf_counter()
    load_folder(folder, TEN_PAIRS)
    return time.perf_counter() - start


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
