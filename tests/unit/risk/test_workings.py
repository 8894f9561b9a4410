"""Workings, allowance and the approved order: what one decision comes to, by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bitten_domain.errors import BrokenInvariant
from bitten_domain.market.news_view import Blackout
from bitten_domain.risk import (
    ApprovedOrder,
    FireRequest,
    Mandate,
    OpenRisk,
    RiskFacts,
    RiskPolicy,
    UserLimits,
    assess,
    work_out,
)
from bitten_domain.risk.decision import Refusal
from bitten_domain.risk.sizing import allowance_of
from bitten_domain.risk.workings import Workings
from bitten_domain.values import AccountId, Direction, Lots, Money, SignalId, UserId
from bitten_domain.vocabulary import FireMode

POLICY = RiskPolicy()
DAY = 86_400
ODD = ("NaN", "sNaN", "Infinity", "-Infinity")


def money(facts: RiskFacts, **figures: str) -> RiskFacts:
    """Change figures of the account."""
    amounts: dict[str, Any] = {name: Decimal(figure) for name, figure in figures.items()}
    return replace(facts, account=replace(facts.account, **amounts))


def with_limits(facts: RiskFacts, risk: str, daily: str = "4") -> RiskFacts:
    return replace(facts, person=replace(facts.person, limits=UserLimits(Decimal(risk), Decimal(daily))))


def with_mandate(facts: RiskFacts, risk: str) -> RiskFacts:
    mandate = Mandate(AccountId("account-1"), frozenset({"EURUSD"}), Decimal(85), 5, Decimal(risk), 0, facts.now + DAY)
    return replace(facts, mandate=mandate)


def risk_percent(facts: RiskFacts, fire_mode: FireMode = FireMode.SINGLE, policy: RiskPolicy = POLICY) -> Decimal:
    return allowance_of(facts, policy, fire_mode).risk_percent


def test_given_a_mandate_that_risks_less_when_auto_fires_then_it_holds_and_by_hand_it_does_not(
    order: FireRequest, facts: RiskFacts
) -> None:
    careful = with_mandate(facts, "0.5")
    by_auto = work_out(replace(order, fire_mode=FireMode.AUTO), careful, POLICY)
    by_hand = work_out(order, careful, POLICY)

    assert [by_auto.allowance.risk_percent, by_auto.allowance.budget] == [Decimal("0.5"), 50]
    assert [by_hand.allowance.risk_percent, by_hand.allowance.budget] == [1, 100]
    assert risk_percent(with_mandate(facts, "2"), FireMode.AUTO) == 1


def test_given_a_step_back_when_its_moment_comes_then_it_is_over(facts: RiskFacts) -> None:
    bold = with_limits(facts, "2")

    def at(until: int) -> Decimal:
        return risk_percent(replace(bold, behaviour=replace(bold.behaviour, step_back_until=until)))

    assert [at(facts.now + 1), at(facts.now)] == [1, 2]


def test_given_two_percent_when_half_the_days_cap_is_lost_then_medic_leaves_one(facts: RiskFacts) -> None:
    # The cap is 4 % of 10 000 = 400; medic begins at 200.
    assert risk_percent(money(with_limits(facts, "2"), balance="9800", equity="9800")) == 1
    assert risk_percent(money(with_limits(facts, "2"), balance="9800.01", equity="9800.01")) == 2


def test_given_a_policy_stricter_than_user_and_tier_when_allowed_then_it_holds(facts: RiskFacts) -> None:
    policy = RiskPolicy(max_risk_percent=Decimal("0.8"), max_daily_loss_percent=Decimal("2.5"))

    allowance = allowance_of(facts, policy, FireMode.SINGLE)

    assert [allowance.unit, allowance.budget, allowance.daily_cap] == [80, 80, 250]


def test_given_an_equity_below_nought_when_allowed_then_nothing_may_be_risked(facts: RiskFacts) -> None:
    allowance = allowance_of(money(facts, balance="20", equity="-50"), POLICY, FireMode.SINGLE)

    assert [allowance.sizing_balance, allowance.unit, allowance.budget] == [0, 0, 0]
    assert allowance.day_loss == 10_050


def test_given_a_day_that_began_below_nought_when_allowed_then_its_cap_is_nought(facts: RiskFacts) -> None:
    assert allowance_of(money(facts, day_start_equity="-100"), POLICY, FireMode.SINGLE).daily_cap == 0


def test_given_stops_in_profit_and_one_missing_when_summed_then_only_losses_count_and_none_is_unknown(
    facts: RiskFacts,
) -> None:
    def pending(*risks: str | None) -> Decimal | None:
        held = tuple(OpenRisk("EURUSD", Direction.BUY, None if risk is None else Decimal(risk)) for risk in risks)
        return allowance_of(replace(facts, open_risks=held), POLICY, FireMode.SINGLE).pending_risk

    assert pending("60", "-20", "0", "40") == 100
    assert pending("60", None, "40") is None


def test_given_a_high_window_when_worked_out_then_slippage_is_threefold(order: FireRequest, facts: RiskFacts) -> None:
    assert facts.news is not None
    workings = work_out(order, replace(facts, news=replace(facts.news, blackout=Blackout.HIGH)), POLICY)

    # 21.2 pips and three times 0.7 are 23.3: 240 a lot, and 100 / 240 = 0.416.
    assert workings.sizing is not None
    assert (workings.sizing.stop_pips, workings.sizing.lots) == (Decimal("23.3"), Decimal("0.41"))


@pytest.mark.parametrize("stop", [None, "1.10019", "1.10030", *ODD])
def test_given_a_stop_that_cannot_be_sized_when_worked_out_then_the_rest_is_still_known(
    order: FireRequest, facts: RiskFacts, stop: str | None
) -> None:
    # 1.10019 is 0.7 pips above the ask: just what slippage adds, so that the way to it is nought.
    usual = work_out(order, facts, POLICY)
    request = replace(order, stop=None if stop is None else Decimal(stop))

    assert work_out(request, facts, POLICY) == Workings(usual.windows, usual.allowance, Decimal(10), Decimal(7), None)


def test_given_no_rule_that_minds_when_assessed_then_the_order_says_what_was_decided(
    order: FireRequest, facts: RiskFacts
) -> None:
    approved = assess(order, replace(facts, account=replace(facts.account, is_live=True)), POLICY, ())

    assert isinstance(approved, ApprovedOrder)
    assert (approved.user_id, approved.account_id, approved.is_live) == (UserId("user-1"), AccountId("account-1"), True)
    assert (approved.signal_id, approved.symbol, approved.direction) == (SignalId("signal-1"), "EURUSD", Direction.BUY)
    assert (approved.fire_mode, approved.lots) == (FireMode.SINGLE, Lots(Decimal("0.44")))
    assert (approved.price, approved.stop, approved.target) == (Decimal("1.10012"), Decimal("1.098"), Decimal("1.104"))
    assert (approved.risk, approved.risk_percent) == (Money(Decimal("99.44"), "USD"), Decimal(1))
    assert approved.margin.rounded() == Money(Decimal("1613.51"), "USD")
    assert (approved.stop_pips, approved.approved_at) == (Decimal("21.9"), 1_749_045_600)


def test_given_nothing_to_send_when_no_rule_is_asked_then_the_caller_is_wrong(
    order: FireRequest, facts: RiskFacts
) -> None:
    for request, known in (
        (replace(order, stop=None), facts),
        (order, replace(facts, quote=None)),
        (replace(order, lots_ceiling=Decimal("0.009")), facts),
    ):
        with pytest.raises(BrokenInvariant, match="nothing to send"):
            assess(request, known, POLICY, ())


def test_given_an_order_or_refusal_built_by_hand_when_it_breaks_a_promise_then_the_caller_is_told_which(
    order: FireRequest, facts: RiskFacts
) -> None:
    approved = assess(order, facts, POLICY, ())
    assert isinstance(approved, ApprovedOrder)

    with pytest.raises(BrokenInvariant, match="minted by assess only"):
        replace(approved, lots=Lots(Decimal(50)), seal=object())
    with pytest.raises(BrokenInvariant, match="at least one reason"):
        Refusal(())


def test_given_what_is_not_said_when_facts_are_built_then_nothing_is_allowed_or_used(
    order: FireRequest, facts: RiskFacts
) -> None:
    assert OpenRisk("EURUSD", Direction.BUY, None) == OpenRisk("EURUSD", Direction.BUY, None, Decimal(0), "")
    assert [facts.account.margin_used, facts.account.leverage, facts.mandate_shots_used] == [0, 30, 0]
    assert facts.news is not None
    flags = (facts.news.confirmed_unknown, facts.person.has_live_consent, facts.person.is_sniper)
    assert (*flags, order.is_confirmed, order.signal.is_auto_barred) == (False,) * 5


def test_given_a_stop_of_one_pip_and_no_leverage_when_worked_out_then_it_is_sized_all_the_same(
    order: FireRequest, facts: RiskFacts
) -> None:
    # 0.3 pips below the ask and 0.7 of slippage: 10 USD and 7 a lot, and 100 / 17 = 5.88; 588 000 x 1.10012 are bound.
    sizing = work_out(replace(order, stop=Decimal("1.10009")), money(facts, leverage="1"), POLICY).sizing

    assert sizing is not None
    assert (sizing.stop_pips, sizing.lots, sizing.margin) == (Decimal(1), Decimal("5.88"), Decimal("646870.56"))
