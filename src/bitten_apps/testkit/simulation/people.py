"""People: what they ask of the routers, how often they ask again, and what they were told."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from bitten_apps.testkit.simulation.scenario import Deed
from bitten_apps.testkit.simulation.virtual_time import pause
from bitten_domain.desk.account.fires.facts_of_account import FireWish
from bitten_domain.errors import Conflict, InvalidInput, OutcomeUnknown, Unavailable
from bitten_domain.risk.emergency_stop import StopKind, StopScope
from bitten_domain.use_cases.trading.orders.close import CloseCommand
from bitten_domain.use_cases.trading.orders.emergency import EmergencyCommand
from bitten_domain.use_cases.trading.orders.fire import FireAnswer, FireCommand
from bitten_domain.use_cases.trading.orders.modify import ModifyCommand
from bitten_domain.values import TEN_PAIRS, Direction, Lots, UserId
from bitten_domain.vocabulary import FireMode

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bitten_apps.testkit.simulation.router import Router
    from bitten_apps.testkit.simulation.scenario import Step
    from bitten_apps.testkit.simulation.world import World
    from bitten_domain.desk.account import HeldPosition
    from bitten_domain.values import AccountId

__all__ = ["CloseAsked", "FireAsked", "People"]

_TRIES = 8
_PATIENCE = 3.0
_WITH_STOP = 0.9
_CLOCK_WRONG = 8.0
_WISH = FireWish(FireMode.SINGLE, is_confirmed=True)
_ADMIN = UserId("admin")


class FireAsked(NamedTuple):
    """A fire somebody asked for, with every answer they got; one key has one answer."""

    command: FireCommand
    answers: list[FireAnswer]


class CloseAsked(NamedTuple):
    """A close somebody asked for, with every order they were told does it, and every word against it."""

    command: CloseCommand
    answers: list[int]
    refusals: list[str]


class People:
    """The people of a world.

    Args:
        world: theirs.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.fires: list[FireAsked] = []
        self.closes: list[CloseAsked] = []

    async def does(self, step: Step) -> None:
        """Do one deed."""
        world, account = self._world, self._world.account_ids[step.account]
        match step.deed:
            case Deed.FIRE:
                await self._fires(step, account)
            case Deed.CLOSE | Deed.CLOSE_PART:
                await self._closes(step, account)
            case Deed.TIGHTEN:
                await self._tightens(step, account)
            case Deed.HALT:
                await self._stops(
                    EmergencyCommand(StopScope.USER, self._owner(account), StopKind.HALT, self._owner(account))
                )
            case Deed.LOCK:
                await self._stops(EmergencyCommand(StopScope.GLOBAL, "", StopKind.LOCK, _ADMIN))
            case Deed.UNLOCK:
                lock = EmergencyCommand(StopScope.GLOBAL, "", StopKind.LOCK, _ADMIN)
                await self._asks(step.first, lambda router: router.release_emergency(lock))
            case Deed.CRASH:
                router = world.router(step.first)
                if router is not None:
                    world.kill(router.name)
            case Deed.CLOCK_JUMP:
                router = world.router(step.first)
                if router is not None:
                    router.clock.offset = 60.0 * (step.second - 0.5)
                    await pause(_CLOCK_WRONG)
                    router.clock.offset = 0.0
            case Deed.HAND_TRADE:
                symbol = TEN_PAIRS[int(step.first * len(TEN_PAIRS))]
                signal = world.market.signal(symbol, Direction.BUY, int(world.time.now))
                stop = signal.stop if step.second < _WITH_STOP else None
                await world.brokers[account].trade_by_hand(symbol, Direction.BUY, Lots(Decimal("0.01")), stop)
            case Deed.STOP_DELETED:
                held = self._position(account, step.first)
                if held is not None:
                    await world.brokers[account].delete_stop(held.position.ticket)
            case Deed.BROKER_RESTART:
                world.brokers[account].restart()
                world.market.show_all(int(world.time.now), world.brokers[account].paper)
            case Deed.THAW:
                for account_id in world.account_ids:
                    await self._asks(step.first, lambda router, one=account_id: router.thaw(one, _ADMIN))  # type: ignore[misc]

    def thaw_all(self) -> None:
        """Have an ADMIN look at whatever is frozen, once the faults are over."""
        for account_id in self._world.account_ids:
            self._world.time.spawn(
                "people",
                self._asks(0.0, lambda router, one=account_id: router.thaw(one, _ADMIN)),  # type: ignore[misc]
            )

    async def _fires(self, step: Step, account: AccountId) -> None:
        world = self._world
        symbol = TEN_PAIRS[int(step.first * len(TEN_PAIRS))]
        direction = Direction.BUY if step.second < 0.5 else Direction.SELL
        signal = world.market.signal(symbol, direction, int(world.time.now))
        command = FireCommand(account, self._owner(account), f"fire-{len(self.fires)}", signal, _WISH)
        asked = FireAsked(command, [])
        self.fires.append(asked)

        async def fired(router: Router) -> None:
            answer = await router.fire(command)
            asked.answers.append(answer)
            if answer.client_order_id is not None:
                world.time.spawn(router.name, router.send(answer.client_order_id))

        if step.is_doubled:
            world.time.spawn("people", self._asks(step.first, fired))
        await self._asks(step.second, fired)

    async def _closes(self, step: Step, account: AccountId) -> None:
        world, held = self._world, self._position(account, step.first)
        if held is None:
            return
        lots = None
        if step.deed is Deed.CLOSE_PART:
            part = Lots(held.position.lots.value * Decimal("0.3")).floored(Decimal("0.01"))
            lots = part if part.value > 0 else None
        command = CloseCommand(account, self._owner(account), f"close-{len(self.closes)}", held.position.ticket, lots)
        asked = CloseAsked(command, [], [])
        self.closes.append(asked)

        async def closed(router: Router) -> None:
            try:
                order_id = await router.close(command)
            except InvalidInput as gone:
                asked.refusals.append(gone.where)
                return
            asked.answers.append(order_id)
            world.time.spawn(router.name, router.send(order_id))

        if step.is_doubled:
            world.time.spawn("people", self._asks(step.first, closed))
        await self._asks(step.second, closed)

    async def _tightens(self, step: Step, account: AccountId) -> None:
        held = self._position(account, step.first)
        if held is None or held.position.stop is None:
            return
        position = held.position
        stop = (position.stop or position.entry) + position.sign * 5 * position.instrument.pip
        command = ModifyCommand(
            account, self._owner(account), f"modify-{step.at}", position.ticket, stop, position.target
        )

        async def moved(router: Router) -> None:
            try:
                order_id = await router.modify(command)
            except InvalidInput:
                return
            self._world.time.spawn(router.name, router.send(order_id))

        await self._asks(step.second, moved, tries=1)

    async def _stops(self, command: EmergencyCommand) -> None:
        world = self._world

        async def stopped(router: Router) -> None:
            answer = await router.set_emergency(command)
            for order_id in answer.closing:
                world.time.spawn(router.name, router.send(order_id))

        await self._asks(0.0, stopped)

    async def _asks(
        self, draw: float, ask: Callable[[Router], Coroutine[object, object, None]], tries: int = _TRIES
    ) -> None:
        """Ask some router until one has answered: a router that dies takes the question with it."""
        world = self._world
        for attempt in range(tries):
            router = world.router((draw + attempt * 0.5) % 1.0)
            if router is None:
                await pause(_PATIENCE)
                continue
            answered: list[bool] = []
            world.time.spawn(router.name, _heard(ask(router), answered))
            await pause(_PATIENCE)
            if answered:
                return

    def _owner(self, account: AccountId) -> UserId:
        return UserId(account.replace("account", "user"))

    def _position(self, account: AccountId, draw: float) -> HeldPosition | None:
        held = self._world.store.look(lambda store: store.positions.open(account))
        return held[int(draw * len(held))] if held else None


async def _heard(asking: Coroutine[object, object, None], answered: list[bool]) -> None:
    try:
        await asking
    except (Unavailable, OutcomeUnknown, Conflict):
        return
    answered.append(True)
