"""Rules of exposure, open risk, positions, margin and size: borders, and what a person is told, by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bitten_domain.risk import FireRequest, OpenRisk, Reason, RiskFacts, RiskPolicy, Rule, UserLimits, work_out
from bitten_domain.risk.policy import ExposurePolicy
from bitten_domain.risk.rules import exposure_limits, margin, open_risk, positions, size_fits
from bitten_domain.values import Direction
from bitten_domain.vocabulary import FireMode, RefusalCode

POLICY = RiskPolicy()
BUY, SELL = Direction.BUY, Direction.SELL
C = RefusalCode
APART = {("EURUSD", other): 0.0 for other in ("EURJPY", "EURGBP", "AUDUSD", "USDCAD", "USDJPY", "GBPJPY")}


def ask(rule: Rule, request: FireRequest, facts: RiskFacts, policy: RiskPolicy = POLICY) -> tuple[Reason, ...]:
    return rule(request, facts, policy, work_out(request, facts, policy))


def money(facts: RiskFacts, **figures: str) -> RiskFacts:
    """Change figures of the account."""
    amounts: dict[str, Any] = {name: Decimal(figure) for name, figure in figures.items()}
    return replace(facts, account=replace(facts.account, **amounts))


def held(symbol: str, direction: Direction, risk: str | None, margin_bound: str = "0", group: str = "") -> OpenRisk:
    return OpenRisk(symbol, direction, None if risk is None else Decimal(risk), Decimal(margin_bound), group)


def holding(facts: RiskFacts, *open_risks: OpenRisk, links: dict[tuple[str, str], float] | None = APART) -> RiskFacts:
    return replace(facts, open_risks=open_risks, correlations=links)


def sold(request: FireRequest) -> FireRequest:
    signal = replace(request.signal, direction=SELL, stop=Decimal("1.10200"), target=Decimal("1.09600"))
    return replace(request, signal=signal, stop=Decimal("1.10200"), target=Decimal("1.09600"))


def codes(reasons: tuple[Reason, ...]) -> list[RefusalCode]:
    return [reason.code for reason in reasons]


# Exposure: a unit is 100, so 200 of a currency and 150 of a cluster; the order adds 99.44 (sold: 98.44).


def test_given_dollars_sold_twice_when_a_third_is_asked_then_the_sums_are_told(
    order: FireRequest, facts: RiskFacts
) -> None:
    short_dollars = holding(facts, held("AUDUSD", BUY, "60"), held("USDCAD", SELL, "60"))

    assert ask(exposure_limits, order, short_dollars) == (
        Reason(
            C.CURRENCY_EXPOSURE,
            "2 risk units (200.00 USD) net USD",
            "-219.44 USD net USD with this order",
            "risk at most 80.00 USD, or close USD positions",
        ),
    )


def test_given_euros_bought_when_more_are_asked_then_200_is_the_border(order: FireRequest, facts: RiskFacts) -> None:
    assert ask(exposure_limits, order, holding(facts, held("EURGBP", BUY, "100.56"))) == ()
    assert ask(exposure_limits, order, holding(facts, held("EURGBP", BUY, "100.57"))) == (
        Reason(
            C.CURRENCY_EXPOSURE,
            "2 risk units (200.00 USD) net EUR",
            "200.01 USD net EUR with this order",
            "risk at most 99.43 USD, or close EUR positions",
        ),
    )


def test_given_euros_sold_when_more_are_sold_then_the_sums_are_told_with_their_sign(
    order: FireRequest, facts: RiskFacts
) -> None:
    # -110 and -98.44 of EUR; USD gains 98.44.
    assert ask(exposure_limits, sold(order), holding(facts, held("EURJPY", SELL, "110"))) == (
        Reason(
            C.CURRENCY_EXPOSURE,
            "2 risk units (200.00 USD) net EUR",
            "-208.44 USD net EUR with this order",
            "risk at most 90.00 USD, or close EUR positions",
        ),
    )


def test_given_too_much_of_a_currency_when_an_order_makes_it_less_then_it_passes(
    order: FireRequest, facts: RiskFacts
) -> None:
    # -300 + 99.44 = -200.56 and 300 - 98.44 = 201.56: beyond the limit still, but nearer.
    assert ask(exposure_limits, order, holding(facts, held("EURJPY", SELL, "300"))) == ()
    assert ask(exposure_limits, sold(order), holding(facts, held("EURJPY", BUY, "300"))) == ()


def test_given_too_much_of_a_currency_when_an_order_adds_nothing_then_exposure_does_not_mind(
    order: FireRequest, facts: RiskFacts
) -> None:
    nothing = replace(order, lots_ceiling=Decimal("0.009"))

    assert ask(exposure_limits, nothing, holding(facts, held("EURJPY", BUY, "300"))) == ()


def test_given_no_quote_when_something_is_held_then_exposure_has_nothing_to_say(
    order: FireRequest, facts: RiskFacts
) -> None:
    assert ask(exposure_limits, order, replace(holding(facts, held("EURJPY", BUY, "300")), quote=None)) == ()


def cluster(code: RefusalCode, total: str, left: str, most: str = "1.5 risk units (150.00 USD)") -> tuple[Reason, ...]:
    return (
        Reason(
            code,
            f"{most} on pairs that move together",
            f"{total} USD with this order" + (", were the unknown ones to" if code is C.CORRELATION_UNKNOWN else ""),
            f"risk at most {left} USD, or close one of them",
        ),
    )


def test_given_pairs_that_move_together_when_one_more_is_asked_then_150_is_the_border(
    order: FireRequest, facts: RiskFacts
) -> None:
    def asked(known: str, unknown: str | None = None) -> tuple[Reason, ...]:
        more = () if unknown is None else (held("NZDUSD", SELL, unknown),)
        links = {("EURUSD", "GBPUSD"): 0.8}
        return ask(exposure_limits, order, holding(facts, held("GBPUSD", BUY, known), *more, links=links))

    assert asked("50.56") == ()
    assert asked("60") == cluster(C.CLUSTER_RISK, "159.44", "90.00")
    # What is known is enough, whatever the unknown one does: it is named alone.
    assert asked("60", "30") == cluster(C.CLUSTER_RISK, "159.44", "90.00")
    # What is known leaves room, or just uses it up; only the guess breaks the limit.
    assert asked("40", "30") == cluster(C.CORRELATION_UNKNOWN, "169.44", "80.00")
    assert asked("50.56", "10") == cluster(C.CORRELATION_UNKNOWN, "160.00", "89.44")


def test_given_no_correlations_when_asked_then_the_unknown_ones_count_as_one_bet(
    order: FireRequest, facts: RiskFacts
) -> None:
    blind = holding(facts, held("GBPUSD", BUY, "60"), links=None)

    assert ask(exposure_limits, order, blind) == cluster(C.CORRELATION_UNKNOWN, "159.44", "90.00")


def test_given_a_policy_of_one_unit_a_cluster_when_little_is_known_to_move_along_then_it_counts(
    order: FireRequest, facts: RiskFacts
) -> None:
    strict = RiskPolicy(exposure=ExposurePolicy(cluster_units=Decimal(1)))
    linked = holding(facts, held("GBPUSD", BUY, "0.90"), links={("EURUSD", "GBPUSD"): 0.8})

    found = ask(exposure_limits, order, linked, strict)

    assert found == cluster(C.CLUSTER_RISK, "100.34", "99.10", "1 risk units (100.00 USD)")


def test_given_limits_that_are_passed_already_when_asked_then_what_may_be_risked_is_nought_and_no_less(
    order: FireRequest, facts: RiskFacts
) -> None:
    euros = ask(exposure_limits, order, holding(facts, held("EURGBP", BUY, "300")))
    linked = ask(exposure_limits, order, holding(facts, held("GBPUSD", SELL, "190"), links={("EURUSD", "GBPUSD"): -1}))
    at_risk = ask(open_risk, order, holding(facts, held("GBPJPY", BUY, "700")))

    assert [one.remedy for one in (*euros, *linked)] == [
        "risk at most 0.00 USD, or close EUR positions",
        "risk at most 0.00 USD, or close one of them",
    ]
    assert codes(at_risk) == [C.DAILY_RISK, C.TOTAL_RISK]
    assert {one.remedy for one in at_risk} == {"risk at most 0.00 USD, or close something"}


# Open risk: all stops together.


def test_given_positions_without_a_stop_when_asked_then_they_are_named(order: FireRequest, facts: RiskFacts) -> None:
    bare = holding(facts, held("USDJPY", BUY, None), held("EURUSD", SELL, "10"), held("GBPJPY", BUY, None))

    (reason,) = ask(open_risk, order, bare)

    assert (reason.code, reason.actual) == (C.TOTAL_RISK, "no stop on GBPJPY, USDJPY")


def test_given_a_days_loss_and_stops_when_an_order_breaks_the_cap_then_the_sums_are_told(
    order: FireRequest, facts: RiskFacts
) -> None:
    # 150 are lost, the stops take 160 more; 1 % of 9850 buys 0.43 lots that lose 97.18.
    lost = money(holding(facts, held("USDJPY", BUY, "80"), held("GBPJPY", BUY, "80")), balance="9850", equity="9850")

    assert ask(open_risk, order, lost) == (
        Reason(
            C.DAILY_RISK,
            "400.00 USD lost today if every stop is hit",
            "407.18 USD, 97.18 of it this order's",
            "risk at most 90.00 USD, or close something",
        ),
    )


def test_given_much_at_risk_when_an_order_breaks_the_total_then_the_sums_are_told(
    order: FireRequest, facts: RiskFacts
) -> None:
    # 6 % of 10 500 are 630; 2 % buy 0.92 lots that lose 207.92. The day is 500 up, so its cap has room.
    risky = replace(facts, person=replace(facts.person, limits=UserLimits(Decimal(2), Decimal(6))))
    risky = money(risky, balance="10500", equity="10500")

    assert ask(open_risk, order, holding(risky, held("GBPJPY", BUY, "422.08"))) == ()
    assert ask(open_risk, order, holding(risky, held("GBPJPY", BUY, "500"))) == (
        Reason(
            C.TOTAL_RISK,
            "630.00 USD at risk in all",
            "707.92 USD, 207.92 of it this order's",
            "risk at most 130.00 USD, or close something",
        ),
    )


def test_given_stops_that_just_reach_the_days_cap_when_asked_then_it_passes(
    order: FireRequest, facts: RiskFacts
) -> None:
    assert ask(open_risk, order, holding(facts, held("GBPJPY", BUY, "300.56"))) == ()
    assert codes(ask(open_risk, order, holding(facts, held("GBPJPY", BUY, "300.57")))) == [C.DAILY_RISK]


# Positions.


def test_given_a_netting_account_when_a_pair_is_held_then_it_is_told_so(order: FireRequest, facts: RiskFacts) -> None:
    netting = replace(facts, account=replace(facts.account, is_netting=True))
    one, two = (held("EURUSD", SELL, "10"),), (held("EURUSD", SELL, "10"), held("EURUSD", BUY, "10"))

    on_netting, on_hedging = ask(positions, order, holding(netting, *one)), ask(positions, order, holding(facts, *two))

    where = "close one on EURUSD first"
    assert on_netting == (Reason(C.TOO_MANY_ON_PAIR, "1 on one pair of a netting account", "1 on EURUSD", where),)
    assert on_hedging == (Reason(C.TOO_MANY_ON_PAIR, "2 on one pair", "2 on EURUSD", where),)


def test_given_room_for_three_when_two_are_held_in_three_parts_then_slices_of_one_parent_count_once(
    order: FireRequest, facts: RiskFacts
) -> None:
    slices = (held("USDJPY", BUY, "10", group="p"), held("USDJPY", BUY, "10", group="p"), held("GBPJPY", BUY, "10"))
    apart = (held("USDJPY", BUY, "10"), held("USDCAD", BUY, "10"), held("GBPJPY", BUY, "10"))
    room_for_three = money(facts, day_start_balance="4999")

    assert ask(positions, order, holding(room_for_three, *slices)) == ()
    (reason,) = ask(positions, order, holding(room_for_three, *apart))
    assert (reason.code, reason.limit) == (C.TOO_MANY_POSITIONS, "3 open by balance, own limit and mode")
    assert reason.actual == "3 open or reserved"


# Margin.


def test_given_margin_below_its_least_when_asked_then_the_level_is_told_rounded_down(
    order: FireRequest, facts: RiskFacts
) -> None:
    def told(used: str, request: FireRequest = order, **more: str) -> list[tuple[str, str]]:
        return [(one.limit, one.actual) for one in ask(margin, request, money(facts, margin_used=used, **more))]

    # 10 000 / 6000 = 166.7 %, 10 000 / 5000.01 = 199.9996 %: less than 200 %, and told as less.
    assert told("6000") == [("margin level of at least 200 %", "166 % now")]
    assert told("5000.01") == [("margin level of at least 200 %", "199 % now")]
    # At 200 % what counts is the level with the order: 10 000 / 6613.51 = 151.2 %.
    assert told("5000") == [("margin level of at least 300 %", "151 % with this order")]
    # 10 000 / 3333.51 = 299.98 %.
    assert told("1720") == [("margin level of at least 300 %", "299 % with this order")]
    assert told("1719") == []
    auto = replace(order, fire_mode=FireMode.AUTO)
    assert told("387", auto) == [("margin level of at least 500 %", "499 % with this order")]
    # 10 000 / (44 000 x 1.10012) = 20.7 %.
    assert told("0", leverage="1") == [("margin level of at least 300 %", "20 % with this order")]
    assert told("0", leverage="0") == [("margin level of at least 300 %", "no leverage known")]


def test_given_a_level_of_just_the_least_when_asked_then_it_passes(order: FireRequest, facts: RiskFacts) -> None:
    # At 44 to 1 the order binds 44 000 x 1.10012 / 44 = 1100.12; with 3899.88 that is 5000, a third of 15 000.
    level = money(facts, leverage="44", equity="15000", margin_used="3899.88")

    assert ask(margin, order, level) == ()
    assert codes(ask(margin, order, money(level, margin_used="3899.89"))) == [C.MARGIN_LEVEL]


def test_given_reservations_when_the_level_is_found_then_they_add_to_what_is_used(
    order: FireRequest, facts: RiskFacts
) -> None:
    reserved = (held("USDJPY", BUY, "10", "700"), held("USDCAD", BUY, "10", "0"), held("GBPJPY", BUY, "10", "520"))

    # 500 and 700 and 520 are 1720, as above.
    (reason,) = ask(margin, order, money(holding(facts, *reserved), margin_used="500"))

    assert reason.actual == "299 % with this order"


@pytest.mark.parametrize("equity", ["-0.01", "-100"])
def test_given_an_equity_below_nought_and_nothing_bound_when_asked_then_it_is_refused_and_told(
    order: FireRequest, facts: RiskFacts, equity: str
) -> None:
    assert ask(margin, order, money(facts, equity=equity)) == (
        Reason(C.MARGIN_LEVEL, "margin level of at least 300 %", "equity below nought", "pay in before you trade"),
    )


# Size.


def test_given_too_little_for_a_minimum_lot_when_asked_then_a_balance_that_is_enough_is_told(
    order: FireRequest, facts: RiskFacts
) -> None:
    # 1 % of 200 are 2.00; a minimum lot loses 2.26, which is 1 % of 226 and half a percent of 452.
    poor = money(facts, balance="200", equity="200", day_start_equity="200")
    careful = replace(poor, person=replace(poor.person, limits=UserLimits(Decimal("0.5"))))
    loss = "2.26 USD for 0.01 lots"

    assert ask(size_fits, order, poor) == (
        Reason(C.MIN_LOT_EXCEEDS_RISK, "2.00 USD (1 %) at the stop", loss, "a nearer stop, or a balance of 226.00 USD"),
    )
    assert ask(size_fits, order, careful) == (
        Reason(
            C.MIN_LOT_EXCEEDS_RISK, "1.00 USD (0.5 %) at the stop", loss, "a nearer stop, or a balance of 452.00 USD"
        ),
    )


def test_given_a_wish_for_lots_when_nothing_fits_then_the_remedy_names_what_stands_in_the_way(
    order: FireRequest, facts: RiskFacts
) -> None:
    def remedy(wish: str, balance: str) -> str:
        known = money(facts, balance=balance, equity=balance, day_start_equity=balance)
        (reason,) = ask(size_fits, replace(order, lots_ceiling=Decimal(wish)), known)
        return reason.remedy

    assert remedy("0.009", "10000") == "ask for at least 0.01 lots"
    assert remedy("0.01", "200") == "a nearer stop, or a balance of 226.00 USD"


def test_given_no_rate_when_asked_then_the_currencies_are_named(order: FireRequest, facts: RiskFacts) -> None:
    francs = replace(facts, account=replace(facts.account, currency="CHF"))

    (reason,) = ask(size_fits, order, francs)

    assert (reason.code, reason.limit) == (C.NO_CONVERSION_RATE, "a rate from USD to CHF")
