"""Ask the one risk policy what it would say to a trade, on a flat account and without anything being sent."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from bitten_domain.desk.fire_checks import decide_fire
from bitten_domain.desk.news_facts import news_facts
from bitten_domain.risk.behaviour import BehaviourState
from bitten_domain.risk.facts import AccountFacts, Quote, RiskFacts
from bitten_domain.risk.request import FireRequest, SignalFacts
from bitten_domain.use_cases.trading.paper_plan import paper_plan
from bitten_domain.values import SignalId
from bitten_domain.vocabulary import FireMode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.risk.assess import ApprovedOrder
    from bitten_domain.risk.decision import Refusal
    from bitten_domain.use_cases.trading.backtest import BacktestPlan
    from bitten_domain.values import Direction

__all__ = ["ask_risk"]

_LIFE = 600
_USUAL_SCORE = Decimal(80)
_NO_RATES: Mapping[str, Decimal] = MappingProxyType({})


def ask_risk(
    symbol: str,
    direction: Direction,
    bid: Decimal,
    ask: Decimal,
    stop: Decimal,
    target: Decimal,
    *,
    at: int,
    plan: BacktestPlan | None = None,
    rates: Mapping[str, Decimal] = _NO_RATES,
    score: Decimal = _USUAL_SCORE,
) -> ApprovedOrder | Refusal:
    """Ask for a trade at a moment, confirmed, on an account that holds nothing and has lost nothing.

    Args:
        symbol, direction: what would be opened.
        bid, ask: the quote, fresh at ``at``.
        stop, target: levels that would go to the broker, on the exit side.
        at: seconds since 1970 UTC.
        plan: account, person, policy and news; None for `paper_plan` as it is.
        rates: mid prices by symbol that lead from the pair's currencies to the account's, where the pair does not.
        score: of the set-up, 0 to 100.

    Returns:
        The order that would be sent, sized; or every reason against it, with limits, actual values and remedies.
    """
    chosen = paper_plan() if plan is None else plan
    balance, trigger = chosen.deposit.amount, chosen.desk.fire_mode
    signal = SignalFacts(
        signal_id=SignalId(f"{symbol}-{direction.value}-{at}"),
        symbol=symbol,
        direction=direction,
        score=score,
        gate=Decimal(0),
        coverage=Decimal(1),
        cost_share=Decimal(0),
        entry=bid,
        stop=stop,
        target=target,
        reward_price=target,
        # What was promised is not asked about: there was no emission the quote could have moved away from.
        reward_risk=Decimal(0),
        valid_until=at + _LIFE,
        is_touched=False,
    )
    request = FireRequest(
        signal=signal,
        fire_mode=trigger,
        stop=stop,
        target=target,
        is_confirmed=trigger is not FireMode.AUTO,
        proposed_at=at if trigger is FireMode.SEMI else None,
    )
    facts = RiskFacts(
        now=at,
        account=AccountFacts(
            account_id=chosen.desk.account_id,
            broker=chosen.desk.broker,
            currency=chosen.deposit.currency,
            is_live=False,
            is_netting=False,
            is_reconciled=True,
            balance=balance,
            equity=balance,
            day_start_balance=balance,
            day_start_equity=balance,
            leverage=chosen.terms.leverage,
        ),
        person=chosen.desk.person,
        instrument=chosen.terms.instruments.get(symbol),
        quote=Quote(bid, ask, at),
        rates={**rates, symbol: (bid + ask) / 2},
        open_risks=(),
        behaviour=BehaviourState(peak_equity=balance),
        stops=(),
        news=news_facts(chosen.news, symbol, at, confirm_uncovered=True),
        correlations={},
        shots_used=0,
        fired_signals=frozenset(),
        last_fires={},
        mandate=chosen.desk.mandate_at(at),
    )
    return decide_fire(request, facts, chosen.rules.risk, chosen.rules.checks)
