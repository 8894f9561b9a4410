"""``bitten config check``: every setting in force, and where it was set."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE

if TYPE_CHECKING:
    import argparse

__all__ = ["register"]

_DESCRIPTION = """\
Show every setting in force with where it was set: a variable of the environment, the file that BITTEN_CONFIG names, or
the default. A secret is shown as ***. A name that is not known, or a value out of its bounds, is exit code 2.
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``config`` and its command; it sets ``run``: parsed arguments in, exit code out."""
    parser = subparsers.add_parser("config", help="show the settings in force")
    commands = parser.add_subparsers(dest="config_command", required=True, metavar="COMMAND")
    check = commands.add_parser(
        "check", help="read the settings, and show each with where it was set", description=_DESCRIPTION
    )
    check.add_argument("--json", action="store_true", help="print one JSON document")
    check.set_defaults(run=_check)


def _check(arguments: argparse.Namespace) -> int:
    from bitten_apps.cli.store.plain_text import printable
    from bitten_apps.settings import settings_with_origins

    settings, origins = settings_with_origins()
    values = {name: _in_words(getattr(settings, name)) for name in origins}
    if arguments.json:
        told = {name: {"value": values[name], "origin": origin} for name, origin in origins.items()}
        print(json.dumps({"exit_code": DONE, "settings": told}, indent=1))
        return DONE
    for name, origin in origins.items():
        print(printable(f"{name:<20}  {values[name] or 'not set'}  [{origin}]"))
    return DONE


def _in_words(value: object) -> str | None:
    from pydantic import SecretStr

    return None if value is None else "***" if isinstance(value, SecretStr) else str(value)
