"""A small synthetic market as files, and a command line that leaves the machine's settings out."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.synthetic.market import synthetic_market
from bitten_apps.container import Container

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__: list[str] = []

PAIRS = ("EURUSD", "GBPUSD", "USDJPY")
FIRST_DAY = date(2025, 1, 6)
MARKET_DAYS = 40


@pytest.fixture(scope="session")
def bar_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with 40 synthetic market days, 2025-01-06 to 2025-02-28, of three pairs as CSV."""
    folder = tmp_path_factory.mktemp("bars")
    market = synthetic_market(3, FIRST_DAY, MARKET_DAYS)
    for symbol in PAIRS:
        bars = market.bars[symbol]
        columns = (bars.opened, bars.open, bars.high, bars.low, bars.close, bars.volume)
        rows = (",".join(str(value) for value in row) for row in zip(*(c.tolist() for c in columns), strict=True))
        (folder / f"{symbol}.csv").write_text("\n".join(["time,open,high,low,close,volume", *rows]), "utf-8")
    return folder


@pytest.fixture(autouse=True)
def plain_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Leave out what the machine's owner set, keep out of their home, and forget what the test did."""
    for name in os.environ:
        if name.startswith("BITTEN_") or name in {"DATABASE_URL", "SQLITE_PATH"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("BITTEN_HOME", str(tmp_path / "home"))
    Container.settings.reset()
    Container.unit_of_work.reset()
    yield
    Container.settings.reset()
    Container.unit_of_work.reset()
