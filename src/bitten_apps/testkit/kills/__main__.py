"""Kill processes from the command line: ``python -m bitten_apps.testkit.kills --help``."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from bitten_adapters.system.clock import SystemClock
from bitten_apps.testkit.kills.lives import recover, work
from bitten_apps.testkit.kills.place import Place

if TYPE_CHECKING:
    from bitten_apps.testkit.kills.proof import Databases, Outcome

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks for; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m bitten_apps.testkit.kills", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for life, told in (("child", "trade until killed"), ("recover", "clear up after it")):
        one = commands.add_parser(life, help=told)
        one.add_argument("--folder", type=Path, required=True, help="of the brokers' ledgers")
        one.add_argument("--url", required=True, help="of the store; its tables are there")
        one.add_argument("--accounts", type=int, default=2)
        one.add_argument("--began", type=float, required=True, help="when the story began, seconds since 1970 UTC")
        one.add_argument("--seed", type=int, default=1)
        one.add_argument("--kill-at", type=int, default=0, help="number of the crossing; 0 for none")
    prove = commands.add_parser("prove", help="kill, recover, judge")
    prove.add_argument("--databases", default="sqlite,postgresql", help="which, with a comma")
    prove.add_argument("--hooks", type=int, default=1_000_000, help="at most so many crossings, evenly spread")
    prove.add_argument("--random", type=int, default=300, help="so many random moments")
    prove.add_argument("--seed", type=int, default=1)
    prove.add_argument("--processes", type=int, default=1)
    prove.add_argument("--minutes", type=float, help="on each database, after which no kill is begun any more")
    prove.add_argument("--write", type=Path, help="write the result page to this file")
    chosen = parser.parse_args(arguments)
    if chosen.command == "prove":
        return _prove(chosen)
    place = Place(chosen.folder, chosen.url, chosen.accounts, chosen.began)
    asyncio.run((work if chosen.command == "child" else recover)(place, chosen.seed, chosen.kill_at))
    return 0


def _prove(chosen: argparse.Namespace) -> int:
    from bitten_apps.testkit.kills.proof import chosen_kills, clean_run, mixed, proven
    from bitten_apps.testkit.kills.result_page import kills_page

    clock = SystemClock()
    began = clock.monotonic_seconds()
    outcomes, crossings, left_out = {}, {}, {}
    with ExitStack() as stack:
        for name in chosen.databases.split(","):
            databases = _databases(name, stack)
            clean = clean_run(databases, chosen.seed)
            crossings[name] = clean.crossings
            kills = mixed(chosen_kills(clean, chosen.seed, chosen.hooks, chosen.random), chosen.seed)
            seconds = None if chosen.minutes is None else chosen.minutes * 60
            outcomes[name] = proven(databases, kills, chosen.processes, _tell, seconds)
            left_out[name] = len(kills) - len(outcomes[name])
    text = kills_page(outcomes, crossings, left_out, clock.monotonic_seconds() - began)
    if chosen.write is not None:
        chosen.write.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return int(any(one.violations for found in outcomes.values() for one in found))


def _databases(name: str, stack: ExitStack) -> Databases:
    from bitten_apps.testkit.kills.proof import SqliteDatabases

    if name == "sqlite":
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bitten-kills-"))
        return SqliteDatabases(Path(folder))
    from uuid import UUID

    from bitten_adapters.system.identity import SystemIdentity
    from bitten_apps.testkit.postgres_databases import PostgresDatabases
    from bitten_apps.testkit.postgres_server import PostgresServer

    server = stack.enter_context(PostgresServer())
    return stack.enter_context(PostgresDatabases(server.url(), UUID(SystemIdentity().new_id())))


def _tell(outcome: Outcome) -> None:
    for found in outcome.violations:
        sys.stderr.write(f"{outcome.kill} {outcome.where}: {found}\n")


if __name__ == "__main__":
    raise SystemExit(main())
