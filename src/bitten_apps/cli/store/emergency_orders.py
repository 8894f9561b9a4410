"""Stops set and released in the store that is there, by the desk's time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from bitten_apps.cli.store.desk_time import desk_time
from bitten_apps.cli.store.plain_text import utc
from bitten_apps.container import Container
from bitten_apps.recording.recorded_command import recorded_command
from bitten_apps.store import inputs_folder
from bitten_domain.errors import InvalidInput
from bitten_domain.execution.protocol import CloseIntent
from bitten_domain.record.inputs.entries import ActKind
from bitten_domain.risk.emergency_stop import RELEASE_WAIT_SECONDS, EmergencyStop, StopKind, StopScope
from bitten_domain.use_cases.trading.orders.emergency import EmergencyCommand, ReleaseEmergency, SetEmergency
from bitten_domain.use_cases.trading.paper_plan import paper_plan
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_apps.store import Store
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.input_log import InputLog
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.use_cases.trading.orders.emergency import EmergencyAnswer

__all__ = ["StopsStanding", "own_release_from", "pause_for", "release_stops", "set_stop", "stops_standing"]


class StopsStanding(NamedTuple):
    """What is stopped, and what that leaves to be done.

    Args:
        desk_time: seconds since 1970 UTC; None when the machine's clock is the desk's, or nothing trades yet.
        stops: in force, oldest first.
        open_positions: of all accounts.
        closes_under_way: orders that close, written and not ended.
    """

    desk_time: int | None
    stops: tuple[EmergencyStop, ...]
    open_positions: int
    closes_under_way: int


def set_stop(
    kind: StopKind, user: str, admin: str, complain: Callable[[str], None], *, is_global: bool
) -> EmergencyAnswer:
    """Put a stop in force and write the closes it asks for.

    Args:
        kind: what it does.
        user: whose trading it stops; the local user's when empty.
        admin: who decides for everybody; not read otherwise.
        complain: told when it could not be recorded for a replay, which keeps nobody from stopping.
        is_global: for everybody, and not for the local user.

    Raises:
        InvalidInput: there is no store or nothing trades in it, or the actor may not.
        Unavailable: nothing was written.
    """
    # The documented policies and not the settings: a slip in those must not keep anybody from stopping.
    plan = paper_plan()
    whose = UserId(user) if user else plan.desk.person.user_id
    command = _command(whose, kind, admin, is_global=is_global)

    async def ask(store: Store) -> EmergencyAnswer:
        if user:
            await _require(store, whose)
        with recorded_command(store, await _clock(store), _log, complain) as recorded:
            use_case = SetEmergency(recorded.store, recorded.clock, plan.rules, plan.terms)
            with recorded.during(ActKind.STOP, command):
                return await use_case(command)

    store: Store = Container.existing_store()
    try:
        return asyncio.run(ask(store))
    finally:
        store.close()


def release_stops(
    user: str, admin: str, complain: Callable[[str], None], *, is_global: bool
) -> tuple[tuple[EmergencyStop, ...], tuple[tuple[EmergencyStop, str], ...]]:
    """End the stops of the local user, or those for everybody.

    Args:
        user, admin, complain, is_global: as for `set_stop`.

    Returns:
        What was released, and what was refused with the reason and the remedy.

    Raises:
        InvalidInput: there is no store, or nothing trades in it.
        Unavailable: the store does not answer; what was released before stays so.
    """
    whose = UserId(user) if user else paper_plan().desk.person.user_id
    store: Store = Container.existing_store()
    try:
        return asyncio.run(_released(store, whose, admin, complain, is_global=is_global))
    finally:
        store.close()


async def pause_for(store: Store, user: UserId, complain: Callable[[str], None]) -> None:
    """Put somebody's own PAUSE in force, recorded as every stop is; nothing where they have no account.

    Args:
        store: where it is put in force.
        user: whose.
        complain: as for `set_stop`.

    Raises:
        Unavailable: nothing was written.
    """
    accounts = await store.read(lambda repositories: repositories.accounts.all())
    if not any(account.user_id == user for account in accounts):
        return
    plan, command = paper_plan(), _command(user, StopKind.PAUSE, "", is_global=False)
    with recorded_command(store, await _clock(store), _log, complain) as recorded:
        use_case = SetEmergency(recorded.store, recorded.clock, plan.rules, plan.terms)
        with recorded.during(ActKind.STOP, command):
            await use_case(command)


async def _released(
    store: Store, user: UserId, admin: str, complain: Callable[[str], None], *, is_global: bool
) -> tuple[tuple[EmergencyStop, ...], tuple[tuple[EmergencyStop, str], ...]]:
    clock = await _clock(store)
    released: list[EmergencyStop] = []
    refused: list[tuple[EmergencyStop, str]] = []
    stops = await store.read(lambda repositories: repositories.stops.in_force())
    with recorded_command(store, clock, _log, complain) as recorded:
        release = ReleaseEmergency(recorded.store, recorded.clock)
        for stop in stops:
            command = _command(user, stop.kind, admin, is_global=is_global)
            if (stop.scope, stop.subject) != (command.scope, command.subject):
                continue
            try:
                with recorded.during(ActKind.RELEASE, command):
                    await release(command)
                released.append(stop)
            except InvalidInput as error:
                refused.append((stop, _refusal(stop, error, int(clock.now().timestamp()))))
    return tuple(released), tuple(refused)


async def _require(store: Store, user: UserId) -> None:
    if await store.read(lambda repositories: repositories.people.get(user)) is None:
        raise InvalidInput(f"there is no person {user}", where="--user", remedy="`bitten admin people` lists them")


def _refusal(stop: EmergencyStop, error: InvalidInput, now: int) -> str:
    since = own_release_from(stop)
    if since is None:
        return str(error)
    return (
        f"your {stop.kind.value} holds for an hour: it may be released from {utc(since)} UTC, and the desk's time is "
        f"{utc(now)} UTC (let `bitten run` take the market past that, then release it; closing works meanwhile)"
    )


def own_release_from(stop: EmergencyStop) -> int | None:
    """Say from when its user may release a stop, seconds since 1970 UTC; None for an ADMIN's."""
    is_own = stop.scope is StopScope.USER and stop.kind is not StopKind.LOCK
    return stop.set_at + RELEASE_WAIT_SECONDS if is_own else None


def stops_standing(store: Repositories) -> StopsStanding:
    """Read what is stopped, and what is still open."""
    accounts = store.accounts.all()
    return StopsStanding(
        desk_time(store) if accounts else None,
        store.stops.in_force(),
        sum(len(store.positions.open(account.account_id)) for account in accounts),
        sum(
            isinstance(errand.intent, CloseIntent)
            for account in accounts
            for errand in store.intents.unfinished(account.account_id)
        ),
    )


def _command(user: UserId, kind: StopKind, admin: str, *, is_global: bool) -> EmergencyCommand:
    if is_global:
        return EmergencyCommand(StopScope.GLOBAL, "", kind, UserId(admin))
    return EmergencyCommand(StopScope.USER, user, kind, user)


async def _clock(store: Store) -> Clock:
    at = await store.read(desk_time)
    clock: Clock = Container.clock() if at is None else Container.replay_clock(at)
    return clock


def _log(day: int) -> InputLog:
    log: InputLog = Container.input_log(inputs_folder(Container.settings()), day)
    return log
