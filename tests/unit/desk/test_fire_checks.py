"""The twelve checks: each code has a fire that it alone refuses, and each check has fires that pass without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias

import pytest

from bitten_domain.desk.checks import fire_gate
from bitten_domain.desk.fire_checks import FIRE_CHECKS, decide_fire, rules_of
from bitten_domain.errors import BrokenInvariant
from bitten_domain.market.news_view import Blackout, Freshness
from bitten_domain.risk import (
    ApprovedOrder,
    EmergencyStop,
    FireRequest,
    Mandate,
    NewsFacts,
    OpenRisk,
    Quote,
    Refusal,
    RiskFacts,
    RiskPolicy,
    SignalFacts,
    StopKind,
    StopScope,
    UserLimits,
)
from bitten_domain.risk.policy import CostPolicy
from bitten_domain.values import INSTRUMENTS, AccountId, Direction, Lots, Money, SignalId, UserId
from bitten_domain.vocabulary import AccountStatus, FireMode, Rank, RefusalCode, SystemMode, Tier

Fire: TypeAlias = tuple[FireRequest, RiskFacts]
Spoil: TypeAlias = Callable[[FireRequest, RiskFacts], Fire]

POLICY = RiskPolicy()
TEN_THOUSAND = Decimal(10_000)
FRESH = NewsFacts(Blackout.NONE, no_auto_anywhere=False, calendar=Freshness.FRESH)
HOUR, DAY = 3_600, 86_400
BUY, SELL = Direction.BUY, Direction.SELL


def signal(request: FireRequest, change: Callable[[SignalFacts], SignalFacts]) -> FireRequest:
    return replace(request, signal=change(request.signal))


def quoted(facts: RiskFacts, bid: str, ask: str, age: int = 1) -> RiskFacts:
    return replace(facts, quote=Quote(Decimal(bid), Decimal(ask), facts.now - age))


def held(symbol: str, direction: Direction, risk: str | None, margin: str = "0", group: str = "") -> OpenRisk:
    return OpenRisk(symbol, direction, None if risk is None else Decimal(risk), Decimal(margin), group)


def tactical(facts: RiskFacts) -> RiskFacts:
    person = replace(facts.person, rank=Rank.ELITE, mode=SystemMode.TACTICAL)
    mandate = Mandate(
        account_id=AccountId("account-1"),
        pairs=frozenset({"EURUSD"}),
        least_score=Decimal(80),
        shots_a_day=5,
        risk_percent=Decimal(1),
        granted_at=facts.now - DAY,
        ends_at=facts.now + DAY,
    )
    return replace(facts, person=person, mandate=mandate)


def auto(request: FireRequest, facts: RiskFacts) -> Fire:
    """Give a clean AUTO fire: score 88, ELITE, TACTICAL, with a mandate."""
    request = replace(request, fire_mode=FireMode.AUTO)
    return signal(request, lambda one: replace(one, score=Decimal(88))), tactical(facts)


def at_minute(facts: RiskFacts, request: FireRequest, seconds: int) -> Fire:
    """Move a fire in time, its quote and its signal's end with it."""
    now = facts.now + seconds
    quote = None if facts.quote is None else replace(facts.quote, at=now)
    return signal(request, lambda one: replace(one, valid_until=now + 600)), replace(facts, now=now, quote=quote)


def stopped(facts: RiskFacts, scope: StopScope, subject: str) -> RiskFacts:
    return replace(facts, stops=(EmergencyStop(scope, subject, StopKind.PAUSE, UserId("user-1"), facts.now),))


@dataclass(frozen=True)
class Case:
    """A fire that is spoiled in one way.

    Args:
        check: number of the check that must refuse it.
        code: with which code, and no other.
        name: what is spoiled.
        spoil: turns the clean fire into it.
    """

    check: int
    code: RefusalCode
    name: str
    spoil: Spoil


def on_auto(spoil: Spoil) -> Spoil:
    return lambda request, facts: spoil(*auto(request, facts))


C = RefusalCode
CASES = (
    Case(1, C.EMERGENCY_STOP, "global", lambda r, f: (r, stopped(f, StopScope.GLOBAL, ""))),
    Case(1, C.EMERGENCY_STOP, "broker", lambda r, f: (r, stopped(f, StopScope.BROKER, "paper"))),
    Case(1, C.EMERGENCY_STOP, "user", lambda r, f: (r, stopped(f, StopScope.USER, "user-1"))),
    Case(1, C.EMERGENCY_STATE_UNKNOWN, "unknown", lambda r, f: (r, replace(f, stops=None))),
    Case(
        2,
        C.ACCOUNT_NOT_ACTIVE,
        "banned",
        lambda r, f: (r, replace(f, person=replace(f.person, status=AccountStatus.BANNED))),
    ),
    Case(2, C.ACCOUNT_FROZEN, "cold", lambda r, f: (r, replace(f, account=replace(f.account, is_reconciled=False)))),
    Case(
        2,
        C.LIVE_NOT_CONSENTED,
        "live without consent",
        lambda r, f: (r, replace(f, account=replace(f.account, is_live=True))),
    ),
    Case(2, C.RANK_TOO_LOW, "recruit", lambda r, f: (r, replace(f, person=replace(f.person, rank=Rank.RECRUIT)))),
    Case(
        2,
        C.RANK_TOO_LOW,
        "tactical by an authorized",
        lambda r, f: (r, replace(f, person=replace(f.person, mode=SystemMode.TACTICAL))),
    ),
    Case(
        2,
        C.TIER_TOO_LOW,
        "no tier, mode COMMANDER",
        lambda r, f: (r, replace(f, person=replace(f.person, tier=Tier.NONE))),
    ),
    Case(
        2,
        C.TIER_TOO_LOW,
        "live on a paper tier",
        lambda r, f: (
            replace(r, is_confirmed=True),
            replace(
                f,
                account=replace(f.account, is_live=True),
                person=replace(f.person, tier=Tier.PRESS_PASS, mode=SystemMode.BIT, has_live_consent=True),
            ),
        ),
    ),
    Case(
        2,
        C.MODE_NOT_ALLOWED,
        "AUTO in mode COMMANDER",
        on_auto(lambda r, f: (r, replace(f, person=replace(f.person, mode=SystemMode.COMMANDER)))),
    ),
    Case(2, C.MANDATE_MISSING, "AUTO without", on_auto(lambda r, f: (r, replace(f, mandate=None)))),
    Case(
        2,
        C.MANDATE_MISSING,
        "AUTO after its end",
        on_auto(lambda r, f: (r, replace(f, mandate=f.mandate and replace(f.mandate, ends_at=f.now)))),
    ),
    Case(
        2,
        C.MANDATE_MISSING,
        "another account's",
        on_auto(lambda r, f: (r, replace(f, mandate=f.mandate and replace(f.mandate, account_id=AccountId("b"))))),
    ),
    Case(
        2,
        C.MANDATE_MISSING,
        "for 31 days",
        on_auto(lambda r, f: (r, replace(f, mandate=f.mandate and replace(f.mandate, ends_at=f.now - DAY + 31 * DAY)))),
    ),
    Case(
        2,
        C.MANDATE_PAIR,
        "another pair",
        on_auto(lambda r, f: (r, replace(f, mandate=f.mandate and replace(f.mandate, pairs=frozenset({"USDJPY"}))))),
    ),
    Case(
        2,
        C.CONFIRMATION_REQUIRED,
        "score below 76",
        lambda r, f: (signal(r, lambda s: replace(s, score=Decimal("75.99"))), f),
    ),
    Case(
        2,
        C.CONFIRMATION_REQUIRED,
        "BIT always",
        lambda r, f: (r, replace(f, person=replace(f.person, mode=SystemMode.BIT))),
    ),
    Case(
        2,
        C.CONFIRMATION_REQUIRED,
        "SEMI unconfirmed",
        lambda r, f: (replace(r, fire_mode=FireMode.SEMI, proposed_at=f.now), f),
    ),
    Case(
        2,
        C.CONFIRMATION_REQUIRED,
        "SEMI too late",
        lambda r, f: (replace(r, fire_mode=FireMode.SEMI, proposed_at=f.now - 61, is_confirmed=True), f),
    ),
    Case(
        2,
        C.CONFIRMATION_REQUIRED,
        "SEMI without a proposal",
        lambda r, f: (replace(r, fire_mode=FireMode.SEMI, is_confirmed=True), f),
    ),
    Case(3, C.MARKET_CLOSED, "Saturday", lambda r, f: at_minute(f, r, 3 * DAY)),
    Case(3, C.UNKNOWN_SYMBOL, "another contract", lambda r, f: (r, replace(f, instrument=INSTRUMENTS["GBPUSD"]))),
    Case(3, C.ROLL_WINDOW, "16:45 New York", lambda r, f: at_minute(f, r, 6 * HOUR + 45 * 60)),
    Case(3, C.WEEKEND_AHEAD, "Friday 15:00 New York", lambda r, f: at_minute(f, r, 2 * DAY + 5 * HOUR)),
    Case(4, C.NO_QUOTE, "none", lambda r, f: (r, replace(f, quote=None))),
    Case(4, C.QUOTE_STALE, "6 s", lambda r, f: (r, quoted(f, "1.10000", "1.10012", age=6))),
    Case(4, C.QUOTE_STALE, "from the future", lambda r, f: (r, quoted(f, "1.10000", "1.10012", age=-6))),
    Case(4, C.SPREAD_TOO_WIDE, "2.1 pips", lambda r, f: (r, quoted(f, "1.10000", "1.10021"))),
    Case(5, C.SIGNAL_EXPIRED, "just over", lambda r, f: (signal(r, lambda s: replace(s, valid_until=f.now)), f)),
    Case(5, C.LEVEL_TOUCHED, "since emission", lambda r, f: (signal(r, lambda s: replace(s, is_touched=True)), f)),
    Case(
        5,
        C.PRICE_MOVED,
        "0.26 R, still worth it",
        lambda r, f: (signal(r, lambda s: replace(s, reward_risk=Decimal(1))), quoted(f, "1.10052", "1.10064")),
    ),
    Case(
        5,
        C.REWARD_DECAYED,
        "worth 0.79 of what it was",
        lambda r, f: (signal(r, lambda s: replace(s, reward_risk=Decimal("2.13"))), f),
    ),
    Case(
        5,
        C.SCORE_BELOW_GATE,
        "below its emission gate",
        lambda r, f: (replace(signal(r, lambda s: replace(s, score=Decimal("73.9"))), is_confirmed=True), f),
    ),
    Case(
        5,
        C.SCORE_BELOW_GATE,
        "no score",
        lambda r, f: (replace(signal(r, lambda s: replace(s, score=None)), is_confirmed=True), f),
    ),
    Case(
        5,
        C.COVERAGE_BELOW_AUTO,
        "0.849",
        on_auto(lambda r, f: (signal(r, lambda s: replace(s, coverage=Decimal("0.849"))), f)),
    ),
    Case(
        5,
        C.COST_SHARE_NO_AUTO,
        "0.151",
        on_auto(lambda r, f: (signal(r, lambda s: replace(s, cost_share=Decimal("0.151"))), f)),
    ),
    Case(
        5,
        C.CALIBRATION_NO_AUTO,
        "a losing band, live",
        on_auto(
            lambda r, f: (
                signal(r, lambda s: replace(s, is_auto_barred=True)),
                replace(f, account=replace(f.account, is_live=True), person=replace(f.person, has_live_consent=True)),
            )
        ),
    ),
    Case(6, C.NEWS_BLACKOUT, "HIGH", lambda r, f: (r, replace(f, news=replace(FRESH, blackout=Blackout.HIGH)))),
    Case(6, C.NEWS_UNKNOWN, "no state", lambda r, f: (r, replace(f, news=None))),
    Case(
        6,
        C.NEWS_UNKNOWN,
        "unknown, unconfirmed",
        lambda r, f: (r, replace(f, news=replace(FRESH, calendar=Freshness.UNKNOWN))),
    ),
    Case(
        6,
        C.NEWS_UNKNOWN,
        "impacts not covered",
        lambda r, f: (r, replace(f, news=replace(FRESH, calendar=Freshness.NOT_COVERED))),
    ),
    Case(
        6,
        C.CONFIRMATION_REQUIRED,
        "degraded, unconfirmed",
        lambda r, f: (r, replace(f, news=replace(FRESH, calendar=Freshness.DEGRADED))),
    ),
    Case(
        6,
        C.NEWS_NO_AUTO,
        "a rate decision anywhere",
        on_auto(lambda r, f: (r, replace(f, news=replace(FRESH, no_auto_anywhere=True)))),
    ),
    Case(
        6,
        C.NEWS_NO_AUTO,
        "MEDIUM",
        on_auto(
            lambda r, f: (
                signal(r, lambda s: replace(s, score=Decimal(95))),
                replace(f, news=replace(FRESH, blackout=Blackout.MEDIUM)),
            )
        ),
    ),
    Case(
        6,
        C.NEWS_NO_AUTO,
        "degraded",
        on_auto(lambda r, f: (r, replace(f, news=replace(FRESH, calendar=Freshness.DEGRADED)))),
    ),
    Case(
        6,
        C.NEWS_NO_AUTO,
        "unknown, confirmed",
        on_auto(
            lambda r, f: (
                r,
                replace(f, news=replace(FRESH, calendar=Freshness.UNKNOWN, confirmed_unknown=True)),
            )
        ),
    ),
    Case(
        7,
        C.DAILY_LIMIT,
        "reached today",
        # 2025-06-04 is day 20243 since 1970.
        lambda r, f: (r, replace(f, behaviour=replace(f.behaviour, daily_limit_day=20_243))),
    ),
    Case(
        7,
        C.DRAWDOWN_STOP,
        "latched",
        lambda r, f: (r, replace(f, behaviour=replace(f.behaviour, drawdown_stopped=True))),
    ),
    Case(
        7,
        C.DRAWDOWN_STOP,
        "15 % below the peak now",
        lambda r, f: (r, replace(f, behaviour=replace(f.behaviour, peak_equity=TEN_THOUSAND / Decimal("0.85")))),
    ),
    Case(
        7,
        C.TILT_LOCKOUT,
        "an hour",
        lambda r, f: (r, replace(f, behaviour=replace(f.behaviour, lockout_until=f.now + 1))),
    ),
    Case(
        7,
        C.TILT_LOCKOUT,
        "rest of the day",
        lambda r, f: (r, replace(f, behaviour=replace(f.behaviour, lockout_day=20_243))),
    ),
    Case(
        7,
        C.COOL_DOWN,
        "1 s left",
        lambda r, f: (r, replace(f, behaviour=replace(f.behaviour, cool_down_until=f.now + 1))),
    ),
    Case(
        7,
        C.TIME_OUT,
        "1 s left",
        lambda r, f: (r, replace(f, behaviour=replace(f.behaviour, time_out_until=f.now + 1))),
    ),
    Case(
        7,
        C.MEDIC_ONE_POSITION,
        "half the cap lost, one open",
        lambda r, f: (
            r,
            replace(
                f,
                account=replace(f.account, balance=Decimal(9_800), equity=Decimal(9_800)),
                open_risks=(held("USDCHF", BUY, "20"),),
                correlations={("EURUSD", "USDCHF"): -0.9},
            ),
        ),
    ),
    Case(7, C.SHOTS_USED_UP, "20 of 20", lambda r, f: (r, replace(f, shots_used=20))),
    Case(7, C.SHOTS_USED_UP, "the mandate's 5", on_auto(lambda r, f: (r, replace(f, mandate_shots_used=5)))),
    Case(8, C.STOP_MISSING, "none", lambda r, f: (replace(r, stop=None), f)),
    Case(
        8,
        C.STOP_WRONG_SIDE,
        "at the bid",
        lambda r, f: (replace(r, stop=Decimal("1.10000"), lots_ceiling=Decimal("0.1")), f),
    ),
    Case(8, C.TARGET_WRONG_SIDE, "at the ask", lambda r, f: (replace(r, target=Decimal("1.10012")), f)),
    Case(
        8,
        C.STOP_TOO_CLOSE,
        "the broker wants 20.1 pips",
        lambda r, f: (r, replace(f, instrument=replace(INSTRUMENTS["EURUSD"], stop_level_pips=Decimal("20.1")))),
    ),
    Case(
        8,
        C.STOP_TOO_CLOSE,
        "target under the stop level",
        lambda r, f: (
            replace(r, target=Decimal("1.10015")),
            replace(f, instrument=replace(INSTRUMENTS["EURUSD"], stop_level_pips=Decimal(5))),
        ),
    ),
    Case(
        9,
        C.MIN_LOT_EXCEEDS_RISK,
        "225 USD",
        # One minimum lot loses 2.26: 1 % of 225.99 does not pay for it.
        lambda r, f: (
            r,
            replace(
                f,
                account=replace(
                    f.account,
                    balance=Decimal("225.99"),
                    equity=Decimal("225.99"),
                    day_start_balance=Decimal("225.99"),
                    day_start_equity=Decimal("225.99"),
                ),
                behaviour=replace(f.behaviour, peak_equity=Decimal("225.99")),
            ),
        ),
    ),
    Case(
        9,
        C.MIN_LOT_EXCEEDS_RISK,
        "a wish below the minimum",
        lambda r, f: (replace(r, lots_ceiling=Decimal("0.009")), f),
    ),
    Case(
        9,
        C.NO_CONVERSION_RATE,
        "a franc account",
        lambda r, f: (r, replace(f, account=replace(f.account, currency="CHF"))),
    ),
    Case(
        10,
        C.DAILY_RISK,
        "loss and stops above 4 %",
        lambda r, f: (
            r,
            replace(
                f,
                account=replace(f.account, balance=Decimal(9_850), equity=Decimal(9_850)),
                open_risks=(held("USDJPY", BUY, "80"), held("GBPJPY", BUY, "80")),
                correlations=dict.fromkeys((("EURUSD", "USDJPY"), ("EURUSD", "GBPJPY"), ("USDJPY", "GBPJPY")), 0.1),
            ),
        ),
    ),
    Case(
        10,
        C.TOTAL_RISK,
        "above 6 %",
        lambda r, f: (
            r,
            replace(
                f,
                # Up 500 today, so the daily cap has room where the total has none.
                account=replace(f.account, balance=Decimal(10_500), equity=Decimal(10_500)),
                person=replace(f.person, limits=UserLimits(Decimal(2), Decimal(6))),
                open_risks=(held("GBPJPY", BUY, "200"), held("GBPJPY", SELL, "200"), held("NZDUSD", SELL, "100")),
                correlations=dict.fromkeys((("EURUSD", "GBPJPY"), ("EURUSD", "NZDUSD"), ("GBPJPY", "NZDUSD")), 0.1),
            ),
        ),
    ),
    Case(
        10,
        C.TOTAL_RISK,
        "a position without a stop",
        lambda r, f: (
            r,
            replace(f, open_risks=(held("USDJPY", BUY, None),), correlations={("EURUSD", "USDJPY"): 0.1}),
        ),
    ),
    Case(
        10,
        C.CURRENCY_EXPOSURE,
        "short dollars twice",
        lambda r, f: (
            r,
            replace(
                f,
                open_risks=(held("AUDUSD", BUY, "60"), held("USDCAD", SELL, "60")),
                correlations={
                    ("EURUSD", "AUDUSD"): 0.5,
                    ("EURUSD", "USDCAD"): -0.5,
                    ("AUDUSD", "USDCAD"): -0.5,
                },
            ),
        ),
    ),
    Case(
        10,
        C.CLUSTER_RISK,
        "one bet",
        lambda r, f: (
            r,
            replace(f, open_risks=(held("GBPUSD", BUY, "60"),), correlations={("EURUSD", "GBPUSD"): 0.7}),
        ),
    ),
    Case(
        10,
        C.CORRELATION_UNKNOWN,
        "perhaps one bet",
        lambda r, f: (r, replace(f, open_risks=(held("GBPUSD", BUY, "60"),), correlations=None)),
    ),
    Case(
        10,
        C.TOO_MANY_POSITIONS,
        "one is enough below 1000",
        lambda r, f: (
            r,
            replace(
                f,
                account=replace(f.account, day_start_balance=Decimal(999)),
                open_risks=(held("USDJPY", BUY, "10"),),
            ),
        ),
    ),
    Case(
        10,
        C.TOO_MANY_POSITIONS,
        "one in BIT",
        lambda r, f: (
            replace(r, is_confirmed=True),
            replace(f, person=replace(f.person, mode=SystemMode.BIT), open_risks=(held("USDJPY", BUY, "10"),)),
        ),
    ),
    Case(
        10,
        C.TOO_MANY_ON_PAIR,
        "two on a pair",
        lambda r, f: (r, replace(f, open_risks=(held("EURUSD", BUY, "10"), held("EURUSD", SELL, "10")))),
    ),
    Case(
        10,
        C.TOO_MANY_ON_PAIR,
        "one on a netting account",
        lambda r, f: (
            r,
            replace(f, account=replace(f.account, is_netting=True), open_risks=(held("EURUSD", SELL, "10"),)),
        ),
    ),
    Case(
        11,
        C.MARGIN_LEVEL,
        "below 200 % now",
        lambda r, f: (r, replace(f, account=replace(f.account, margin_used=Decimal("5000.01")))),
    ),
    Case(
        11,
        C.MARGIN_LEVEL,
        "below 300 % with it",
        # 10 000 / 3 - 1613.51 = 1719.82 may be used.
        lambda r, f: (r, replace(f, account=replace(f.account, margin_used=Decimal(1_720)))),
    ),
    Case(
        11,
        C.MARGIN_LEVEL,
        "a reservation counts",
        lambda r, f: (
            r,
            replace(f, open_risks=(held("USDJPY", BUY, "10", margin="1720"),), correlations={("EURUSD", "USDJPY"): 0}),
        ),
    ),
    Case(
        11,
        C.MARGIN_LEVEL,
        "below 500 % with AUTO",
        on_auto(lambda r, f: (r, replace(f, account=replace(f.account, margin_used=Decimal(387))))),
    ),
    Case(
        11, C.MARGIN_LEVEL, "no leverage", lambda r, f: (r, replace(f, account=replace(f.account, leverage=Decimal(0))))
    ),
    Case(
        12,
        C.DUPLICATE_SIGNAL,
        "fired before",
        lambda r, f: (r, replace(f, fired_signals=frozenset({SignalId("signal-1")}))),
    ),
    Case(
        12,
        C.DUPLICATE_PAIR_SIDE,
        "59 s ago",
        lambda r, f: (r, replace(f, last_fires={("EURUSD", BUY): f.now - 59})),
    ),
)


def name_of(case: Case) -> str:
    return f"{case.code.value}: {case.name}"


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_given_one_spoiled_fact_when_decided_then_exactly_its_code_refuses(
    case: Case, clean_request: FireRequest, clean_facts: RiskFacts
) -> None:
    decision = decide_fire(*case.spoil(clean_request, clean_facts), POLICY)

    assert isinstance(decision, Refusal)
    assert decision.codes == (case.code,)
    reason = decision.reasons[0]
    assert reason.limit
    assert reason.actual
    assert reason.remedy


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_given_its_check_left_out_when_decided_then_the_refusal_is_gone(
    case: Case, clean_request: FireRequest, clean_facts: RiskFacts
) -> None:
    request, facts = case.spoil(clean_request, clean_facts)
    others = rules_of([check for check in FIRE_CHECKS if check.number != case.check])

    # Without the check either the order goes out, or there is nothing to send and the caller is told so.
    try:
        decision: ApprovedOrder | Refusal | None = decide_fire(request, facts, POLICY, others)
    except BrokenInvariant:
        decision = None

    assert not isinstance(decision, Refusal)


def test_given_all_cases_when_collected_then_every_code_and_every_check_is_covered() -> None:
    assert {case.code for case in CASES} == set(RefusalCode)
    assert {case.check for case in CASES} == set(range(1, 13))
    assert [check.number for check in FIRE_CHECKS] == list(range(1, 13))


def test_given_a_clean_fire_when_decided_then_it_is_approved_and_sized(
    clean_request: FireRequest, clean_facts: RiskFacts
) -> None:
    order = decide_fire(clean_request, clean_facts, POLICY)

    # By hand: 1 % of 10 000 over 21.9 pips x 10 USD + 7 USD.
    assert isinstance(order, ApprovedOrder)
    assert (order.lots, order.risk) == (Lots(Decimal("0.44")), Money(Decimal("99.44"), "USD"))
    assert (order.price, order.stop, order.target) == (Decimal("1.10012"), Decimal("1.098"), Decimal("1.104"))
    assert (order.signal_id, order.fire_mode) == (SignalId("signal-1"), FireMode.SINGLE)
    assert order.risk_percent == 1


def test_given_a_clean_auto_fire_when_decided_then_it_is_approved(
    clean_request: FireRequest, clean_facts: RiskFacts
) -> None:
    assert isinstance(decide_fire(*auto(clean_request, clean_facts), POLICY), ApprovedOrder)


def test_given_a_mirrored_sell_when_decided_then_it_is_approved(
    clean_request: FireRequest, clean_facts: RiskFacts
) -> None:
    stop, target = Decimal("1.10200"), Decimal("1.09600")
    request = replace(
        signal(
            clean_request,
            lambda one: replace(one, direction=SELL, stop=stop, target=target, reward_price=target),
        ),
        stop=stop,
        target=target,
    )

    order = decide_fire(request, clean_facts, POLICY)

    # 20 pips to the ask's stop, 0.7 slippage: 100 / (207 + 7) = 0.467.
    assert isinstance(order, ApprovedOrder)
    assert (order.lots, order.price) == (Lots(Decimal("0.46")), Decimal("1.10000"))


@pytest.mark.parametrize(("stop", "target", "code"), [
    ("1.10012", "1.09600", C.STOP_WRONG_SIDE),
    ("1.10200", "1.10000", C.TARGET_WRONG_SIDE),
])  # fmt: skip
def test_given_a_sell_with_a_level_on_the_wrong_side_when_decided_then_it_is_refused(
    stop: str, target: str, code: RefusalCode, clean_request: FireRequest, clean_facts: RiskFacts
) -> None:
    request = replace(
        signal(
            clean_request,
            lambda one: replace(
                one,
                direction=SELL,
                stop=Decimal("1.10200"),
                target=Decimal("1.09600"),
                reward_price=Decimal("1.09600"),
            ),
        ),
        stop=Decimal(stop),
        target=Decimal(target),
    )

    decision = decide_fire(request, clean_facts, POLICY)

    assert isinstance(decision, Refusal)
    assert code in decision.codes


def test_given_much_that_is_wrong_when_decided_then_all_of_it_is_said_in_the_checks_order(
    clean_request: FireRequest, clean_facts: RiskFacts
) -> None:
    request = replace(clean_request, stop=None)
    facts = replace(clean_facts, stops=None, quote=None, news=None, shots_used=20)
    facts = replace(facts, last_fires={("EURUSD", BUY): facts.now})

    decision = decide_fire(request, facts, POLICY)

    assert isinstance(decision, Refusal)
    assert decision.codes == (
        C.EMERGENCY_STATE_UNKNOWN,
        C.NO_QUOTE,
        C.NEWS_UNKNOWN,
        C.SHOTS_USED_UP,
        C.STOP_MISSING,
        C.DUPLICATE_PAIR_SIDE,
    )


def test_given_no_contract_when_decided_then_the_symbol_is_refused(
    clean_request: FireRequest, clean_facts: RiskFacts
) -> None:
    decision = decide_fire(clean_request, replace(clean_facts, instrument=None), POLICY)

    assert isinstance(decision, Refusal)
    assert decision.codes == (C.UNKNOWN_SYMBOL,)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (
            "the confirmed low score",
            lambda r, f: (replace(signal(r, lambda s: replace(s, score=Decimal(74))), is_confirmed=True), f),
        ),
        (
            "the confirmed proposal",
            lambda r, f: (replace(r, fire_mode=FireMode.SEMI, proposed_at=f.now - 60, is_confirmed=True), f),
        ),
        (
            "the confirmed BIT fire",
            lambda r, f: (replace(r, is_confirmed=True), replace(f, person=replace(f.person, mode=SystemMode.BIT))),
        ),
        ("a quote of 5 s", lambda r, f: (r, quoted(f, "1.10000", "1.10012", age=5))),
        ("a spread of 2 pips", lambda r, f: (r, quoted(f, "1.10000", "1.10020"))),
        ("16:44 New York", lambda r, f: at_minute(f, r, 6 * HOUR + 44 * 60)),
        ("Friday 14:59 New York", lambda r, f: at_minute(f, r, 2 * DAY + 5 * HOUR - 60)),
        (
            "a confirmed fire with a degraded calendar",
            lambda r, f: (
                replace(r, is_confirmed=True),
                replace(f, news=replace(FRESH, calendar=Freshness.DEGRADED)),
            ),
        ),
        (
            "a knowingly confirmed unknown calendar",
            lambda r, f: (r, replace(f, news=replace(FRESH, calendar=Freshness.UNKNOWN, confirmed_unknown=True))),
        ),
        ("a rate decision, by hand", lambda r, f: (r, replace(f, news=replace(FRESH, no_auto_anywhere=True)))),
        ("another user's stop", lambda r, f: (r, stopped(f, StopScope.USER, "user-2"))),
        ("19 shots", lambda r, f: (r, replace(f, shots_used=19))),
        (
            "the same pair and side after a minute",
            lambda r, f: (r, replace(f, last_fires={("EURUSD", BUY): f.now - 60})),
        ),
        ("the other side at once", lambda r, f: (r, replace(f, last_fires={("EURUSD", SELL): f.now}))),
        ("a hand-made candidate", lambda r, f: (signal(r, lambda s: replace(s, signal_id=None)), f)),
        ("no target", lambda r, f: (replace(r, target=None), f)),
        ("an opposite position on the pair", lambda r, f: (r, replace(f, open_risks=(held("EURUSD", SELL, "90"),)))),
        (
            "slices of one parent",
            lambda r, f: (
                r,
                replace(f, open_risks=(held("EURUSD", SELL, "20", group="p"), held("EURUSD", SELL, "20", group="p"))),
            ),
        ),
        ("a losing band on paper", on_auto(lambda r, f: (signal(r, lambda s: replace(s, is_auto_barred=True)), f))),
        (
            "AUTO at coverage 0.85 and cost share 0.15",
            on_auto(
                lambda r, f: (signal(r, lambda s: replace(s, coverage=Decimal("0.85"), cost_share=Decimal("0.15"))), f)
            ),
        ),
        (
            "yesterday's daily limit",
            lambda r, f: (r, replace(f, behaviour=replace(f.behaviour, daily_limit_day=20_242))),
        ),
        (
            "a margin level of just 300 %",
            lambda r, f: (r, replace(f, account=replace(f.account, margin_used=Decimal(1_719)))),
        ),
        (
            "live with consent",
            lambda r, f: (
                r,
                replace(f, account=replace(f.account, is_live=True), person=replace(f.person, has_live_consent=True)),
            ),
        ),
    ],
)
def test_given_a_fact_just_inside_its_limit_when_decided_then_the_fire_is_approved(
    name: str, change: Spoil, clean_request: FireRequest, clean_facts: RiskFacts
) -> None:
    decision = decide_fire(*change(clean_request, clean_facts), POLICY)

    assert isinstance(decision, ApprovedOrder), name


@pytest.mark.parametrize(
    ("fire_mode", "emission", "pair", "sniper", "blackout", "gate"),
    [
        (FireMode.SINGLE, 74, "EURUSD", False, Blackout.NONE, 74),
        (FireMode.SEMI, 74, "EURUSD", False, Blackout.NONE, 75),
        (FireMode.SEMI, 78, "EURUSD", False, Blackout.NONE, 78),
        (FireMode.AUTO, 74, "EURUSD", False, Blackout.NONE, 85),
        (FireMode.AUTO, 74, "AUDUSD", False, Blackout.NONE, 87),
        (FireMode.SINGLE, 74, "AUDUSD", False, Blackout.NONE, 74),
        (FireMode.SINGLE, 74, "EURUSD", True, Blackout.NONE, 90),
        (FireMode.SINGLE, 74, "EURUSD", False, Blackout.MEDIUM, 79),
        (FireMode.AUTO, 74, "EURJPY", True, Blackout.MEDIUM, 95),
    ],
)
def test_given_mode_pair_and_news_when_the_gate_is_found_then_it_is_the_highest_plus_the_surcharge(
    fire_mode: FireMode,
    emission: int,
    pair: str,
    sniper: bool,
    blackout: Blackout,
    gate: int,
    clean_request: FireRequest,
    clean_facts: RiskFacts,
) -> None:
    request = replace(
        signal(clean_request, lambda one: replace(one, gate=Decimal(emission), symbol=pair)), fire_mode=fire_mode
    )
    facts = tactical(clean_facts)
    facts = replace(
        facts,
        instrument=INSTRUMENTS[pair],
        person=replace(facts.person, is_sniper=sniper),
        news=replace(FRESH, blackout=blackout),
    )

    assert fire_gate(request, facts, POLICY) == gate


def test_given_a_backtest_without_a_calendar_when_auto_fires_then_its_policy_lets_it(
    clean_request: FireRequest, clean_facts: RiskFacts
) -> None:
    request, facts = auto(clean_request, clean_facts)
    facts = replace(facts, news=replace(FRESH, calendar=Freshness.UNKNOWN, confirmed_unknown=True))

    assert isinstance(decide_fire(request, facts, RiskPolicy.for_backtest()), ApprovedOrder)


@pytest.mark.parametrize(
    ("lost", "percent"),
    [("0", "1"), ("199.99", "1"), ("200", "0.5"), ("350", "0.5")],
)
def test_given_a_day_s_loss_when_half_the_cap_is_gone_then_medic_halves_the_risk(
    lost: str, percent: str, clean_request: FireRequest, clean_facts: RiskFacts
) -> None:
    left = TEN_THOUSAND - Decimal(lost)
    facts = replace(clean_facts, account=replace(clean_facts.account, balance=left, equity=left))

    order = decide_fire(clean_request, facts, POLICY)

    # The day's cap is 4 % of 10 000 = 400.
    assert isinstance(order, ApprovedOrder)
    assert order.risk_percent == Decimal(percent)


def test_given_two_large_losses_when_fired_then_risk_is_back_at_one_percent(
    clean_request: FireRequest, clean_facts: RiskFacts
) -> None:
    person = replace(clean_facts.person, limits=UserLimits(Decimal(2), Decimal(6)))
    behaviour = replace(clean_facts.behaviour, step_back_until=clean_facts.now + 1)

    bold = decide_fire(clean_request, replace(clean_facts, person=person), POLICY)
    back = decide_fire(clean_request, replace(clean_facts, person=person, behaviour=behaviour), POLICY)

    assert isinstance(bold, ApprovedOrder)
    assert isinstance(back, ApprovedOrder)
    assert (bold.risk_percent, back.risk_percent) == (Decimal(2), Decimal(1))


def test_given_a_tier_that_risks_less_when_the_user_asks_for_more_then_the_tier_holds(
    clean_request: FireRequest, clean_facts: RiskFacts
) -> None:
    person = replace(clean_facts.person, tier=Tier.PRESS_PASS, mode=SystemMode.BIT, limits=UserLimits(Decimal(2)))

    order = decide_fire(replace(clean_request, is_confirmed=True), replace(clean_facts, person=person), POLICY)

    assert isinstance(order, ApprovedOrder)
    assert order.risk_percent == Decimal("0.5")


def test_given_pending_stops_at_the_daily_cap_when_decided_then_the_day_is_over(
    clean_request: FireRequest, clean_facts: RiskFacts
) -> None:
    facts = replace(clean_facts, account=replace(clean_facts.account, balance=Decimal(9_600), equity=Decimal(9_600)))

    decision = decide_fire(clean_request, facts, POLICY)

    assert isinstance(decision, Refusal)
    assert set(decision.codes) == {C.DAILY_LIMIT, C.DAILY_RISK}


def test_given_every_cost_at_nought_when_sized_then_the_lots_grow(
    clean_request: FireRequest, clean_facts: RiskFacts
) -> None:
    def lots(costs: CostPolicy) -> Lots:
        order = decide_fire(clean_request, clean_facts, RiskPolicy(costs=costs))
        assert isinstance(order, ApprovedOrder)
        return order.lots

    usual = lots(CostPolicy())

    assert lots(CostPolicy(commission_per_lot=Decimal(0))) > usual
    assert lots(CostPolicy(stop_slippage_pips=Decimal(0))) > usual
    assert lots(CostPolicy(entry_slippage_pips=Decimal(0), stop_slippage_pips=Decimal(0))) > usual


def test_given_no_seal_when_an_order_is_built_then_the_caller_is_wrong(
    clean_request: FireRequest, clean_facts: RiskFacts
) -> None:
    order = decide_fire(clean_request, clean_facts, POLICY)
    assert isinstance(order, ApprovedOrder)

    with pytest.raises(ValueError, match="seal"):
        replace(order, lots=Lots(Decimal(50)))  # type: ignore[call-arg]
    with pytest.raises(BrokenInvariant):
        replace(order, lots=Lots(Decimal(50)), seal=object())


def test_given_a_refusal_without_reasons_when_built_then_the_caller_is_wrong() -> None:
    with pytest.raises(BrokenInvariant):
        Refusal(())
