"""The tier at a moment, on every store: what was granted, is paid, is tried or is lent, each for its own time only."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bitten_apps.testkit.unit_of_work import member_samples as m
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.membership.press_pass import PressPassPolicy
from bitten_domain.membership.subscription import SubscriptionPolicy
from bitten_domain.use_cases.membership.tier_at import DEFAULT_FIGURES, MemberFigures, tier_at
from bitten_domain.vocabulary import Tier

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work_contract import UnitOfWorkBench
    from bitten_domain.membership import Person
    from bitten_domain.ports.unit_of_work import Repositories

DAY = 86_400
ANN = s.person()


def kept(bench: UnitOfWorkBench, *, pays: bool = False, has_pass: bool = False, activated: bool = True) -> None:
    def work(r: Repositories) -> None:
        r.people.add(ANN)
        r.people.add(s.person(2))
        if pays:
            r.subscriptions.put(m.subscription("one", is_current=True))
        if has_pass:
            r.press_pass_days.lock(s.NOON // DAY, 10)
            r.press_passes.add(replace(m.press_pass(), activated_at=s.NOON + 60 if activated else None))

    asyncio.run(bench.store.run(work))


def tier(bench: UnitOfWorkBench, after: int, person: Person = ANN, figures: MemberFigures = DEFAULT_FIGURES) -> Tier:
    return asyncio.run(bench.store.read(lambda r: tier_at(r, person, s.NOON + after, figures)))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (-1, Tier.NONE),
        (0, Tier.FANG),
        (30 * DAY - 1, Tier.FANG),
        (33 * DAY - 1, Tier.FANG),  # three days' grace
        (33 * DAY, Tier.NONE),
    ],
)
def test_given_a_paid_month_when_the_tier_is_asked_for_then_it_holds_for_its_time_and_the_grace(
    store_bench: UnitOfWorkBench, after: int, expected: Tier
) -> None:
    kept(store_bench, pays=True)

    assert tier(store_bench, after) is expected


@pytest.mark.parametrize(
    ("after", "expected"), [(0, Tier.PRESS_PASS), (7 * DAY - 1, Tier.PRESS_PASS), (7 * DAY, Tier.NONE)]
)
def test_given_an_active_pass_when_the_tier_is_asked_for_then_it_is_lent_until_its_end(
    store_bench: UnitOfWorkBench, after: int, expected: Tier
) -> None:
    kept(store_bench, has_pass=True)

    assert tier(store_bench, after) is expected


def test_given_a_pass_that_was_only_claimed_when_the_tier_is_asked_for_then_nothing_is_lent(
    store_bench: UnitOfWorkBench,
) -> None:
    kept(store_bench, has_pass=True, activated=False)

    assert tier(store_bench, DAY) is Tier.NONE


def test_given_several_reasons_when_the_tier_is_asked_for_then_the_highest_holds(store_bench: UnitOfWorkBench) -> None:
    kept(store_bench, pays=True, has_pass=True)
    nibbler, apex = (replace(ANN, tier=granted) for granted in (Tier.NIBBLER, Tier.APEX))

    found = [tier(store_bench, DAY, one) for one in (nibbler, apex)] + [tier(store_bench, 40 * DAY, nibbler)]

    assert found == [Tier.FANG, Tier.APEX, Tier.NIBBLER]


def test_given_what_others_have_when_the_tier_is_asked_for_then_it_gives_nothing(store_bench: UnitOfWorkBench) -> None:
    kept(store_bench, pays=True, has_pass=True)

    assert tier(store_bench, DAY, s.person(2)) is Tier.NONE


def test_given_other_figures_when_the_tier_is_asked_for_then_they_hold(store_bench: UnitOfWorkBench) -> None:
    kept(store_bench, pays=True, has_pass=True)
    figures = MemberFigures(PressPassPolicy(tier=Tier.NONE), SubscriptionPolicy(grace_days=0))

    assert [tier(store_bench, days * DAY, figures=figures) for days in (29, 30)] == [Tier.FANG, Tier.NONE]
