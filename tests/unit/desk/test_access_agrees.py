"""The fire checks and the table of access say the same about a person: two doors, one rule."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest

from bitten_domain.desk.checks import account_state
from bitten_domain.desk.checks import entitlement as fire_entitlement
from bitten_domain.membership.access import Action, Entitled, RiskState, Standing, entitlement
from bitten_domain.risk import RiskPolicy
from bitten_domain.risk.workings import work_out
from bitten_domain.vocabulary import AccountStatus, FireMode, Rank, SystemMode, Tier

if TYPE_CHECKING:
    from bitten_domain.risk import FireRequest, RiskFacts

POLICY = RiskPolicy()


@pytest.mark.parametrize("is_live", [False, True], ids=["paper", "live"])
@pytest.mark.parametrize("fire_mode", FireMode, ids=lambda mode: mode.value)
def test_given_any_person_when_they_fire_then_the_check_and_the_table_agree(
    fire_mode: FireMode, is_live: bool, clean_request: FireRequest, clean_facts: RiskFacts
) -> None:
    request = replace(clean_request, fire_mode=fire_mode)
    account = replace(clean_facts.account, is_live=is_live)
    workings = work_out(request, clean_facts, POLICY)
    action = Action[f"FIRE_{fire_mode.value}_{'LIVE' if is_live else 'PAPER'}"]
    for rank, tier, status, mode in product(Rank, Tier, AccountStatus, SystemMode):
        person = replace(clean_facts.person, rank=rank, tier=tier, status=status, mode=mode, has_live_consent=True)
        facts = replace(clean_facts, account=account, person=person)
        refused = [
            reason for rule in (account_state, fire_entitlement) for reason in rule(request, facts, POLICY, workings)
        ]

        answer = entitlement(Standing(rank, tier, status, mode, RiskState.CLEAR), action)

        assert isinstance(answer, Entitled) is not bool(refused)
