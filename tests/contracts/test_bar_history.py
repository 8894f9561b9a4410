"""The promises of BarHistory and BarStore, for every adapter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import pytest

from bitten_adapters.files.bar_file import ReadOptions
from bitten_adapters.files.bar_folder import FolderBarHistory
from bitten_adapters.parquet.bar_store import ParquetBarStore
from bitten_domain.errors import InvalidInput
from bitten_domain.market.bars import Bars, Timeframe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bitten_domain.ports.bar_history import BarHistory
    from bitten_domain.ports.bar_store import BarStore

MONDAY = 1_748_822_400  # 2025-06-02 00:00 UTC
N = 40


class Filled(Protocol):
    def __call__(self, folder: Path) -> BarHistory: ...


def _csv_folder(folder: Path) -> BarHistory:
    for symbol in ("GBPUSD", "EURUSD"):
        lines = ["time,open,high,low,close,volume"]
        lines += [f"{MONDAY + 900 * i},1.1,1.2,1.0,{1.1 + i / 1000:.3f},{i}" for i in range(N)]
        (folder / f"{symbol}.csv").write_text("\n".join(lines), "utf-8")
    return FolderBarHistory(folder, ReadOptions())


def _store(folder: Path) -> BarStore:
    (folder / "csv").mkdir()
    source = _csv_folder(folder / "csv")
    store = ParquetBarStore(folder / "store")
    for symbol in source.pairs():
        store.append(*source.load(symbol))
    return store


def _parquet_folder(folder: Path) -> BarHistory:
    import pyarrow as pa
    import pyarrow.parquet as pq

    (folder / "csv").mkdir()
    (folder / "parquet").mkdir()
    source = _csv_folder(folder / "csv")
    for symbol in source.pairs():
        bars, _ = source.load(symbol)
        times = pa.array(bars.opened * 1_000_000_000, type=pa.int64()).cast(pa.timestamp("ns", tz="UTC"))
        columns = {name: pa.array(getattr(bars, name)) for name in ("open", "high", "low", "close", "volume")}
        pq.write_table(pa.table({"time": times, **columns}), folder / "parquet" / f"{symbol}.parquet")
    return FolderBarHistory(folder / "parquet")


ADAPTERS: list[Callable[[Path], BarHistory]] = [_csv_folder, _parquet_folder, _store]


@pytest.fixture(params=ADAPTERS, ids=["csv folder", "parquet folder", "parquet store"])
def history(request: pytest.FixtureRequest, tmp_path: Path) -> BarHistory:
    make: Filled = request.param
    return make(tmp_path)


def test_given_a_history_when_asked_for_pairs_then_they_are_sorted_and_each_loads(history: BarHistory) -> None:
    assert history.pairs() == ("EURUSD", "GBPUSD")
    assert [history.load(symbol)[0].symbol for symbol in history.pairs()] == ["EURUSD", "GBPUSD"]


def test_given_a_history_when_loaded_then_bars_are_those_written_and_the_account_agrees(history: BarHistory) -> None:
    bars, quality = history.load("EURUSD")

    assert bars.timeframe is Timeframe.M15
    assert bars.opened.tolist() == [MONDAY + 900 * i for i in range(N)]
    assert bars.close.tolist() == [float(f"{1.1 + i / 1000:.3f}") for i in range(N)]
    assert (quality.rows, quality.kept, quality.first, quality.last) == (N, N, MONDAY, MONDAY + 900 * (N - 1))


def test_given_a_period_when_loaded_then_it_is_half_open_and_the_account_stays_whole(history: BarHistory) -> None:
    bars, quality = history.load("EURUSD", MONDAY + 900, MONDAY + 2700)

    assert bars.opened.tolist() == [MONDAY + 900, MONDAY + 1800]
    assert quality.kept == N


@pytest.mark.parametrize(
    ("start", "stop", "n"), [(None, MONDAY + 900, 1), (MONDAY + 900 * (N - 1), None, 1), (0, 1, 0)]
)
def test_given_an_open_or_empty_period_when_loaded_then_only_its_bars_are_given(
    history: BarHistory, start: int | None, stop: int | None, n: int
) -> None:
    assert len(history.load("EURUSD", start, stop)[0]) == n


def test_given_the_same_question_twice_when_loaded_then_the_answers_are_equal(history: BarHistory) -> None:
    (first, one), (second, two) = history.load("EURUSD"), history.load("EURUSD")

    assert one == two
    assert np.array_equal(first.close, second.close)


def test_given_a_pair_that_is_not_there_when_loaded_then_the_error_says_what_is(history: BarHistory) -> None:
    with pytest.raises(InvalidInput) as caught:
        history.load("USDJPY")

    assert "EURUSD" in caught.value.remedy


def test_given_a_store_when_bars_of_nothing_are_appended_then_nothing_changes(tmp_path: Path) -> None:
    store = _store(tmp_path)
    bars, quality = store.load("EURUSD")
    nothing: Bars = bars.rows(slice(0, 0))

    outcome = store.append(nothing, quality)

    assert (outcome.added, outcome.present, outcome.conflicts) == (0, 0, 0)
    assert len(store.load("EURUSD")[0]) == N
