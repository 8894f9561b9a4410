"""From a signal to a fire request and the facts its checks may know."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.execution import FillKind, margin_used
from bitten_domain.execution.fill_model import entry_ticks
from bitten_domain.execution.plan import plan_mean_r, staged_target
from bitten_domain.risk.facts import AccountFacts, OpenRisk, Quote, RiskFacts
from bitten_domain.risk.request import FireRequest, SignalFacts
from bitten_domain.risk.sizing import conversion_rate
from bitten_domain.values.record import record
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

__all__ = [
    "DeskAccount",
    "ExitLevels",
    "Holdings",
    "asked_from",
    "exit_levels",
    "facts_for",
    "holdings_of",
    "request_for",
]

_ZERO = Decimal(0)
# Looking a member up costs more than comparing with it.
_AUTO, _SEMI, _STOP = FireMode.AUTO, FireMode.SEMI, FillKind.STOP


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


@record
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
    currency, positions = account.currency, account.positions
    margin = margin_used(positions, currency, terms.leverage, rates)
    facts = AccountFacts(
        account_id=desk.account_id,
        broker=desk.broker,
        currency=currency,
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
    return Holdings(facts, tuple([_open_risk(position, currency, terms, rates) for position in positions]))


def asked_from(policy: RiskPolicy, fire_mode: FireMode, instrument: Instrument) -> int:
    """Find the score a fire of a mode needs whatever else holds, thousandths; below it nobody asks."""
    floor, gate = policy.fire.mode_floor(fire_mode), instrument.auto_gate
    if fire_mode is _AUTO and gate is not None:
        floor = max(floor, gate)
    return int(floor * 1000)


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
    sign, tick = signal.direction.sign, instrument.tick
    stop, target = signal.stop, signal.target
    if sign < 0:
        lift = (quote.ask - quote.bid) * tick
        stop += lift
        target += lift
    filled = entry_ticks(sign, quote, slippage)
    last = staged_target(signal.plan, instrument, sign, filled, stop)
    if last is not None:
        target = last
    entry = filled * tick
    risk = abs(entry - stop)
    mean_r = plan_mean_r(signal.plan, abs(target - entry) / risk if risk else _ZERO)
    return ExitLevels(stop, target, entry + sign * mean_r * risk)


def request_for(signal: Signal, levels: ExitLevels, now: int, fire_mode: FireMode) -> FireRequest:
    """Ask to fire a signal at its emission, confirmed where the mode asks for it.

    Args:
        signal: what is fired.
        levels: its order's levels.
        now: seconds since 1970 UTC.
        fire_mode: who pulls the trigger.
    """
    # Fields by position: by name they take twice as long, and this is done for every fire.
    facts = SignalFacts(
        signal.signal_id,
        signal.symbol,
        signal.direction,
        _shifted(signal.score, 2),
        _shifted(signal.gate, 3),
        _shifted(signal.coverage, 2),
        _share(round(signal.cost_share, 4)),
        signal.entry,
        signal.stop,
        signal.target,
        levels.reward_price,
        # The quote is the one of the emission: what it gives is what was promised.
        None,
        signal.valid_until,
        is_touched=False,
    )
    is_confirmed, proposed_at = fire_mode is not _AUTO, now if fire_mode is _SEMI else None
    return FireRequest(facts, fire_mode, levels.stop, levels.target, is_confirmed, proposed_at)


@lru_cache(maxsize=16_384)
def _shifted(whole: int, places: int) -> Decimal:
    # There are some ten thousand scores and gates, and every fire asks for both.
    return whole / Decimal(10**places)


@lru_cache(maxsize=16_384)
def _share(rounded: float) -> Decimal:
    return Decimal(repr(rounded))


def facts_for(
    desk: DeskAccount,
    state: AccountDesk,
    instrument: Instrument,
    quote: TickQuote,
    now: int,
    *,
    holdings: Holdings,
    rates: Mapping[str, Decimal],
    news: NewsFacts | None,
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
        news: around the pair; None when not known.
        correlations: of the pairs; None when not known.
    """
    # Fields by position: by name they take twice as long, and this is done for every fire.
    return RiskFacts(
        now,
        holdings.account,
        desk.person,
        instrument,
        Quote(quote.bid * instrument.tick, quote.ask * instrument.tick, now),
        rates,
        holdings.risks,
        state.behaviour,
        (),
        news,
        correlations,
        state.day.shots,
        state.fired.keys(),
        state.last_fires,
        desk.mandate_at(now),
        state.day.shots if desk.mandate is not None else 0,
    )


def _open_risk(position: Position, currency: str, terms: BrokerTerms, rates: Mapping[str, Decimal]) -> OpenRisk:
    """Price what a position loses at its present stop, slippage and owed swap in it; commission is booked already."""
    if position.stop_ticks is None:
        return OpenRisk(position.symbol, position.direction, None)
    slip = terms.costs.slippage_ticks(position.instrument, _STOP)
    ticks = position.sign * (position.entry_ticks - position.stop_ticks) + slip
    rate = conversion_rate(position.quote_currency, currency, rates) or position.conversion
    lost = ticks * position.tick_worth * rate
    swap = position.swap.amount
    if swap < _ZERO:
        lost -= swap
    return OpenRisk(position.symbol, position.direction, max(_ZERO, lost))
