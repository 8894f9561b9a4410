"""Workings: figures several rules need, worked out once per decision."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from bitten_domain.risk.decision import Reason
from bitten_domain.risk.facts import RiskFacts
from bitten_domain.risk.policy import RiskPolicy
from bitten_domain.risk.request import FireRequest
from bitten_domain.risk.sizing import (
    allowance_of,
    commission_per_lot,
    pip_value,
    size,
    slippage_factor,
    stop_pips,
)
from bitten_domain.risk.trading_windows import trading_windows

if TYPE_CHECKING:
    from bitten_domain.risk.sizing import Allowance, Sizing
    from bitten_domain.risk.trading_windows import TradingWindows

__all__ = ["Rule", "Workings", "work_out"]

_ZERO = Decimal(0)


class Workings(NamedTuple):
    """What one request and its facts come to.

    Args:
        windows: where the moment lies in the trading week.
        allowance: what the account may risk.
        pip_value: of one pip on one lot; None without the pair's contract or a rate.
        commission: of one lot, round trip, account currency; None without a rate.
        sizing: None when quote, contract, stop or rate is missing, or the stop is on the wrong side.
    """

    windows: TradingWindows
    allowance: Allowance
    pip_value: Decimal | None
    commission: Decimal | None
    sizing: Sizing | None


Rule: TypeAlias = Callable[[FireRequest, RiskFacts, RiskPolicy, Workings], tuple[Reason, ...]]
"""One rule: the reasons it has against an order; none when it has nothing against it."""


def work_out(request: FireRequest, facts: RiskFacts, policy: RiskPolicy) -> Workings:
    """Work out what the rules share; whatever is missing stays None and is refused by the rule that owns it."""
    account, instrument, quote, stop = facts.account, facts.instrument, facts.quote, request.stop
    windows = trading_windows(facts.now)
    allowance = allowance_of(facts, policy, request.fire_mode)
    if instrument is None:
        return Workings(windows, allowance, None, None, None)
    costs = policy.costs
    worth = pip_value(instrument, account.currency, facts.rates)
    commission = commission_per_lot(costs, account.currency, facts.rates)
    if worth is None or commission is None or quote is None or account.leverage <= _ZERO:
        return Workings(windows, allowance, worth, commission, None)
    if stop is None or not stop.is_finite():
        return Workings(windows, allowance, worth, commission, None)
    factor = slippage_factor(facts.news, costs)
    pips = stop_pips(instrument, request.signal.direction, quote, stop, costs, factor)
    if pips <= _ZERO:
        return Workings(windows, allowance, worth, commission, None)
    sizing = size(
        instrument,
        budget=allowance.budget,
        pips=pips,
        pip_value=worth,
        commission=commission,
        price=quote.ask,
        leverage=account.leverage,
        ceiling=request.lots_ceiling,
    )
    return Workings(windows, allowance, worth, commission, sizing)
