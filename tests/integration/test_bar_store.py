"""The Parquet store: incremental, never overwriting, whole after any crash."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bitten_adapters.files.bar_file import read_bar_file
from bitten_adapters.parquet.bar_store import ParquetBarStore
from bitten_domain.errors import InvalidInput
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.data_quality import DataQuality
from bitten_domain.ports.bar_store import ImportOutcome

if TYPE_CHECKING:
    from pathlib import Path

# 2025-05-30 20:00 UTC, a Friday: an hour before the week's end and a day and a half before the month's.
START = 1_748_635_200
STEP = 900


def bars(first: int, n: int, *, close: float = 1.15, spread: float | None = None) -> Bars:
    opened = START + STEP * np.arange(first, first + n, dtype=np.int64)

    def column(value: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.full(n, value)

    return Bars(
        "EURUSD", Timeframe.M15, opened, column(1.1), column(1.2), column(1.0), column(close), column(7.0),
        None if spread is None else column(spread),
    )  # fmt: skip


def quality(name: str = "EURUSD.csv", digest: str = "ab") -> DataQuality:
    return DataQuality("EURUSD", name, Timeframe.M15, 0, 0, sha256=digest, layout="GENERIC", zone="NY+7")


def test_given_bars_of_two_months_when_imported_then_each_month_has_its_file(tmp_path: Path) -> None:
    ParquetBarStore(tmp_path).append(bars(0, 400), quality())

    assert sorted(path.name for path in (tmp_path / "M15" / "EURUSD").iterdir()) == [
        "2025-05.parquet",
        "2025-06.parquet",
        "imports.json",
    ]


def test_given_the_same_bars_twice_when_imported_then_nothing_is_added_or_noted_again(tmp_path: Path) -> None:
    store = ParquetBarStore(tmp_path)

    first = store.append(bars(0, 400), quality())
    second = store.append(bars(0, 400), quality())

    assert (first, second) == (ImportOutcome(400, 0, 0), ImportOutcome(0, 400, 0))
    assert len(store.provenance("EURUSD")) == 1


def test_given_overlapping_bars_when_imported_then_only_new_ones_are_added_and_stored_ones_stay(tmp_path: Path) -> None:
    store = ParquetBarStore(tmp_path)
    store.append(bars(100, 100), quality())

    outcome = store.append(bars(150, 100, close=1.16), quality("other.csv", "cd"))

    loaded, account = store.load("EURUSD")
    assert outcome == ImportOutcome(50, 0, 50, tuple(START + STEP * i for i in range(150, 155)))
    assert loaded.close.tolist() == [1.15] * 100 + [1.16] * 50
    assert "50 bars were offered otherwise" in account.notes[0]
    assert [each.source for each in store.provenance("EURUSD")] == ["EURUSD.csv", "other.csv"]
    assert store.provenance("EURUSD")[0].zone == "NY+7"


def test_given_older_bars_when_imported_later_then_order_is_kept(tmp_path: Path) -> None:
    store = ParquetBarStore(tmp_path)
    store.append(bars(5, 5), quality())

    store.append(bars(0, 5), quality("older.csv", "cd"))

    assert store.load("EURUSD")[0].opened.tolist() == bars(0, 10).opened.tolist()


def test_given_a_spread_only_in_some_bars_when_loaded_then_the_others_are_unmeasured(tmp_path: Path) -> None:
    store = ParquetBarStore(tmp_path)
    store.append(bars(0, 2), quality())
    store.append(bars(2, 2, spread=0.8), quality("b.csv", "cd"))

    spread = store.load("EURUSD")[0].spread_pips

    assert spread is not None
    assert np.array_equal(spread, [np.nan, np.nan, 0.8, 0.8], equal_nan=True)


def test_given_a_hole_in_the_week_when_loaded_then_the_account_has_it(tmp_path: Path) -> None:
    store = ParquetBarStore(tmp_path)
    monday = (START + 2 * 86_400 + 4 * 3_600 - START) // STEP
    store.append(bars(monday, 10), quality())
    store.append(bars(monday + 14, 10), quality("b.csv", "cd"))

    _, account = store.load("EURUSD")

    assert (account.gap_count, account.missing_bars) == (1, 4)


def test_given_no_such_pair_when_loaded_then_the_error_names_those_there_are(tmp_path: Path) -> None:
    store = ParquetBarStore(tmp_path)
    store.append(bars(0, 4), quality())

    with pytest.raises(InvalidInput) as caught:
        store.load("GBPUSD")

    assert "EURUSD" in caught.value.remedy


def test_given_another_timeframe_when_imported_then_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="keeps H1 bars, not M15"):
        ParquetBarStore(tmp_path, Timeframe.H1).append(bars(0, 4), quality())


@pytest.mark.parametrize("symbol", ["../x", "EURUSD/..", "eur"])
def test_given_a_name_that_is_no_pair_when_loaded_then_no_file_outside_is_touched(tmp_path: Path, symbol: str) -> None:
    with pytest.raises(InvalidInput):
        ParquetBarStore(tmp_path).load(symbol)


def test_given_a_damaged_partition_when_loaded_then_the_error_names_it(tmp_path: Path) -> None:
    store = ParquetBarStore(tmp_path)
    store.append(bars(0, 4), quality())
    (tmp_path / "M15" / "EURUSD" / "2025-05.parquet").write_bytes(b"PAR1 cut off")

    with pytest.raises(InvalidInput, match="damaged") as caught:
        store.load("EURUSD")

    assert caught.value.where == "EURUSD/2025-05.parquet"


def test_given_a_damaged_list_of_imports_when_read_then_the_error_names_it(tmp_path: Path) -> None:
    store = ParquetBarStore(tmp_path)
    store.append(bars(0, 4), quality())
    (tmp_path / "M15" / "EURUSD" / "imports.json").write_text("{", "utf-8")

    with pytest.raises(InvalidInput, match="damaged"):
        store.provenance("EURUSD")


KILLED = """
import os, pathlib, sys
sys.path[:0] = {paths!r}
import numpy as np
from bitten_adapters.parquet.bar_store import ParquetBarStore
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.data_quality import DataQuality

left = {renames}
real = pathlib.Path.replace
def replace(self, target):
    global left
    if left == 0:
        os._exit(9)
    left -= 1
    return real(self, target)
pathlib.Path.replace = replace
opened = {start} + {step} * np.arange(400, dtype=np.int64)
columns = [np.full(400, value) for value in (1.1, 1.2, 1.0, 1.15, 7.0)]
quality = DataQuality("EURUSD", "EURUSD.csv", Timeframe.M15, 0, 0, sha256="ab")
ParquetBarStore(pathlib.Path({root!r})).append(Bars("EURUSD", Timeframe.M15, opened, *columns), quality)
"""


@pytest.mark.parametrize(("renames", "months"), [(0, 0), (1, 1), (2, 2)])
def test_given_a_kill_before_a_rename_when_opened_again_then_the_store_is_whole_and_the_import_repeats(
    tmp_path: Path, renames: int, months: int
) -> None:
    paths = [path for path in sys.path if path]
    script = KILLED.format(paths=paths, renames=renames, start=START, step=STEP, root=str(tmp_path))

    killed = subprocess.run([sys.executable, "-c", script], check=False)

    store = ParquetBarStore(tmp_path)
    assert killed.returncode == 9
    stored = len(store.load("EURUSD")[0]) if store.pairs() else 0
    of_may = int(np.count_nonzero(bars(0, 400).opened < 1_748_736_000))
    assert stored == (0, of_may, 400)[months]
    assert store.append(bars(0, 400), quality()) == ImportOutcome(400 - stored, stored, 0)
    assert len(store.provenance("EURUSD")) == 1


# Within a factor of two, beyond which a bar is out of proportion to its neighbours.
finite = st.floats(0.8, 1.6, allow_nan=False)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 5_000), finite, finite), min_size=1, max_size=30, unique_by=lambda row: row[0]),
    st.integers(0, 30),
    st.booleans(),
)
def test_given_any_bars_when_imported_in_any_two_parts_then_they_are_loaded_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, float, float]], cut: int, measured: bool
) -> None:
    store = ParquetBarStore(tmp_path_factory.mktemp("store"))
    rows.sort()
    opened = START + STEP * np.array([at for at, _, _ in rows], dtype=np.int64)
    a = np.array([each for _, each, _ in rows])
    b = np.array([each for _, _, each in rows])
    whole = Bars(
        "EURUSD", Timeframe.M15, opened, a, np.maximum(a, b), np.minimum(a, b), b, a * 100.0, b if measured else None
    )

    store.append(whole.rows(slice(cut, None)), quality("late.csv", "a"))
    store.append(whole.rows(slice(None, cut)), quality("early.csv", "b"))

    loaded, _ = store.load("EURUSD")
    for name in ("opened", "open", "high", "low", "close", "volume"):
        assert np.array_equal(getattr(loaded, name), getattr(whole, name)), name
    assert (loaded.spread_pips is None) is not measured
    assert loaded.spread_pips is None or np.array_equal(loaded.spread_pips, b)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(finite, finite), min_size=2, max_size=30))
def test_given_any_bars_when_written_as_text_and_read_then_they_are_the_same(
    tmp_path: Path, rows: list[tuple[float, float]]
) -> None:
    path = tmp_path / "EURUSD.csv"
    monday = START + 3 * 86_400
    lines = ["time,open,high,low,close,volume"]
    lines += [f"{monday + STEP * i},{a!r},{max(a, b)!r},{min(a, b)!r},{b!r},{i}" for i, (a, b) in enumerate(rows)]
    path.write_text("\n".join(lines), "utf-8")

    read, _ = read_bar_file(path, "EURUSD")

    assert list(zip(read.open.tolist(), read.close.tolist(), strict=True)) == rows
