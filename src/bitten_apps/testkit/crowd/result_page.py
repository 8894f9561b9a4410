"""The result page: what crowds came to, as Markdown written by the machine."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_apps.testkit.crowd.proof import Crowd, CrowdResult

__all__ = ["Played", "crowd_page"]

_HEAD = """\
# Crowds: many workers at the limits of few accounts

Written by `python -m bitten_apps.testkit.crowd prove --write`; not edited by hand. Processes with the real use cases
and a store of their own fire at the same accounts on one database; the brokers live in another process, and their books
are what is counted against. Every transaction's limits are worked out again by hand inside it. Afterwards every order,
deal, reservation and journal row is compared, and every limit is worked out once more, from the rows alone, at the
moment of every approval. One key in five is told twice at once, one in ten by two processes. A refusal may have several
reasons. Crashes are, in turn, of the whole server at once and of one of its processes, after which it restarts itself.
"""


class Played(NamedTuple):
    """A crowd that was played.

    Args:
        name: what it shows, in a few words.
        crowd: what was played.
        result: what came of it.
    """

    name: str
    crowd: Crowd
    result: CrowdResult


def crowd_page(played: Sequence[Played]) -> str:
    """Write what crowds came to, a column each."""
    rows: list[tuple[str, list[str]]] = [
        ("accounts at once", [f"{one.crowd.accounts:,}" for one in played]),
        ("processes x workers", [f"{one.crowd.processes} x {one.crowd.workers}" for one in played]),
        ("rounds, with fresh accounts", [f"{one.crowd.rounds:,}" for one in played]),
    ]
    rows += [
        (name, [f"{one.result.counts[key]:,}" for one in played])
        for name, key in (
            ("fires", "fires"),
            ("times they were told", "questions"),
            ("approved at the limits", "approved"),
            ("positions opened at the brokers", "opened"),
            ("approved, and proven never to have reached its broker", "undone"),
            ("refused at the limit of positions", "refused for TOO_MANY_POSITIONS"),
            ("refused at the limit of positions on a pair", "refused for TOO_MANY_ON_PAIR"),
            ("refused at the limit of open and reserved risk", "refused for TOTAL_RISK"),
            ("refused at the limit of the day's loss", "refused for DAILY_RISK"),
            ("refused at the limit of a currency", "refused for CURRENCY_EXPOSURE"),
            ("refused at the limit of what moves together", "refused for CLUSTER_RISK"),
            ("refused at the limit of margin", "refused for MARGIN_LEVEL"),
            ("closes accepted", "closes"),
            ("deals", "deals"),
            ("crashes of the database", "crashes"),
            ("questions asked again after a failure", "asked again"),
        )
    ]
    rows += [
        ("broken promises", [f"{len(one.result.violations):,}" for one in played]),
        ("fires a second", [f"{one.result.counts['fires'] / max(one.result.seconds, 0.001):,.0f}" for one in played]),
    ]
    lines = [
        _HEAD,
        "| what | " + " | ".join(one.name for one in played) + " |",
        "|---|" + "---|" * len(played),
        *(f"| {name} | " + " | ".join(cells) + " |" for name, cells in rows),
    ]
    broken = [f"- {one.name}: {found}" for one in played for found in one.result.violations[:20]]
    if broken:
        lines += ["", "Broken:", "", *broken]
    seconds = sum(one.result.seconds for one in played)
    lines += ["", f"{seconds:,.0f} s with bitten {version('bitten')} on Python {platform.python_version()}."]
    return "\n".join(lines) + "\n"
