"""A run that is recorded: its tape, and a desk made of ports that write on it."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, NamedTuple

from bitten_apps.recording.recorded_desk import RecordedDesk
from bitten_apps.recording.recorded_ports import RecordedBroker, RecordedClock, RecordedIdentity
from bitten_apps.recording.recorded_store import RecordedStore
from bitten_apps.recording.tape import Tape
from bitten_apps.runtime.paper_desk import paper_desk
from bitten_domain.execution import SwapTable
from bitten_domain.market.clocks.fx_week import trading_day_at
from bitten_domain.record.inputs.entries import SessionKind
from bitten_domain.record.inputs.material import calendar_text, swaps_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bitten_apps.runtime.paper_desk import PaperVenue, ReplayedTime
    from bitten_domain.market.bars import Bars
    from bitten_domain.ports.broker import Broker
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.identity import Identity
    from bitten_domain.ports.input_log import InputLog
    from bitten_domain.ports.unit_of_work import UnitOfWork
    from bitten_domain.record.inputs.configuration import RunConfiguration
    from bitten_domain.use_cases.trading.backtest import BacktestPlan

__all__ = ["RecordedRun", "recorded_run", "this_version"]


class RecordedRun(NamedTuple):
    """A desk, and the recording of what it is shown and asked."""

    desk: RecordedDesk
    tape: Tape


def recorded_run(
    log: Callable[[int], InputLog],
    store: UnitOfWork,
    plan: BacktestPlan,
    configuration: RunConfiguration,
    bars: Mapping[str, Bars],
    broker: Broker,
    venue: PaperVenue,
    clock: Clock,
    time: ReplayedTime,
    identity: Identity,
    start: int,
) -> RecordedRun:
    """Put a recorded paper desk together.

    Args:
        log: begins a recording on a trading day, in days since 1970.
        store, plan, broker, venue, clock, time, identity, start: as for `paper_desk`.
        configuration: what the plan was made from; the digests of calendar and swaps are filled in here.
        bars: the market that is shown, by symbol.

    Raises:
        Unavailable: nothing can be recorded, so nothing may be decided.
    """
    begun = log(trading_day_at(start))
    swaps = plan.terms.costs.swaps
    configuration = replace(
        configuration,
        calendar=begun.keep(calendar_text(plan.news.calendar)),
        swaps="" if swaps == SwapTable() else begun.keep(swaps_text(swaps)),
    )
    tape = Tape(begun, SessionKind.RUN, this_version(), configuration.text)
    desk = paper_desk(
        RecordedStore(store, tape),
        plan,
        RecordedBroker(broker, tape),
        venue,
        RecordedClock(clock, tape),
        time,
        RecordedIdentity(identity, tape),
        start,
    )
    return RecordedRun(RecordedDesk(desk, tape, configuration, bars), tape)


def this_version() -> str:
    """Name this version of the program; one that is run from its source has no number."""
    try:
        return version("bitten")
    except PackageNotFoundError:
        return "not installed"
