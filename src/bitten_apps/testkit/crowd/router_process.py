"""One process of a crowd: the real use cases, its workers, and the loops that send and clear up."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from bitten_adapters.sql.opening import open_store
from bitten_adapters.system.identity import SystemIdentity
from bitten_adapters.system.salt import os_salt
from bitten_apps.testkit.crowd.broker_line import BrokerLine, LineToHouse
from bitten_apps.testkit.kills.place import StoryClock
from bitten_apps.testkit.simulation.chance import Chance
from bitten_apps.testkit.simulation.market import SimulatedMarket
from bitten_apps.testkit.simulation.proof.planted_bugs import PLANTED_BUGS
from bitten_apps.testkit.simulation.proof.watch import Watch
from bitten_apps.testkit.simulation.router import Parts
from bitten_apps.testkit.simulation.world import RULES, limits_of
from bitten_domain.desk.account.fires.facts_of_account import FireWish
from bitten_domain.errors import Conflict, InvalidInput, OutcomeUnknown, Unavailable
from bitten_domain.execution import BrokerTerms
from bitten_domain.use_cases.trading.orders.close import CloseCommand
from bitten_domain.use_cases.trading.orders.fire import FireCommand
from bitten_domain.use_cases.trading.orders.follow import Follow
from bitten_domain.use_cases.trading.orders.reconcile import is_doubted
from bitten_domain.use_cases.trading.orders.start_up import StartUp
from bitten_domain.values import INSTRUMENTS, TEN_PAIRS, AccountId, Direction, SignalId, UserId
from bitten_domain.vocabulary import FireMode

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from multiprocessing.connection import Connection

    from bitten_domain.desk.account.fires.facts_of_account import MarketFacts
    from bitten_domain.desk.signal import Signal
    from bitten_domain.execution import TickBar
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

__all__ = ["WISH", "CloseSaid", "FireSaid", "Post", "Round", "RoundSaid", "Router", "StillMarket", "owner_of", "serve"]

T = TypeVar("T")

WISH = FireWish(FireMode.SINGLE, is_confirmed=True)
"""How everybody in a crowd fires."""

_LOOP_SECONDS = 0.02
_AGAIN_SECONDS = 0.1
_TRIES = 400
# What is not at rest after a minute is left for the judge.
_MOST_LOOKS = 600
_BATCH = 20
# A key in five is told twice at once, and one in ten by the neighbour as well.
_TOLD_TWICE, _TOLD_BY_NEIGHBOUR = 5, 10
_LEFT_TO_OTHERS, _CLOSES = 0.3, 0.25
_FAILED = (Unavailable, OutcomeUnknown, Conflict)


class Post(NamedTuple):
    """What a process of a crowd is given when it starts.

    Args:
        name: of the process.
        number: of it, from 0.
        processes: how many there are.
        workers: asking side by side in it.
        url: of the store.
        accounts: how many there are in the store.
        address: of the brokers' house.
        began: when the story began, by the machine's clock.
        seed: draws what its workers choose.
        bug: name of a planted bug; empty for none.
    """

    name: str
    number: int
    processes: int
    workers: int
    url: str
    accounts: int
    address: str
    began: float
    seed: int
    bug: str = ""


class Round(NamedTuple):
    """Some fires at some accounts.

    Args:
        accounts: places of the accounts, from 0.
        first, stop: numbers of the fires; each process asks for those that are its own.
    """

    accounts: range
    first: int
    stop: int


class FireSaid(NamedTuple):
    """A fire that was asked, with one of its answers, as JSON."""

    account: AccountId
    key: str
    answer: str


class CloseSaid(NamedTuple):
    """A close that was accepted, with its order."""

    account: AccountId
    key: str
    ticket: int
    order_id: int


class RoundSaid(NamedTuple):
    """What a process's workers were told in a round.

    Args:
        fires, closes: with their answers.
        again: how often the store failed and was asked again.
        violations: what a transaction broke, seen inside it.
    """

    fires: list[FireSaid]
    closes: list[CloseSaid]
    again: int
    violations: list[str]


class StillMarket:
    """A market whose prices stand still and are always fresh, the same in every process.

    Args:
        seed: of its prices.
    """

    def __init__(self, seed: int) -> None:
        self._market = SimulatedMarket(Chance(seed), jump_share=0.0)
        self._market.tick(0, ())

    @property
    def bars(self) -> dict[str, TickBar]:
        """Every pair's price."""
        return self._market.bars

    def facts(self, signal: Signal, at: int) -> MarketFacts:
        """Say what concerns a signal now."""
        facts = self._market.facts(signal, at)
        return replace(facts, quoted_at=dict.fromkeys(TEN_PAIRS, at))

    def signal(self, number: int, at: int) -> Signal:
        """Make the signal of a fire, the same in every process but for its moment."""
        chance = Chance(number)
        signal = self._market.signal(chance.pick(TEN_PAIRS), chance.pick(tuple(Direction)), at)
        return signal._replace(signal_id=SignalId(f"crowd-{number}"))


class _WatchedStore:
    """A unit of work whose every write is checked inside its transaction, by rules worked out by hand."""

    def __init__(self, inner: UnitOfWork, most_positions: dict[AccountId, int], found: list[str]) -> None:
        self._inner, self._most_positions, self._found = inner, most_positions, found

    async def run(self, work: Callable[[Repositories], T]) -> T:
        watch = Watch(self._most_positions)

        def watched(store: Repositories) -> T:
            watch.begin()
            return work(watch.over(store))

        result = await self._inner.run(watched)
        watch.keep()
        self._found.extend(watch.violations)
        return result

    async def read(self, work: Callable[[Repositories], T]) -> T:
        return await self._inner.read(work)


def serve(post: Post, orders: Connection) -> None:
    """Play the rounds that come down a pipe, and say what came of each; an empty one ends it."""
    bug = next((one for one in PLANTED_BUGS if one.name == post.bug), None)
    if bug is None:
        asyncio.run(_served(post, orders, Parts()))
        return
    with bug.planted():
        asyncio.run(_served(post, orders, bug.parts))


async def _served(post: Post, orders: Connection, parts: Parts) -> None:
    store = open_store(post.url, INSTRUMENTS, os_salt)
    process = Router(post, store, parts)
    try:
        await process.start_up()
        orders.send("ready")
        while True:
            asked: Round | None = await asyncio.to_thread(orders.recv)
            if asked is None:
                return
            orders.send(await process.play(asked))
    finally:
        store.close()


class Router:
    """The real use cases on the real store, with the loops of a process.

    Args:
        post: what it was given.
        store: the real one.
        parts: which classes it is made of.
    """

    def __init__(self, post: Post, store: UnitOfWork, parts: Parts) -> None:
        self.post = post
        self.clock = clock = StoryClock(post.began)
        self.market = market = StillMarket(post.seed)
        self.sending: set[int] = set()
        self.violations: list[str] = []
        line = LineToHouse(post.address)
        places = {AccountId(f"account-{place + 1}"): place for place in range(post.accounts)}
        brokers = {one: BrokerLine(line, one) for one in places}
        most = {one: limits_of(place).max_positions for one, place in places.items()}
        self.store = watched = _WatchedStore(store, most, self.violations)
        terms, identity = BrokerTerms(), SystemIdentity()
        settle = parts.settle(watched, clock, RULES, terms)
        self.fire = parts.fire(watched, clock, identity, market, RULES, terms)
        self.close = parts.close(watched, clock, identity, RULES, terms)
        self.dispatch = parts.dispatch(watched, clock, brokers, settle, post.name, self.sending)
        self.reconcile = parts.reconcile(watched, clock, brokers, RULES, terms, post.name, self.sending)
        self.follow = Follow(watched, brokers, settle)
        self.start_up = StartUp(watched, clock, self.reconcile)

    async def play(self, asked: Round) -> RoundSaid:
        """Play one round."""
        self.violations.clear()
        game = _Game(self, asked)
        await game.played()
        return RoundSaid(game.fires, game.closes, game.again, list(self.violations))

    def now(self) -> int:
        """Read the clock, seconds since 1970 UTC."""
        return int(self.clock.now().timestamp())


class _Game:
    """One round in one process."""

    def __init__(self, router: Router, asked: Round) -> None:
        self.router, self.post, self.store = router, router.post, router.store
        self.accounts = tuple(AccountId(f"account-{place + 1}") for place in asked.accounts)
        self.fires: list[FireSaid] = []
        self.closes: list[CloseSaid] = []
        self.again = 0
        mine, all_of_us = self.post.number, self.post.processes
        self.numbers = iter(
            [
                number
                for number in range(asked.first, asked.stop)
                if number % all_of_us == mine or (number % _TOLD_BY_NEIGHBOUR == 0 and (number + 1) % all_of_us == mine)
            ]
        )

    async def played(self) -> None:
        """Let the workers ask until every fire is answered, and wait until everything has come to rest."""
        stop = asyncio.Event()
        loops = [asyncio.create_task(one(stop)) for one in (self._sends, self._clears_up)]
        await asyncio.gather(*(self._works(number) for number in range(self.post.workers)))
        for _ in range(_MOST_LOOKS):
            if not await self._told(lambda: self.store.read(self._unfinished)):
                break
            await asyncio.sleep(_AGAIN_SECONDS)
        stop.set()
        await asyncio.gather(*loops)

    async def _works(self, worker: int) -> None:
        chance = Chance((self.post.seed * 64 + self.post.number) * 1_024 + worker)
        for number in self.numbers:
            account = self.accounts[number % len(self.accounts)]
            signal = self.router.market.signal(number, self.router.now())
            command = FireCommand(account, owner_of(account), f"fire-{number}", signal, WISH)
            asks = 2 if number % _TOLD_TWICE == 0 else 1
            await asyncio.gather(*(self._fires(command, chance) for _ in range(asks)))
            if chance.happens(_CLOSES):
                await self._closes(account, f"close-{self.post.number}-{number}", chance)

    async def _fires(self, command: FireCommand, chance: Chance) -> None:
        answer = await self._told(lambda: self.router.fire(command))
        self.fires.append(FireSaid(command.account, command.key, answer.to_json()))
        if answer.client_order_id is not None and not chance.happens(_LEFT_TO_OTHERS):
            await self._sent(answer.client_order_id)

    async def _closes(self, account: AccountId, key: str, chance: Chance) -> None:
        held = await self._told(lambda: self.store.read(lambda store: store.positions.open(account)))
        if not held:
            return
        ticket = held[chance.below(len(held))].position.ticket
        command = CloseCommand(account, owner_of(account), key, ticket, None)
        try:
            order_id = await self._told(lambda: self.router.close(command))
        except InvalidInput:  # somebody else was faster
            return
        self.closes.append(CloseSaid(account, key, ticket, order_id))
        await self._sent(order_id)

    async def _sent(self, order_id: int) -> None:
        try:
            await self.router.dispatch(order_id)
        except _FAILED:  # the loops have it
            self.again += 1

    async def _sends(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            now = self.router.now()
            due = await self._told(lambda now=now: self.store.read(lambda store: store.dispatches.due(now, _BATCH)))  # type: ignore[misc]
            await asyncio.gather(*(self._sent(one.client_order_id) for one in due if one.account in self.accounts))
            await asyncio.sleep(_LOOP_SECONDS)

    async def _clears_up(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            for account_id in self.accounts:
                now = self.router.now()
                doubted = await self._told(
                    lambda one=account_id, now=now: self.store.read(  # type: ignore[misc]
                        lambda store: is_doubted(store, one, now, self.router.sending)
                    )
                )
                try:
                    if doubted:
                        await self.router.reconcile(account_id)
                    await self.router.follow(account_id)
                except _FAILED:
                    self.again += 1
            await asyncio.sleep(_LOOP_SECONDS)

    async def _told(self, ask: Callable[[], Coroutine[object, object, T]]) -> T:
        """Ask until the store answers: the same question with the same key."""
        for _ in range(_TRIES - 1):
            try:
                return await ask()
            except _FAILED:
                self.again += 1
                await asyncio.sleep(_AGAIN_SECONDS)
        return await ask()

    def _unfinished(self, store: Repositories) -> int:
        return sum(len(store.intents.unfinished(account_id)) for account_id in self.accounts)


def owner_of(account: AccountId) -> UserId:
    """Name an account's owner."""
    return UserId(account.replace("account", "user"))
