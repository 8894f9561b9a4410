"""A store that fails around commits, over the real one in memory, with every write watched."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_apps.testkit.simulation.faulty.faults import Fault
from bitten_apps.testkit.simulation.virtual_time import ProcessDied, pause
from bitten_domain.errors import BrokenInvariant, Conflict, OutcomeUnknown, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bitten_apps.testkit.simulation.chance import Chance
    from bitten_apps.testkit.simulation.faulty.faults import FaultPlan
    from bitten_apps.testkit.simulation.proof.watch import Watch
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["FaultyStore"]

T = TypeVar("T")

_SLOWEST = 0.02


class FaultyStore:
    """A unit of work that takes time, fails and loses answers.

    Args:
        chance: draws how long things take.
        plan: decides what fails.
        watch: sees every write, and keeps it when it is committed.
    """

    def __init__(self, chance: Chance, plan: FaultPlan, watch: Watch) -> None:
        self._chance, self._plan, self._watch = chance, plan, watch
        self.quiet = False
        self._inner = MemoryUnitOfWork(chance.bytes16, self)

    async def run(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that writes."""
        await pause(self._chance.between(0.0, _SLOWEST))
        result = await self._inner.run(lambda store: work(self._watch.over(store)))
        await pause(self._chance.between(0.0, _SLOWEST))
        return result

    async def read(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that only reads."""
        await pause(self._chance.between(0.0, _SLOWEST))
        return await self._inner.read(work)

    def look(self, work: Callable[[Repositories], T]) -> T:
        """Read at once and without faults, for the simulation's own eyes."""
        return self.outside(self._inner.read(work))

    def prepare(self, work: Callable[[Repositories], T]) -> T:
        """Write at once and without faults, before the story begins."""
        return self.outside(self._inner.run(work))

    def before_work(self) -> None:
        """Fail before anything is done."""
        self._watch.begin()
        if not self.quiet and self._plan.strikes(Fault.STORE_DOWN):
            raise Unavailable("the store is not there")

    def before_commit(self) -> None:
        """Fail with nothing kept."""
        if self.quiet:
            return
        plan = self._plan
        if plan.strikes(Fault.COMMIT_FAILS):
            raise Unavailable("the commit was refused")
        if plan.strikes(Fault.COMMIT_RACES):
            raise Conflict("somebody else was faster")
        if plan.strikes(Fault.COMMIT_ANSWER_LOST_UNKEPT):
            raise OutcomeUnknown("the commit's answer was lost")
        if plan.strikes(Fault.DIES_BEFORE_COMMIT):
            raise ProcessDied

    def after_commit(self) -> None:
        """Fail with everything kept."""
        self._watch.keep()
        if self.quiet:
            return
        if self._plan.strikes(Fault.COMMIT_ANSWER_LOST_KEPT):
            raise OutcomeUnknown("the commit's answer was lost")
        if self._plan.strikes(Fault.DIES_AFTER_COMMIT):
            raise ProcessDied

    def outside(self, running: Coroutine[object, None, T]) -> T:
        """Run what waits for nobody, at once and without faults."""
        was_quiet, self.quiet = self.quiet, True
        try:
            running.send(None)
        except StopIteration as ended:
            result: T = ended.value
            return result
        finally:
            self.quiet = was_quiet
        raise BrokenInvariant("the store in memory waits for nobody")
