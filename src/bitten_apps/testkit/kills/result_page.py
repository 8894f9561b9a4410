"""The result page: what the kills came to, as Markdown written by the machine."""

from __future__ import annotations

import platform
from collections import Counter
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bitten_apps.testkit.kills.proof import Outcome

__all__ = ["kills_page"]


def kills_page(
    outcomes: Mapping[str, Sequence[Outcome]],
    crossings: Mapping[str, int],
    left_out: Mapping[str, int],
    seconds: float,
) -> str:
    """Write what kills came to.

    Args:
        outcomes: by database.
        crossings: of a run without a kill, by database.
        left_out: kills that were planned and not begun, since the time was up, by database.
        seconds: it all took, of wall time.
    """
    lines = [
        "# Kill -9: the real process ended at every crossing and at random",
        "",
        "Written by `python -m bitten_apps.testkit.kills prove --write`; not edited by hand. A process trades on two",
        "paper accounts, is ended by SIGKILL, and is started again; then a third process counts in the brokers' own",
        "ledgers and in the store. A crossing is a step over the border of the core: before, inside and after each",
        "transaction, before and after each broker call, before, in the middle of and after each ledger line.",
        "Recovery is measured from the start of the interpreter to the end of every order.",
        "",
        "| what | " + " | ".join(outcomes) + " |",
        "|---|" + "---|" * len(outcomes),
        _row("crossings of a run without a kill", [crossings[name] for name in outcomes]),
        _row(
            "killed at a crossing",
            [sum(bool(one.kill.crossing) and one.is_dead for one in outcomes[n]) for n in outcomes],
        ),
        _row(
            "different crossings",
            [len({one.kill.crossing for one in outcomes[n] if one.kill.crossing}) for n in outcomes],
        ),
        _row(
            "killed at a random moment",
            [sum(one.kill.after is not None and one.is_dead for one in outcomes[n]) for n in outcomes],
        ),
        _row("left out, since the time given was up", [left_out[name] for name in outcomes]),
        _row("finished before their moment came", [sum(not one.is_dead for one in outcomes[n]) for n in outcomes]),
        _row(
            "of all, killed again while recovering",
            [sum(bool(one.kill.again) for one in outcomes[n]) for n in outcomes],
        ),
    ]
    lines += [
        *(
            _row(what, [sum(one.counts[what] for one in outcomes[name]) for name in outcomes])
            for what in ("fires acknowledged", "positions opened", "deals")
        ),
        _row("broken promises", [sum(len(one.violations) for one in outcomes[name]) for name in outcomes]),
        "| longest recovery, s | "
        + " | ".join(f"{max((one.recovery_seconds for one in outcomes[n]), default=0.0):.2f}" for n in outcomes)
        + " |",
        "",
        "| killed | " + " | ".join(outcomes) + " |",
        "|---|" + "---|" * len(outcomes),
    ]
    where = {
        name: Counter(one.where or "at a random moment" for one in outcomes[name] if one.is_dead) for name in outcomes
    }
    for place in sorted({place for counts in where.values() for place in counts}):
        lines.append(_row(place, [where[name][place] for name in outcomes]))
    broken = [
        f"- {name}, {one.kill}: {found}" for name in outcomes for one in outcomes[name] for found in one.violations
    ]
    if broken:
        lines += ["", "Broken:", "", *broken]
    lines += ["", f"{seconds:,.0f} s with bitten {version('bitten')} on Python {platform.python_version()}."]
    return "\n".join(lines) + "\n"


def _row(what: str, figures: Sequence[int]) -> str:
    return f"| {what} | " + " | ".join(f"{figure:,}" for figure in figures) + " |"
