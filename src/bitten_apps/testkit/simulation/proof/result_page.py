"""Result pages: what a campaign and the planted bugs came to, as Markdown written by the machine."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import TYPE_CHECKING

from bitten_apps.testkit.simulation.faulty.faults import Fault
from bitten_apps.testkit.simulation.proof.invariants import INVARIANTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_apps.testkit.simulation.proof.campaign import Campaign
    from bitten_apps.testkit.simulation.proof.planted_bugs import Catch

__all__ = ["bugs_table", "campaign_page"]

_WATCHED = {
    "I0": "no process stands still",
    "I4": "no commit opens beyond a limit",
    "I12": "after an emergency stop nothing opening is sent",
    "I17": "no live order without consent",
}


def campaign_page(campaign: Campaign, first_seed: int, seconds: float, processes: int) -> str:
    """Write a campaign's result.

    Args:
        campaign: what it came to.
        first_seed: of its stories; the others follow it.
        seconds: it took, of wall time.
        processes: that told stories side by side.
    """
    counts = campaign.counts
    broken: dict[str, int] = {}
    for _, violations in campaign.failures:
        for violation in violations:
            invariant = violation.partition(":")[0]
            broken[invariant] = broken.get(invariant, 0) + 1
    promises = {**_WATCHED, **{name: promise for name, (promise, _) in INVARIANTS.items()}}
    lines = [
        "# Simulation: the fire protocol under faults",
        "",
        "Written by `nox -s simulate`; not edited by hand. Every story has a seed, two routers and all kinds of",
        "faults; what is counted is counted at the paper brokers, from their own ledgers.",
        "",
        "| what | figure |",
        "|---|---|",
        f"| stories, seeds {first_seed} to {first_seed + campaign.stories - 1} | {campaign.stories:,} |",
        f"| fires asked for | {counts['fires']:,} |",
        f"| approved by the twelve checks | {counts['approved']:,} |",
        f"| positions opened at the brokers | {counts['executed']:,} |",
        f"| closes asked for | {counts['closes']:,} |",
        f"| deals booked | {counts['deals']:,} |",
        f"| faults that struck | {counts['faults']:,} |",
        f"| broken invariants | {sum(broken.values())} |",
        f"| version | bitten {version('bitten')}, Python {platform.python_version()} |",
        f"| seconds, {processes} process(es) | {seconds:,.0f} |",
        f"| fires a second | {counts['fires'] / seconds:,.0f} |",
        "",
        "| invariant | promise | broken |",
        "|---|---|---|",
        *(
            f"| {name} | {promises[name]} | {broken.get(name, 0)} |"
            for name in sorted(promises, key=lambda one: int(one[1:]))
        ),
        "",
        "| fault | struck |",
        "|---|---|",
        *(f"| {fault.value} | {counts[f'fault {fault.name}']:,} |" for fault in Fault),
    ]
    return "\n".join(lines) + "\n"


def bugs_table(catches: Sequence[Catch]) -> str:
    """Write which invariant caught each planted bug."""
    lines = ["| planted bug | what it does | caught by | seed | after fires |", "|---|---|---|---|---|"]
    for one in catches:
        caught = " ".join(one.invariants) or "NOBODY"
        lines.append(f"| {one.bug.name} | {one.bug.what} | {caught} | {one.seed} | {one.fires:,} |")
    return "\n".join(lines) + "\n"
