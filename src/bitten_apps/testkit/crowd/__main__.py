"""Play crowds from the command line: ``python -m bitten_apps.testkit.crowd --help``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from bitten_adapters.sql import schema
from bitten_apps.testkit.crowd.proof import Crowd, crash, play_crowd
from bitten_apps.testkit.crowd.result_page import Played, crowd_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bitten_apps.testkit.postgres_server import PostgresServer

__all__ = ["main"]

# Most of the race is at the start of a round, when nothing of an account's limits is used up.
_FIRES_AN_ACCOUNT = 125


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks for; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m bitten_apps.testkit.crowd", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    prove = commands.add_parser("prove", help="fire from many sides at once, and judge")
    prove.add_argument("--databases", default="sqlite,postgresql", help="which, with a comma")
    prove.add_argument("--fires", type=int, default=50_000, help="of 64 workers at one account, on each database")
    prove.add_argument("--crashes", type=int, default=50, help="of PostgreSQL, under load")
    prove.add_argument("--write", type=Path, help="write the result page to this file")
    chosen = parser.parse_args(arguments)
    played: list[Played] = []
    for one in _all_played(tuple(chosen.databases.split(",")), chosen.fires, chosen.crashes):
        _say(f"{one.name}: {len(one.result.violations)} broken promises in {one.result.seconds:.0f} s")
        played.append(one)
    text = crowd_page(played)
    if chosen.write is not None:
        chosen.write.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return int(any(one.result.violations for one in played))


def _all_played(databases: tuple[str, ...], fires: int, crashes: int) -> Iterator[Played]:
    hot = _crowd(fires, accounts=1, processes=1, workers=64)
    two = _crowd(fires // 5, accounts=4, processes=2, workers=32)
    four = _crowd(fires // 5, accounts=4, processes=4, workers=16)
    if "sqlite" in databases:
        for name, crowd in (
            ("SQLite, one account", hot),
            ("SQLite, two processes", two),
            ("SQLite, four processes", four),
        ):
            with tempfile.TemporaryDirectory(prefix="bitten-crowd-") as folder:
                url = f"sqlite:///{Path(folder) / 'crowd.db'}"
                schema.upgrade(url)
                yield Played(name, crowd, play_crowd(url, crowd))
    if "postgresql" in databases:
        with ExitStack() as stack:
            server, fresh = _server(stack)
            yield Played("PostgreSQL, one account", hot, play_crowd(fresh(), hot))
            yield Played("PostgreSQL, two routers", two, play_crowd(fresh(), two))
            yield Played("PostgreSQL, four routers", four, play_crowd(fresh(), four))
            if crashes:
                yield _crashed(fresh(), server, crashes)


def _crowd(fires: int, *, accounts: int, processes: int, workers: int) -> Crowd:
    return Crowd(fires, max(1, fires // (accounts * _FIRES_AN_ACCOUNT)), accounts, processes, workers)


def _crashed(url: str, server: PostgresServer, crashes: int) -> Played:
    crowd = Crowd(crashes * 200, max(1, crashes // 10), accounts=4, processes=2, workers=16)
    done = [0]

    def crash_again() -> None:
        if done[0] < crashes:
            done[0] += 1
            crash(server, done[0])

    result = play_crowd(url, crowd, crash_again, every=0.3)
    result.counts["crashes"] = done[0]
    return Played(f"PostgreSQL, crashed {done[0]} times", crowd, result)


def _server(stack: ExitStack) -> tuple[PostgresServer, Callable[[], str]]:
    from uuid import UUID

    from bitten_adapters.system.identity import SystemIdentity
    from bitten_apps.testkit.postgres_databases import PostgresDatabases
    from bitten_apps.testkit.postgres_server import PostgresServer

    # It crashes as a machine does, so it syncs as a real one does.
    server = stack.enter_context(PostgresServer(durable=True))
    databases = stack.enter_context(PostgresDatabases(server.url(), UUID(SystemIdentity().new_id())))
    return server, databases.fresh


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
