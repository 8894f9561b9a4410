"""The proof: kill a process at a crossing or at random, run its successor, and judge what is left."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from json import loads
from pathlib import Path
from signal import SIGKILL
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bitten_adapters.sql import schema
from bitten_adapters.system.clock import SystemClock
from bitten_apps.testkit.kills.place import Place
from bitten_apps.testkit.kills.ruins import judged
from bitten_apps.testkit.simulation.chance import Chance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from bitten_apps.testkit.kills.crossings import Said

__all__ = [
    "CleanRun",
    "Databases",
    "Kill",
    "Outcome",
    "SqliteDatabases",
    "chosen_kills",
    "clean_run",
    "killed",
    "lived",
    "mixed",
    "new_place",
    "proven",
    "spread",
]

_PATIENCE = 120.0
_RECOVERY_SECONDS = 5.0
_ACCOUNTS = 2
_BEGUN = b'"began"'
_EVERY = 5
_EARLY = 12
"""Crossings that every process that clears up makes: the gate's three, and five to compare each account."""


class Databases(Protocol):
    """Databases with empty tables of the newest revision."""

    def migrated(self) -> AbstractContextManager[str]:
        """Lend one; gives its URL."""
        ...


class SqliteDatabases:
    """Databases in files: copies of one that was migrated once.

    Args:
        folder: for the one that is copied.
    """

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.sqlite"
        schema.upgrade(f"sqlite:///{self._template}")

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """Lend a database; gives its URL."""
        with tempfile.TemporaryDirectory(prefix="bitten-kills-") as folder:
            path = Path(folder) / "store.sqlite"
            shutil.copy(self._template, path)
            yield f"sqlite:///{path}"


class Kill(NamedTuple):
    """When a process is killed.

    Args:
        seed: draws the workload.
        crossing: at this crossing, from 1; 0 for none.
        after: else so many seconds after it began its work; None to let it finish.
        again: the crossing at which the process that clears up is killed as well, from 1; 0 for none.
    """

    seed: int
    crossing: int = 0
    after: float | None = None
    again: int = 0


class CleanRun(NamedTuple):
    """What a run without a kill came to.

    Args:
        crossings: it made.
        work_seconds: at its work, of wall time.
    """

    crossings: int
    work_seconds: float


class Outcome(NamedTuple):
    """What a kill came to.

    Args:
        kill: when.
        where: the crossing's name; empty for a random moment.
        is_dead: whether the process was killed, and had not finished before.
        recovery_seconds: from the start of the second process to every order's end, of wall time.
        counts: what there was.
        violations: every broken promise; none when all hold.
    """

    kill: Kill
    where: str
    is_dead: bool
    recovery_seconds: float
    counts: Counter[str]
    violations: tuple[str, ...]


def clean_run(databases: Databases, seed: int) -> CleanRun:
    """Learn how many crossings a workload has, and how long it takes.

    Raises:
        RuntimeError: it did not come to its end.
    """
    with new_place(databases) as place:
        said = lived("child", place, seed, 0, None)
    done = [one for one in said if one["what"] == "done"]
    if not done:
        raise RuntimeError(f"the workload of seed {seed} does not come to its end: {said[-3:]}")
    return CleanRun(int(str(done[0]["crossings"])), float(str(done[0]["seconds"])))


def killed(databases: Databases, kill: Kill) -> Outcome:
    """Kill a process, start its successor and judge."""
    clock = SystemClock()
    with new_place(databases) as place:
        said = lived("child", place, kill.seed, kill.crossing, kill.after)
        ends = [one for one in said if one["what"] == "done"]
        is_dead = not ends
        passed = [one for one in ends if kill.crossing and int(str(one["crossings"])) >= kill.crossing]
        where = " then ".join(str(one["where"]) for one in said if one["what"] == "killed")
        if kill.again:
            said += lived("recover", place, kill.seed, kill.again, None)
        began = clock.monotonic_seconds()
        recovered = lived("recover", place, kill.seed, 0, None)
        seconds = clock.monotonic_seconds() - began
        said += recovered
        result = judged(place, said)
    violations = [*result.violations]
    # How many crossings a run has varies with its timing; but whoever comes to the asked one dies there.
    if passed:
        violations.append(f"kill: crossing {kill.crossing} was passed alive")
    if all(one["what"] != "rested" for one in recovered):
        violations.append("I0: the process that clears up did not come to its end")
    violations += [
        f"I0: {one['account']} stands {one['standing']}"
        for one in recovered
        if one["what"] == "standing" and one["standing"] != "READY"
    ]
    if seconds > _RECOVERY_SECONDS:
        violations.append(f"slow: recovery took {seconds:.1f} s")
    return Outcome(kill, where, is_dead, seconds, Counter(result), tuple(violations))


def spread(count: int, most: int) -> list[int]:
    """Choose at most so many of the numbers from 1 to `count`, evenly, first and last among them."""
    if count <= most:
        return list(range(1, count + 1))
    return sorted({1 + (count - 1) * place // max(1, most - 1) for place in range(most)})


def chosen_kills(clean: CleanRun, seed: int, hooks: int, moments: int) -> list[Kill]:
    """Choose kills: crossings evenly spread, and random moments while the process is at its work.

    Every fifth process that clears up is killed as well.

    Args:
        clean: of the same seed.
        seed: draws the workload and the moments.
        hooks: most crossings.
        moments: how many random moments.
    """
    chance = Chance(seed)
    kills = [Kill(seed, crossing) for crossing in spread(clean.crossings, hooks)]
    kills += [Kill(seed, after=clean.work_seconds * chance.draw()) for _ in range(moments)]
    return [
        kill._replace(again=1 + chance.below(_EARLY)) if number % _EVERY == _EVERY - 1 else kill
        for number, kill in enumerate(kills)
    ]


def proven(
    databases: Databases,
    kills: Iterable[Kill],
    processes: int,
    tell: Callable[[Outcome], None],
    seconds: float | None = None,
) -> list[Outcome]:
    """Try kills, several side by side, and tell of each as it is known.

    Args:
        databases: to kill on.
        kills: in this order.
        processes: how many kills side by side.
        tell: hears of each.
        seconds: after which none is begun any more; None for no end but the last one.
    """
    clock = SystemClock()
    ends = None if seconds is None else clock.monotonic_seconds() + seconds

    def tried(kill: Kill) -> Outcome | None:
        return killed(databases, kill) if ends is None or clock.monotonic_seconds() < ends else None

    with ThreadPoolExecutor(processes) as threads:
        outcomes = []
        for outcome in threads.map(tried, kills):
            if outcome is not None:
                tell(outcome)
                outcomes.append(outcome)
        return outcomes


def mixed(kills: Iterable[Kill], seed: int) -> list[Kill]:
    """Put kills in another order, the same for a seed, so that the first of them are of all kinds."""
    chance = Chance(seed)
    return [kill for _, _, kill in sorted((chance.draw(), number, kill) for number, kill in enumerate(kills))]


@contextmanager
def new_place(databases: Databases) -> Iterator[Place]:
    """Lend a place where nobody has been."""
    with databases.migrated() as url, tempfile.TemporaryDirectory(prefix="bitten-kills-") as folder:
        yield Place(Path(folder), url, _ACCOUNTS, SystemClock().now().timestamp())


def lived(life: str, place: Place, seed: int, kill_at: int, after: float | None) -> list[Said]:
    """Run a process to its end, by itself or by SIGKILL; gives what it was heard to say.

    Args:
        life: ``child`` or ``recover``.
        place: where.
        seed, kill_at: of its workload, and of its end.
        after: seconds after it began its work at which it is killed; None to leave it alone.
    """
    command = [sys.executable, "-m", "bitten_apps.testkit.kills", life]
    command += ["--folder", str(place.folder), "--url", place.url, "--accounts", str(place.accounts)]
    command += ["--began", repr(place.began), "--seed", str(seed), "--kill-at", str(kill_at)]
    # Unbuffered, since what is read line by line and what is read to the end must add up.
    process = subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0)  # noqa: S603 - a module of ours
    begun = b""
    while after is not None and process.stdout is not None and _BEGUN not in begun:
        line = process.stdout.readline()
        begun += line
        if not line:
            break
    try:
        heard, _ = process.communicate(timeout=_PATIENCE if after is None else after)
    except subprocess.TimeoutExpired:
        process.kill()
        heard, _ = process.communicate()
    heard = begun + heard
    # A line without its end was not received.
    said: list[Said] = [loads(line) for line in heard.split(b"\n")[:-1]]
    if process.returncode not in (0, -SIGKILL):
        said.append({"what": "violation", "found": f"I0: {life} ended with {process.returncode}"})
    return said
