"""A trading centre put together over a store and a home folder, for the commands that run one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bitten_apps.cli.runs.member_run import end_renewals
from bitten_apps.container import Container
from bitten_apps.recording.recorded_run import recorded_run
from bitten_apps.runtime.centre import Centre
from bitten_apps.runtime.days import Days
from bitten_apps.runtime.paper_desk import paper_desk
from bitten_apps.runtime.privacy_duties import PrivacyDuties
from bitten_apps.runtime.raises import Raises
from bitten_apps.runtime.resumed_market import resumed_market
from bitten_domain.use_cases.choices.limits import ApplyRaise
from bitten_domain.use_cases.game.day_challenges import SetChallenges
from bitten_domain.use_cases.people.confirm_briefing import ConfirmBriefing
from bitten_domain.use_cases.people.promote import PromoteWhenDue
from bitten_domain.use_cases.people.settle_days import SettleDays
from bitten_domain.use_cases.platform.anchor_day import AnchorDay
from bitten_domain.use_cases.platform.deliver_messages import DeliverMessages
from bitten_domain.use_cases.privacy.carry_out import CarryOutDeletions
from bitten_domain.use_cases.privacy.replay_erasures import ReplayErasures
from bitten_domain.use_cases.privacy.retention_job import ApplyRetention

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bitten_apps.recording.recorded_desk import RecordedDesk
    from bitten_apps.recording.tape import Tape
    from bitten_apps.runtime.member_jobs import MemberJobs
    from bitten_apps.runtime.paper_desk import PaperDesk
    from bitten_apps.settings import Settings
    from bitten_apps.store import Store
    from bitten_domain.desk.run.desk_run import Moment
    from bitten_domain.market.bars import Bars
    from bitten_domain.ports.input_log import InputLog
    from bitten_domain.ports.notifier import Notifier
    from bitten_domain.ports.signer import Signer
    from bitten_domain.ports.unit_of_work import UnitOfWork
    from bitten_domain.record.inputs.configuration import RunConfiguration
    from bitten_domain.use_cases.trading.backtest import BacktestPlan
    from bitten_domain.use_cases.trading.trade_moment import MomentTraded
    from bitten_domain.values import UserId

__all__ = ["ANCHORS", "OpenedCentre", "Pace", "Place", "Recording", "Watching", "opened_centre", "privacy_duties"]

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


class Recording(NamedTuple):
    """How a centre records what it decides from.

    Args:
        log: begins a recording on a trading day, in days since 1970.
        configuration: what the plan was made from.
    """

    log: Callable[[int], InputLog]
    configuration: RunConfiguration


class OpenedCentre(NamedTuple):
    """A centre that may run.

    Args:
        centre: ready.
        known: the last moment its store knows; None for a store that has seen none.
        tape: its recording, to be closed when it has run; None when nothing is recorded.
    """

    centre: Centre
    known: int | None
    tape: Tape | None


async def opened_centre(
    place: Place,
    bars: Mapping[str, Bars],
    plan: BacktestPlan,
    pace: Pace,
    watching: Watching,
    recording: Recording | None = None,
    jobs: MemberJobs | None = None,
    duties: PrivacyDuties | None = None,
) -> OpenedCentre:
    """Put a centre together and open its books.

    Args:
        place: where it keeps its things.
        bars: the market, M15 bars by symbol.
        plan: what is traded by which policies.
        pace: how it goes.
        watching: who is told.
        recording: how it is recorded, for a replay; None for a centre whose store is gone afterwards.
        jobs: what is done for members by the clock; None for a centre whose store is gone afterwards.
        duties: what privacy asks for, begun before anything of its person is read; None as for the recording, and then
            no raise of limits is looked after either.

    Raises:
        InvalidInput: the store's account is another one, its books contradict the broker's, or its person was erased.
        Unavailable: nothing can be recorded.
    """
    if duties is not None:
        await duties.begin()
    store, home, start = place.store, place.home, plan.start or 0
    ledger = Container.paper_ledger(home / f"paper-{plan.desk.account_id}.ledger")
    broker = Container.paper_broker(ledger, plan.terms, plan.deposit)
    clock = Container.replay_clock()
    identity, rules = Container.identity(), Container.game_rules()
    desk: PaperDesk | RecordedDesk
    tape: Tape | None = None
    if recording is None:
        desk = paper_desk(store, plan, broker, broker, clock, clock, identity, start)
    else:
        log, configuration = recording
        desk, tape = recorded_run(log, store, plan, configuration, bars, broker, broker, clock, clock, identity, start)
    known = await desk.open(start)
    # One that became due while nothing ran holds from the first moment on.
    raises = None if duties is None else Raises(plan.desk.person.user_id, ApplyRaise(store), Container.clock())
    if raises is not None:
        await raises(start if known is None else known)
    moments = await resumed_market(bars, plan, store, known)
    centre = Centre(
        desk=desk,
        moments=moments,
        deliver=DeliverMessages(store, place.notifier, clock),
        anchor=AnchorDay(store, place.signer, Container.anchor_publisher(home / ANCHORS), clock),
        days=Days(
            plan.desk.person.user_id,
            ConfirmBriefing(store),
            SettleDays(store, rules),
            PromoteWhenDue(store, Container.risk_course()),
            SetChallenges(store, rules),
            pace.is_briefing_confirmed,
        ),
        clock=Container.clock(),
        speed=pace.speed,
        crashed=watching.crashed,
        watch=watching.watch,
        jobs=jobs,
        duties=duties,
        raises=raises,
    )
    return OpenedCentre(centre, known, tape)


def privacy_duties(store: Store, user_id: UserId, settings: Settings) -> PrivacyDuties:
    """Put together what privacy asks of a centre that trades for somebody, over the store of the settings."""
    erasure_list, shelf, scrub = Container.erasure_list(), Container.export_shelf(), Container.scrub()
    return PrivacyDuties(
        user_id=user_id,
        store=store,
        clock=Container.clock(),
        replay=ReplayErasures(store, erasure_list, scrub),
        carry_out=CarryOutDeletions(store, erasure_list, shelf, scrub, end_renewals(store, settings)),
        retention=ApplyRetention(store),
        shelf=shelf,
    )
