"""``bitten replay``: recorded inputs decided again, and compared byte for byte with what was decided.

Exit codes: 0 the same, 1 something differs, 2 there is no such day, or recording or journal cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE, PROBLEMS
from bitten_apps.cli.run_options import as_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_apps.replaying.comparison import Difference
    from bitten_apps.replaying.day_replay import DayReplayed, Wanted
    from bitten_apps.replaying.replayer import Decided
    from bitten_domain.record.decision_changes import Change

__all__ = ["register"]

_Json = dict[str, object]

_SHOWN = 3
_DAY_ZERO = 719_163
"""Ordinal of 1970-01-01."""

_DESCRIPTION = """\
Decide a day again from what `bitten run` recorded: bars, calendar, commands, answers of the broker, times and ids.
Every decision is compared byte for byte with the journal. The replay begins where the recording does, and works in
memory; nothing is changed.

--against says where another version decides otherwise on the same inputs.
"""

_EPILOG = """\
examples:
  bitten replay 2025-02-25                    one trading day
  bitten replay all                           everything that was recorded
  bitten replay all --against ./other-venv    where the version installed there decides otherwise
  bitten replay all --against ./journal       where the version that made this export decided otherwise
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``replay``; it sets ``run``: parsed arguments in, exit code out."""
    parser = subparsers.add_parser(
        "replay",
        help="decide a recorded day again, and compare byte for byte",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("day", type=_as_day, metavar="DAY", help="trading day, YYYY-MM-DD, or all")
    parser.add_argument(
        "--against",
        type=Path,
        metavar="PATH",
        help="exported journal of another version, or an environment (or its Python) with another version",
    )
    parser.add_argument("--inputs", type=Path, metavar="DIR", help="folder of the recording (default: of BITTEN_HOME)")
    parser.add_argument(
        "--journal", type=Path, metavar="DIR", help="the recording's own journal, exported (default: the store's)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--decisions", action="store_true", help="with --json: every decision made again")
    parser.set_defaults(run=_run)


def _as_day(text: str) -> int | None:
    return None if text == "all" else as_date(text).toordinal() - _DAY_ZERO


def _run(arguments: argparse.Namespace) -> int:
    from bitten_apps.replaying.day_replay import Wanted, replay

    wanted = Wanted(arguments.day, arguments.inputs, arguments.journal)
    done = replay(wanted)
    for torn in done.torn:
        print(
            f"bitten replay: {torn} was cut off by a crash and is left out; nothing was decided from it",
            file=sys.stderr,
        )
    if arguments.against is not None:
        return _against(arguments, wanted, done)
    code = DONE if done.is_same else PROBLEMS
    if arguments.json:
        told = _told(done, code)
        if arguments.decisions:
            told["decisions"] = [_decision(each) for each in done.replayed]
        print(json.dumps(told, indent=1))
    else:
        _print(done)
    return code


def _against(arguments: argparse.Namespace, wanted: Wanted, done: DayReplayed) -> int:
    from bitten_apps.replaying.other_version import decisions_elsewhere
    from bitten_domain.record.decision_changes import changes_between

    there = decisions_elsewhere(arguments.against, wanted, done.days)
    changes = changes_between(_with_payload(done.replayed), _with_payload(there))
    code = PROBLEMS if changes else DONE
    if arguments.json:
        told = _told(done, code)
        told["against"] = str(arguments.against)
        told["changes"] = [
            {"group": each.group.value, "subject": each.subject, "here": each.here, "there": each.there}
            for each in changes
        ]
        print(json.dumps(told, indent=1))
    else:
        _print_changes(changes, done, arguments.against)
    return code


def _with_payload(decided: Sequence[Decided]) -> list[tuple[str, bytes]]:
    return [(each.stream, each.payload) for each in decided if each.payload is not None]


def _print(done: DayReplayed) -> None:
    print(f"{_span(done.days)}: {len(done.recorded)} decisions compared, byte for byte")
    if done.killed:
        print(f"{done.killed} runs were killed on the way; what they had committed is replayed")
    if done.is_same:
        print("IDENTICAL")
    elif done.differences:
        print(f"DIFFERENT: {len(done.differences)} decisions")
    else:
        print("DIFFERENT: the same decisions by another way")
    for each in done.differences[:_SHOWN]:
        _print_difference(each)
    if len(done.differences) > _SHOWN:
        print(f"and {len(done.differences) - _SHOWN} more; --json lists all")
    if done.earlier:
        print(f"{done.earlier} decisions differ on days before, so this day began from another state")
    if done.departure is not None:
        print(f"the replay left the recording on {_date(done.departure.day)}: {done.departure.what}")
        print("from there on the broker is this version's paper broker, shown the recorded bars")


def _print_difference(each: Difference) -> None:
    print(f"  {_date(each.day)} {each.stream} row {each.number}")
    print(f"    recorded {_text(each.recorded)}")
    print(f"    replayed {_text(each.replayed)}")


def _print_changes(changes: Sequence[Change], done: DayReplayed, other: Path) -> None:
    from itertools import groupby

    print(f"{_span(done.days)}: {len(done.replayed)} decisions here, against {other}")
    if not changes:
        print("NO DECISION DIFFERS")
    for group, each_of in groupby(changes, key=lambda change: change.group):
        listed = list(each_of)
        print(f"{group.value}: {len(listed)} differ")
        for change in listed:
            print(f"  {change.subject}")
            print(f"    here  {_or_nothing(change.here)}")
            print(f"    there {_or_nothing(change.there)}")


def _told(done: DayReplayed, code: int) -> _Json:
    departure = done.departure
    return {
        "exit_code": code,
        "days": [_date(day) for day in done.days],
        "compared": len(done.recorded),
        "identical": done.is_same,
        "differences": [
            {
                "day": _date(each.day),
                "stream": each.stream,
                "number": each.number,
                "recorded": None if each.recorded is None else each.recorded.decode(),
                "replayed": None if each.replayed is None else each.replayed.decode(),
            }
            for each in done.differences
        ],
        "earlier_differences": done.earlier,
        "departed": None if departure is None else {"day": _date(departure.day), "what": departure.what},
        "torn": list(done.torn),
        "killed_runs": done.killed,
    }


def _decision(each: Decided) -> _Json:
    payload = None if each.payload is None else each.payload.decode()
    return {"day": each.day, "stream": each.stream, "number": each.number, "payload": payload}


def _span(days: Sequence[int]) -> str:
    first, last = _date(days[0]), _date(days[-1])
    return first if first == last else f"{first} to {last}"


def _date(day: int) -> str:
    from bitten_apps.replaying.day_replay import date_of

    return str(date_of(day))


def _text(payload: bytes | None) -> str:
    return "nothing" if payload is None else payload.decode()


def _or_nothing(text: str | None) -> str:
    return "nothing" if text is None else text
