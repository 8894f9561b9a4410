"""The trading centre: the loops that take a market through the durable desk, under one supervisor."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from bitten_apps.runtime.supervisor import Loop, Stop, Supervisor
from bitten_domain.errors import BittenError
from bitten_domain.market.clocks.fx_week import day_ending_at
from bitten_domain.use_cases.platform.anchor_day import AnchorDayCommand

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from bitten_apps.recording.recorded_desk import RecordedDesk
    from bitten_apps.runtime.days import Days
    from bitten_apps.runtime.member_jobs import MemberJobs
    from bitten_apps.runtime.paper_desk import PaperDesk
    from bitten_apps.runtime.privacy_duties import PrivacyDuties
    from bitten_apps.runtime.raises import Raises
    from bitten_domain.desk.run.desk_run import Moment
    from bitten_domain.desk.run.live_moments import LiveMoments
    from bitten_domain.ports.clock import Clock
    from bitten_domain.use_cases.platform.anchor_day import AnchorDay
    from bitten_domain.use_cases.platform.deliver_messages import DeliverMessages
    from bitten_domain.use_cases.trading.trade_moment import MomentTraded

__all__ = ["Centre", "CentreCounts"]

_ORDERS_EVERY_SECONDS = 0.5
_MESSAGES_EVERY_SECONDS = 0.2
_DAYS_EVERY_SECONDS = 0.2
_JOBS_EVERY_SECONDS = 1.0
_BATCH = 20


@dataclass(slots=True)
class CentreCounts:
    """What a centre has done since it began.

    Args:
        moments, signals, fired, refused: so far.
        last_at: the last moment traded, seconds since 1970 UTC; 0 before the first.
    """

    moments: int = 0
    signals: int = 0
    fired: int = 0
    refused: int = 0
    last_at: int = 0


@dataclass(slots=True)
class Centre:
    """A market taken through the desk, with its orders, messages and anchors.

    Args:
        desk: trades moments.
        moments: the market, from where the store's knowledge ends.
        deliver: tells what commits left in the outbox.
        anchor: signs and publishes where the journal stands, at each day's end.
        days: what happens at the turn of a day, beside trading.
        clock: the machine's, for the pace.
        speed: seconds of the market's time that pass in one; 0 as fast as it goes.
        crashed: told of each crash of a loop, with its name.
        watch: told of each moment and what it came to.
        jobs: what is done for members by the clock; None for a centre without any.
        duties: what privacy asks for; None for a centre whose store is gone afterwards.
        raises: makes a raise of limits current that is due; None as for the duties.
        counts: what was done.
    """

    desk: PaperDesk | RecordedDesk
    moments: LiveMoments
    deliver: DeliverMessages
    anchor: AnchorDay
    days: Days
    clock: Clock
    speed: float
    crashed: Callable[[str, Exception], None]
    watch: Callable[[Moment, MomentTraded], None]
    jobs: MemberJobs | None = None
    duties: PrivacyDuties | None = None
    raises: Raises | None = None
    counts: CentreCounts = field(default_factory=CentreCounts)
    _waiting: Moment | None = None
    _is_taking: bool = False
    _supervisor: Supervisor | None = None
    _turns: deque[tuple[int, int]] = field(default_factory=deque)
    _duties_from: int = 0

    def stop(self) -> None:
        """Ask a running centre to finish what it is doing and leave."""
        if self._supervisor is not None:
            self._supervisor.stop()

    async def run(self) -> bool:
        """Run until the market ends or somebody asks to stop; say whether every loop finished by itself.

        Closing does not wait for opening: orders that are due go out in a loop of their own.
        """
        steps = iter(self.moments)
        self._supervisor = supervisor = Supervisor(
            [
                Loop("market", lambda stop: self._trade(stop, steps), is_main=True),
                Loop("orders", self._send_orders),
                Loop("messages", self._tell),
                Loop("days", self._turn_days),
                *self._job_loops(),
                Loop("privacy", self._do_duties),
            ],
            self.crashed,
        )
        finished = await supervisor.run()
        try:
            await self._turned()
        except BittenError as error:
            self.crashed("days", error)
        await self._jobs_done()
        while await self.deliver():
            continue
        if self.counts.last_at:
            await self.anchor(AnchorDayCommand(day_ending_at(self.counts.last_at)))
        try:
            await self._end_duties()
        except BittenError as error:
            self.crashed("privacy", error)
        return finished

    async def _trade(self, stop: Stop, steps: Iterator[Moment]) -> None:
        while True:
            # A moment that could not be traded is traded again, before any later one.
            moment = self._waiting or await asyncio.to_thread(_next, steps)
            if moment is None:
                return
            self._waiting = moment
            if await self._stopped_until(stop, moment.at):
                return
            await self._taken(moment)
            self._waiting = None

    async def _taken(self, moment: Moment) -> None:
        counts = self.counts
        self._is_taking = True
        try:
            traded = await self.desk.take(moment, self.moments.outcomes)
        finally:
            self._is_taking = False
        for signal in traded.signals:
            # One that comes from the store was emitted before the start, and is followed since.
            if signal.row >= 0:
                self.moments.emitted(signal)
        day, last_day = day_ending_at(moment.at), day_ending_at(counts.last_at) if counts.last_at else None
        if day != last_day:
            # In a loop of its own: whatever becomes of points, trading and closing go on.
            self._turns.append((day - 1, moment.at))
            self._duties_from = moment.at
        if last_day is not None and day != last_day:
            await self.anchor(AnchorDayCommand(last_day))
        counts.moments += 1
        counts.signals += len(traded.signals)
        counts.fired += sum(answer.client_order_id is not None for _, answer in traded.answers)
        counts.refused += sum(answer.client_order_id is None for _, answer in traded.answers)
        counts.last_at = moment.at
        self.watch(moment, traded)

    async def _stopped_until(self, stop: Stop, at: int) -> bool:
        """Wait for a moment's time at the pace that was asked; say whether somebody asked to stop."""
        if self.speed > 0 and self.counts.last_at:
            return await stop.within((at - self.counts.last_at) / self.speed)
        return stop.is_asked

    async def _send_orders(self, stop: Stop) -> None:
        while not await stop.within(_ORDERS_EVERY_SECONDS):
            # What waits was left by a crash, or asked for by another process, such as `bitten emergency`.
            for errand in await self.desk.due(_BATCH):
                # What a moment opens goes out within it, at its own prices, and not from here at the next one's.
                if not (errand.opens and self._is_taking):
                    await self.desk.send(errand.client_order_id)

    async def _turn_days(self, stop: Stop) -> None:
        while not await stop.within(_DAYS_EVERY_SECONDS):
            await self._turned()

    async def _turned(self) -> None:
        while self._turns:
            ended, at = self._turns[0]
            # A run that goes on settles what was over when it stopped; a day that is settled is left alone.
            await self.days.ended(ended, at)
            await self.days.begun(at)
            self._turns.popleft()

    def _job_loops(self) -> list[Loop]:
        # Apart from each other: a gateway that does not answer keeps no reminder back.
        loops = [] if self.raises is None else [Loop("limits", partial(self._repeat, job=self.raises))]
        if self.jobs is None:
            return loops
        jobs = self.jobs
        return [
            *loops,
            Loop("passes", lambda stop: self._repeat(stop, jobs.look_after_passes)),
            Loop("gateway", lambda stop: self._repeat(stop, jobs.hear_gateway)),
        ]

    async def _repeat(self, stop: Stop, job: Callable[[int], Awaitable[None]]) -> None:
        while not await stop.within(_JOBS_EVERY_SECONDS):
            if self.counts.last_at:
                await job(self.counts.last_at)

    async def _jobs_done(self) -> None:
        """Run each job once more, for what came since its loop last looked."""
        if self.jobs is None or not self.counts.last_at:
            return
        for name, job in (("passes", self.jobs.look_after_passes), ("gateway", self.jobs.hear_gateway)):
            try:
                await job(self.counts.last_at)
            except BittenError as error:
                self.crashed(name, error)

    async def _do_duties(self, stop: Stop) -> None:
        # Of days that go by faster than their duties are done, the newest counts.
        done_from = 0
        while not await stop.within(_DAYS_EVERY_SECONDS):
            at = self._duties_from
            if self.duties is not None and at != done_from:
                if await self.duties.turn(at):
                    self.stop()
                done_from = at

    async def _end_duties(self) -> None:
        if self.duties is not None:
            if self._duties_from:
                await self.duties.turn(self._duties_from)
            await self.duties.end()

    async def _tell(self, stop: Stop) -> None:
        while not await stop.within(_MESSAGES_EVERY_SECONDS):
            await self.deliver()


def _next(steps: Iterator[Moment]) -> Moment | None:
    return next(steps, None)
