"""Campaigns: many stories, the first that breaks an invariant made as short as it can be, and what all came to."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeVar

from bitten_apps.testkit.simulation.faulty.faults import Fault
from bitten_apps.testkit.simulation.scenario import Scenario, drawn
from bitten_apps.testkit.simulation.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bitten_apps.testkit.simulation.world import Story

__all__ = ["FIRES_A_STORY", "Campaign", "Failure", "retold", "run_campaign", "run_campaigns", "shortened", "told"]

T = TypeVar("T")

FIRES_A_STORY = 240
"""Fires of one story: enough for its loops to be worth their time, few enough for it to be read."""

_MOST_TELLINGS = 160
_CHUNK = 10


@dataclass(frozen=True, slots=True)
class Failure:
    """A story that broke an invariant.

    Args:
        scenario: as short as it was made.
        violations: what it breaks.
    """

    scenario: Scenario
    violations: tuple[str, ...]

    def command(self) -> str:
        """Write how to tell it again."""
        scenario = self.scenario
        whole = drawn(scenario.seed, FIRES_A_STORY)
        place = {step: number for number, step in enumerate(whole.steps)}
        words = [f"python -m bitten_apps.testkit.simulation retell --seed {scenario.seed}"]
        if len(scenario.steps) < len(whole.steps):
            words.append(f"--steps {','.join(str(place[step]) for step in scenario.steps)}")
        if scenario.faults != whole.faults:
            words.append(f"--faults {','.join(sorted(fault.name for fault in scenario.faults)) or 'none'}")
        return " ".join(words)


@dataclass(slots=True)
class Campaign:
    """What a campaign came to.

    Args:
        stories: told.
        counts: summed over them.
        failures: seeds that broke something, with what.
    """

    stories: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)

    def take(self, seed: int, story: Story) -> None:
        """Add a story."""
        self.stories += 1
        self.counts += story.counts
        if story.violations:
            self.failures.append((seed, story.violations))

    def broken(self, invariant: str) -> list[str]:
        """List what broke an invariant, with the seed that shows it."""
        return [
            f"seed {seed}: {violation}"
            for seed, violations in self.failures
            for violation in violations
            if violation.startswith(f"{invariant}:")
        ]


def told(scenario: Scenario) -> Story:
    """Tell a scenario."""
    return World(scenario).told()


def retold(seed: int, steps: Iterable[int] | None = None, faults: Iterable[str] | None = None) -> Scenario:
    """Find a scenario again by what `Failure.command` wrote.

    Args:
        seed: of the story.
        steps: numbers of the steps that are left; None for all.
        faults: names of the faults that are left; None for all.
    """
    kinds = frozenset(Fault) if faults is None else frozenset(Fault[name] for name in faults)
    whole = drawn(seed, FIRES_A_STORY, faults=kinds)
    return whole if steps is None else whole._replace(steps=tuple(whole.steps[number] for number in steps))


def _silent(_: str) -> None:
    return None


def run_campaign(seeds: Iterable[int], fires: int = FIRES_A_STORY) -> Campaign:
    """Tell a story of each seed."""
    campaign = Campaign()
    for seed in seeds:
        campaign.take(seed, told(drawn(seed, fires)))
    return campaign


def run_campaigns(first_seed: int, fires: int, processes: int, say: Callable[[str], None] = _silent) -> Campaign:
    """Tell stories side by side until so many fires were asked for.

    Args:
        first_seed: of the first story; the others follow it.
        fires: at least.
        processes: that tell them.
        say: told of each failure as it comes.
    """
    stop = first_seed + -(-fires // FIRES_A_STORY)
    chunks = [range(start, min(start + _CHUNK, stop)) for start in range(first_seed, stop, _CHUNK)]
    whole = Campaign()
    # Processes of their own kind on every system: forking one that has threads is asking for trouble.
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        for part in pool.map(run_campaign, chunks):
            whole.stories += part.stories
            whole.counts += part.counts
            whole.failures += part.failures
            for seed, violations in part.failures:
                say(f"seed {seed}: {violations[0]}")
    return whole


def shortened(scenario: Scenario, tell: Callable[[Scenario], Story] = told) -> Failure:
    """Make a failing story shorter, as long as it breaks the same invariant.

    Kinds of faults go first, then steps, each in halves, quarters and so on.

    Args:
        scenario: fails when it is told.
        tell: tells it.
    """
    story = tell(scenario)
    broken = _broken(story)
    budget = [_MOST_TELLINGS]

    def still_fails(shorter: Scenario) -> bool:
        if budget[0] <= 0:
            return False
        budget[0] -= 1
        return bool(broken & _broken(tell(shorter)))

    kinds = sorted(scenario.faults, key=lambda one: one.name)
    kinds = _fewest(kinds, lambda left: still_fails(scenario._replace(faults=frozenset(left))))
    scenario = scenario._replace(faults=frozenset(kinds))
    steps = _fewest(list(scenario.steps), lambda left: still_fails(scenario._replace(steps=tuple(left))))
    scenario = scenario._replace(steps=tuple(steps))
    return Failure(scenario, tell(scenario).violations)


def _fewest(items: list[T], fails: Callable[[list[T]], bool]) -> list[T]:
    """Leave out what is not needed for failing, in ever smaller pieces; never everything."""
    size = max(1, len(items) // 2)
    while size:
        start = 0
        while start < len(items):
            left = items[:start] + items[start + size :]
            if left and fails(left):
                items = left
            else:
                start += size
        size //= 2
    return items


def _broken(story: Story) -> frozenset[str]:
    return frozenset(violation.partition(":")[0] for violation in story.violations)
