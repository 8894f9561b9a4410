"""The harness is honest: bugs that are planted are caught, and a failing story is made short."""

from __future__ import annotations

import pytest

from bitten_apps.testkit.simulation.faulty.faults import Fault
from bitten_apps.testkit.simulation.proof.campaign import retold, shortened
from bitten_apps.testkit.simulation.proof.planted_bugs import PLANTED_BUGS, PlantedBug, catch
from bitten_apps.testkit.simulation.scenario import Scenario, drawn
from bitten_apps.testkit.simulation.world import Story, World

MOST_STORIES = 60


@pytest.mark.parametrize("bug", PLANTED_BUGS, ids=[bug.name for bug in PLANTED_BUGS])
def test_given_a_planted_bug_when_stories_are_told_then_an_invariant_breaks(bug: PlantedBug) -> None:
    caught = catch(bug, MOST_STORIES)

    assert caught.invariants, f"nobody caught: {bug.what}"


def test_given_the_list_when_counted_then_the_documented_six_and_six_more_are_in_it() -> None:
    names = [bug.name for bug in PLANTED_BUGS]

    assert names[:6] == [
        "retry on timeout",
        "commit after send",
        "no lock",
        "release twice",
        "float volume",
        "dedupe by greater than",
    ]
    assert len(set(names)) >= 12


def test_given_a_failing_story_when_shortened_then_it_fails_with_less_and_can_be_told_again() -> None:
    bug = next(bug for bug in PLANTED_BUGS if bug.name == "never asks")

    def with_the_bug(scenario: Scenario) -> Story:
        with bug.planted():
            return World(scenario, bug.parts).told()

    whole = drawn(1, 240)
    failure = shortened(whole, with_the_bug)

    assert len(failure.scenario.steps) < 30
    assert len(failure.scenario.faults) < len(Fault) / 2
    words = failure.command().split()
    steps = [int(number) for number in words[words.index("--steps") + 1].split(",")]
    faults = words[words.index("--faults") + 1].split(",")
    assert retold(whole.seed, steps, faults) == failure.scenario
    assert with_the_bug(failure.scenario).violations == failure.violations
