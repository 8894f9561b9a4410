"""The result page: what a campaign and the planted bugs came to, as Markdown written by the machine."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import TYPE_CHECKING

from bitten_apps.testkit.histories.checks import PROMISES
from bitten_apps.testkit.histories.harm import HARMS, INDIFFERENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_apps.testkit.histories.campaign import Campaign
    from bitten_apps.testkit.histories.planted_bugs import Catch

__all__ = ["result_page"]


def result_page(campaign: Campaign, catches: Sequence[Catch], seconds: float, processes: int) -> str:
    """Write a campaign's result.

    Args:
        campaign: what it came to.
        catches: who told of which planted bug.
        seconds: the campaign took, of wall time.
        processes: that worked side by side.
    """
    counts = campaign.counts
    broken = {name: sum(fault.promise == name for fault in campaign.faults) for name in PROMISES}
    lines = [
        "# Histories: the game cannot pay for harm",
        "",
        "Written by `nox -s histories`; not edited by hand. Histories are drawn from seeds and lived by the functions",
        "of progression. Every second one is compared with what harm makes of it; the others are held against tight",
        "caps and buy from the shop. Two of twenty are lived by the use cases in a store as well.",
        "",
        "| what | figure |",
        "|---|---|",
        f"| histories, seeds 1 to {counts['histories']} | {counts['histories']:,} |",
        f"| market days | {counts['days']:,} |",
        f"| closed trades | {counts['trades']:,} |",
        f"| histories lived by the use cases in a store as well | {counts['stored']:,} |",
        f"| comparisons with a history made worse, or otherwise | {campaign.compared.total():,} |",
        f"| broken promises | {len(campaign.faults)} |",
        f"| version | bitten {version('bitten')}, Python {platform.python_version()} |",
        f"| time | {seconds:,.0f} s, {processes} processes |",
        "",
        "| compared with the same history and | times |",
        "|---|---|",
        *(f"| {name} | {campaign.compared[name]:,} |" for name in (*HARMS, *INDIFFERENT)),
        "",
        "| promise | broken |",
        "|---|---|",
        *(f"| {promise} | {broken[name]} |" for name, promise in PROMISES.items()),
        "",
        "## Planted bugs",
        "",
        "Each is put in place of the real function, and histories are drawn until a promise breaks.",
        "",
        "| bug | what it does | told by | histories |",
        "|---|---|---|---|",
        *(f"| {one.bug.name} | {one.bug.what} | {one.promise or 'nobody'} | {one.histories:,} |" for one in catches),
    ]
    return "\n".join(lines) + "\n"
