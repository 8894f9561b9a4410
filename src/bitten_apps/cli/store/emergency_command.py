"""``bitten emergency pause | halt | status | release``: stop trading from another terminal, and let it go on."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, NamedTuple

from bitten_apps.cli.exit_codes import BAD_INPUT, DONE

if TYPE_CHECKING:
    from bitten_apps.cli.store.emergency_orders import StopsStanding
    from bitten_domain.risk.emergency_stop import EmergencyStop

__all__ = ["register"]

_Json = dict[str, object]

_DESCRIPTION = """\
pause: nothing is opened. halt: nothing is opened, and everything open is closed. Closing is never held up by a stop, a
limit or a rank. A stop holds until it is released, over restarts too; your own for an hour at least.

The stop is written to the store, where a `bitten run` in another terminal sees it before it sends anything, and sends
the closes of a halt; without one, the next `bitten run` does.

The time is the desk's: the last moment the store knows. A run over a recording lives in the recording's time, so the
hour is an hour of that market.
"""

_GLOBAL_HELP = "for everybody; by an ADMIN"
_AS_HELP = "the ADMIN who decides, as the store knows them; with --global"


class _Asked(NamedTuple):
    """Whom a command is about, and who asks; an empty name is the local user's."""

    is_global: bool
    actor: str
    user: str


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``emergency`` and its commands; each sets ``run``: parsed arguments in, exit code out."""
    parser = subparsers.add_parser(
        "emergency",
        help="stop opening, or close everything; release it later",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="emergency_command", required=True, metavar="COMMAND")
    for name, told in (
        ("pause", "open nothing until it is released"),
        ("halt", "open nothing, and close everything that is open"),
        ("release", "end your pause and halt, an hour after they were set"),
    ):
        command = commands.add_parser(
            name, help=told, description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        command.add_argument("--global", dest="is_global", action="store_true", help=_GLOBAL_HELP)
        command.add_argument("--as", dest="actor", default="", metavar="ADMIN_ID", help=_AS_HELP)
        command.add_argument("--user", default="", metavar="ID", help="whose trading; the local user's when left out")
        command.add_argument("--json", action="store_true", help="print one JSON document")
        command.set_defaults(run=_release if name == "release" else _set)
    status = commands.add_parser("status", help="show what is stopped, and what is still being closed")
    status.add_argument("--json", action="store_true", help="print one JSON document")
    status.set_defaults(run=_status)


def _asked(arguments: argparse.Namespace) -> _Asked:
    from bitten_domain.errors import InvalidInput

    if arguments.is_global and not arguments.actor:
        raise InvalidInput("a stop for everybody is an ADMIN's", where="--global", remedy="say whose: --as ADMIN_ID")
    if arguments.actor and not arguments.is_global:
        raise InvalidInput("your own stop is set by yourself", where="--as", remedy="add --global, or say --user")
    if arguments.is_global and arguments.user:
        raise InvalidInput("a stop for everybody is nobody's own", where="--user", remedy="leave one of the two out")
    return _Asked(arguments.is_global, arguments.actor, arguments.user)


def _set(arguments: argparse.Namespace) -> int:
    from bitten_apps.cli.store.emergency_orders import set_stop
    from bitten_domain.risk.emergency_stop import StopKind, closes_positions

    asked = _asked(arguments)
    answer = set_stop(
        StopKind[arguments.emergency_command.upper()], asked.user, asked.actor, _complain, is_global=asked.is_global
    )
    if arguments.json:
        print(json.dumps({"stop": _told(answer.stop), "closes_written": len(answer.closing)}, indent=1))
        return DONE
    print(_in_words(answer.stop))
    if closes_positions(answer.stop):
        print(f"{len(answer.closing)} closes written: a running `bitten run` sends them, or else the next one does")
    print(f"end it with: {_release_line(asked)}")
    return DONE


def _complain(line: str) -> None:
    print(f"bitten emergency: {line}", file=sys.stderr)


def _release_line(asked: _Asked) -> str:
    from bitten_apps.cli.store.plain_text import printable

    own = f" --user {printable(asked.user)}" if asked.user else ""
    suffix = f" --global --as {printable(asked.actor)}" if asked.is_global else own
    return f"bitten emergency release{suffix}"


def _release(arguments: argparse.Namespace) -> int:
    from bitten_apps.cli.store.emergency_orders import release_stops
    from bitten_apps.cli.store.plain_text import printable

    asked = _asked(arguments)
    released, refused = release_stops(asked.user, asked.actor, _complain, is_global=asked.is_global)
    code = BAD_INPUT if refused else DONE
    if arguments.json:
        told: _Json = {"exit_code": code, "released": [_told(stop) for stop in released]}
        print(json.dumps({**told, "refused": [{**_told(stop), "error": why} for stop, why in refused]}, indent=1))
    else:
        for stop in released:
            print(f"released: {_in_words(stop)}")
        if not released and not refused:
            print("nothing to release")
    for _, why in refused:
        print(f"bitten emergency: {printable(why)}", file=sys.stderr)
    return code


def _status(arguments: argparse.Namespace) -> int:
    from bitten_apps.cli.store.emergency_orders import stops_standing
    from bitten_apps.cli.store.plain_text import iso, utc
    from bitten_apps.cli.store.store_reading import read_store

    standing: StopsStanding = read_store(stops_standing)
    if arguments.json:
        told: _Json = {
            "desk_time": None if standing.desk_time is None else iso(standing.desk_time),
            "stops": [_told(stop) for stop in standing.stops],
            "open_positions": standing.open_positions,
            "closes_under_way": standing.closes_under_way,
        }
        print(json.dumps(told, indent=1))
        return DONE
    for stop in standing.stops:
        print(_in_words(stop))
    if not standing.stops:
        print("nothing is stopped")
    print(f"{standing.open_positions} positions are open, {standing.closes_under_way} closes are under way")
    if standing.desk_time is not None:
        print(f"the desk's time is {utc(standing.desk_time)} UTC")
    return DONE


def _told(stop: EmergencyStop) -> _Json:
    from bitten_apps.cli.store.emergency_orders import own_release_from
    from bitten_apps.cli.store.plain_text import iso

    since = own_release_from(stop)
    return {
        "scope": stop.scope.value,
        "subject": stop.subject,
        "kind": stop.kind.value,
        "set_by": stop.set_by,
        "set_at": iso(stop.set_at),
        "release_from": None if since is None else iso(since),
    }


def _in_words(stop: EmergencyStop) -> str:
    from bitten_apps.cli.store.emergency_orders import own_release_from
    from bitten_apps.cli.store.plain_text import printable, utc

    whom = f"{stop.scope.value} {stop.subject}".rstrip()
    since = own_release_from(stop)
    until = "until an ADMIN releases it" if since is None else f"may be released from {utc(since)} UTC"
    return printable(f"{stop.kind.value} of {whom}, set by {stop.set_by} at {utc(stop.set_at)} UTC, {until}")
