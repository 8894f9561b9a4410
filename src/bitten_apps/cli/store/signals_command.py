"""``bitten signals``: what was emitted, fired or not, and what it came to."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE
from bitten_apps.cli.run_options import as_count, as_date

if TYPE_CHECKING:
    import argparse

    from bitten_domain.desk.idea_outcome import IdeaOutcome
    from bitten_domain.desk.signal import Signal
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["register"]

_SIGNALS = 20
_MOST_SIGNALS = 100_000
_DAY = 86_400
_FIRST_LOOK = 2 * _DAY

_Json = dict[str, object]


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``signals``; it sets ``run``: parsed arguments in, exit code out."""
    parser = subparsers.add_parser(
        "signals",
        help="show emitted signals, newest first, with what they came to",
        description="Show the signals in the store, newest first, fired or not, with their outcome net of costs. Times "
        "are UTC, and a replay's are its own. A score ranks how complete a set-up is; no edge is claimed.",
    )
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument(
        "--limit",
        type=lambda text: as_count(text, 1, _MOST_SIGNALS),
        default=_SIGNALS,
        metavar="N",
        help=f"at most so many (default {_SIGNALS})",
    )
    chosen.add_argument("--since", type=as_date, metavar="DATE", help="all from that day on, YYYY-MM-DD, 00:00 UTC")
    parser.add_argument("--json", action="store_true", help="print one JSON document; prices are strings")
    parser.set_defaults(run=_signals)


def _signals(arguments: argparse.Namespace) -> int:
    from bitten_apps.cli.store.books_tables import print_signals
    from bitten_apps.cli.store.store_reading import read_store

    found = read_store(lambda store: _wanted(store, arguments.since, arguments.limit))
    if arguments.json:
        print(json.dumps({"label": "PAPER", "signals": [_told(*each) for each in found]}, indent=1))
    elif found:
        print_signals(found)
    else:
        print("no signals")
    return DONE


def _wanted(store: Repositories, since: date | None, limit: int) -> list[tuple[Signal, IdeaOutcome | None]]:
    desk = store.signals.desk()
    if desk is None:
        return []
    stop = desk.scanned_to + 1
    if since is None:
        signals = _newest(store, stop, limit)
    else:
        start = (since - date(1970, 1, 1)).days * _DAY
        signals = [*reversed(store.signals.between(start, stop))]
    return [(signal, store.outcomes.get(signal.signal_id)) for signal in signals]


def _newest(store: Repositories, stop: int, limit: int) -> list[Signal]:
    """Look back in ever longer stretches, so that a few signals of a long history are found without reading it."""
    found: list[Signal] = []
    stretch = _FIRST_LOOK
    while stop > 0 and len(found) < limit:
        start = max(0, stop - stretch)
        found += reversed(store.signals.between(start, stop))
        stop, stretch = start, 2 * stretch
    return found[:limit]


def _told(signal: Signal, outcome: IdeaOutcome | None) -> _Json:
    from bitten_apps.cli.store.plain_text import iso

    return {
        "signal_id": signal.signal_id,
        "at": iso(signal.at),
        "pair": signal.symbol,
        "direction": signal.direction.value,
        "strategy": signal.strategy,
        "timeframe_seconds": signal.timeframe,
        "entry": str(signal.entry),
        "stop": str(signal.stop),
        "target": str(signal.target),
        "plan": signal.plan.value,
        "score": signal.score / 100,
        "band": signal.band.value,
        "valid_until": iso(signal.valid_until),
        "flat_at": iso(signal.flat_at),
        "outcome": None
        if outcome is None
        else {
            "ended_at": iso(outcome.ended_at),
            "net_r": None if outcome.net_r is None else str(outcome.net_r),
            "gross_r": None if outcome.gross_r is None else str(outcome.gross_r),
        },
    }
