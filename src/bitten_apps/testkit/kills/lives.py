"""The two lives of a process: the one that is killed at its work, and the one that clears up after it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bitten_apps.testkit.kills.crossings import Crossings, say
from bitten_apps.testkit.kills.place import Process
from bitten_apps.testkit.kills.workload import do_everything

if TYPE_CHECKING:
    from bitten_apps.testkit.kills.place import Place
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["recover", "work"]

_PAUSE = 0.02
_ROUNDS = 400
_BATCH = 100


async def work(place: Place, seed: int, kill_at: int) -> None:
    """Start, do everything, and say so at the end, unless it is killed before.

    Args:
        place: where.
        seed: draws the market and what people choose.
        kill_at: number of the crossing at which the process is killed; 0 for none.
    """
    crossings = Crossings(kill_at)
    process = Process(place, crossings, seed)
    await process.open()
    await process.start_up()
    began = process.clock.monotonic_seconds()
    say("began")
    await do_everything(process, seed)
    say("done", crossings=crossings.count, seconds=process.clock.monotonic_seconds() - began)
    process.end()


async def recover(place: Place, seed: int, kill_at: int) -> None:
    """Start as after any stop, then send and compare until nothing is under way; say how the accounts stand.

    Args:
        place: where a process was killed.
        seed: draws the market.
        kill_at: number of the crossing at which this process is killed as well; 0 for none.
    """
    crossings = Crossings(kill_at)
    process = Process(place, crossings, seed + 1)
    await process.open()
    standings = await process.start_up()
    for account_id, standing in standings.items():
        say("standing", account=account_id, standing=standing.value)
    say("recovered", crossings=crossings.count)
    for _ in range(_ROUNDS):
        now = process.now()
        due = await process.store.read(lambda store, now=now: store.dispatches.due(now, _BATCH))  # type: ignore[misc]
        for dispatch in due:
            await process.dispatch(dispatch.client_order_id)
        for account_id in place.account_ids:
            await process.reconcile(account_id)
        if await process.store.read(lambda store: _is_at_rest(store, place)):
            break
        await asyncio.sleep(_PAUSE)
    say("rested", crossings=crossings.count)
    process.end()


def _is_at_rest(store: Repositories, place: Place) -> bool:
    return not any(store.intents.unfinished(account_id) for account_id in place.account_ids)
