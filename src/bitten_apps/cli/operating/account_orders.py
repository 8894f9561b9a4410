"""An ADMIN's decisions about a frozen account and a disputed order, recorded so that a replay takes them too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_apps.cli.store.desk_time import desk_time
from bitten_apps.container import Container
from bitten_apps.recording.recorded_command import recorded_command
from bitten_apps.store import inputs_folder
from bitten_domain.record.inputs.entries import ActKind, OperatorAsked
from bitten_domain.use_cases.trading.orders.resolve import Resolve
from bitten_domain.use_cases.trading.orders.thaw import Thaw
from bitten_domain.values import AccountId, UserId

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_apps.store import Store
    from bitten_domain.ports.input_log import InputLog
    from bitten_domain.vocabulary import OrderState

__all__ = ["resolve_order", "thaw_account"]


async def thaw_account(store: Store, account: str, admin: str, complain: Callable[[str], None]) -> None:
    """Let a frozen account be compared anew.

    Args:
        store: where it is.
        account: its id.
        admin: who decides.
        complain: told when it could not be recorded for a replay.

    Raises:
        InvalidInput, Unavailable, OutcomeUnknown: as `Thaw`.
    """
    at = await store.read(desk_time)
    clock = Container.clock() if at is None else Container.replay_clock(at)
    asked = OperatorAsked(account, "", admin)
    with recorded_command(store, clock, _log, complain) as recorded, recorded.operating(ActKind.THAW, asked):
        await Thaw(recorded.store, recorded.clock)(AccountId(account), UserId(admin))


async def resolve_order(
    store: Store, order: int, state: OrderState, admin: str, complain: Callable[[str], None]
) -> None:
    """End a disputed order the way somebody found it to be.

    Args:
        store: where it is.
        order: its client order id.
        state: what it came to.
        admin, complain: as for `thaw_account`.

    Raises:
        InvalidInput, Unavailable, OutcomeUnknown: as `Resolve`.
    """
    at = await store.read(desk_time)
    clock = Container.clock() if at is None else Container.replay_clock(at)
    asked = OperatorAsked(str(order), state.value, admin)
    with recorded_command(store, clock, _log, complain) as recorded, recorded.operating(ActKind.RESOLVE, asked):
        await Resolve(recorded.store, recorded.clock)(order, state, UserId(admin))


def _log(day: int) -> InputLog:
    log: InputLog = Container.input_log(inputs_folder(Container.settings()), day)
    return log
