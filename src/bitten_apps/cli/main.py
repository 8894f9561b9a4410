"""The command line's door: parse, run one command, answer with an exit code.

Nothing heavy is imported before a command runs, so that help is there at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from bitten_apps.cli import (
    backtest_command,
    config_command,
    data_commands,
    demo_command,
    replay_command,
    run_command,
    scan_command,
    verify_command,
)
from bitten_apps.cli.command_parser import CommandParser, UsageError
from bitten_apps.cli.exit_codes import BAD_INPUT, DEFECT, DONE, INTERRUPTED, UNAVAILABLE
from bitten_apps.cli.operating import admin_command
from bitten_apps.cli.people import learn_command, user_command
from bitten_apps.cli.store import (
    books_commands,
    db_command,
    doctor_command,
    emergency_command,
    ledger_command,
    signals_command,
)
from bitten_apps.collector import collecting_rarely

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["build_parser", "main"]

_EPILOG = """\
examples:
  bitten demo                               watch a synthetic market being traded on paper
  bitten data check ./bars                  what is in a folder of bar files, and what is wrong with it
  bitten backtest --data ./bars             the whole chain over recorded bars
  bitten scan --data ./bars --last 8        the signals of the last two hours
  bitten doctor                             whether settings, files, store and books are as they should be
  bitten verify DIR --key anchors.pub       whether an exported journal is what it was
  bitten replay all                         whether what was recorded is decided again, byte for byte

exit codes: 0 done, 1 ran but found problems, 2 bad input, 3 unavailable, 70 a defect of this program,
130 interrupted. --json prints one JSON document on standard output and nothing else there.
"""


class _Version(argparse.Action):
    """Look the version up only when it is asked for."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("bitten")
        except PackageNotFoundError:
            number = "(not installed: run from its source)"
        print(f"bitten {number}")
        parser.exit(DONE)


def build_parser() -> CommandParser:
    """Declare all commands; each sets ``run``: parsed arguments in, exit code out."""
    parser = CommandParser(
        prog="bitten",
        description="Explainable FX signals, risk-checked paper trading, and an honest record of what they were worth.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and leave")
    _add_commands(parser)
    return parser


def _add_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    demo_command.register(commands)
    run_command.register(commands)
    backtest_command.register(commands)
    scan_command.register(commands)
    data_commands.register(commands)
    verify_command.register(commands)
    replay_command.register(commands)
    books_commands.register(commands)
    signals_command.register(commands)
    ledger_command.register(commands)
    user_command.register(commands)
    learn_command.register(commands)
    admin_command.register(commands)
    emergency_command.register(commands)
    db_command.register(commands)
    doctor_command.register(commands)
    config_command.register(commands)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: what follows the program's name; None reads it from the process.

    Returns:
        The exit code, see `exit_codes`.
    """
    parser = build_parser()
    try:
        parsed = parser.parse_args(arguments)
    except UsageError as error:
        print(error, file=sys.stderr)
        if "--json" in (sys.argv[1:] if arguments is None else arguments):
            _print_failure(BAD_INPUT, error)
        return BAD_INPUT
    if parsed.command is None:
        parser.print_help(sys.stderr)
        return BAD_INPUT
    try:
        with collecting_rarely():
            code: int = parsed.run(parsed)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print(f"bitten {parsed.command}: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has had enough; Python must not complain about it again while it leaves.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        if error.filename is not None:
            print(f"bitten {parsed.command}: {error.filename}: {error.strerror}", file=sys.stderr)
            return BAD_INPUT
        # A full disk or a closed device under our own output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"bitten {parsed.command}: {error.strerror or error}: nothing more can be written", file=sys.stderr)
        return UNAVAILABLE
    except Exception as error:  # the outermost door: everything becomes a line and a code
        return _answer(parsed, error)
    return code


def _answer(parsed: argparse.Namespace, error: Exception) -> int:
    from bitten_domain.errors import BrokenInvariant, Conflict, InvalidInput, OutcomeUnknown, Unavailable

    name = f"bitten {parsed.command}"
    if isinstance(error, InvalidInput):
        code = BAD_INPUT
    elif isinstance(error, Unavailable | OutcomeUnknown | Conflict):
        code = UNAVAILABLE
    else:
        import traceback

        code = DEFECT
        traceback.print_exception(error)
        kind = "a promise of the code is broken" if isinstance(error, BrokenInvariant) else type(error).__name__
        print(f"{name}: a defect of this program ({kind}); please report it with the lines above", file=sys.stderr)
    if code != DEFECT:
        from bitten_apps.cli.store.plain_text import printable

        # What somebody typed, or a store holds, may be quoted in it.
        print(f"{name}: {printable(str(error))}", file=sys.stderr)
    if getattr(parsed, "json", False):
        _print_failure(code, error)
    return code


def _print_failure(code: int, error: Exception) -> None:
    import json

    print(json.dumps({"exit_code": code, "error": str(error)}))
