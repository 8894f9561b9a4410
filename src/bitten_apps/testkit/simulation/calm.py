"""A calm world: one account, one router, no faults; each step is the caller's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bitten_apps.testkit.simulation.scenario import Scenario
from bitten_apps.testkit.simulation.world import World
from bitten_domain.desk.account.fires.facts_of_account import FireWish
from bitten_domain.use_cases.trading.orders.fire import FireCommand
from bitten_domain.use_cases.trading.orders.resolve import Resolve
from bitten_domain.values import AccountId, Direction, UserId
from bitten_domain.vocabulary import FireMode

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bitten_apps.testkit.simulation.router import Router
    from bitten_domain.use_cases.trading.orders.fire import FireAnswer

__all__ = ["CalmWorld"]

T = TypeVar("T")

_PATIENCE = 60.0
_MOMENT = 0.1


class CalmWorld:
    """A world in which nothing happens but what is asked for, for showing the protocol step by step."""

    account = AccountId("account-1")
    user = UserId("user-1")

    def __init__(self) -> None:
        self.world = World(Scenario(1, 1, (), frozenset()))
        self.tick()
        self.wait_for(self.router.start_up())

    @property
    def router(self) -> Router:
        """Its router, whose loops stand still."""
        return self.world.routers["router-1"]

    @property
    def resolve(self) -> Resolve:
        """End disputes."""
        return Resolve(self.world.store, self.router.clock)

    def wait_for(self, work: Coroutine[object, object, T]) -> T:
        """Let a coroutine come to its end; gives what it gives, raises what it raises.

        Raises:
            TimeoutError: it takes more than a virtual minute.
        """
        ended: list[T] = []
        failed: list[Exception] = []

        async def run() -> None:
            try:
                ended.append(await work)
            except Exception as error:
                failed.append(error)

        self.world.time.spawn("caller", run())
        end = self.world.time.now + _PATIENCE
        while not ended and not failed and self.world.time.now < end:
            self.world.time.run_until(self.world.time.now + _MOMENT)
        if failed:
            raise failed[0]
        if not ended:
            raise TimeoutError("it does not come to an end")
        return ended[0]

    def tick(self) -> None:
        """Quote every pair anew."""
        self.world.market.tick(int(self.world.time.now), [broker.paper for broker in self.world.brokers.values()])

    def command(self, key: str, symbol: str = "EURUSD", direction: Direction = Direction.BUY) -> FireCommand:
        """Make a fire that is worth approving."""
        self.tick()
        signal = self.world.market.signal(symbol, direction, int(self.world.time.now))
        return FireCommand(self.account, self.user, key, signal, FireWish(FireMode.SINGLE, is_confirmed=True))

    def fired(self, key: str = "one", symbol: str = "EURUSD") -> FireAnswer:
        """Fire."""
        return self.wait_for(self.router.fire(self.command(key, symbol)))

    def opened(self, key: str = "one", symbol: str = "EURUSD") -> int:
        """Fire and send; gives the order's id.

        Raises:
            ValueError: the fire was refused.
        """
        answer = self.fired(key, symbol)
        if answer.client_order_id is None:
            raise ValueError(f"refused: {[reason.code.value for reason in answer.reasons]}")
        self.tick()
        self.wait_for(self.router.dispatch(answer.client_order_id))
        return answer.client_order_id
