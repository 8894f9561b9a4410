"""Ranks, statuses and tiers given by an ADMIN, on every store: noted once, told once, the last ADMIN kept."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.lost_answers import LosesAnswers
from bitten_domain.errors import Conflict, InvalidInput
from bitten_domain.membership import Denial, DenialCode, Person
from bitten_domain.membership.access import Action, StatusReason
from bitten_domain.membership.onboarding import Experience, OnboardingSession, Step
from bitten_domain.use_cases.access.change_status import ChangeStatus
from bitten_domain.use_cases.access.give_rank import GiveRank, MakeFirstAdmin
from bitten_domain.use_cases.access.grant_tier import GrantTier
from bitten_domain.use_cases.access.standing import allowed
from bitten_domain.use_cases.onboarding.arrive import Arrived, Resume
from bitten_domain.values import UserId
from bitten_domain.vocabulary import AccountStatus, Rank, Tier

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence
    from typing import TypeVar

    from bitten_apps.testkit.unit_of_work_contract import UnitOfWorkBench
    from bitten_domain.ports.repositories.housekeeping import AuditEntry
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

    T = TypeVar("T")

ADMIN, OTHER, USER = UserId("user-1"), UserId("user-2"), UserId("user-3")
AT = s.NOON + 60
LATER = AT + 5


def prepared(store: UnitOfWork, *, admins: int = 1) -> None:
    """Make an ADMIN or two, and somebody with an account that a mandate may fire on."""

    def work(r: Repositories) -> None:
        s.add_accounts(r, 3)
        for number in (1, 2):
            rank = Rank.ADMIN if number <= admins else Rank.ELITE
            r.people.put(replace(s.person(number), rank=rank))
        r.people.put(replace(s.person(3), rank=Rank.AUTHORIZED))
        r.mandates.add(s.mandate("theirs", of=3))
        r.mandates.add(s.mandate("another's", of=2))

    asyncio.run(store.run(work))


def person(store: UnitOfWork, user_id: UserId) -> Person | None:
    return asyncio.run(store.read(lambda r: r.people.get(user_id)))


def noted(store: UnitOfWork, about: UserId) -> list[tuple[str, str, dict[str, str]]]:
    entries: Sequence[AuditEntry] = asyncio.run(store.read(lambda r: r.audit.recent(99, about)))
    return [(entry.actor, entry.action, json.loads(entry.detail)) for entry in entries]


def told(store: UnitOfWork) -> list[tuple[str, str | None]]:
    waiting = asyncio.run(store.read(lambda r: r.outbox.waiting(LATER, 99)))
    return [(message.topic, message.user_id) for message in waiting]


def test_I14_given_a_rank_when_it_is_given_again_and_again_then_it_is_noted_and_told_once(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    prepared(store)

    answers = [asyncio.run(GiveRank(store)(ADMIN, USER, Rank.ELITE, at)) for at in (AT, LATER)]

    expected = replace(s.person(3), rank=Rank.ELITE)
    assert answers == [expected, expected]
    assert person(store, USER) == expected
    assert noted(store, USER) == [(ADMIN, "RANK_GIVEN", {"rank": "ELITE", "before": "AUTHORIZED"})]
    assert told(store) == [("rank", USER)]


def test_I14_given_many_who_give_one_rank_at_once_when_done_then_it_is_noted_and_told_once(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    prepared(store)

    async def at_once() -> list[object]:
        asked = [GiveRank(store)(ADMIN, USER, Rank.ELITE, AT + number) for number in range(8)]
        return list(await asyncio.gather(*asked, return_exceptions=True))

    results = asyncio.run(at_once())

    assert all(isinstance(one, Person | Conflict) for one in results)
    assert len(noted(store, USER)) == 1
    assert told(store) == [("rank", USER)]


def test_given_two_admins_who_take_each_others_rank_at_once_when_done_then_one_is_left(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    prepared(store, admins=2)

    async def at_once() -> list[object]:
        give = GiveRank(store)
        asked = (give(ADMIN, OTHER, Rank.ELITE, AT), give(OTHER, ADMIN, Rank.ELITE, AT))
        return list(await asyncio.gather(*asked, return_exceptions=True))

    results = asyncio.run(at_once())

    ranks = [found.rank for found in (person(store, ADMIN), person(store, OTHER)) if found is not None]
    assert sorted(rank.value for rank in ranks) == ["ADMIN", "ELITE"]
    assert sum(isinstance(one, Person) for one in results) == 1


@pytest.mark.parametrize("keeps", [True, False])
def test_given_an_admin_who_steps_down_when_the_answer_is_lost_then_they_are_told_what_was_done(
    store_bench: UnitOfWorkBench, keeps: bool
) -> None:
    store = store_bench.store
    prepared(store, admins=2)

    answer = asyncio.run(GiveRank(LosesAnswers(store, keeps=keeps))(OTHER, OTHER, Rank.ELITE, AT))

    assert answer == replace(s.person(2), rank=Rank.ELITE) == person(store, OTHER)
    assert noted(store, OTHER) == [(OTHER, "RANK_GIVEN", {"rank": "ELITE", "before": "ADMIN"})]


def test_given_somebody_onboarded_when_made_a_recruit_then_they_may_begin_anew(store_bench: UnitOfWorkBench) -> None:
    store = store_bench.store
    prepared(store)
    over = OnboardingSession(
        USER,
        s.NOON,
        step=Step.DONE,
        experience=Experience.SOME,
        adult_at=s.NOON,
        risk_version=1,
        privacy_version=1,
        quiz_result_id="try",
        callsign="night_owl7",
        done_at=s.NOON,
    )
    asyncio.run(store.run(lambda r: r.onboardings.put(over)))

    asyncio.run(GiveRank(store)(ADMIN, USER, Rank.ELITE, AT))
    kept = asyncio.run(store.read(lambda r: r.onboardings.of(USER)))
    asyncio.run(GiveRank(store)(ADMIN, USER, Rank.RECRUIT, LATER))
    begun = asyncio.run(Resume(store)(USER, LATER))

    assert kept == over
    assert isinstance(begun, Arrived)
    assert begun.session == OnboardingSession(USER, LATER)


@pytest.mark.parametrize("actor", [OTHER, USER])
def test_given_somebody_who_is_no_admin_when_they_give_lock_or_grant_then_nothing_happens(
    store_bench: UnitOfWorkBench, actor: UserId
) -> None:
    store = store_bench.store
    prepared(store)
    asked: list[Awaitable[Person | Denial]] = [
        GiveRank(store)(actor, USER, Rank.ADMIN, AT),
        ChangeStatus(store)(actor, ADMIN, AccountStatus.BANNED, StatusReason.ABUSE, AT),
        GrantTier(store)(actor, USER, Tier.APEX, AT),
    ]

    async def all_of_them() -> list[Person | Denial]:
        return [await one for one in asked]

    answers = asyncio.run(all_of_them())

    assert [one.codes for one in answers if isinstance(one, Denial)] == [(DenialCode.RANK,)] * 3
    assert [noted(store, user) for user in (ADMIN, OTHER, USER)] == [[], [], []]
    assert told(store) == []


def test_given_a_ban_when_it_is_done_then_their_mandates_are_taken_back_and_nobody_elses(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    prepared(store)

    for _ in range(2):
        asyncio.run(ChangeStatus(store)(ADMIN, USER, AccountStatus.BANNED, StatusReason.FRAUD, AT))

    standing = asyncio.run(store.read(lambda r: r.mandates.all_standing()))
    assert [granted.mandate_id for granted in standing] == ["another's"]
    detail = {"status": "BANNED", "before": "ACTIVE", "reason": "FRAUD"}
    assert noted(store, USER) == [(ADMIN, "STATUS_CHANGED", detail)]
    assert told(store) == [("status", USER)]


def test_given_a_banned_admin_when_they_operate_then_they_are_denied(store_bench: UnitOfWorkBench) -> None:
    store = store_bench.store
    prepared(store, admins=2)
    asyncio.run(ChangeStatus(store)(ADMIN, OTHER, AccountStatus.BANNED, StatusReason.SECURITY, AT))

    answer = asyncio.run(GiveRank(store)(OTHER, USER, Rank.ELITE, LATER))

    assert isinstance(answer, Denial)
    assert answer.codes == (DenialCode.STATUS,)


def test_given_a_granted_tier_when_taken_back_then_both_are_noted(store_bench: UnitOfWorkBench) -> None:
    store = store_bench.store
    prepared(store)

    for tier, at in ((Tier.FANG, AT), (Tier.FANG, AT + 1), (Tier.NONE, AT + 2)):
        asyncio.run(GrantTier(store)(ADMIN, USER, tier, at))

    assert person(store, USER) == replace(s.person(3), rank=Rank.AUTHORIZED)
    assert noted(store, USER) == [
        (ADMIN, "TIER_GRANTED", {"tier": "NONE", "before": "FANG"}),
        (ADMIN, "TIER_GRANTED", {"tier": "FANG", "before": "NONE"}),
    ]


def test_given_no_admin_when_the_configured_person_comes_then_they_are_made_admin_once(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    prepared(store, admins=0)
    asyncio.run(store.run(lambda r: r.people.put(replace(s.person(3, 77), rank=Rank.AUTHORIZED))))
    make = MakeFirstAdmin(store, "telegram:77")

    answers = [asyncio.run(make(user, AT)) for user in (OTHER, USER, USER, OTHER)]

    assert answers == [False, True, True, False]
    assert noted(store, USER) == [("system", "FIRST_ADMIN", {"rank": "ADMIN", "before": "AUTHORIZED"})]


def test_given_an_admin_when_the_configuration_names_another_then_nobody_is_promoted(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    prepared(store)

    assert asyncio.run(MakeFirstAdmin(store, "user:user-3")(USER, AT)) is False
    assert person(store, USER) == replace(s.person(3), rank=Rank.AUTHORIZED)


def test_given_strangers_when_they_ask_or_are_asked_about_then_it_is_said_who_is_not_there(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    prepared(store)

    for actor, subject in ((UserId("nobody"), USER), (ADMIN, UserId("nobody"))):
        with pytest.raises(InvalidInput, match="there is no person nobody"):
            asyncio.run(GiveRank(store)(actor, subject, Rank.ELITE, AT))


def test_given_an_action_that_opens_risk_when_asked_without_the_risk_then_it_is_denied(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    prepared(store)

    async def asked() -> tuple[Person | Denial, Person | Denial]:
        opening = await store.read(lambda r: allowed(r, ADMIN, Action.FIRE_SINGLE_PAPER, AT))
        return opening, await store.read(lambda r: allowed(r, ADMIN, Action.CLOSE_POSITION, AT))

    opening, closing = asyncio.run(asked())

    assert isinstance(opening, Denial)
    assert DenialCode.RISK_UNKNOWN in opening.codes
    assert isinstance(closing, Person)
