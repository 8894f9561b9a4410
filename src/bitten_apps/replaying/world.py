"""The world a recording is replayed in: one store, and for each run a desk made as the run made its own."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from bitten_apps.cli.runs.run_plan import plan_from
from bitten_apps.container import Container
from bitten_apps.recording.recorded_desk import opened
from bitten_apps.replaying.known_facts import KnownFacts
from bitten_apps.replaying.replayed_ports import ReplayedBroker, ReplayedClock, ReplayedIdentity, ReplayedStore
from bitten_apps.replaying.shadow import Shadow
from bitten_apps.replaying.stage import LiveAct, Stage, finished
from bitten_apps.runtime.paper_desk import paper_desk
from bitten_apps.runtime.resumed_market import resumed_market
from bitten_domain.errors import BrokenInvariant, InvalidInput
from bitten_domain.market.news_view import NewsCalendarView
from bitten_domain.record.inputs.configuration import configuration_from
from bitten_domain.record.inputs.entries import ActBegan, ActKind
from bitten_domain.record.inputs.material import bars_from, calendar_from, swaps_from
from bitten_domain.risk.emergency_stop import StopKind, StopScope
from bitten_domain.use_cases.trading.orders.emergency import EmergencyCommand, ReleaseEmergency, SetEmergency
from bitten_domain.use_cases.trading.orders.resolve import Resolve
from bitten_domain.use_cases.trading.orders.thaw import Thaw
from bitten_domain.use_cases.trading.paper_plan import paper_plan
from bitten_domain.values import AccountId, UserId
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bitten_apps.runtime.paper_desk import PaperDesk
    from bitten_domain.desk.run.desk_run import Moment
    from bitten_domain.desk.run.live_moments import LiveMoments
    from bitten_domain.ports.broker import Broker
    from bitten_domain.ports.input_log import InputRecording
    from bitten_domain.ports.unit_of_work import UnitOfWork
    from bitten_domain.record.inputs.configuration import RunConfiguration
    from bitten_domain.record.inputs.entries import (
        BarRow,
        BrokerAnswered,
        IdDrawn,
        MarketShown,
        OperatorAsked,
        SessionBegan,
        StopAsked,
        TimeRead,
    )
    from bitten_domain.use_cases.trading.backtest import BacktestPlan

__all__ = ["World"]

_T = TypeVar("_T")

_DUE_AT_ONCE = 20


class World:
    """Everything that acts work on.

    Args:
        recording: where calendars and bars are kept.
        stage: who is on.
        changed: applied to each plan that is made; for what would have been under other rules.
    """

    def __init__(
        self, recording: InputRecording, stage: Stage, changed: Callable[[BacktestPlan], BacktestPlan] | None = None
    ) -> None:
        self.store: UnitOfWork = Container.memory_store()
        self.shadow: Shadow | None = None
        self.facts = KnownFacts(recording)
        self._recording, self._stage, self._changed = recording, stage, changed
        self._began: SessionBegan | None = None
        self._clock = ReplayedClock(stage, Container.replay_clock())
        self._desk: PaperDesk | None = None
        self._plan: BacktestPlan | None = None
        self._configuration: RunConfiguration | None = None
        self._first_answers: Sequence[BrokerAnswered] = ()
        self._moments: LiveMoments | None = None
        self._steps: Iterator[Moment] | None = None
        self._moment: Moment | None = None

    def start(self, began: SessionBegan, first_answers: Sequence[BrokerAnswered]) -> None:
        """Start a run.

        Args:
            began: with its configuration.
            first_answers: what the broker said before the first moment.
        """
        self._began, self._first_answers = began, first_answers
        self._desk = self._moments = self._moment = None

    def act(self, began: ActBegan, readings: Sequence[TimeRead | IdDrawn]) -> LiveAct:
        """Make an act, which has not gone on yet."""
        return LiveAct(began, self._done(began), deque(readings))

    def show(self, market: MarketShown, shown: Mapping[str, Sequence[BarRow]]) -> None:
        """Get ready to show a market: the bars before it, and those that were shown."""
        bars = _read(lambda: bars_from(self._recording.material(market.history), shown), "bars")
        plan = self._known(self._plan)
        # A pair without any bar is not there for a run, and was not then.
        there = {symbol: each for symbol, each in bars.items() if len(each)}
        if not there:
            self._moments, self._steps = None, iter(())
            return
        self._moments = finished(resumed_market(there, replace(plan, start=market.start), self.store, market.start))
        self._steps = iter(self._moments)

    def depart(self) -> None:
        """Let time be the desk's own from here on."""
        self._clock.is_recorded = False

    def sending(self) -> list[LiveAct]:
        """Make the acts that send what waits by now."""
        desk = self._desk
        if desk is None:
            return []
        now = int(self._clock.time.now().timestamp())
        due = finished(self.store.read(lambda store: store.dispatches.due(now, _DUE_AT_ONCE)))
        return [self.act(ActBegan(0, ActKind.SEND, order=dispatch.client_order_id), ()) for dispatch in due]

    async def _done(self, began: ActBegan) -> None:
        if began.kind is ActKind.OPEN:
            await opened(self._opening(began.at), self._known(self._configuration), began.at)
        elif began.kind is ActKind.TAKE:
            await self._taken(began.at)
        elif began.kind is ActKind.SEND:
            if self._desk is not None:
                await self._desk.send(began.order)
        elif began.kind in (ActKind.STOP, ActKind.RELEASE):
            await self._stopped(began.kind, self._known(began.stop))
        else:
            await self._operated(began.kind, self._known(began.operator))

    def _opening(self, at: int) -> PaperDesk:
        began = self._known(self._began)
        configuration = _read(lambda: configuration_from(began.configuration), "configuration")
        news = NewsCalendarView(_read(lambda: calendar_from(self._recording.material(configuration.calendar)), "news"))
        swaps = configuration.swaps
        table = _read(lambda: swaps_from(self._recording.material(swaps)), "swaps") if swaps else None
        plan = plan_from(configuration, news, table, at)
        if self._changed is not None:
            plan = self._changed(plan)
        if self.shadow is None:
            self.shadow = Shadow(plan)
        else:
            self.shadow.start_again(plan, self._first_answers)
        self._plan, self._configuration = plan, configuration
        self._clock.time = time = Container.replay_clock()
        self._desk = paper_desk(
            ReplayedStore(self.store, self.facts), plan, ReplayedBroker(self._paper), self.shadow.broker, self._clock,
            time, ReplayedIdentity(self._stage), at,
        )  # fmt: skip
        return self._desk

    def _paper(self) -> Broker:
        return self._known(self.shadow).broker

    async def _taken(self, at: int) -> None:
        moment, moments = self._moment_at(at), self._moments
        if moment is None or moments is None:
            return
        traded = await self._known(self._desk).take(moment, moments.outcomes)
        for signal in traded.signals:
            if signal.row >= 0:
                moments.emitted(signal)

    def _moment_at(self, at: int) -> Moment | None:
        """Find a moment; one that is tried again is the one before, and None when no bar closed then."""
        while self._steps is not None and (self._moment is None or self._moment.at < at):
            self._moment = next(self._steps, None)
            if self._moment is None:
                return None
        return self._moment if self._moment is not None and self._moment.at == at else None

    async def _stopped(self, kind: ActKind, asked: StopAsked) -> None:
        plan = paper_plan()
        actor = UserId(asked.actor)
        command = EmergencyCommand(StopScope(asked.scope), asked.subject, StopKind(asked.kind), actor)
        store = ReplayedStore(self.store, self.facts)
        if kind is ActKind.STOP:
            await SetEmergency(store, self._clock, plan.rules, plan.terms)(command)
        else:
            await ReleaseEmergency(store, self._clock)(command)

    async def _operated(self, kind: ActKind, asked: OperatorAsked) -> None:
        store, actor = ReplayedStore(self.store, self.facts), UserId(asked.actor)
        if kind is ActKind.THAW:
            await Thaw(store, self._clock)(AccountId(asked.subject), actor)
        else:
            await Resolve(store, self._clock)(int(asked.subject), OrderState(asked.state), actor)

    def _known(self, value: _T | None) -> _T:
        if value is None:
            raise BrokenInvariant("the recording asks for something before its run began")
        return value


def _read(read: Callable[[], _T], what: str) -> _T:
    try:
        return read()
    except ValueError as error:
        raise InvalidInput(
            f"the recorded {what} cannot be understood: {error}",
            where="recording",
            remedy="restore the folder of inputs from a backup, or use the version it was recorded with",
        ) from error
