"""Clock, ids, store and broker of a replay: the store works here, the rest says what was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, TypeVar, cast

from bitten_apps.replaying.stage import Gate, finished
from bitten_domain.record.inputs.entries import ActKind, IdDrawn, TimeRead

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_apps.replaying.known_facts import KnownFacts
    from bitten_apps.replaying.stage import Stage
    from bitten_domain.execution.order import CloseOrder, LevelsOrder, MarketOrder
    from bitten_domain.ports.broker import Answer, Broker, BrokerSnapshot, Evidence
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

__all__ = ["ReplayedBroker", "ReplayedClock", "ReplayedIdentity", "ReplayedStore"]

T = TypeVar("T")

_COMMANDS = frozenset({ActKind.STOP, ActKind.RELEASE, ActKind.THAW, ActKind.RESOLVE})


@dataclass(slots=True)
class ReplayedClock:
    """A clock that shows what was read.

    Args:
        stage: whose readings they are.
        time: the desk's, for acts that read more often than was recorded, or in another world.
        is_recorded: whether readings still are what was recorded; a command's always are.
    """

    stage: Stage
    time: Clock
    is_recorded: bool = True

    def now(self) -> datetime:
        """Read the time, UTC."""
        act = self.stage.current
        reading = act.readings[0] if act.readings else None
        if isinstance(reading, TimeRead) and (self.is_recorded or act.began.kind in _COMMANDS):
            act.readings.popleft()
            return datetime.fromtimestamp(reading.at, UTC)
        return self.time.now()

    def monotonic_seconds(self) -> float:
        """Read the desk's time as seconds."""
        return self.time.monotonic_seconds()


class ReplayedIdentity:
    """Identifiers as they were drawn; others where none was."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._made = count(1)

    def new_id(self) -> str:
        """Draw the next."""
        readings = self._stage.current.readings
        if readings and isinstance(readings[0], IdDrawn):
            return cast("IdDrawn", readings.popleft()).id
        return f"replayed-{next(self._made)}"


@dataclass(frozen=True, slots=True)
class ReplayedStore:
    """A store whose transactions wait for their turn.

    Args:
        unit_of_work: the replay's own.
        facts: about people, as they were recorded.
    """

    unit_of_work: UnitOfWork
    facts: KnownFacts

    async def run(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that writes."""
        return cast(
            "T", await Gate("run", lambda: finished(self.unit_of_work.run(lambda store: work(self.facts.shown(store)))))
        )

    async def read(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that only reads."""
        return cast(
            "T",
            await Gate("read", lambda: finished(self.unit_of_work.read(lambda store: work(self.facts.shown(store))))),
        )


@dataclass(frozen=True, slots=True)
class ReplayedBroker:
    """A broker that answers what was recorded, while it is asked what was recorded.

    Args:
        shadow: gives the paper broker that is kept in step, and answers once the questions are others.
    """

    shadow: Callable[[], Broker]

    async def place(self, order: MarketOrder) -> Answer:
        """Open a position."""
        return cast("Answer", await Gate("place", lambda: finished(self.shadow().place(order)), order))

    async def close(self, order: CloseOrder) -> Answer:
        """Close a position."""
        return cast("Answer", await Gate("close", lambda: finished(self.shadow().close(order)), order))

    async def modify(self, order: LevelsOrder) -> Answer:
        """Replace levels."""
        return cast("Answer", await Gate("modify", lambda: finished(self.shadow().modify(order)), order))

    async def snapshot(self, since_deal: int = 0) -> BrokerSnapshot:
        """Read the account."""
        asked = Gate("snapshot", lambda: finished(self.shadow().snapshot(since_deal)), since_deal)
        return cast("BrokerSnapshot", await asked)

    async def evidence_of(self, client_order_id: int) -> Evidence:
        """Prove what became of an order."""
        asked = Gate("evidence_of", lambda: finished(self.shadow().evidence_of(client_order_id)), client_order_id)
        return cast("Evidence", await asked)
