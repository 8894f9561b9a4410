"""Play a crowd: start its processes, crash the database when asked, and judge by the brokers' own books."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import TYPE_CHECKING, NamedTuple

from bitten_adapters.sql.opening import open_store
from bitten_adapters.system.salt import os_salt
from bitten_apps.testkit.crowd.broker_line import BrokerHouse
from bitten_apps.testkit.crowd.judge import judged
from bitten_apps.testkit.crowd.router_process import Post, Round, RoundSaid, StillMarket, serve
from bitten_apps.testkit.kills.place import StoryClock
from bitten_apps.testkit.simulation.world import START, settle_down
from bitten_domain.values import INSTRUMENTS, AccountId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from bitten_apps.testkit.postgres_server import PostgresServer

__all__ = ["Crowd", "CrowdResult", "crash", "play_crowd"]

_TICK_SECONDS = 0.2
_PATIENCE_SECONDS = 600.0


class Crowd(NamedTuple):
    """What is played.

    Args:
        fires: to be asked for, in all.
        rounds: with fresh accounts each, since an account has a number of shots a day.
        accounts: that are fired at side by side in a round; 1 for one hot account.
        processes: routers, each with its own store and loops.
        workers: asking side by side in each.
        seed: draws what they choose.
        bug: name of a planted bug; empty for none.
    """

    fires: int
    rounds: int = 1
    accounts: int = 1
    processes: int = 1
    workers: int = 64
    seed: int = 1
    bug: str = ""


@dataclass(slots=True)
class CrowdResult:
    """What came of a crowd.

    Args:
        counts: fires asked, approved, executed and so on.
        violations: every broken invariant; none when all hold.
        seconds: of wall time, without the judging.
    """

    counts: Counter[str] = field(default_factory=Counter)
    violations: tuple[str, ...] = ()
    seconds: float = 0.0


def crash(server: PostgresServer, number: int) -> None:
    """Crash a server and wait until it is back: in turn all of it at once, or one of its processes.

    Args:
        server: one's own.
        number: of the crash, from 1.
    """
    if number % 2:
        server.crash()
        server.start()
    else:
        server.kill_a_child()


def play_crowd(url: str, crowd: Crowd, crash: Callable[[], None] | None = None, every: float = 1.0) -> CrowdResult:
    """Play a crowd on an empty store.

    Args:
        url: of the store; its tables are there.
        crowd: what is played.
        crash: crashes the database and brings it back; called again and again while a round is played.
        every: seconds between two crashes.
    """
    count = crowd.rounds * crowd.accounts
    account_ids = tuple(AccountId(f"account-{number + 1}") for number in range(count))
    began = time.time()  # noqa: TID251 - the processes' clocks are moved by it
    store = open_store(url, INSTRUMENTS, os_salt)
    house, market, clock = BrokerHouse(account_ids), StillMarket(crowd.seed), StoryClock(began)
    result = CrowdResult()
    try:
        asyncio.run(store.run(lambda repositories: settle_down(repositories, account_ids, int(START))))
        house.show(market.bars, int(clock.now().timestamp()))
        with ExitStack() as stack:
            routers = [
                stack.enter_context(_Router(_post(crowd, number, url, count, house.address, began)))
                for number in range(crowd.processes)
            ]
            for router in routers:
                router.hear()
            start = time.perf_counter()
            said = [
                (asked, heard)
                for asked in _rounds(crowd)
                for heard in _played(routers, asked, house, market, clock, crash, every, result.counts)
            ]
            result.seconds = time.perf_counter() - start
        found, counted = judged(url, store, house, account_ids, [heard for _, heard in said], market.bars)
        result.violations = tuple(found)
        result.counts += counted
    finally:
        house.close()
        store.close()
    return result


def _post(crowd: Crowd, number: int, url: str, accounts: int, address: str, began: float) -> Post:
    return Post(
        name=f"router-{number + 1}",
        number=number,
        processes=crowd.processes,
        workers=crowd.workers,
        url=url,
        accounts=accounts,
        address=address,
        began=began,
        seed=crowd.seed,
        bug=crowd.bug,
    )


def _rounds(crowd: Crowd) -> Iterator[Round]:
    for number in range(crowd.rounds):
        accounts = range(number * crowd.accounts, (number + 1) * crowd.accounts)
        yield Round(accounts, number * crowd.fires // crowd.rounds, (number + 1) * crowd.fires // crowd.rounds)


def _played(
    routers: Sequence[_Router],
    asked: Round,
    house: BrokerHouse,
    market: StillMarket,
    clock: StoryClock,
    crash: Callable[[], None] | None,
    every: float,
    counts: Counter[str],
) -> list[RoundSaid]:
    for router in routers:
        router.tell(asked)
    crashed_at = time.perf_counter()
    waiting = list(routers)
    heard: list[RoundSaid] = []
    while waiting:
        house.show(market.bars, int(clock.now().timestamp()))
        if crash is not None and time.perf_counter() - crashed_at >= every:
            crash()
            counts["crashes"] += 1
            crashed_at = time.perf_counter()
        for router in list(waiting):
            if router.has_said(_TICK_SECONDS / len(waiting)):
                heard.append(router.hear_round())
                waiting.remove(router)
    return heard


class _Router:
    """One process of the crowd, as its parent sees it."""

    def __init__(self, post: Post) -> None:
        context = get_context("spawn")
        self._name = post.name
        self._line, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=serve, args=(post, theirs), daemon=True)
        self._theirs: Connection = theirs

    def __enter__(self) -> _Router:
        self._process.start()
        self._theirs.close()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.is_alive():
            try:
                self._line.send(None)
                self._process.join(_TICK_SECONDS * 50)
            except OSError:
                pass
        if self._process.is_alive():
            self._process.kill()
        self._process.join()

    def tell(self, asked: Round) -> None:
        """Have a round played."""
        self._line.send(asked)

    def has_said(self, seconds: float) -> bool:
        """Say whether it has something to say, or has ended; wait a little for it."""
        return self._line.poll(seconds)

    def hear(self) -> object:
        """Wait for what it says."""
        try:
            if not self._line.poll(_PATIENCE_SECONDS):
                raise TimeoutError(f"{self._name} says nothing")
            said: object = self._line.recv()
        except EOFError as error:
            raise ChildProcessError(f"{self._name} ended before its time; what it wrote says why") from error
        return said

    def hear_round(self) -> RoundSaid:
        """Wait for what a round came to."""
        said = self.hear()
        if not isinstance(said, RoundSaid):
            raise ChildProcessError(f"{self._name} said {said!r}")
        return said
