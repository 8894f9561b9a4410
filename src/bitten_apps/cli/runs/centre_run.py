"""A trading centre put together over a store and a home folder, for the commands that run one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bitten_apps.container import Container
from bitten_apps.runtime.centre import Centre
from bitten_apps.runtime.days import Days
from bitten_apps.runtime.paper_desk import paper_desk
from bitten_domain.use_cases.people.confirm_briefing import ConfirmBriefing
from bitten_domain.use_cases.people.settle_days import SettleDays
from bitten_domain.use_cases.platform.anchor_day import AnchorDay
from bitten_domain.use_cases.platform.deliver_messages import DeliverMessages
from bitten_domain.use_cases.trading.backtest import live_moments

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bitten_domain.desk.run.desk_run import Moment
    from bitten_domain.desk.signal import Signal
    from bitten_domain.market.bars import Bars
    from bitten_domain.ports.notifier import Notifier
    from bitten_domain.ports.signer import Signer
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.use_cases.trading.backtest import BacktestPlan
    from bitten_domain.use_cases.trading.trade_moment import MomentTraded

__all__ = ["ANCHORS", "Pace", "Place", "Watching", "opened_centre"]

ANCHORS = "anchors.jsonl"
"""Name of the file of published anchors in a home folder."""


class Place(NamedTuple):
    """Where a centre keeps its things.

    Args:
        store: its tables are there.
        home: folder of paper ledgers and anchors.
        signer: of the anchors.
        notifier: tells what commits left in the outbox.
    """

    store: UnitOfWork
    home: Path
    signer: Signer
    notifier: Notifier


class Pace(NamedTuple):
    """How a centre goes.

    Args:
        speed: seconds of the market's time that pass in one; 0 as fast as it goes.
        is_briefing_confirmed: confirm each day's briefing and limits as the day begins.
    """

    speed: float = 0.0
    is_briefing_confirmed: bool = False


class Watching(NamedTuple):
    """Who is told what a centre does.

    Args:
        crashed: of each crash of a loop, with its name.
        watch: of each moment and what it came to.
    """

    crashed: Callable[[str, Exception], None]
    watch: Callable[[Moment, MomentTraded], None]


async def opened_centre(
    place: Place, bars: Mapping[str, Bars], plan: BacktestPlan, pace: Pace, watching: Watching
) -> tuple[Centre, int | None]:
    """Put a centre together and open its books.

    Args:
        place: where it keeps its things.
        bars: the market, M15 bars by symbol.
        plan: what is traded by which policies.
        pace: how it goes.
        watching: who is told.

    Returns:
        The centre, and the last moment its store knows; None for a store that has seen none.

    Raises:
        InvalidInput: the store's account is another one, or its books contradict the broker's.
    """
    store, home, start = place.store, place.home, plan.start or 0
    ledger = Container.paper_ledger(home / f"paper-{plan.desk.account_id}.ledger")
    broker = Container.paper_broker(ledger, plan.terms, plan.deposit)
    clock = Container.replay_clock()
    desk = paper_desk(store, plan, broker, broker, clock, clock, Container.identity(), start)
    known = await desk.open(start)
    if known is not None:
        # The last moment comes again: a crash may have left its signals emitted and not yet fired.
        plan = replace(plan, start=max(start, known))
    moments = live_moments(bars, plan)
    since = (plan.start or 0) + 1
    moments.resume(await store.read(lambda repositories: _open_ideas(repositories, since)))
    centre = Centre(
        desk=desk,
        moments=moments,
        deliver=DeliverMessages(store, place.notifier, clock),
        anchor=AnchorDay(store, place.signer, Container.anchor_publisher(home / ANCHORS), clock),
        days=Days(plan.desk.person.user_id, ConfirmBriefing(store), SettleDays(store), pace.is_briefing_confirmed),
        clock=Container.clock(),
        speed=pace.speed,
        crashed=watching.crashed,
        watch=watching.watch,
    )
    return centre, known


def _open_ideas(repositories: Repositories, since: int) -> tuple[Signal, ...]:
    found = (repositories.signals.get(signal_id) for signal_id in repositories.outcomes.missing(since))
    return tuple(signal for signal in found if signal is not None)
