"""``bitten doctor``: whether everything a running centre needs is as it should be.

Exit codes: 0 all is well, 1 something is not.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE, PROBLEMS

if TYPE_CHECKING:
    import argparse

__all__ = ["register"]

_DESCRIPTION = """\
Look at the settings, the home folder, the key, the store and its tables, the accounts, orders and reservations in it,
the journal, its anchors and the paper ledgers, each on a line of its own. Changes nothing, and may be asked while
`bitten run` runs; what has not been made yet is no fault.
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``doctor``; it sets ``run``: parsed arguments in, exit code out."""
    parser = subparsers.add_parser(
        "doctor", help="check settings, files, store and books; exit code 1 when something is wrong",
        description=_DESCRIPTION,
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=_doctor)


def _doctor(arguments: argparse.Namespace) -> int:
    from bitten_apps.cli.store.health import examine
    from bitten_apps.cli.store.plain_text import printable

    findings = examine()
    code = DONE if all(finding.is_well for finding in findings) else PROBLEMS
    if arguments.json:
        print(json.dumps({"exit_code": code, "findings": [finding._asdict() for finding in findings]}, indent=1))
        return code
    for finding in findings:
        remedy = f" ({finding.remedy})" if finding.remedy else ""
        mark = "ok  " if finding.is_well else "FAIL"
        print(f"{mark}  {finding.name:<12}  {printable(finding.detail + remedy)}")
    return code
