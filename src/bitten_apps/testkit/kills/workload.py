"""The workload: what the people of each account ask for, in the order in which most can go wrong."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING

from bitten_apps.testkit.kills.crossings import say
from bitten_apps.testkit.simulation.chance import Chance
from bitten_apps.testkit.simulation.world import ADMIN
from bitten_domain.desk.account.fires.facts_of_account import FireWish
from bitten_domain.errors import Conflict, InvalidInput
from bitten_domain.risk.emergency_stop import StopKind, StopScope
from bitten_domain.use_cases.trading.orders.close import CloseCommand
from bitten_domain.use_cases.trading.orders.emergency import EmergencyCommand
from bitten_domain.use_cases.trading.orders.fire import FireCommand
from bitten_domain.use_cases.trading.orders.modify import ModifyCommand
from bitten_domain.values import TEN_PAIRS, Direction, Lots, UserId
from bitten_domain.vocabulary import FireMode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bitten_apps.testkit.kills.place import Process
    from bitten_domain.desk.account import HeldPosition
    from bitten_domain.values import AccountId

__all__ = ["do_everything"]

_WISH = FireWish(FireMode.SINGLE, is_confirmed=True)
_PART = Decimal("0.3")
_LOCK = EmergencyCommand(StopScope.GLOBAL, "", StopKind.LOCK, ADMIN)


async def do_everything(process: Process, seed: int) -> None:
    """Let every account's people do their deeds, side by side.

    Args:
        process: serves them; started up.
        seed: draws what they choose.
    """
    people = [
        _Person(process, account_id, Chance(seed * 7 + number), number)
        for number, account_id in enumerate(process.place.account_ids)
    ]
    await asyncio.gather(*(person.does_everything() for person in people))


@dataclass(slots=True)
class _Person:
    """Who trades on one account.

    Args:
        process: serves them.
        account: theirs.
        chance: draws what they choose.
        number: of the account, from 0; the first has an ADMIN at hand, the others halt themselves.
    """

    process: Process
    account: AccountId
    chance: Chance
    number: int
    user: UserId = field(init=False)
    keys: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        self.user = UserId(self.account.replace("account", "user"))
        self.keys = count(1)

    async def does_everything(self) -> None:
        await self._fires()
        waiting = await self._asks_to_fire()
        await self._fires()
        await self._sends(waiting)
        await self._tightens()
        await self._closes(None)
        await self._fires()
        await self._closes(_PART)
        waiting = await self._asks_to_fire()
        if self.number:
            await self._stops(EmergencyCommand(StopScope.USER, self.user, StopKind.HALT, self.user))
            await self._sends(waiting)
            await self._fires()
            return
        await self._stops(_LOCK)
        await self._sends(waiting)
        await self._fires()
        await self._closes(None)
        await self._says_rows("releasing", _LOCK)
        await self.process.release_emergency(_LOCK)
        await self._fires()
        await self._tightens()
        await self._closes(None)

    async def _asks_to_fire(self) -> int | None:
        """Fire without sending it yet; gives the order, None for a refused one."""
        process, number = self.process, next(self.keys)
        process.tick()
        symbol = TEN_PAIRS[(number + 5 * self.number) % len(TEN_PAIRS)]
        direction = Direction.BUY if self.chance.happens(0.5) else Direction.SELL
        signal = process.market.signal(symbol, direction, process.now())
        answer = await process.fire(FireCommand(self.account, self.user, f"fire-{number}", signal, _WISH))
        say("fired", account=self.account, key=f"fire-{number}", answer=answer.to_json())
        return answer.client_order_id

    async def _fires(self) -> None:
        await self._sends(await self._asks_to_fire())

    async def _closes(self, part: Decimal | None) -> None:
        held = await self._position()
        if held is None:
            return
        lots = None if part is None else Lots(held.position.lots.value * part).floored(Decimal("0.01"))
        if lots is not None and lots.value <= 0:
            return
        key, ticket = f"close-{next(self.keys)}", held.position.ticket
        try:
            order_id = await self.process.close(CloseCommand(self.account, self.user, key, ticket, lots))
        except InvalidInput:  # its stop was faster
            return
        say("closed", account=self.account, key=key, ticket=ticket, order=order_id)
        await self._sends(order_id)

    async def _tightens(self) -> None:
        held = await self._position()
        if held is None or held.position.stop is None:
            return
        position = held.position
        stop = held.position.stop + position.sign * 2 * position.instrument.pip
        key = f"modify-{next(self.keys)}"
        try:
            order_id = await self.process.modify(
                ModifyCommand(self.account, self.user, key, position.ticket, stop, position.target)
            )
        except (InvalidInput, Conflict):  # its stop, or another order about it, was faster
            return
        await self._sends(order_id)

    async def _stops(self, command: EmergencyCommand) -> None:
        answer = await self.process.set_emergency(command)
        # From these rows on nothing of the accounts it holds may open, until its release is asked for.
        await self._says_rows("stopped", command)
        for order_id in answer.closing:
            await self._sends(order_id)

    async def _says_rows(self, what: str, command: EmergencyCommand) -> None:
        heads = await self.process.store.read(lambda store: store.journal.heads())
        for account_id in self.process.place.account_ids:
            if command.scope is StopScope.GLOBAL or account_id == self.account:
                rows = sum(head.rows for head in heads if head.stream == f"account:{account_id}")
                say(what, account=account_id, kind=command.kind.value, rows=rows)

    async def _sends(self, order_id: int | None) -> None:
        if order_id is not None:
            self.process.tick()
            await self.process.dispatch(order_id)

    async def _position(self) -> HeldPosition | None:
        held = await self.process.store.read(lambda store: store.positions.open(self.account))
        return held[self.chance.below(len(held))] if held else None
