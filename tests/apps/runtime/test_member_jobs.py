"""The jobs of members beside trading: whatever becomes of them, moments are traded, and each is done in the end."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from bitten_adapters.system.clock import SystemClock
from bitten_apps.runtime.centre import Centre
from bitten_apps.runtime.member_jobs import GatewayJobs, MemberJobs
from bitten_domain.errors import InvalidInput, Unavailable
from bitten_domain.use_cases.membership.collect_events import Collected
from bitten_domain.use_cases.membership.surplus import GivenBack

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = 1_704_196_800
DAY = 86_400
MOMENTS = [NOON + number * DAY // 2 for number in range(6)]


class Job:
    """A job that notes when it ran, and fails if it shall."""

    def __init__(self, answer: object = None, error: Exception | None = None) -> None:
        self.answer, self.error = answer, error
        self.ran: list[int] = []

    async def __call__(self, at: int) -> Any:
        self.ran.append(at)
        if self.error is not None:
            raise self.error
        return self.answer


class Desk:
    def __init__(self) -> None:
        self.taken: list[int] = []

    async def take(self, moment: Any, _: object) -> object:
        self.taken.append(moment.at)
        return SimpleNamespace(signals=(), answers=())

    async def due(self, _: int) -> tuple[()]:
        return ()


class Moments:
    outcomes = ()

    def __iter__(self) -> Iterator[object]:
        return iter([SimpleNamespace(at=at) for at in MOMENTS])


class Days:
    async def ended(self, _: int, at: int) -> None:
        """Nothing."""

    async def begun(self, at: int) -> None:
        """Nothing."""


def run(reset: Job, remind: Job, collect: Job, give_back: Job) -> tuple[list[int], list[str], list[str]]:
    """Run a centre; give the moments that were traded, the loops that crashed, and the problems that were told."""
    desk, crashes, problems = Desk(), list[str](), list[str]()
    parts: Any = (reset, remind, lambda _: GatewayJobs(collect, give_back), problems.append)  # type: ignore[arg-type]

    async def nothing(*_: object) -> bool:
        return False

    def crashed(name: str, _: Exception) -> None:
        crashes.append(name)

    centre: dict[str, Any] = {
        "desk": desk,
        "moments": Moments(),
        "deliver": nothing,
        "anchor": nothing,
        "days": Days(),
        "clock": SystemClock(),
        "speed": 0.0,
        "crashed": crashed,
        "watch": lambda *_: None,
        "jobs": MemberJobs(*parts),
    }
    assert asyncio.run(Centre(**centre).run())
    return desk.taken, crashes, problems


def test_given_a_run_when_it_ends_then_every_job_ran_for_its_last_moment() -> None:
    jobs = [Job(), Job(), Job(Collected(0, ())), Job(GivenBack((), ()))]

    taken, crashes, problems = run(*jobs)

    assert (taken, crashes, problems) == (MOMENTS, [], [])
    assert [job.ran[-1] for job in jobs] == [MOMENTS[-1]] * 4


@pytest.mark.parametrize("error", [Unavailable("down"), InvalidInput("spoilt")])
def test_given_jobs_that_fail_when_a_market_is_traded_then_every_moment_is_taken_and_the_others_run(
    error: Exception,
) -> None:
    reset, collect, give_back = Job(error=error), Job(error=error), Job()

    taken, crashes, _ = run(reset, Job(), collect, give_back)

    assert taken == MOMENTS
    assert set(crashes) == {"passes", "gateway"}
    # One that fails keeps the other loop's jobs from nothing.
    assert reset.ran
    assert collect.ran
    assert give_back.ran == []


def heard(jobs: MemberJobs, *moments: int) -> None:
    async def often() -> None:
        for at in moments:
            await jobs.hear_gateway(at)

    asyncio.run(often())


def test_given_a_problem_that_stays_when_the_jobs_run_often_then_it_is_told_once() -> None:
    problems: list[str] = []
    collect = Job(Collected(0, ("no plan", "no person")))
    jobs = MemberJobs(Job(), Job(), lambda _: GatewayJobs(collect, Job(GivenBack((), ()))), problems.append)  # type: ignore[arg-type]

    heard(jobs, NOON, NOON + 60, NOON + 120)

    assert problems == ["no plan", "no person"]
    assert len(collect.ran) == 3


def test_given_a_payment_that_is_not_given_back_when_the_jobs_run_often_then_it_is_told_once() -> None:
    problems: list[str] = []
    give_back = Job(GivenBack(("something",), ("refused",)))  # type: ignore[arg-type]
    gateway = GatewayJobs(Job(Collected(0, ())), give_back)  # type: ignore[arg-type]
    jobs = MemberJobs(Job(), Job(), lambda _: gateway, problems.append)  # type: ignore[arg-type]

    heard(jobs, NOON, NOON + 60)

    assert problems == ["refused"]
    assert give_back.ran == [NOON, NOON + 60]


def test_given_jobs_when_asked_for_every_second_then_they_run_once_a_minute_and_again_after_a_failure() -> None:
    reset, remind = Job(error=Unavailable("down")), Job()
    jobs = MemberJobs(reset, remind, lambda _: None, lambda _: None)  # type: ignore[arg-type]

    async def often() -> None:
        with pytest.raises(Unavailable):
            await jobs.look_after_passes(NOON)
        reset.error = None
        for second in range(1, 121):
            await jobs.look_after_passes(NOON + second)

    asyncio.run(often())

    assert remind.ran == [NOON + 1, NOON + 60, NOON + 120]


def test_given_something_paid_twice_when_heard_of_then_it_is_asked_for_until_it_is_back_and_else_once_an_hour() -> None:
    collect = Job(Collected(0, ()))
    give_back = Job(GivenBack(("something",), ()))  # type: ignore[arg-type]
    jobs = MemberJobs(Job(), Job(), lambda _: GatewayJobs(collect, give_back), lambda _: None)  # type: ignore[arg-type]

    heard(jobs, NOON, NOON + 60)
    give_back.answer = GivenBack((), ())
    heard(jobs, NOON + 120, NOON + 180, NOON + 240)
    quiet = list(give_back.ran)
    heard(jobs, NOON + 3_600)
    collect.answer = Collected(1, ())
    heard(jobs, NOON + 3_660)

    assert quiet == [NOON, NOON + 60, NOON + 120]
    assert give_back.ran[3:] == [NOON + 3_600, NOON + 3_660]


def test_given_no_gateway_when_the_jobs_run_then_nothing_is_asked() -> None:
    jobs = MemberJobs(Job(), Job(), lambda _: None, lambda _: None)  # type: ignore[arg-type]

    heard(jobs, NOON)
