"""``bitten verify``: whether the journal is what it was, from the store or offline from an export.

Exit codes: 0 intact, 1 damage found, 2 something asked for cannot be used.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE, PROBLEMS

if TYPE_CHECKING:
    from bitten_domain.ports.journal_reader import JournalReader
    from bitten_domain.record.journal_row import StreamHead
    from bitten_domain.record.verification import Verdict

__all__ = ["register"]

_MOST_PROCESSES = 16
_HEAD_DIGITS = 64

_Json = dict[str, object]

_DESCRIPTION = """\
Check every row of the journal and every anchor, name the first bad row of each stream, and say what is proven: that
nothing was changed since the last published anchor.

Without DIR the store is checked; --export writes a copy that is checked anywhere, without a store.
"""

_EPILOG = """\
examples:
  bitten verify --export ./journal                      write a copy of the journal
  bitten verify ./journal --key anchors.pub             check the copy
  bitten verify ./journal --key anchors.pub --anchors anchors.jsonl
                                                        hold it against anchors from where they were published
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``verify``; it sets ``run``: parsed arguments in, exit code out."""
    parser = subparsers.add_parser(
        "verify",
        help="prove that the journal was not changed since its last published anchor",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "directory", nargs="?", type=Path, metavar="DIR", help="an exported journal (default: the store)"
    )
    parser.add_argument(
        "--key", type=Path, metavar="FILE", help="public key that anchors must be signed by, from elsewhere"
    )
    parser.add_argument("--anchors", type=Path, metavar="FILE", help="anchors from where they were published")
    parser.add_argument(
        "--receipt",
        action="append",
        default=[],
        metavar="STREAM@ROWS:HEAD",
        help="head of a stream that you were given when it was new; may be repeated",
    )
    parser.add_argument("--export", type=Path, metavar="DIR", help="write the store's journal to a new folder, and end")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=_verify)


def _verify(arguments: argparse.Namespace) -> int:
    import asyncio

    return asyncio.run(_export(arguments) if arguments.export is not None else _check(arguments))


async def _export(arguments: argparse.Namespace) -> int:
    from bitten_apps.container import Container
    from bitten_domain.errors import InvalidInput
    from bitten_domain.use_cases.platform.export_journal import ExportJournal

    if arguments.directory is not None:
        raise InvalidInput(
            "an export is of the store, not of another export",
            where=f"--export {arguments.export}",
            remedy=f"copy {arguments.directory} instead",
        )
    summary = await ExportJournal(Container.existing_store(), Container.journal_sink(arguments.export))()
    told: _Json = {
        "exit_code": DONE,
        "folder": str(arguments.export),
        "streams": len(summary.heads),
        "rows": sum(head.rows for head in summary.heads),
        "anchors": len(summary.anchors),
    }
    if arguments.json:
        print(json.dumps(told, indent=1))
    else:
        print(
            f"{told['rows']} rows of {told['streams']} streams and {told['anchors']} anchors are in {arguments.export}"
        )
        print(f"check them with: bitten verify {arguments.export} --key FILE")
    return DONE


async def _check(arguments: argparse.Namespace) -> int:
    from bitten_apps.container import Container
    from bitten_domain.errors import InvalidInput
    from bitten_domain.use_cases.platform.verify_journal import VerifyJournal, VerifyJournalCommand

    if arguments.key is None:
        raise InvalidInput(
            "an anchor is worth as much as the key that signed it",
            where="--key",
            remedy="name the operator's public key, which you got from elsewhere than the journal: --key FILE",
        )
    command = VerifyJournalCommand(
        Container.public_key(arguments.key),
        None if arguments.anchors is None else Container.read_anchors(arguments.anchors),
        tuple(_receipt(text) for text in arguments.receipt),
    )
    journal: JournalReader
    if arguments.directory is None:
        journal = Container.stored_journal()
    else:
        journal = Container.exported_journal(arguments.directory, min(os.cpu_count() or 1, _MOST_PROCESSES))
    verdict = await VerifyJournal(journal, Container.is_signed())(command)
    code = DONE if verdict.is_intact else PROBLEMS
    if arguments.json:
        print(json.dumps(_told(verdict, code), indent=1))
    else:
        _print(verdict)
    return code


def _receipt(text: str) -> StreamHead:
    from bitten_domain.errors import InvalidInput
    from bitten_domain.record.journal_row import StreamHead

    stream, _, rest = text.partition("@")
    rows, _, head = rest.partition(":")
    try:
        found = StreamHead(stream, int(rows), bytes.fromhex(head))
    except ValueError:
        found = StreamHead("", 0, b"")
    if not found.stream or found.rows < 1 or len(head) != _HEAD_DIGITS:
        raise InvalidInput(
            "a receipt is a stream's name, its rows and its head",
            where=f"--receipt {text}",
            remedy=f"write it as STREAM@ROWS:HEAD, with a head of {_HEAD_DIGITS} hex digits",
        )
    return found


def _print(verdict: Verdict) -> None:
    if verdict.is_intact:
        print(f"INTACT: {verdict.rows} rows of {len(verdict.streams)} streams")
    else:
        print(f"DAMAGED: {len(verdict.findings)} findings")
        for finding in verdict.findings:
            print(f"  {finding}")
    print(f"Proven: {verdict.proven}")
    for sentence in verdict.not_proven:
        print(f"Not proven: {sentence}")


def _told(verdict: Verdict, code: int) -> _Json:
    anchor = verdict.anchors.published
    return {
        "exit_code": code,
        "intact": verdict.is_intact,
        "rows": verdict.rows,
        "erased": verdict.erased,
        "proven_rows": verdict.proven_rows,
        "proven": verdict.proven,
        "not_proven": list(verdict.not_proven),
        "last_published": None if anchor is None else {"day": anchor.day, "at": anchor.at, "root": anchor.root.hex()},
        "anchors": len(verdict.anchors.believed),
        "anchor_damage": [
            {"day": each.day, "kind": each.fault.name, "detail": each.detail} for each in verdict.anchors.damage
        ],
        "damage": [
            {
                "stream": each.damage.stream,
                "first": each.damage.number,
                "last": each.damage.last,
                "kind": each.damage.kind.name,
                "detail": each.damage.detail,
            }
            for each in verdict.streams
            if each.damage is not None
        ],
        "streams": [{"stream": each.stream, "rows": each.rows, "erased": each.erased} for each in verdict.streams],
    }
