"""Draw histories from the command line: ``python -m bitten_apps.testkit.histories --help``."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from bitten_adapters.files.education.syllabus_files import read_syllabus
from bitten_adapters.files.game.game_data import FileGameData
from bitten_apps.testkit.histories.campaign import run_campaign
from bitten_apps.testkit.histories.planted_bugs import PLANTED_BUGS, catch
from bitten_apps.testkit.histories.result_page import result_page

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run a campaign and plant the bugs; 1 when a promise broke or a bug got away."""
    parser = argparse.ArgumentParser(prog="python -m bitten_apps.testkit.histories", description=__doc__)
    parser.add_argument("--histories", type=int, default=10_000, help="how many in all")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--write", type=Path, help="write the result page to this file")
    chosen = parser.parse_args(arguments)
    began = time.perf_counter()
    campaign = run_campaign(chosen.histories, processes=chosen.processes)
    seconds = time.perf_counter() - began
    catalogue, syllabus = FileGameData().catalogue(), read_syllabus()
    catches = [catch(bug, catalogue, syllabus) for bug in PLANTED_BUGS]
    text = result_page(campaign, catches, seconds, chosen.processes)
    if chosen.write is not None:
        chosen.write.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    for fault in campaign.faults[:20]:
        sys.stdout.write(f"seed {fault.seed}: {fault.promise} {fault.by}\n")
    return int(bool(campaign.faults) or any(not one.promise for one in catches))


if __name__ == "__main__":
    sys.exit(main())
