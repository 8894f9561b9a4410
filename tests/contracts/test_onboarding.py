"""The onboarding on every store: resumable, with no way around what is legal, and its end comes once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import pytest

from bitten_adapters.files.education.syllabus_files import read_syllabus
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.errors import InvalidInput, OutcomeUnknown
from bitten_domain.membership import Denial, DenialCode, Person, Profile
from bitten_domain.membership.education import RISK_QUIZ, grade
from bitten_domain.membership.onboarding import (
    LIFE_SECONDS,
    AccountOpened,
    AgeAndRisk,
    CallsignChosen,
    ConsentGiven,
    Experience,
    ExperienceTold,
    OnboardingSession,
    QuizTaken,
    Read,
    Step,
)
from bitten_domain.membership.privacy import Consent, ConsentPurpose
from bitten_domain.use_cases.onboarding.arrive import Arrive, Arrived, Resume
from bitten_domain.use_cases.onboarding.drop_old import DropOldOnboardings
from bitten_domain.use_cases.onboarding.take_step import Back, Skip, TakeStep
from bitten_domain.values import UserId
from bitten_domain.vocabulary import AccountStatus, Rank, Tier

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bitten_apps.testkit.unit_of_work_contract import UnitOfWorkBench
    from bitten_domain.membership.education import QuizResult, Syllabus
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.use_cases.onboarding.take_step import Move

T = TypeVar("T")

NOW = s.NOON
ANN, BOB = UserId("ann"), UserId("bob")
SYLLABUS = read_syllabus()
ZONES = frozenset({"UTC", "Europe/Berlin"})


class Numbers:
    """Identity by counting."""

    def __init__(self) -> None:
        self._number = 0

    def new_id(self) -> str:
        self._number += 1
        return f"id-{self._number}"


NUMBERS = Numbers()


def ran(work: Coroutine[object, object, T]) -> T:
    return asyncio.run(work)


def read(store: UnitOfWork, work: Callable[[Repositories], T]) -> T:
    return ran(store.read(work))


def arrive(store: UnitOfWork, name: str = "ann", at: int = NOW) -> Arrived:
    arrived = ran(Arrive(store, NUMBERS, ZONES)(at, name=name, language="de", zone="Europe/Berlin"))
    assert isinstance(arrived, Arrived)
    return arrived


def step(
    store: UnitOfWork, move: Move, user: UserId = ANN, at: int = NOW + 60, syllabus: Syllabus = SYLLABUS
) -> OnboardingSession | Denial:
    return ran(TakeStep(store, syllabus, NUMBERS)(user, move, at))


def tried(store: UnitOfWork, user: UserId = ANN, *, right: bool = True) -> QuizTaken:
    """Take the risk quiz and keep the try."""
    quiz = SYLLABUS.quiz(RISK_QUIZ)
    assert quiz is not None
    chosen = {question.name: question.right for question in quiz.questions} if right else {}
    result = grade(quiz, chosen, result_id=NUMBERS.new_id(), user_id=user, version=quiz.version, at=NOW)
    ran(store.run(lambda r: r.quizzes.add(result)))
    return QuizTaken(result)


def road(store: UnitOfWork, user: UserId = ANN, callsign: str = "Night_Owl7") -> tuple[Move, ...]:
    return (
        Read(),
        ExperienceTold(Experience.SOME),
        AgeAndRisk(is_adult=True, version=1),
        ConsentGiven(1),
        tried(store, user),
        CallsignChosen(callsign, is_taken=False),
        AccountOpened(),
        Read(),
    )


def walked(store: UnitOfWork, steps: int, user: UserId = ANN, callsign: str = "Night_Owl7") -> OnboardingSession:
    session = arrive(store, user).session
    for move in road(store, user, callsign)[:steps]:
        taken = step(store, move, user)
        assert isinstance(taken, OnboardingSession), taken
        session = taken
    return session


def codes(answer: object) -> tuple[DenialCode, ...]:
    assert isinstance(answer, Denial)
    return answer.codes


def person_of(store: UnitOfWork, user: UserId = ANN) -> Person:
    person = read(store, lambda r: r.people.get(user))
    assert person is not None
    return person


# Coming in


def test_given_somebody_new_when_they_arrive_twice_then_they_are_one_recruit_without_a_tier(
    store_bench: UnitOfWorkBench,
) -> None:
    first, second = arrive(store_bench.store), arrive(store_bench.store, at=NOW + 9)

    expected = Person(ANN, NOW, profile=Profile("", "de", "Europe/Berlin"))
    assert (first.person, first.is_new) == (expected, True)
    assert (second.person, second.is_new, second.session) == (expected, False, first.session)
    assert (expected.rank, expected.tier) == (Rank.RECRUIT, Tier.NONE)


def test_given_one_telegram_id_when_it_arrives_many_times_at_once_then_there_is_one_person(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store

    async def at_once() -> list[Arrived | Denial]:
        return list(await asyncio.gather(*(Arrive(store, NUMBERS, ZONES)(NOW, telegram_id=77) for _ in range(8))))

    arrived = ran(at_once())
    everybody = read(store, lambda r: r.people.all())

    assert [person.telegram_id for person in everybody] == [77]
    assert {one.person.user_id for one in arrived if isinstance(one, Arrived)} == {everybody[0].user_id}
    assert sum(one.is_new for one in arrived if isinstance(one, Arrived)) == 1


@pytest.mark.parametrize("name", ["", "system", "System", "a b", "-x", "x" * 65, "ann\n"])
def test_given_a_name_nobody_can_have_when_they_arrive_then_nobody_is_made(
    store_bench: UnitOfWorkBench, name: str
) -> None:
    with pytest.raises(InvalidInput, match="name"):
        ran(Arrive(store_bench.store, NUMBERS, ZONES)(NOW, name=name))

    assert read(store_bench.store, lambda r: r.people.all()) == ()


def test_given_a_language_or_zone_that_is_none_when_they_arrive_then_it_is_said(store_bench: UnitOfWorkBench) -> None:
    arriving = Arrive(store_bench.store, NUMBERS, ZONES)
    with pytest.raises(InvalidInput, match="no time zone"):
        ran(arriving(NOW, name="ann", zone="Europe/Nowhere"))
    with pytest.raises(InvalidInput, match="no language"):
        ran(arriving(NOW, name="ann", language="deu"))


def test_given_somebody_elses_name_when_another_telegram_id_asks_for_it_then_it_is_refused(
    store_bench: UnitOfWorkBench,
) -> None:
    arrive(store_bench.store)

    with pytest.raises(InvalidInput, match="another way"):
        ran(Arrive(store_bench.store, NUMBERS, ZONES)(NOW, name="ann", telegram_id=77))


def test_given_somebody_erased_when_their_name_comes_back_then_no_step_is_taken(store_bench: UnitOfWorkBench) -> None:
    store = store_bench.store
    walked(store, 3)
    ran(store.run(lambda r: r.people.put(replace(person_at(r), status=AccountStatus.DELETED))))
    before = read(store, lambda r: r.onboardings.of(ANN))

    with pytest.raises(InvalidInput, match="they were erased"):
        ran(Arrive(store, NUMBERS, ZONES)(NOW + 30 * 86_400, name="ann"))
    with pytest.raises(InvalidInput, match="they were erased"):
        ran(Resume(store)(ANN, NOW + 30 * 86_400))
    with pytest.raises(InvalidInput, match="they were erased"):
        step(store, ConsentGiven(1))

    assert read(store, lambda r: r.onboardings.of(ANN)) == before


@pytest.mark.parametrize("number", [0, -5, 1 << 63, 99_999_999_999_999_999_999])
def test_given_a_number_that_is_no_telegram_id_when_they_arrive_then_nobody_is_made(
    store_bench: UnitOfWorkBench, number: int
) -> None:
    with pytest.raises(InvalidInput, match="is no Telegram id"):
        ran(Arrive(store_bench.store, NUMBERS, ZONES)(NOW, name="ann", telegram_id=number))

    assert read(store_bench.store, lambda r: r.people.all()) == ()


def test_given_the_largest_telegram_id_when_it_arrives_then_it_is_kept(store_bench: UnitOfWorkBench) -> None:
    arrived = ran(Arrive(store_bench.store, NUMBERS, ZONES)(NOW, telegram_id=(1 << 63) - 1))

    assert isinstance(arrived, Arrived)
    assert read(store_bench.store, lambda r: r.people.by_telegram((1 << 63) - 1)) == arrived.person


def test_given_somebody_banned_when_they_come_back_then_no_step_is_taken(store_bench: UnitOfWorkBench) -> None:
    store = store_bench.store
    walked(store, 3)
    ran(store.run(lambda r: r.people.put(replace(person_at(r), status=AccountStatus.BANNED))))

    answers = (
        ran(Arrive(store, NUMBERS, ZONES)(NOW, name="ann")),
        ran(Resume(store)(ANN, NOW)),
        step(store, ConsentGiven(1)),
    )

    assert [codes(answer) for answer in answers] == [(DenialCode.STATUS,)] * 3


def person_at(r: Repositories, user: UserId = ANN) -> Person:
    person = r.people.get(user)
    assert person is not None
    return person


# On the way


def test_given_an_onboarding_half_done_when_the_program_starts_again_then_it_goes_on_with_all_answers(
    store_bench: UnitOfWorkBench,
) -> None:
    left = walked(store_bench.store, 6)

    ran(store_bench.reopen())
    taken_up = ran(Resume(store_bench.store)(ANN, NOW + LIFE_SECONDS - 1))

    assert isinstance(taken_up, Arrived)
    assert taken_up.session == left
    assert (left.step, left.callsign, left.experience) == (Step.ACCOUNT, "Night_Owl7", Experience.SOME)


def test_given_an_onboarding_left_for_a_week_when_taken_up_then_it_begins_anew(store_bench: UnitOfWorkBench) -> None:
    store, late = store_bench.store, NOW + LIFE_SECONDS
    walked(store, 6)

    denied = step(store, AccountOpened(), at=late)
    taken_up = ran(Resume(store)(ANN, late))

    assert codes(denied) == (DenialCode.ONBOARDING_OVER,)
    assert isinstance(taken_up, Arrived)
    assert taken_up.session == OnboardingSession(ANN, late)


def test_given_a_step_when_gone_back_from_then_it_is_asked_again_and_nothing_before_the_first(
    store_bench: UnitOfWorkBench,
) -> None:
    walked(store_bench.store, 2)

    steps = [step(store_bench.store, Back()) for _ in range(3)]

    assert [one.step for one in steps if isinstance(one, OnboardingSession)] == [Step.EXPERIENCE, Step.WELCOME]
    assert codes(steps[2]) == (DenialCode.FIRST_STEP,)


@pytest.mark.parametrize(
    ("steps", "can"), [(0, False), (1, True), (2, False), (3, False), (4, False), (5, True), (6, False), (7, True)]
)
def test_given_each_step_when_skipped_then_nothing_legal_is(
    store_bench: UnitOfWorkBench, steps: int, can: bool
) -> None:
    before = walked(store_bench.store, steps)

    answer = step(store_bench.store, Skip())

    kept = read(store_bench.store, lambda r: r.onboardings.of(ANN))
    if can:
        assert answer == kept != before
    else:
        assert codes(answer) == (DenialCode.LEGAL_STEP,)
        assert kept == before


def test_given_the_quiz_not_passed_or_somebody_elses_or_made_up_when_answered_then_it_stops_there(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    arrive(store, "bob")
    before = walked(store, 4)
    passed = tried(store)
    made_up: QuizResult = replace(passed.result, result_id="made-up")
    failed = tried(store, right=False)
    lied = replace(failed.result, answers=passed.result.answers)

    assert codes(step(store, failed)) == (DenialCode.QUIZ_NOT_PASSED,)
    assert codes(step(store, QuizTaken(lied))) == (DenialCode.QUIZ_NOT_PASSED,)
    for other in (made_up, tried(store, BOB).result):
        with pytest.raises(InvalidInput, match="not kept"):
            step(store, QuizTaken(other))
    assert read(store, lambda r: r.onboardings.of(ANN)) == before


def test_given_an_older_text_when_agreed_to_then_it_is_denied_and_one_that_changed_on_the_way_is_asked_again(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    walked(store, 2)
    newer = newer_text("privacy")
    old = step(store, AgeAndRisk(is_adult=True, version=2))
    for move in road(store)[2:7]:
        step(store, move)

    asked = step(store, Read(), syllabus=newer)
    again = step(store, ConsentGiven(1), syllabus=newer)
    walk = [step(store, move, syllabus=newer) for move in (ConsentGiven(2), *road(store)[4:8])]

    assert codes(old) == codes(again) == (DenialCode.OLD_VERSION,)
    assert isinstance(asked, OnboardingSession)
    assert (asked.step, asked.done_at) == (Step.CONSENT, None)
    assert isinstance(walk[-1], OnboardingSession)
    assert walk[-1].done_at is not None
    given = read(store, lambda r: r.consents.of(ANN))
    assert {(one.purpose.value, one.version) for one in given} == {("risk_disclosure", 1), ("privacy", 2)}


def newer_text(purpose: str) -> Syllabus:
    texts = tuple(replace(one, version=2) if one.purpose == purpose else one for one in SYLLABUS.texts)
    return replace(SYLLABUS, texts=texts)


# The end


def test_given_the_last_step_when_taken_then_consents_rank_callsign_and_account_are_there(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store

    walked(store, 8)

    person = person_of(store)
    assert (person.rank, person.tier) == (Rank.AUTHORIZED, Tier.NONE)
    assert person.profile == Profile("Night_Owl7", "de", "Europe/Berlin")
    consents = read(store, lambda r: r.consents.of(ANN))
    assert [(one.purpose, one.version, one.given_at) for one in consents] == [
        (ConsentPurpose.RISK_DISCLOSURE, 1, NOW + 60),
        (ConsentPurpose.PRIVACY, 1, NOW + 60),
    ]
    (account,) = read(store, lambda r: r.accounts.all())
    assert (account.user_id, account.is_live, account.balance) == (ANN, False, s.usd("10000.00"))
    (entry,) = read(store, lambda r: r.audit.recent(9))
    assert (entry.action, entry.actor, entry.subject) == ("ONBOARDED", ANN, ANN)
    assert "Night" not in entry.detail
    (message,) = read(store, lambda r: r.outbox.waiting(NOW + 99, 9))
    assert (message.topic, message.user_id) == ("onboarding", ANN)


def test_given_many_who_take_the_last_step_at_once_then_its_effects_come_once(store_bench: UnitOfWorkBench) -> None:
    store = store_bench.store
    walked(store, 7)

    async def at_once() -> list[object]:
        steps = [TakeStep(store, SYLLABUS, NUMBERS)(ANN, Read(), NOW + 60 + number % 2) for number in range(8)]
        return list(await asyncio.gather(*steps, return_exceptions=True))

    answers = ran(at_once())
    step(store, Read())

    assert all(isinstance(answer, OnboardingSession | Denial) for answer in answers)
    assert counted(store) == (2, 1, 1, 1)


def counted(store: UnitOfWork) -> tuple[int, int, int, int]:
    """Count consents, accounts, audit entries and messages."""

    def work(r: Repositories) -> tuple[int, int, int, int]:
        messages = r.outbox.waiting(NOW + 999, 99)
        return len(r.consents.of(ANN)), len(r.accounts.all()), len(r.audit.recent(99)), len(messages)

    return read(store, work)


def test_given_different_people_who_finish_at_once_then_each_has_an_account_with_an_epoch_of_its_own(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    users = [UserId(f"user-{number}") for number in range(8)]
    for user in users:
        walked(store, 7, user, f"call_{user[-1]}")

    async def at_once() -> None:
        await asyncio.gather(*(TakeStep(store, SYLLABUS, NUMBERS)(user, Read(), NOW + 60) for user in users))

    ran(at_once())

    accounts = read(store, lambda r: r.accounts.all())
    assert sorted(account.user_id for account in accounts) == users
    assert sorted(account.epoch for account in accounts) == list(range(2, 10))


def test_given_one_callsign_chosen_by_many_when_they_finish_at_once_then_one_has_it_and_the_others_are_asked_again(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    users = [UserId(f"user-{number}") for number in range(4)]
    for number, user in enumerate(users):
        walked(store, 7, user, "Night_Owl7" if number % 2 else "NIGHT_OWL7")

    async def at_once() -> list[OnboardingSession | Denial]:
        steps = (TakeStep(store, SYLLABUS, NUMBERS)(user, Read(), NOW + 60) for user in users)
        return list(await asyncio.gather(*steps))

    sessions = [one for one in ran(at_once()) if isinstance(one, OnboardingSession)]

    assert sorted(session.step.value for session in sessions) == ["CALLSIGN", "CALLSIGN", "CALLSIGN", "DONE"]
    ranks = [person.rank for person in read(store, lambda r: r.people.all())]
    assert ranks.count(Rank.AUTHORIZED) == 1
    late = next(session.user_id for session in sessions if session.step is Step.CALLSIGN)
    assert codes(step(store, CallsignChosen("night_owl7", is_taken=False), late)) == (DenialCode.BAD_ANSWER,)
    for move in (CallsignChosen("Other", is_taken=False), AccountOpened(), Read()):
        step(store, move, late)
    assert person_of(store, late).profile.callsign == "Other"


class ForgetsToAnswer:
    """A store that keeps what it is given, and whose first answer is lost."""

    def __init__(self, store: UnitOfWork) -> None:
        self._store, self._lost = store, 0

    async def run(self, work: Callable[[Repositories], T]) -> T:
        result = await self._store.run(work)
        self._lost += 1
        if self._lost == 1:
            raise OutcomeUnknown("the answer is lost")
        return result

    async def read(self, work: Callable[[Repositories], T]) -> T:
        return await self._store.read(work)


@pytest.mark.parametrize("steps", range(8))
def test_given_each_step_when_the_stores_answer_is_lost_then_it_is_taken_once(
    store_bench: UnitOfWorkBench, steps: int
) -> None:
    store = store_bench.store
    before = walked(store, steps)
    move = road(store)[steps]

    taken = ran(TakeStep(ForgetsToAnswer(store), SYLLABUS, NUMBERS)(ANN, move, NOW + 60))

    assert isinstance(taken, OnboardingSession)
    assert taken == read(store, lambda r: r.onboardings.of(ANN))
    assert taken.step is tuple(Step)[tuple(Step).index(before.step) + 1]
    assert counted(store) == ((2, 1, 1, 1) if taken.done_at is not None else (0, 0, 0, 0))


def test_given_somebody_who_has_an_account_and_a_rank_when_onboarded_then_both_are_kept(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    arrive(store)

    def risen(r: Repositories) -> None:
        r.people.put(replace(person_at(r), rank=Rank.ELITE))
        r.accounts.add(replace(s.account(), user_id=ANN))
        r.consents.add(Consent("old", ANN, ConsentPurpose.PRIVACY, 1, NOW - 9))

    ran(store.run(risen))
    walked(store, 8)

    assert person_of(store).rank is Rank.ELITE
    assert [account.account_id for account in read(store, lambda r: r.accounts.all())] == [s.account_id()]
    assert read(store, lambda r: r.consents.of(ANN))[0].consent_id == "old"
    assert counted(store)[0] == 2


def test_given_nobody_when_a_step_is_taken_then_it_is_said(store_bench: UnitOfWorkBench) -> None:
    with pytest.raises(InvalidInput, match="no person"):
        step(store_bench.store, Read())
    with pytest.raises(InvalidInput, match="no person"):
        ran(Resume(store_bench.store)(ANN, NOW))
    ran(store_bench.store.run(lambda r: r.people.add(Person(ANN, NOW))))
    with pytest.raises(InvalidInput, match="begun no onboarding"):
        step(store_bench.store, Read())


def test_given_old_onboardings_when_dropped_then_only_those_that_cannot_be_taken_up_go(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    walked(store, 8, UserId("done"), "Done_1")
    for name, begun in (("old", NOW), ("young", NOW + 1)):
        arrive(store, name, begun)

    dropped = [ran(DropOldOnboardings(store)(NOW + LIFE_SECONDS)) for _ in range(2)]

    def left(r: Repositories) -> list[bool]:
        return [r.onboardings.of(UserId(name)) is not None for name in ("done", "old", "young")]

    assert dropped == [1, 0]
    assert read(store, left) == [True, False, True]
    assert read(store, lambda r: len(r.people.all())) == 3
