"""Press passes on every store: ten a day and no more, one in the life of a Telegram id, counted as they are."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.cryptography.blind_index import HmacBlindIndex
from bitten_apps.container import Container
from bitten_apps.testkit.unit_of_work import member_samples as m
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.lost_answers import LosesAnswers
from bitten_domain.errors import Conflict, InvalidInput
from bitten_domain.membership import Denial, DenialCode, Person
from bitten_domain.membership.press_pass import DayScore, PressPass, PressPassPolicy
from bitten_domain.membership.subscription import TrialMark
from bitten_domain.ports.repositories.progression import XpTotals
from bitten_domain.progression import XpPolicy
from bitten_domain.use_cases.game.day_challenges import SetChallenges
from bitten_domain.use_cases.membership.pass_jobs import RESET_JOB, RemindPressPasses, ResetDayScores
from bitten_domain.use_cases.membership.press_passes import (
    ActivatePressPass,
    ChooseReminders,
    ClaimPressPass,
    RevokePressPass,
)
from bitten_domain.use_cases.membership.telegram_keys import telegram_key_of
from bitten_domain.use_cases.membership.tier_at import MemberFigures
from bitten_domain.use_cases.people.confirm_briefing import ConfirmBriefing
from bitten_domain.use_cases.people.points import book_points, hold_progress
from bitten_domain.use_cases.people.settle_days import SettleDays
from bitten_domain.values import UserId
from bitten_domain.vocabulary import AccountStatus, Rank, XpKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from bitten_apps.testkit.unit_of_work_contract import UnitOfWorkBench
    from bitten_domain.ports.repositories.housekeeping import JobRun
    from bitten_domain.ports.repositories.messages import OutboxMessage
    from bitten_domain.ports.unit_of_work import Repositories

    T = TypeVar("T")

INDEX = HmacBlindIndex(bytes(range(32)))
HOUR, DAY = 3_600, 86_400
TODAY = s.NOON // DAY
MIDNIGHT = (TODAY + 1) * DAY
USER = UserId("user-1")


def written(bench: UnitOfWorkBench, work: Callable[[Repositories], T]) -> T:
    return asyncio.run(bench.store.run(work))


def read(bench: UnitOfWorkBench, work: Callable[[Repositories], T]) -> T:
    return asyncio.run(bench.store.read(work))


def people(bench: UnitOfWorkBench, count: int = 1, *, with_accounts: bool = False) -> None:
    """Keep persons with the Telegram ids 1, 2, ... and, if asked for, their paper accounts."""

    def work(r: Repositories) -> None:
        for number in range(1, count + 1):
            r.people.add(s.person(number, telegram_id=number))
            if with_accounts:
                r.accounts.add(s.account(number))

    written(bench, work)


def claimed(bench: UnitOfWorkBench, number: int = 1, at: int = s.NOON) -> PressPass | Denial:
    return asyncio.run(ClaimPressPass(bench.store, INDEX)(UserId(f"user-{number}"), at))


def given(bench: UnitOfWorkBench, number: int = 1, at: int = s.NOON) -> PressPass:
    found = claimed(bench, number, at)
    assert isinstance(found, PressPass)
    return found


def codes(answer: object) -> tuple[DenialCode, ...]:
    assert isinstance(answer, Denial)
    return answer.codes


def pass_of(bench: UnitOfWorkBench, number: int = 1) -> PressPass:
    found = read(bench, lambda r: r.press_passes.of(UserId(f"user-{number}")))
    assert found is not None
    return found


def messages(bench: UnitOfWorkBench, topic: str = "press_pass") -> list[OutboxMessage]:
    return [one for one in read(bench, lambda r: r.outbox.waiting(1 << 31, 999)) if one.topic == topic]


def test_I14_given_many_who_claim_at_once_when_ten_are_left_then_ten_get_one_and_the_count_shown_is_always_true(
    store_bench: UnitOfWorkBench,
) -> None:
    people(store_bench, 500)
    store = store_bench.store
    claim = ClaimPressPass(store, INDEX)

    def shown(r: Repositories) -> tuple[int, int]:
        day = r.press_pass_days.get(TODAY)
        return (10 if day is None else day.remaining), len(r.press_passes.held())

    async def at_once() -> tuple[list[object], list[tuple[int, int]]]:
        order = random.Random(14).sample(range(1, 501), 500)  # noqa: S311 - an order, not a secret
        claims = [claim(UserId(f"user-{number}"), s.NOON) for number in order]
        looks = [store.read(shown) for _ in range(60)]
        mixed = [one for pair in itertools.zip_longest(claims, looks) for one in pair if one is not None]
        results = await asyncio.gather(*mixed)
        return [one for one in results if not isinstance(one, tuple)], [
            one for one in results if isinstance(one, tuple)
        ]

    answers, seen = asyncio.run(at_once())

    assert sum(isinstance(one, PressPass) for one in answers) == 10
    assert {codes(one) for one in answers if isinstance(one, Denial)} == {(DenialCode.PASSES_GONE_TODAY,)}
    assert len(read(store_bench, lambda r: r.press_passes.held())) == 10
    assert {left + rows for left, rows in seen} == {10}
    assert read(store_bench, shown) == (0, 10)


def test_given_ten_of_a_day_when_the_next_begins_then_there_are_ten_more(store_bench: UnitOfWorkBench) -> None:
    people(store_bench, 21)

    answers = [
        [isinstance(claimed(store_bench, number, at), PressPass) for number in numbers]
        for numbers, at in ((range(1, 12), MIDNIGHT - 1), (range(11, 22), MIDNIGHT))
    ]

    assert [sum(day) for day in answers] == [10, 10]


def test_given_a_claim_on_the_last_second_of_a_day_when_denied_then_it_says_when_to_come_back(
    store_bench: UnitOfWorkBench,
) -> None:
    people(store_bench, 2)
    figures = MemberFigures(PressPassPolicy(a_day=1))
    claim = ClaimPressPass(store_bench.store, INDEX, figures)
    first = asyncio.run(claim(USER, s.NOON))
    second = asyncio.run(claim(UserId("user-2"), s.NOON))

    assert isinstance(first, PressPass)
    assert isinstance(second, Denial)
    assert "in at most 12 h" in second.reasons[0].remedy


def test_given_a_pass_that_was_had_when_claimed_again_then_never_again_also_after_an_erasure(
    store_bench: UnitOfWorkBench,
) -> None:
    people(store_bench)
    first = given(store_bench)
    later = [s.NOON + 1, s.NOON + 8 * DAY, s.NOON + 4_000 * DAY]
    again = [codes(claimed(store_bench, 1, at)) for at in later]

    def erased(r: Repositories) -> None:
        r.people.put(replace(s.person(1), status=AccountStatus.DELETED))
        r.press_passes.put(replace(first, user_id=None))
        r.people.add(Person(UserId("user-9"), s.NOON, telegram_id=1))

    written(store_bench, erased)
    after = claimed(store_bench, 9, later[-1])

    assert again == [(DenialCode.PASS_USED,)] * 3
    assert codes(after) == (DenialCode.PASS_USED,)
    assert first.telegram_key == INDEX("telegram_id", b"1")


def test_given_one_person_who_claims_many_times_at_once_when_done_then_they_have_one(
    store_bench: UnitOfWorkBench,
) -> None:
    people(store_bench)

    async def at_once() -> list[object]:
        claim = ClaimPressPass(store_bench.store, INDEX)
        return list(await asyncio.gather(*(claim(USER, s.NOON + number) for number in range(20))))

    answers = asyncio.run(at_once())

    assert sum(isinstance(one, PressPass) for one in answers) == 1
    assert read(store_bench, lambda r: r.press_pass_days.get(TODAY)).claims == 1  # type: ignore[union-attr]


def test_given_somebody_without_a_telegram_id_when_they_claim_then_it_is_denied_and_nothing_is_kept(
    store_bench: UnitOfWorkBench,
) -> None:
    written(store_bench, lambda r: r.people.add(s.person(1)))

    answer = claimed(store_bench)

    assert codes(answer) == (DenialCode.NO_TELEGRAM_ID,)
    assert isinstance(answer, Denial)
    assert "Telegram" in answer.reasons[0].remedy
    assert read(store_bench, lambda r: r.press_pass_days.get(TODAY)) is None


def test_given_nobody_when_they_claim_then_it_is_bad_input(store_bench: UnitOfWorkBench) -> None:
    with pytest.raises(InvalidInput, match="no person"):
        claimed(store_bench)


@pytest.mark.parametrize("status", [AccountStatus.LOCKED, AccountStatus.BANNED, AccountStatus.DELETED])
def test_given_an_account_that_is_not_active_when_it_claims_then_it_is_denied(
    status: AccountStatus, store_bench: UnitOfWorkBench
) -> None:
    written(store_bench, lambda r: r.people.add(replace(s.person(1, 1), status=status)))

    assert DenialCode.STATUS in codes(claimed(store_bench))


def test_given_a_claim_that_is_denied_when_a_telegram_id_is_named_with_it_then_none_is_kept(
    store_bench: UnitOfWorkBench,
) -> None:
    def work(r: Repositories) -> None:
        for number, status in enumerate((AccountStatus.DELETED, AccountStatus.BANNED, AccountStatus.ACTIVE), start=1):
            r.people.add(replace(s.person(number), status=status))
        r.trials.add(TrialMark(INDEX("telegram_id", b"103"), UserId("user-2"), s.NOON))

    written(store_bench, work)
    claim = ClaimPressPass(store_bench.store, INDEX)

    answers = [asyncio.run(claim(UserId(f"user-{number}"), s.NOON, 100 + number)) for number in (1, 2, 3)]

    assert [isinstance(answer, Denial) for answer in answers] == [True] * 3
    assert [one.telegram_id for one in read(store_bench, lambda r: r.people.all())] == [None] * 3
    assert read(store_bench, lambda r: r.audit.recent(9)) == ()


def test_given_a_telegram_id_named_with_a_claim_when_its_answer_is_lost_then_both_are_kept_once(
    store_bench: UnitOfWorkBench,
) -> None:
    written(store_bench, lambda r: r.people.add(s.person(1)))

    answer = asyncio.run(ClaimPressPass(LosesAnswers(store_bench.store), INDEX)(USER, s.NOON, 77))

    assert answer == pass_of(store_bench)
    assert [one.telegram_id for one in read(store_bench, lambda r: r.people.all())] == [77]
    assert [one.action for one in read(store_bench, lambda r: r.audit.recent(9))] == ["TELEGRAM_ID_NAMED"]


def test_given_a_member_or_somebody_who_had_a_trial_when_they_claim_then_it_is_denied(
    store_bench: UnitOfWorkBench,
) -> None:
    people(store_bench, 2)

    def work(r: Repositories) -> None:
        r.subscriptions.put(m.subscription("one"))
        r.trials.add(TrialMark(INDEX("telegram_id", b"2"), UserId("user-2"), s.NOON))

    written(store_bench, work)

    assert [codes(claimed(store_bench, number)) for number in (1, 2)] == [(DenialCode.ALREADY_MEMBER,)] * 2


def test_given_a_commit_whose_answer_is_lost_when_the_claim_is_done_again_then_the_pass_is_theirs(
    store_bench: UnitOfWorkBench,
) -> None:
    people(store_bench)

    answer = asyncio.run(ClaimPressPass(LosesAnswers(store_bench.store), INDEX)(USER, s.NOON))

    assert answer == pass_of(store_bench)


def test_given_a_claimed_pass_when_activated_then_it_waits_for_the_paper_account_and_its_end_stays(
    store_bench: UnitOfWorkBench,
) -> None:
    people(store_bench, 2)
    activate = ActivatePressPass(store_bench.store)
    without = asyncio.run(activate(USER, s.NOON))
    first = given(store_bench)
    too_early = asyncio.run(activate(USER, s.NOON + 1))
    written(store_bench, lambda r: r.accounts.add(replace(s.account(1), is_live=True)))
    live_only = asyncio.run(activate(USER, s.NOON + 1))
    written(store_bench, lambda r: r.accounts.add(replace(s.account(2), user_id=USER)))
    active = [asyncio.run(activate(USER, s.NOON + after)) for after in (2, 3)]
    over = asyncio.run(activate(UserId("user-2"), s.NOON))

    assert [codes(one) for one in (without, over)] == [(DenialCode.NO_PRESS_PASS,)] * 2
    assert [codes(one) for one in (too_early, live_only)] == [(DenialCode.NO_PAPER_ACCOUNT,)] * 2
    assert active == [replace(first, activated_at=s.NOON + 2)] * 2
    assert pass_of(store_bench) == active[0]


def test_given_a_pass_that_is_over_when_activated_then_it_is_denied(store_bench: UnitOfWorkBench) -> None:
    people(store_bench, with_accounts=True)
    given(store_bench)

    assert codes(asyncio.run(ActivatePressPass(store_bench.store)(USER, s.NOON + 7 * DAY))) == (DenialCode.PASS_OVER,)


def test_given_an_admin_when_they_revoke_a_pass_then_it_is_audited_once_and_the_key_stays(
    store_bench: UnitOfWorkBench,
) -> None:
    people(store_bench, 2)
    written(store_bench, lambda r: r.people.put(replace(s.person(2, 2), rank=Rank.ADMIN)))
    given(store_bench)
    revoke = RevokePressPass(store_bench.store)
    admin = UserId("user-2")
    revoked = [asyncio.run(revoke(USER, admin, s.NOON + after)) for after in (5, 6)]

    audit = read(store_bench, lambda r: r.audit.recent(9))
    assert [one.revoked_at for one in revoked if isinstance(one, PressPass)] == [s.NOON + 5] * 2
    assert [(one.actor, one.action, one.subject, one.at) for one in audit] == [
        (admin, "PRESS_PASS_REVOKED", USER, s.NOON + 5)
    ]
    assert [one.user_id for one in messages(store_bench)] == [USER]
    assert codes(claimed(store_bench, 1, s.NOON + 9)) == (DenialCode.PASS_USED,)


@pytest.mark.parametrize("rank", [Rank.RECRUIT, Rank.AUTHORIZED, Rank.ELITE])
def test_given_somebody_who_is_no_admin_when_they_revoke_a_pass_then_nothing_changes(
    rank: Rank, store_bench: UnitOfWorkBench
) -> None:
    people(store_bench, 2)
    written(store_bench, lambda r: r.people.put(replace(s.person(2, 2), rank=rank)))
    first = given(store_bench)

    answer = asyncio.run(RevokePressPass(store_bench.store)(USER, UserId("user-2"), s.NOON))

    assert DenialCode.RANK in codes(answer)
    assert pass_of(store_bench) == first
    assert read(store_bench, lambda r: r.audit.recent(9)) == ()


# The day score and the nightly reset


def learned(bench: UnitOfWorkBench, cause: str, at: int) -> int:
    entry = written(bench, lambda r: book_points(r, hold_progress(r, USER), XpKind.LESSON, cause, at, XpPolicy()))
    return 0 if entry is None else entry.amount


def reset(bench: UnitOfWorkBench, at: int) -> JobRun | None:
    return asyncio.run(ResetDayScores(bench.store)(at))


def test_I14_given_points_when_booked_then_the_day_score_has_them_once_and_only_while_the_pass_holds(
    store_bench: UnitOfWorkBench,
) -> None:
    people(store_bench)
    before = learned(store_bench, "lesson:a/before", s.NOON - 60)
    given(store_bench)
    for cause in ("one", "two", "one"):
        learned(store_bench, f"lesson:a/{cause}", s.NOON + 60)
    during = pass_of(store_bench).score
    learned(store_bench, "lesson:a/late", s.NOON + 7 * DAY)

    assert before == 15
    assert during == DayScore(TODAY, 30)
    assert pass_of(store_bench).score == during
    assert read(store_bench, lambda r: r.xp.totals(USER)) == XpTotals(60, 60)


def test_I14_given_a_market_day_when_settled_twice_then_all_it_earned_is_in_the_day_score_once(
    store_bench: UnitOfWorkBench,
) -> None:
    rules = Container.game_rules()
    people(store_bench, with_accounts=True)
    given(store_bench)
    asyncio.run(SetChallenges(store_bench.store, rules)(USER, TODAY))
    asyncio.run(ConfirmBriefing(store_bench.store)(USER, s.NOON))
    at = s.NOON + DAY
    for _ in range(2):
        asyncio.run(SettleDays(store_bench.store, rules)(USER, TODAY, at))

    entries = read(store_bench, lambda r: r.xp.of_day(USER, TODAY))
    # The day itself, and what the game gives beside it.
    assert {XpKind.ADHERENT_DAY, XpKind.ACHIEVEMENT} <= {entry.kind for entry in entries}
    assert pass_of(store_bench).score == DayScore(at // DAY, sum(entry.amount for entry in entries))


@pytest.mark.parametrize(
    "runs",
    [
        (MIDNIGHT,),
        (MIDNIGHT, MIDNIGHT),  # twice
        (MIDNIGHT + 5 * HOUR, MIDNIGHT + 9 * HOUR),  # late, and again
        (MIDNIGHT, MIDNIGHT - 2 * HOUR, MIDNIGHT + 1),  # the clock was set back across midnight
        (MIDNIGHT - 1, MIDNIGHT),  # early
        (),  # it never ran
    ],
    ids=["on time", "twice", "late", "set back", "early", "never"],
)
def test_given_the_nightly_reset_when_it_runs_so_or_so_then_the_day_score_is_of_the_day_and_lifetime_points_stay(
    runs: tuple[int, ...], store_bench: UnitOfWorkBench
) -> None:
    people(store_bench)
    given(store_bench)
    learned(store_bench, "lesson:a/yesterday", MIDNIGHT - 60)
    for at in runs:
        reset(store_bench, at)
    learned(store_bench, "lesson:a/today", MIDNIGHT + 10 * HOUR)
    reset(store_bench, MIDNIGHT + 10 * HOUR + 1)

    assert pass_of(store_bench).score == DayScore(TODAY + 1, 15)
    assert read(store_bench, lambda r: r.xp.totals(USER)) == XpTotals(30, 30)


def test_given_the_nightly_reset_when_it_ran_then_yesterdays_points_are_gone_from_the_row(
    store_bench: UnitOfWorkBench,
) -> None:
    people(store_bench)
    given(store_bench)
    learned(store_bench, "lesson:a/yesterday", MIDNIGHT - 60)
    stored = [pass_of(store_bench).score]
    runs = [reset(store_bench, at) for at in (MIDNIGHT - 1, MIDNIGHT, MIDNIGHT + DAY - 1, MIDNIGHT + DAY)]
    stored.append(pass_of(store_bench).score)

    assert stored == [DayScore(TODAY, 15), DayScore(TODAY + 2)]
    assert [None if run is None else run.key for run in runs] == ["2024-01-02", "2024-01-03", None, "2024-01-04"]
    assert [None if run is None else run.detail for run in runs] == [
        "0 press passes",
        "1 press passes",
        None,
        "1 press passes",
    ]


def test_given_many_who_reset_at_once_when_done_then_one_of_them_ran(store_bench: UnitOfWorkBench) -> None:
    people(store_bench)
    given(store_bench)

    async def at_once() -> list[object]:
        runs = (ResetDayScores(store_bench.store)(MIDNIGHT) for _ in range(8))
        return list(await asyncio.gather(*runs, return_exceptions=True))

    results = asyncio.run(at_once())

    assert sum(one is not None and not isinstance(one, Conflict) for one in results) == 1
    latest = read(store_bench, lambda r: r.jobs.latest(RESET_JOB))
    assert latest is not None
    assert latest.key == "2024-01-03"


# Reminders


def reminded(bench: UnitOfWorkBench, at: int) -> int:
    return asyncio.run(RemindPressPasses(bench.store)(at))


def test_I14_given_a_pass_when_the_job_runs_often_then_it_reminds_twice_of_the_true_end(
    store_bench: UnitOfWorkBench,
) -> None:
    people(store_bench)
    given(store_bench)
    counts = [reminded(store_bench, s.NOON + hours * HOUR) for hours in range(8 * 24)]
    told = [json.loads(one.body) for one in messages(store_bench)]

    assert [hours for hours, count in enumerate(counts) if count] == [4 * 24, 6 * 24]
    assert told == [
        {"reminder": 1, "ends_at": "2024-01-09T12:00:00+00:00", "hours_left": 72},
        {"reminder": 2, "ends_at": "2024-01-09T12:00:00+00:00", "hours_left": 24},
    ]


def test_I14_given_many_who_remind_at_once_when_done_then_there_is_one_message(store_bench: UnitOfWorkBench) -> None:
    people(store_bench, 3)
    for number in (1, 2, 3):
        given(store_bench, number)

    async def at_once() -> list[int]:
        due = s.NOON + 5 * DAY
        return list(await asyncio.gather(*(RemindPressPasses(store_bench.store)(due) for _ in range(8))))

    assert sum(asyncio.run(at_once())) == 3
    assert sorted(one.user_id or "" for one in messages(store_bench)) == ["user-1", "user-2", "user-3"]


def test_given_one_tap_when_reminders_are_off_then_none_comes_and_on_again_only_the_next(
    store_bench: UnitOfWorkBench,
) -> None:
    people(store_bench)
    given(store_bench)
    choose = ChooseReminders(store_bench.store)
    asyncio.run(choose(USER, wanted=False))
    off = reminded(store_bench, s.NOON + 5 * DAY)
    asyncio.run(choose(USER, wanted=True))
    on = [reminded(store_bench, s.NOON + days * DAY) for days in (6, 6)]
    numbers = [json.loads(one.body)["reminder"] for one in messages(store_bench)]

    # The first one was missed, and is not sent beside the second.
    assert (off, on, numbers) == (0, [1, 0], [2])


def test_given_somebody_without_a_pass_when_they_turn_reminders_off_then_they_are_told(
    store_bench: UnitOfWorkBench,
) -> None:
    people(store_bench)

    assert codes(asyncio.run(ChooseReminders(store_bench.store)(USER, wanted=False))) == (DenialCode.NO_PRESS_PASS,)


@pytest.mark.parametrize("change", ["revoked_at", "converted_at", "user_id"])
def test_given_a_pass_that_is_no_longer_held_when_the_job_runs_then_nobody_is_reminded(
    change: str, store_bench: UnitOfWorkBench
) -> None:
    people(store_bench)
    found = given(store_bench)
    value = None if change == "user_id" else s.NOON + 1
    written(store_bench, lambda r: r.press_passes.put(replace(found, **{change: value})))  # type: ignore[arg-type]

    assert reminded(store_bench, s.NOON + 5 * DAY) == 0
    assert messages(store_bench) == []


def test_given_a_telegram_id_when_hashed_then_the_key_is_of_its_digits() -> None:
    assert telegram_key_of(s.person(1, 4_711), INDEX) == INDEX("telegram_id", b"4711")
    assert telegram_key_of(s.person(1), INDEX) is None
