"""From a signal to a fire request and the facts its checks may know."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.execution import FillKind, TradePlan, margin_used, to_price, to_ticks
from bitten_domain.execution.fill_model import entry_ticks
from bitten_domain.execution.plan import plan_legs, plan_target
from bitten_domain.risk.facts import AccountFacts, OpenRisk, Quote, RiskFacts
from bitten_domain.risk.request import FireRequest, SignalFacts
from bitten_domain.risk.sizing import (
    commission_per_lot,
    conversion_rate,
    net_reward_risk,
    pip_value,
    slippage_factor,
    stop_pips,
)
from bitten_domain.values import Direction
from bitten_domain.vocabulary import FireMode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.desk.signal import Signal
    from bitten_domain.desk.state import AccountDesk
    from bitten_domain.execution import BrokerTerms, Position, SimulatedAccount, TickQuote
    from bitten_domain.risk.facts import NewsFacts, PersonFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.policy.mandate import Mandate
    from bitten_domain.values import AccountId, Instrument

__all__ = ["DeskAccount", "ExitLevels", "Holdings", "exit_levels", "facts_for", "holdings_of", "request_for"]

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_THOUSAND = Decimal(1000)


@dataclass(frozen=True, slots=True)
class DeskAccount:
    """The account a desk fires on, as far as it does not change.

    Args:
        account_id: which.
        broker: its broker's name.
        person: who fires.
        fire_mode: who pulls the trigger.
        mandate: the one in force for AUTO.
        renews_mandate: whether the person grants the same mandate again whenever it has ended; for runs over longer
            than one may hold, and said so in their results.
    """

    account_id: AccountId
    broker: str
    person: PersonFacts
    fire_mode: FireMode
    mandate: Mandate | None = None
    renews_mandate: bool = False

    def mandate_at(self, now: int) -> Mandate | None:
        """Give the mandate as it stands at a moment, seconds since 1970 UTC."""
        if self.mandate is None or not self.renews_mandate:
            return self.mandate
        return self.mandate.renewed_at(now)


@dataclass(frozen=True, slots=True)
class ExitLevels:
    """Where an order's levels stand on the exit side, and what its plan is worth.

    Args:
        stop, target: levels that go to the broker.
        reward_price: mean of the plan's targets, weighted by what is closed at each.
    """

    stop: Decimal
    target: Decimal
    reward_price: Decimal


class Holdings(NamedTuple):
    """Where an account stands between two deals of a moment: its facts, and the risk of every position."""

    account: AccountFacts
    risks: tuple[OpenRisk, ...]


def holdings_of(
    desk: DeskAccount,
    state: AccountDesk,
    account: SimulatedAccount,
    equity: Decimal,
    terms: BrokerTerms,
    rates: Mapping[str, Decimal],
) -> Holdings:
    """Price what an account holds.

    Args:
        desk: the account and who fires.
        state: the desk's memory, for the day's start.
        account: the simulated account.
        equity: of the account now, account currency.
        terms: the broker's.
        rates: mid prices by symbol.
    """
    margin = margin_used(account.positions, account.currency, terms.leverage, rates)
    facts = AccountFacts(
        account_id=desk.account_id,
        broker=desk.broker,
        currency=account.currency,
        is_live=False,
        is_netting=False,
        is_reconciled=True,
        balance=account.balance.amount,
        equity=equity,
        day_start_balance=state.day.start_balance,
        day_start_equity=state.day.start_equity,
        margin_used=_ZERO if margin is None else margin,
        leverage=terms.leverage,
    )
    return Holdings(
        facts, tuple(_open_risk(position, account.currency, terms, rates) for position in account.positions)
    )


def exit_levels(signal: Signal, instrument: Instrument, quote: TickQuote, slippage: int) -> ExitLevels:
    """Turn a signal's chart levels into an order's.

    Charts are drawn on the bid. A buyer exits there; a seller exits at the ask, so its levels stand a spread above the
    chart's, and it is stopped when the chart reaches the stop. A staged plan's target is measured from the fill that is
    expected, as its other stages and R are.

    Args:
        signal: what is fired.
        instrument: its pair.
        quote: where it would fill.
        slippage: ticks a market entry slips now.
    """
    sell = signal.direction is Direction.SELL
    stop, drawn = signal.stop, signal.target
    if sell:
        lift = quote.ask - quote.bid
        stop = to_price(instrument, to_ticks(instrument, stop) + lift)
        drawn = to_price(instrument, to_ticks(instrument, drawn) + lift)
    entry = to_price(instrument, entry_ticks(signal.direction.sign, quote, slippage))
    target = plan_target(TradePlan(signal.plan, signal.flat_at), instrument, signal.direction, entry, stop, drawn)
    target = drawn if target is None else target
    risk = abs(entry - stop)
    target_r = abs(target - entry) / risk if risk else _ZERO
    mean_r = sum((share * r for share, r in plan_legs(signal.plan, target_r)), _ZERO)
    return ExitLevels(stop, target, entry + signal.direction.sign * mean_r * risk)


def request_for(
    signal: Signal,
    levels: ExitLevels,
    facts: RiskFacts,
    policy: RiskPolicy,
    fire_mode: FireMode,
) -> FireRequest:
    """Ask to fire a signal at its emission, confirmed where the mode asks for it.

    Args:
        signal: what is fired.
        levels: its order's levels.
        facts: of this moment; they price the reward the signal promises.
        policy: the figures.
        fire_mode: who pulls the trigger.
    """
    return FireRequest(
        signal=SignalFacts(
            signal_id=signal.signal_id,
            symbol=signal.symbol,
            direction=signal.direction,
            score=Decimal(signal.score) / _HUNDRED,
            gate=Decimal(signal.gate) / _THOUSAND,
            coverage=Decimal(signal.coverage) / _HUNDRED,
            cost_share=Decimal(repr(round(signal.cost_share, 4))),
            entry=signal.entry,
            stop=signal.stop,
            target=signal.target,
            reward_price=levels.reward_price,
            reward_risk=_promised_reward(signal, levels, facts, policy),
            valid_until=signal.valid_until,
            is_touched=False,
        ),
        fire_mode=fire_mode,
        stop=levels.stop,
        target=levels.target,
        is_confirmed=fire_mode is not FireMode.AUTO,
        proposed_at=facts.now if fire_mode is FireMode.SEMI else None,
    )


def _promised_reward(signal: Signal, levels: ExitLevels, facts: RiskFacts, policy: RiskPolicy) -> Decimal:
    instrument, quote = facts.instrument, facts.quote
    if instrument is None or quote is None:
        return _ZERO
    worth = pip_value(instrument, facts.account.currency, facts.rates)
    commission = commission_per_lot(policy.costs, facts.account.currency, facts.rates)
    factor = slippage_factor(facts.news, policy.costs)
    pips = stop_pips(instrument, signal.direction, quote, levels.stop, policy.costs, factor)
    if worth is None or commission is None or pips <= 0:
        return _ZERO
    return net_reward_risk(
        instrument,
        signal.direction,
        quote,
        reward_price=levels.reward_price,
        pips_at_stop=pips,
        entry_slippage_pips=policy.costs.entry_slippage_pips * factor,
        commission_pips=commission / worth,
    )


def facts_for(
    desk: DeskAccount,
    state: AccountDesk,
    instrument: Instrument,
    quote: TickQuote,
    now: int,
    *,
    holdings: Holdings,
    rates: Mapping[str, Decimal],
    news: NewsFacts,
    correlations: Mapping[tuple[str, str], float] | None,
) -> RiskFacts:
    """Collect what the checks may know.

    Args:
        desk: the account and who fires.
        state: the desk's memory.
        instrument, quote: of the pair that is fired.
        now: seconds since 1970 UTC.
        holdings: where the account stands now.
        rates: mid prices by symbol.
        news: around the pair.
        correlations: of the pairs; None when not known.
    """
    return RiskFacts(
        now=now,
        account=holdings.account,
        person=desk.person,
        instrument=instrument,
        quote=Quote(to_price(instrument, quote.bid), to_price(instrument, quote.ask), now),
        rates=rates,
        open_risks=holdings.risks,
        behaviour=state.behaviour,
        stops=(),
        news=news,
        correlations=correlations,
        shots_used=state.day.shots,
        fired_signals=state.fired.keys(),
        last_fires=state.last_fires,
        mandate=desk.mandate_at(now),
        mandate_shots_used=state.day.shots if desk.mandate is not None else 0,
    )


def _open_risk(position: Position, currency: str, terms: BrokerTerms, rates: Mapping[str, Decimal]) -> OpenRisk:
    """Price what a position loses at its present stop, slippage and owed swap in it; commission is booked already."""
    if position.stop_ticks is None:
        return OpenRisk(position.symbol, position.direction, None)
    slip = terms.costs.slippage_ticks(position.instrument, FillKind.STOP)
    ticks = position.sign * (position.entry_ticks - position.stop_ticks) + slip
    rate = conversion_rate(position.quote_currency, currency, rates) or position.conversion
    owed = max(_ZERO, -position.swap.amount)
    return OpenRisk(position.symbol, position.direction, max(_ZERO, ticks * position.tick_worth * rate + owed))
