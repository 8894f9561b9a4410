"""Run simulations from the command line: ``python -m bitten_apps.testkit.simulation --help``."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from bitten_apps.testkit.simulation.proof.campaign import (
    FIRES_A_STORY,
    Failure,
    retold,
    run_campaigns,
    shortened,
    told,
)
from bitten_apps.testkit.simulation.proof.planted_bugs import PLANTED_BUGS, catch
from bitten_apps.testkit.simulation.proof.result_page import bugs_table, campaign_page
from bitten_apps.testkit.simulation.scenario import drawn

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line asks for; 1 when an invariant broke or a bug got away."""
    parser = argparse.ArgumentParser(prog="python -m bitten_apps.testkit.simulation", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    campaign = commands.add_parser("campaign", help="tell many stories")
    campaign.add_argument("--fires", type=int, default=50_000, help="how many fires in all")
    campaign.add_argument("--first-seed", type=int, default=1)
    campaign.add_argument("--processes", type=int, default=1)
    campaign.add_argument("--write", type=Path, help="plant the bugs too, and write the result page to this file")
    again = commands.add_parser("retell", help="tell one story again")
    again.add_argument("--seed", type=int, required=True)
    again.add_argument("--steps", help="numbers of the steps that are left, with commas")
    again.add_argument("--faults", help="names of the faults that are left, with commas; none for none")
    again.add_argument("--shorten", action="store_true", help="make it shorter first")
    bugs = commands.add_parser("bugs", help="plant every bug and say who caught it")
    bugs.add_argument("--stories", type=int, default=60, help="most stories a bug is looked for in")
    chosen = parser.parse_args(arguments)
    if chosen.command == "campaign":
        return _campaign(chosen.fires, chosen.first_seed, chosen.processes, chosen.write)
    if chosen.command == "bugs":
        catches = [catch(bug, chosen.stories) for bug in PLANTED_BUGS]
        _say(bugs_table(catches))
        return int(any(not one.invariants for one in catches))
    return _retell(chosen.seed, chosen.steps, chosen.faults, shorten=chosen.shorten)


def _campaign(fires: int, first_seed: int, processes: int, page: Path | None) -> int:
    began = time.perf_counter()
    whole = run_campaigns(first_seed, fires, processes, _say)
    seconds = time.perf_counter() - began
    text = campaign_page(whole, first_seed, seconds, processes)
    if page is not None:
        text += "\n" + bugs_table([catch(bug) for bug in PLANTED_BUGS])
        page.write_text(text, encoding="utf-8")
    _say(text)
    if whole.failures:
        _tell_failure(shortened(drawn(whole.failures[0][0], FIRES_A_STORY)))
    return int(bool(whole.failures))


def _retell(seed: int, steps: str | None, faults: str | None, *, shorten: bool) -> int:
    names = None if faults is None else [name for name in faults.split(",") if name != "none"]
    numbers = None if steps is None else [int(number) for number in steps.split(",")]
    scenario = retold(seed, numbers, names)
    violations = told(scenario).violations
    if not violations:
        _say(f"seed {seed}: every invariant holds")
        return 0
    _tell_failure(shortened(scenario) if shorten else Failure(scenario, violations))
    return 1


def _tell_failure(failure: Failure) -> None:
    scenario = failure.scenario
    _say(f"{len(scenario.steps)} steps, faults: {', '.join(sorted(f.name for f in scenario.faults)) or 'none'}")
    for step in scenario.steps:
        _say(f"  {step.at:8.3f} s  account {step.account + 1}: {step.deed.value}{', twice' * step.is_doubled}")
    for violation in failure.violations:
        _say(f"  {violation}")
    _say(f"again: {failure.command()}")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
