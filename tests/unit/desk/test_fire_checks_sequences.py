"""No sequence of approvals breaks a ceiling, whatever is asked in whatever order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.desk.fire_checks import decide_fire
from bitten_domain.risk import (
    ApprovedOrder,
    BehaviourState,
    FireRequest,
    OpenRisk,
    Quote,
    RiskFacts,
    RiskPolicy,
    UserLimits,
    after_trade_closed,
    observe_equity,
    trading_windows,
)
from bitten_domain.risk.exposure import clusters
from bitten_domain.values import INSTRUMENTS, TEN_PAIRS, Direction, SignalId

POLICY = RiskPolicy()
MIDS = {
    "EURUSD": "1.10000",
    "GBPUSD": "1.27000",
    "USDJPY": "150.000",
    "USDCAD": "1.37000",
    "GBPJPY": "190.500",
    "AUDUSD": "0.66000",
    "NZDUSD": "0.60000",
    "EURGBP": "0.86600",
    "USDCHF": "0.88000",
    "EURJPY": "165.000",
}
RATES = {symbol: Decimal(mid) for symbol, mid in MIDS.items()}

Wish = tuple[str, Direction, int, bool, int]


def wishes() -> st.SearchStrategy[list[Wish]]:
    one = st.tuples(
        st.sampled_from(TEN_PAIRS),
        st.sampled_from(Direction),
        st.integers(150, 900),  # stop, ticks
        st.integers(0, 5).map(lambda drawn: drawn == 5),  # whether the oldest position closes at its stop first
        st.integers(1, 900),  # seconds until the next wish
    )
    return st.lists(one, min_size=1, max_size=25)


def wished(request: FireRequest, facts: RiskFacts, wish: Wish, number: int) -> tuple[FireRequest, RiskFacts]:
    symbol, direction, stop_ticks, _, _ = wish
    instrument = INSTRUMENTS[symbol]
    bid = RATES[symbol]
    ask = bid + instrument.normal_spread_pips * instrument.pip
    way = stop_ticks * instrument.tick
    if direction is Direction.BUY:
        stop, target = bid - way, ask + 2 * way
    else:
        stop, target = ask + way, bid - 2 * way
    signal = replace(
        request.signal,
        signal_id=SignalId(f"signal-{number}"),
        symbol=symbol,
        direction=direction,
        entry=bid,
        stop=stop,
        target=target,
        reward_price=target,
        reward_risk=Decimal("0.1"),
        valid_until=facts.now + 600,
    )
    asked = replace(request, signal=signal, stop=stop, target=target)
    return asked, replace(facts, instrument=instrument, quote=Quote(bid, ask, facts.now), rates=RATES)


@settings(max_examples=40)
@given(
    asked=wishes(),
    balance=st.sampled_from(["800", "1500", "4000", "9999", "25000", "1000000"]),
    risk_percent=st.sampled_from(["0.3", "0.5", "1", "1.5", "2"]).map(Decimal),
    daily_percent=st.sampled_from(["2", "4", "6"]).map(Decimal),
    correlation=st.sampled_from([-0.95, -0.3, 0.0, 0.5, 0.8, None]),
)
def test_given_any_sequence_of_wishes_when_approved_one_by_one_then_every_ceiling_holds(
    asked: list[Wish],
    balance: str,
    risk_percent: Decimal,
    daily_percent: Decimal,
    correlation: float | None,
    clean_request: FireRequest,
    clean_facts: RiskFacts,
) -> None:
    start = Decimal(balance)
    table = None if correlation is None else {(a, b): correlation for a in TEN_PAIRS for b in TEN_PAIRS if a < b}
    facts = replace(
        clean_facts,
        account=replace(
            clean_facts.account,
            balance=start,
            equity=start,
            day_start_balance=start,
            day_start_equity=start,
        ),
        person=replace(clean_facts.person, limits=UserLimits(risk_percent, daily_percent)),
        behaviour=BehaviourState(peak_equity=start),
        correlations=table,
    )
    positions = {"800": 1, "1500": 2, "4000": 3, "9999": 5, "25000": 10, "1000000": 10}[balance]

    for number, wish in enumerate(asked):
        if wish[3] and facts.open_risks:
            facts = at_its_stop(facts)
        request, facts = wished(clean_request, facts, wish, number)
        order = decide_fire(request, facts, POLICY)
        if isinstance(order, ApprovedOrder):
            facts = booked(facts, order)
            ceilings_hold(facts, order, risk_percent, daily_percent, positions)
        facts = replace(facts, now=facts.now + wish[4])


def at_its_stop(facts: RiskFacts) -> RiskFacts:
    """Close the oldest position with its whole risk."""
    oldest, left = facts.open_risks[0], facts.open_risks[1:]
    assert oldest.risk is not None
    equity = facts.account.balance - oldest.risk
    account = replace(facts.account, balance=equity, equity=equity)
    day = trading_windows(facts.now).trading_day
    behaviour = after_trade_closed(
        facts.behaviour,
        POLICY.behaviour,
        net_r=Decimal(-1),
        risk_percent=Decimal(1),
        at=facts.now,
        trading_day=day,
    )
    behaviour = observe_equity(
        behaviour, POLICY.behaviour, equity=equity, day_loss_reached=False, now=facts.now, trading_day=day
    )
    return replace(facts, account=account, behaviour=behaviour, open_risks=left)


def booked(facts: RiskFacts, order: ApprovedOrder) -> RiskFacts:
    """Hold the order as a reservation."""
    assert order.signal_id is not None
    held = OpenRisk(order.symbol, order.direction, order.risk.amount, order.margin.amount)
    return replace(
        facts,
        open_risks=(*facts.open_risks, held),
        shots_used=facts.shots_used + 1,
        fired_signals=frozenset({*facts.fired_signals, order.signal_id}),
        last_fires={**facts.last_fires, (order.symbol, order.direction): facts.now},
    )


def ceilings_hold(
    facts: RiskFacts, order: ApprovedOrder, risk_percent: Decimal, daily_percent: Decimal, positions: int
) -> None:
    """Recount every ceiling from what is held, without the policy's own sums."""
    balance, day_start = facts.account.balance, facts.account.day_start_equity
    unit = balance * risk_percent / 100
    risks = [held.risk or Decimal(0) for held in facts.open_risks]
    assert order.risk.amount <= min(risk_percent, Decimal(2)) * balance / 100
    assert sum(risks) <= Decimal("0.06") * balance
    assert day_start - balance + sum(risks) <= min(daily_percent, Decimal(6)) * day_start / 100
    assert len(facts.open_risks) <= positions
    assert facts.shots_used <= 20
    assert sum(held.symbol == order.symbol for held in facts.open_risks) <= 2
    for currency in (order.symbol[:3], order.symbol[3:]):
        net = Decimal(0)
        for held in facts.open_risks:
            sign = held.direction.sign * ((held.symbol[:3] == currency) - (held.symbol[3:] == currency))
            net += sign * (held.risk or 0)
        # A loss shrinks the unit; what was approved before it is not enlarged.
        before = net - order.risk.amount * order.direction.sign * (1 if order.symbol[:3] == currency else -1)
        assert abs(net) <= 2 * unit or abs(net) <= abs(before)
    joined = next(
        part
        for part in clusters(facts.open_risks, facts.correlations, Decimal("0.7"))
        if any(held is facts.open_risks[-1] for held in part)
    )
    if len(joined) > 1:
        assert sum(held.risk or Decimal(0) for held in joined) <= Decimal("1.5") * unit
    assert sum(held.margin for held in facts.open_risks) * 3 <= facts.account.equity
