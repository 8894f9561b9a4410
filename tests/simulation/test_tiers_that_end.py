"""A tier that a press pass lends is worked out as somebody fires: it opens while it holds, and nothing after."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bitten_apps.testkit.unit_of_work.member_samples import press_pass
from bitten_domain.desk.account.fires.facts_of_account import FireWish
from bitten_domain.vocabulary import FireMode, RefusalCode, SystemMode, Tier

if TYPE_CHECKING:
    from bitten_apps.testkit.simulation.calm import CalmWorld
    from bitten_domain.ports.unit_of_work import Repositories


@pytest.mark.parametrize(("age", "is_over"), [(0, False), (7 * 86_400 - 1, False), (7 * 86_400, True)])
def test_given_a_lent_tier_when_a_proposal_is_fired_then_it_opens_as_long_as_the_pass_holds(
    peace: CalmWorld, age: int, *, is_over: bool
) -> None:
    now = peace.world.time.now
    claimed = int(now) - age

    def prepared(store: Repositories) -> None:
        person = store.people.lock(peace.user)
        assert person is not None
        store.people.put(replace(person, tier=Tier.NONE, mode=SystemMode.BIT))
        store.press_pass_days.lock(claimed // 86_400, 10)
        given = replace(press_pass(1, claimed), user_id=peace.user, activated_at=claimed)
        store.press_passes.add(given)

    peace.world.store.prepare(prepared)
    wish = FireWish(FireMode.SEMI, is_confirmed=True, proposed_at=int(now))

    answer = peace.wait_for(peace.router.fire(replace(peace.command("one"), wish=wish)))

    refused = [reason.code for reason in answer.reasons]
    assert (RefusalCode.TIER_TOO_LOW in refused) is is_over
    assert (answer.client_order_id is None) is is_over, refused
