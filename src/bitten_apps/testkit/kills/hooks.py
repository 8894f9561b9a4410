"""Hooks around the adapters: the store, the brokers and their ledgers, each with its crossings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

from bitten_apps.testkit.kills.crossings import say
from bitten_apps.testkit.simulation.proof.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bitten_adapters.paper.ledger import Ledger
    from bitten_apps.testkit.kills.crossings import Crossings
    from bitten_domain.execution.order import CloseOrder, LevelsOrder, MarketOrder
    from bitten_domain.ports.broker import Answer, Broker, BrokerSnapshot, Evidence
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import AccountId

__all__ = ["HookedBroker", "HookedLedger", "HookedStore"]

T = TypeVar("T")


class HookedStore:
    """A unit of work with a crossing before, inside and after each transaction that writes, and every write watched.

    Args:
        inner: the real one.
        crossings: counts.
        most_positions: positions an account may hold or have reserved, by its owner's limit.
    """

    def __init__(self, inner: UnitOfWork, crossings: Crossings, most_positions: Mapping[AccountId, int]) -> None:
        self._inner, self._crossings, self._most_positions = inner, crossings, most_positions

    async def run(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that writes; inside is after its work and before its commit."""
        name = str(getattr(work, "__qualname__", "work")).partition(".")[0]
        watch = Watch(self._most_positions)

        def watched(store: Repositories) -> T:
            watch.begin()
            result = work(watch.over(store))
            self._crossings.cross(f"inside the transaction of {name}")
            return result

        self._crossings.cross(f"before the transaction of {name}")
        result = await self._inner.run(watched)
        watch.keep()
        for violation in watch.violations:
            say("violation", found=violation)
        self._crossings.cross(f"after the transaction of {name}")
        return result

    async def read(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that only reads; a death there is one before or after it."""
        return await self._inner.read(work)


class HookedLedger:
    """A ledger in a file with a crossing before, in the middle of and after each line.

    Args:
        inner: the real one.
        path: its file.
        crossings: counts.
    """

    def __init__(self, inner: Ledger, path: Path, crossings: Crossings) -> None:
        self._inner, self._path, self._crossings = inner, path, crossings

    def entries(self) -> tuple[str, ...]:
        """Read everything, oldest first."""
        return self._inner.entries()

    def append(self, entry: str) -> None:
        """Keep one entry."""
        self._crossings.cross("before a ledger line")
        self._crossings.cross("in the middle of a ledger line", lambda: self._tear(entry))
        self._inner.append(entry)
        self._crossings.cross("after a ledger line")

    def _tear(self, entry: str) -> None:
        # What a write that was cut short leaves behind: the first half of the very line the ledger would have written.
        before = self._path.stat().st_size
        self._inner.append(entry)
        os.truncate(self._path, before + (self._path.stat().st_size - before) // 2)


class HookedBroker:
    """A broker with a crossing before and after each call; it tells the parent of every order that is handed over.

    Args:
        inner: the real one.
        crossings: counts.
    """

    def __init__(self, inner: Broker, crossings: Crossings) -> None:
        self._inner, self._crossings = inner, crossings

    async def place(self, order: MarketOrder) -> Answer:
        """Open a position."""
        self._before("place", order.client_order_id)
        answer = await self._inner.place(order)
        self._crossings.cross("after the broker's place")
        return answer

    async def close(self, order: CloseOrder) -> Answer:
        """Close a position, whole or part."""
        self._before("close", order.client_order_id)
        answer = await self._inner.close(order)
        self._crossings.cross("after the broker's close")
        return answer

    async def modify(self, order: LevelsOrder) -> Answer:
        """Replace a position's stop and target."""
        self._before("modify", order.client_order_id)
        answer = await self._inner.modify(order)
        self._crossings.cross("after the broker's modify")
        return answer

    async def snapshot(self, since_deal: int = 0) -> BrokerSnapshot:
        """Read the account."""
        self._crossings.cross("before the broker's snapshot")
        snapshot = await self._inner.snapshot(since_deal)
        self._crossings.cross("after the broker's snapshot")
        return snapshot

    async def evidence_of(self, client_order_id: int) -> Evidence:
        """Prove what became of an order."""
        self._crossings.cross("before the broker's evidence")
        evidence = await self._inner.evidence_of(client_order_id)
        self._crossings.cross("after the broker's evidence")
        return evidence

    def _before(self, call: str, order_id: int) -> None:
        self._crossings.cross(f"before the broker's {call}")
        say("handed", order=order_id)
