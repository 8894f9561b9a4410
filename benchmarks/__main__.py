"""Measure the engine and its baselines side by side: ``python benchmarks``, with ``--long`` for growth as well.

A bar is a ratio against a baseline of the same run, because machines differ and a busy one drifts. Bars the design
gives in seconds are scaled by the baseline to the machine they were written on.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

# Run from a checkout, whether the project is installed or not.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from journal import journal
from markets import markets, tiled
from measures import engines, growth, one_decision, start_up
from orders import orders

from bitten_apps.collector import collecting_rarely

if TYPE_CHECKING:
    from measures import Row

_TARGET = Path(__file__).resolve().parents[1] / "docs" / "reference" / "measurements" / "engines.md"


def _table(rows: list[Row]) -> str:
    lines = ["| what | ours | baseline of the same run | ratio or scaled | bar | met |", "|---|---|---|---|---|---|"]
    for row in rows:
        met = "" if row.met is None else "yes" if row.met else "**no**"
        lines.append(f"| {row.what} | {row.ours} | {row.baseline} | {row.ratio:.3g} | {row.bar} | {met} |")
    return "\n".join(lines)


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _machine() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.processor() or platform.machine()}, {platform.system()}"


def main() -> int:
    """Measure, print the table and write it down."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--long", action="store_true", help="also measure growth; takes some minutes")
    parser.add_argument("--date", default=time.strftime("%Y-%m-%d"), help="date to write down (today)")
    parser.add_argument("--out", type=Path, default=_TARGET, help="where the table is written")
    asked = parser.parse_args()
    began = time.perf_counter()
    where = markets()
    # As the command line runs; baselines and candidates alike.
    with collecting_rarely():
        rows = [*engines(where, 5 if asked.long else 1), *one_decision(where), *start_up(where), *orders(), *journal()]
        if asked.long:
            rows += growth(where, tiled)
    command = "python benchmarks" + (" --long" if asked.long else "")
    text = f"""# Engines

Written by `{command}`; not edited by hand. A bar is a ratio against a baseline measured in the same run; where the
design gives seconds, the figure is scaled by the baseline to its reference machine.

- date: {asked.date}
- version: bitten {_installed("bitten")}, NumPy {_installed("numpy")}, backtesting.py {_installed("backtesting")}
- machine: {_machine()}, Python {platform.python_version()}
- market: {where.name}
- took: {time.perf_counter() - began:.0f} s

{_table(rows)}
"""
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
