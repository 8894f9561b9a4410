"""A desk whose store is in trouble for a while: what people are told, what leaves, and what is true afterwards."""

from __future__ import annotations

import asyncio
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, NamedTuple

from bitten_apps.testkit.crowd.broker_line import BrokerHouse
from bitten_apps.testkit.crowd.judge import judged
from bitten_apps.testkit.crowd.router_process import (
    WISH,
    CloseSaid,
    FireSaid,
    Post,
    RoundSaid,
    Router,
    owner_of,
)
from bitten_apps.testkit.simulation.proof.planted_bugs import PLANTED_BUGS
from bitten_apps.testkit.simulation.router import Parts
from bitten_apps.testkit.simulation.world import START, settle_down
from bitten_domain.errors import Conflict, OutcomeUnknown, Unavailable
from bitten_domain.use_cases.trading.orders.close import CloseCommand
from bitten_domain.use_cases.trading.orders.fire import FireCommand
from bitten_domain.values import AccountId

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from bitten_domain.errors import BittenError
    from bitten_domain.ports.unit_of_work import UnitOfWork
    from bitten_domain.use_cases.trading.orders.fire import FireAnswer

__all__ = ["Lived", "live_through"]

_ACCOUNT = AccountId("account-1")
_MOST_FIRES = 100
_FAILED = (Unavailable, OutcomeUnknown, Conflict)


class Lived(NamedTuple):
    """What a desk lived through.

    Args:
        fire_failed: how the fire that met the trouble ended; None when none did.
        fires_before: fires that were still answered while the trouble went on, as on a disk that is not quite full.
        opened_meanwhile: positions the broker opened while the trouble went on.
        is_closed: whether the close that was asked for meanwhile has closed its position at the broker afterwards.
        violations: every broken promise afterwards; none when all hold.
    """

    fire_failed: type[BittenError] | None
    fires_before: int
    opened_meanwhile: int
    is_closed: bool
    violations: tuple[str, ...]


def live_through(
    url: str, store: UnitOfWork, trouble: Callable[[], AbstractContextManager[object]], bug: str = ""
) -> Lived:
    """Trade before, during and after a trouble, with one process that is never started again.

    Before it, a position is opened and a fire is written down that has not left yet. In it, that fire is to be sent,
    the position to be closed, and fires are asked for until the store refuses one. After it, the same is asked again.

    Args:
        url: of an empty store; its tables are there.
        store: opened on it.
        trouble: makes the trouble, for as long as its context lasts.
        bug: name of a planted bug; empty for none.
    """
    house = BrokerHouse((_ACCOUNT,))
    try:
        post = Post("router-1", 0, 1, 1, url, 1, house.address, time.time(), 1)  # noqa: TID251 - moves the story's clock
        planted = next((one for one in PLANTED_BUGS if one.name == bug), None)
        desk = _Desk(Router(post, store, Parts() if planted is None else planted.parts), house)
        with nullcontext() if planted is None else planted.planted():
            lived = asyncio.run(desk.lives(trouble))
        said = RoundSaid(desk.fires, desk.closes, 0, desk.router.violations)
        found, _ = judged(url, store, house, (_ACCOUNT,), [said], desk.router.market.bars)
        return lived._replace(violations=tuple(found))
    finally:
        house.close()


class _Desk:
    """One process, and what its people were told."""

    def __init__(self, router: Router, house: BrokerHouse) -> None:
        self.router, self._house = router, house
        self.fires: list[FireSaid] = []
        self.closes: list[CloseSaid] = []

    async def lives(self, trouble: Callable[[], AbstractContextManager[object]]) -> Lived:
        router = self.router
        await router.store.run(lambda repositories: settle_down(repositories, (_ACCOUNT,), int(START)))
        self._house.show(router.market.bars, router.now())
        await router.start_up()
        opened = await self._first_approved()
        await router.dispatch(opened)
        ticket = self._house.shown(_ACCOUNT).positions[0].ticket
        waiting = await self._first_approved()
        failed: type[BittenError] | None = None
        before, answered = self._opened(), len(self.fires)
        with trouble():
            await self._tries(waiting)
            await self._tries_to_close(ticket)
            while failed is None and len(self.fires) < _MOST_FIRES:
                failed = await self._asks_and_fails()
            meanwhile, answered = self._opened() - before, len(self.fires) - answered
        for number in range(len(self.fires) + 1):
            await self._fires(number)
        await self._closes(ticket)
        await self._comes_to_rest()
        is_closed = all(position.ticket != ticket for position in self._house.shown(_ACCOUNT).positions)
        return Lived(failed, answered, meanwhile, is_closed, ())

    async def _first_approved(self) -> int:
        while True:
            answer = await self._fires(len(self.fires))
            if answer.client_order_id is not None:
                return answer.client_order_id

    async def _asks_and_fails(self) -> type[BittenError] | None:
        try:
            await self._fires(len(self.fires))
        except _FAILED as error:
            return type(error)
        return None

    async def _fires(self, number: int) -> FireAnswer:
        self._house.show(self.router.market.bars, self.router.now())
        # Told again, it is the same fire to the letter.
        signal = self.router.market.signal(number, int(START))
        answer = await self.router.fire(FireCommand(_ACCOUNT, owner_of(_ACCOUNT), f"fire-{number}", signal, WISH))
        self.fires.append(FireSaid(_ACCOUNT, f"fire-{number}", answer.to_json()))
        return answer

    async def _closes(self, ticket: int) -> int:
        order_id = await self.router.close(CloseCommand(_ACCOUNT, owner_of(_ACCOUNT), "close", ticket, None))
        self.closes.append(CloseSaid(_ACCOUNT, "close", ticket, order_id))
        return order_id

    async def _tries(self, order_id: int) -> None:
        try:
            await self.router.dispatch(order_id)
        except _FAILED:
            return

    async def _tries_to_close(self, ticket: int) -> None:
        try:
            await self._tries(await self._closes(ticket))
        except _FAILED:
            return

    async def _comes_to_rest(self) -> None:
        """Do what the loops do, until nothing is under way."""
        for _ in range(_MOST_FIRES):
            now = self.router.now()
            due = await self.router.store.read(lambda store, now=now: store.dispatches.due(now, _MOST_FIRES))  # type: ignore[misc]
            for waiting in due:
                await self._tries(waiting.client_order_id)
            await self.router.reconcile(_ACCOUNT)
            if not await self.router.store.read(lambda store: store.intents.unfinished(_ACCOUNT)):
                return

    def _opened(self) -> int:
        return sum(deal.reason.opens for deal in self._house.shown(_ACCOUNT).deals)
