"""Facts about people, written and read again: whatever they decide they decide anew, and they name nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_apps.testkit.unit_of_work.drawn.membership import press_passes, subscriptions
from bitten_apps.testkit.unit_of_work.drawn.people import persons
from bitten_apps.testkit.unit_of_work.samples import NOON
from bitten_domain.membership import Person, Profile
from bitten_domain.membership.press_pass import PressPass, PressPassPolicy
from bitten_domain.membership.subscription import Subscription, SubscriptionPolicy, tier_now
from bitten_domain.record.inputs.facts import (
    fact_of_pass,
    fact_of_person,
    fact_of_subscriptions,
    pass_from,
    person_from,
    subscriptions_from,
)
from bitten_domain.values import UserId
from bitten_domain.vocabulary import Tier

FIGURES = (SubscriptionPolicy(), PressPassPolicy())


@given(persons)
def test_given_any_person_when_written_and_read_then_all_but_who_they_are_is_there(person: Person) -> None:
    read = person_from(fact_of_person(person))

    assert read is not None
    assert (read.telegram_id, read.profile) == (None, Profile())
    for name in ("user_id", "joined_at", "status", "rank", "tier", "mode", "is_sniper", "has_live_consent", "limits"):
        assert getattr(read, name) == getattr(person, name)


@given(st.none() | press_passes(), st.lists(subscriptions(), max_size=3), st.sampled_from(Tier), st.data())
def test_given_any_membership_when_written_and_read_then_it_gives_the_same_tier_at_any_moment(
    press_pass: PressPass | None, held: list[Subscription], granted: Tier, data: st.DataObject
) -> None:
    unique = {(one.begun_at, one.gateway, one.subscription_ref): one for one in held}
    ordered = tuple(unique[key] for key in sorted(unique))
    edges = [period_end for one in ordered for period in one.periods for period_end in (period.start, period.end)]
    edges += [] if press_pass is None else [press_pass.claimed_at, press_pass.ends_at]
    now = data.draw(st.sampled_from(edges or [NOON]).flatmap(lambda edge: st.integers(edge - 2, edge + 4 * 86_400)))

    def tier(one: PressPass | None, others: tuple[Subscription, ...]) -> Tier:
        return tier_now(granted, others, one, policy=FIGURES[0], pass_policy=FIGURES[1], now=now)

    read = tier(pass_from(fact_of_pass(press_pass)), subscriptions_from(fact_of_subscriptions(ordered)))

    assert read is tier(press_pass, ordered)


@given(press_passes(), subscriptions())
def test_given_any_membership_when_written_then_nothing_leads_to_a_payment_or_a_telegram_id(
    press_pass: PressPass, held: Subscription
) -> None:
    text = fact_of_pass(press_pass) + fact_of_subscriptions((held,))
    read = subscriptions_from(fact_of_subscriptions((held,)))[0]

    assert press_pass.telegram_key.hex() not in text
    assert (read.gateway, read.subscription_ref) == ("", "000000")
    assert {period.payment_ref for period in read.periods} <= {"", "paid"}


def test_given_nobody_when_written_and_read_then_nobody_is_there() -> None:
    assert (person_from(fact_of_person(None)), pass_from(fact_of_pass(None))) == (None, None)
    assert subscriptions_from(fact_of_subscriptions(())) == ()


@pytest.mark.parametrize("text", ["[]", '{"user_id": 1}', '"x"', '{"user_id": "x"}'])
def test_given_what_is_no_fact_when_read_then_it_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no|lacks fields"):
        person_from(text)


def test_given_a_person_of_an_older_recording_when_read_then_later_fields_have_their_defaults() -> None:
    assert person_from('{"user_id": "you", "joined_at": 5}') == Person(UserId("you"), 5)
