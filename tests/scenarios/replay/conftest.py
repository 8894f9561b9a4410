"""A recorded day with fires, refusals, a stop and its release by another session, and a run that just ends."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import pytest

from bitten_adapters.files.inputs.layout import framed, part_name
from bitten_adapters.files.inputs.log import FolderInputLog
from bitten_adapters.files.inputs.recording import FolderRecording
from bitten_adapters.files.journal.sink import FolderJournalSink
from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_adapters.paper.broker import PaperBroker
from bitten_adapters.paper.ledger import MemoryLedger
from bitten_adapters.replay.clock import ReplayClock
from bitten_adapters.system.identity import SystemIdentity
from bitten_adapters.system.salt import os_salt
from bitten_apps.cli.runs.run_plan import plan_from
from bitten_apps.recording.recorded_command import recorded_command
from bitten_apps.recording.recorded_run import recorded_run
from bitten_apps.runtime.resumed_market import resumed_market
from bitten_domain.errors import InvalidInput, OutcomeUnknown, Unavailable
from bitten_domain.membership import Profile
from bitten_domain.record.inputs.configuration import RunConfiguration
from bitten_domain.record.inputs.entries import ActKind, OperatorAsked
from bitten_domain.risk.emergency_stop import StopKind, StopScope
from bitten_domain.risk.policy import LimitChoice, UserLimits
from bitten_domain.use_cases.platform.export_journal import ExportJournal
from bitten_domain.use_cases.trading.orders.emergency import EmergencyCommand, ReleaseEmergency, SetEmergency
from bitten_domain.use_cases.trading.orders.thaw import Thaw
from bitten_domain.use_cases.trading.paper_plan import paper_plan
from bitten_domain.values import AccountId, UserId
from bitten_domain.vocabulary import AccountStatus, Rank

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from pathlib import Path

    from bitten_adapters.synthetic.market import SyntheticMarket
    from bitten_domain.execution.order import MarketOrder
    from bitten_domain.market.bars import Bars
    from bitten_domain.market.news_view import NewsCalendarView
    from bitten_domain.ports.broker import Answer
    from bitten_domain.ports.unit_of_work import Repositories

T = TypeVar("T")

FEW = ("EURUSD", "GBPUSD", "EURJPY")
DAY = 15 * 3_600
"""As much of a day as holds everything, so that it can be replayed often."""
CONFIGURATION = RunConfiguration(Decimal(10_000), "COMMANDER", "confirm", "wide", (), Decimal(1), Decimal(4), 10)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded, and the journal that was written meanwhile."""

    inputs: Path
    journal: Path

    def rewritten(self, folder: Path, change: Callable[[str], str]) -> Recorded:
        """Copy it with every entry changed as asked, or dropped where none is left; its checksums are right again."""
        folder.mkdir()
        shutil.copytree(self.inputs / "material", folder / "material")
        for number, session in enumerate(FolderRecording(self.inputs).sessions(), start=1):
            entries = filter(None, map(change, session.entries))
            lines = [framed(place, entry) for place, entry in enumerate(entries)]
            (folder / part_name(number, 20_000)).write_bytes(b"".join(lines))
        return Recorded(folder, self.journal)


class Faulty:
    """Commits that fail now and then: before anything is done, kept without a word, or lost to somebody else."""

    def __init__(self) -> None:
        self.is_on = False
        self._works = self._commits = 0

    def before_work(self) -> None:
        self._works += 1
        if self.is_on and self._works % 41 == 0:
            raise Unavailable("the store is locked")

    def before_commit(self) -> None:
        self._commits += 1
        if self.is_on and self._commits % 37 == 0:
            raise OutcomeUnknown("the answer was lost, and nothing kept")

    def after_commit(self) -> None:
        if self.is_on and self._commits % 29 == 0:
            raise OutcomeUnknown("the answer was lost")


class Killed(BaseException):
    """The process is no more."""


class MortalBroker(PaperBroker):
    """A paper broker whose process dies at an order, before or after its ledger took it."""

    kill_at: str = ""
    kill: Callable[[], None]

    async def place(self, order: MarketOrder) -> Answer:
        if self.kill_at == "before":
            self.kill()
        answer = await super().place(order)
        if self.kill_at == "after":
            self.kill()
        return answer


class Recorder:
    """Trades a market in runs that are recorded, as `bitten run` does it."""

    def __init__(self, bars: Mapping[str, Bars], news: NewsCalendarView, start: int, folder: Path) -> None:
        self._faults = Faulty()
        self.store = MemoryUnitOfWork(os_salt, self._faults)
        self._bars, self._start, self._folder = bars, start, folder
        self._plan = plan_from(CONFIGURATION, news, None, start)
        self._ledger = MemoryLedger()
        self._at = start

    def run(
        self, moments_at_most: int, *, ends_by_itself: bool = True, fails: bool = False, killed_at_order: str = ""
    ) -> None:
        """Trade some moments on from where the store knows.

        Args:
            moments_at_most: how many.
            ends_by_itself: or just ends, as a process that is killed between two moments.
            fails: whether the store fails now and then.
            killed_at_order: ``before`` or ``after`` the broker took the first order; empty for not at all.
        """
        with suppress(Killed):
            asyncio.run(self._run(moments_at_most, killed_at_order, ends_by_itself=ends_by_itself, fails=fails))

    def run_to(self, at: int) -> None:
        """Trade from the start up to a moment, seconds since 1970 UTC."""
        self.run(1 + (at - self._at) // 900)
        assert self._at == at

    def command(self, kind: ActKind) -> None:
        """Set a pause, or release it, as another process does."""
        asyncio.run(self._command(kind))

    def thaw(self, actor: str) -> None:
        """Thaw the account, which is not frozen, as an ADMIN or somebody else does."""
        clock = ReplayClock(self._at)

        async def thawed() -> None:
            asked = OperatorAsked("paper-1", "", actor)
            with (
                recorded_command(self.store, clock, self._log, pytest.fail) as recorded,
                recorded.operating(ActKind.THAW, asked),
            ):
                await Thaw(recorded.store, recorded.clock)(AccountId("paper-1"), UserId(actor))

        asyncio.run(thawed())

    def person_becomes(self, **changes: object) -> None:
        """Change the person whose account it is, as commands and jobs do that record nothing."""

        def work(store: Repositories) -> None:
            person = store.people.lock(UserId("you"))
            assert person is not None
            store.people.put(replace(person, **changes))  # type: ignore[arg-type]

        asyncio.run(self.store.run(work))

    def exported(self) -> Recorded:
        """Export the journal."""
        journal = self._folder / "journal"
        asyncio.run(ExportJournal(self.store, FolderJournalSink(journal))())
        return Recorded(self._folder / "inputs", journal)

    def _log(self, day: int) -> FolderInputLog:
        return FolderInputLog(self._folder / "inputs", day)

    async def _run(self, moments_at_most: int, killed_at_order: str, *, ends_by_itself: bool, fails: bool) -> None:
        broker = MortalBroker(self._ledger, self._plan.terms, self._plan.deposit)
        broker.kill_at = killed_at_order
        clock = ReplayClock()
        begun: list[FolderInputLog] = []

        def log(day: int) -> FolderInputLog:
            begun.append(self._log(day))
            return begun[-1]

        def kill() -> None:
            # Nothing is recorded of what a dying process still runs into on its way out.
            begun[-1].append = begun[-1].sync = _nowhere  # type: ignore[method-assign, assignment]
            raise Killed

        broker.kill = kill
        run = recorded_run(
            log, self.store, self._plan, CONFIGURATION, self._bars, broker, broker, clock, clock,
            SystemIdentity(), self._start,
        )  # fmt: skip
        moments = await resumed_market(self._bars, self._plan, self.store, await run.desk.open(self._start))
        self._faults.is_on = fails
        for moment, _ in zip(moments, range(moments_at_most), strict=False):
            for signal in (await _tried(partial(run.desk.take, moment, moments.outcomes))).signals:
                if signal.row >= 0:
                    moments.emitted(signal)
            self._at = moment.at
            for order in await _tried(partial(run.desk.due, 20)):
                await _tried(partial(run.desk.send, order.client_order_id))
        self._faults.is_on = False
        if ends_by_itself:
            run.tape.close()

    async def _command(self, kind: ActKind) -> None:
        plan = paper_plan()
        user = UserId("you")
        command = EmergencyCommand(StopScope.USER, user, StopKind.HALT, user)
        clock = ReplayClock(self._at)
        with (
            recorded_command(self.store, clock, self._log, pytest.fail) as recorded,
            recorded.during(kind, command),
        ):
            if kind is ActKind.STOP:
                await SetEmergency(recorded.store, recorded.clock, plan.rules, plan.terms)(command)
            else:
                await ReleaseEmergency(recorded.store, recorded.clock)(command)


def _nowhere(*_: object) -> None:
    """Take what nobody will read."""


async def _tried(call: Callable[[], Coroutine[object, object, T]]) -> T:
    """Call until the store takes it, as the runtime's loops do."""
    while True:
        try:
            return await call()
        except (Unavailable, OutcomeUnknown):
            continue


@pytest.fixture(scope="session")
def short_bars(market: SyntheticMarket, first_trade: int) -> Mapping[str, Bars]:
    """Give one day of few pairs, with the bars before it."""
    return {symbol: market.bars[symbol].between(0, first_trade + DAY) for symbol in FEW}


@pytest.fixture(scope="session")
def recorded(
    short_bars: Mapping[str, Bars],
    synthetic_news: NewsCalendarView,
    first_trade: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> Recorded:
    """Give the recorded day."""
    recorder = Recorder(short_bars, synthetic_news, first_trade, tmp_path_factory.mktemp("recorded"))
    recorder.run(40, ends_by_itself=False)
    recorder.command(ActKind.STOP)
    recorder.run(9)
    recorder.command(ActKind.RELEASE)
    recorder.run(DAY)
    return recorder.exported()


@pytest.fixture(scope="session")
def recorded_of_a_changing_person(
    short_bars: Mapping[str, Bars],
    synthetic_news: NewsCalendarView,
    first_trade: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> Recorded:
    """Give the same day of somebody who allows themselves less after a while, and is locked at its end."""
    recorder = Recorder(short_bars, synthetic_news, first_trade, tmp_path_factory.mktemp("changing"))
    recorder.run(6, ends_by_itself=False)
    recorder.person_becomes(limits=LimitChoice(UserLimits(Decimal("0.3"), Decimal(2), 2)))
    recorder.run(30)
    recorder.person_becomes(rank=Rank.ADMIN)
    recorder.thaw("you")
    recorder.person_becomes(rank=Rank.ELITE)
    with pytest.raises(InvalidInput, match="may not thaw"):
        recorder.thaw("you")
    recorder.person_becomes(status=AccountStatus.LOCKED, telegram_id=424_242, profile=Profile("Falcon", "de"))
    recorder.run(DAY)
    return recorder.exported()


@pytest.fixture(scope="session")
def recorded_to_a_days_end(
    market: SyntheticMarket,
    synthetic_news: NewsCalendarView,
    first_trade: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> Recorded:
    """Give a market day with a pause set at its last moment, and the first hours of the next in another run."""
    bars = {symbol: market.bars[symbol].between(0, first_trade + 27 * 3_600) for symbol in FEW}
    recorder = Recorder(bars, synthetic_news, first_trade, tmp_path_factory.mktemp("end"))
    recorder.run_to(first_trade + 24 * 3_600)
    recorder.command(ActKind.STOP)
    recorder.run(8)
    return recorder.exported()


@pytest.fixture(scope="session", params=["before", "after"])
def killed_at_an_order(
    request: pytest.FixtureRequest,
    short_bars: Mapping[str, Bars],
    synthetic_news: NewsCalendarView,
    first_trade: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> Recorded:
    """Give the day of a process that died while its first order was with the broker."""
    recorder = Recorder(short_bars, synthetic_news, first_trade, tmp_path_factory.mktemp("killed"))
    recorder.run(DAY, killed_at_order=request.param)
    recorder.run(DAY)
    return recorder.exported()


@pytest.fixture(scope="session")
def recorded_under_faults(
    short_bars: Mapping[str, Bars],
    synthetic_news: NewsCalendarView,
    first_trade: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> Recorded:
    """Give the same day on a store whose commits fail now and then."""
    recorder = Recorder(short_bars, synthetic_news, first_trade, tmp_path_factory.mktemp("faulty"))
    recorder.run(DAY, fails=True)
    return recorder.exported()
