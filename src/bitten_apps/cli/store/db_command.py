"""``bitten db upgrade | check``: the store's tables.

Exit codes of ``check``: 0 they are this version's, 1 they are not, 2 there is no store, 3 it does not answer.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE, PROBLEMS

if TYPE_CHECKING:
    import argparse

    from bitten_apps.store import SchemaStanding

__all__ = ["register"]

_DESCRIPTION = """\
The store is a SQLite file in the home folder, or the PostgreSQL database that BITTEN_DATABASE_URL names. `bitten run`
brings the file's tables up to date by itself; a database's are brought up to date here, once for all who use it.
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``db`` and its commands; each sets ``run``: parsed arguments in, exit code out."""
    parser = subparsers.add_parser("db", help="bring the store's tables up to date, or check them",
                                   description=_DESCRIPTION)  # fmt: skip
    commands = parser.add_subparsers(dest="db_command", required=True, metavar="COMMAND")
    upgrade = commands.add_parser(
        "upgrade",
        help="bring the tables to this version's revision; makes the file or fills the empty database",
        description="Bring the store's tables to this version's revision, all of it or nothing. Back it up first.",
    )
    check = commands.add_parser(
        "check",
        help="compare the tables with what this version expects; changes nothing",
        description="Say the store's revision, the newest, and every table, rule and guard that differs. Exit code 1 "
        "when something does.",
    )
    for command, run in ((upgrade, _upgrade), (check, _check)):
        command.add_argument("--json", action="store_true", help="print one JSON document")
        command.set_defaults(run=run)


def _upgrade(arguments: argparse.Namespace) -> int:
    from bitten_apps.container import Container

    standing: SchemaStanding = Container.upgraded_schema()
    return _tell(standing, as_json=arguments.json)


def _check(arguments: argparse.Namespace) -> int:
    from bitten_apps.container import Container

    standing: SchemaStanding = Container.schema_standing()
    return _tell(standing, as_json=arguments.json)


def _tell(standing: SchemaStanding, *, as_json: bool) -> int:
    from bitten_apps.cli.store.plain_text import printable
    from bitten_apps.container import Container
    from bitten_apps.store import store_name

    code = DONE if standing.is_current else PROBLEMS
    name = store_name(Container.settings())
    if as_json:
        told = {"exit_code": code, "store": name, **standing._asdict(), "is_current": standing.is_current}
        print(json.dumps(told, indent=1))
        return code
    print(f"store     {printable(name)}")
    print(f"revision  {printable(standing.revision or 'none')}, newest {standing.newest}")
    for difference in standing.differences:
        print(f"differs   {printable(difference)}")
    if standing.is_current:
        print("the tables are as this version expects them")
    elif standing.revision != standing.newest:
        print("bring them up to date with: bitten db upgrade")
    else:
        print("somebody changed the tables by hand: restore the store from a backup")
    return code
