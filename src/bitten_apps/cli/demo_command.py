"""``bitten demo``: a synthetic market, traded on paper while you watch. No account, token or network."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE, INTERRUPTED, PROBLEMS
from bitten_apps.cli.run_options import as_count, as_seed

if TYPE_CHECKING:
    import argparse
    from typing import TextIO

    from rich.console import Console

    from bitten_apps.cli.runs.demo_store import StoreRecord
    from bitten_apps.live_view.views import View

__all__ = ["register"]

_MOST_DAYS = 20
_DAYS = 5
_REPORT = Path("bitten-report-demo.html")
_WATCHED_SECONDS = 30.0
_PATIENCE_SECONDS = 40.0
_MOST_DIFFERENCES = 5


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``demo``; it sets ``run``: parsed arguments in, exit code out."""
    parser = subparsers.add_parser(
        "demo",
        help="watch a synthetic market being traded on paper",
        description="Make a synthetic market, trade it on a paper account whose state lies in a store, and write a "
        "report. Ends within a minute.",
    )
    parser.add_argument("--seed", type=as_seed, metavar="N", help="of the market; the same seed, the same run")
    parser.add_argument(
        "--days",
        type=lambda text: as_count(text, 1, _MOST_DAYS),
        default=_DAYS,
        metavar="N",
        help=f"market days to trade (default {_DAYS}, at most {_MOST_DAYS})",
    )
    parser.add_argument(
        "--fast",
        action="store_true",
        help="without the store, and not at a pace to follow: the same decisions in seconds",
    )
    parser.add_argument(
        "--report", type=Path, default=_REPORT, metavar="FILE", help=f"where the report goes (default {_REPORT})"
    )
    parser.add_argument("--json", action="store_true", help="show nothing, print one JSON document at the end")
    parser.set_defaults(run=_demo)


def _demo(arguments: argparse.Namespace) -> int:
    from rich.console import Console

    from bitten_apps.cli.runs.demo_run import run_demo
    from bitten_apps.cli.runs.report_file import checked_report_path
    from bitten_apps.cli.runs.run_results import tell_run
    from bitten_apps.container import Container

    report = checked_report_path(arguments.report)
    seed = Container.settings().seed if arguments.seed is None else arguments.seed
    view = _view(arguments, Console())
    outcome = run_demo(seed, arguments.days, view, 0.0 if arguments.fast else _PATIENCE_SECONDS)
    tell_run(outcome.run, outcome.plan, outcome.facts, report, as_json=arguments.json)
    if outcome.record is not None:
        _tell_record(outcome.record, len(outcome.run.equity_at), sys.stderr if arguments.json else sys.stdout)
    if outcome.was_stopped_by_hand:
        return INTERRUPTED
    return DONE if outcome.record is None or outcome.record.is_sound else PROBLEMS


def _tell_record(record: StoreRecord, moments: int, stream: TextIO) -> None:
    """Say what the store's journal proves, and whether the durable desk decided what the recorded path decides."""
    state = "INTACT" if record.is_intact else "DAMAGED"
    print(f"store    SQLite, {record.rows:,} journal rows, {state}. {record.proven}", file=stream)
    if record.anchor is not None:
        print(f"         anchor {record.anchor.root.hex()}, signed, over the heads", file=stream)
        for head in record.anchor.heads:
            print(f"         {head.stream}@{head.rows}:{head.head.hex()}", file=stream)
    hurried = moments - record.moments
    if hurried > 0:
        print(f"         the last {hurried} moments were hurried and took the recorded path", file=stream)
    if record.decisions and record.is_sound:
        print(f"         {record.decisions:,} decisions, the same as the recorded path's, byte for byte", file=stream)
    for text in (*record.problems, *record.differences[:_MOST_DIFFERENCES]):
        print(f"         {text}", file=stream)


def _view(arguments: argparse.Namespace, console: Console) -> View:
    from bitten_apps.container import Container
    from bitten_apps.live_view.views import LiveScreen, NoView, PlainLines
    from bitten_apps.settings import is_unattended

    if arguments.json:
        return NoView()
    if not console.is_terminal or console.is_dumb_terminal or is_unattended():
        return PlainLines(console)
    return LiveScreen(console, Container.clock(), 0.0 if arguments.fast else _WATCHED_SECONDS)
