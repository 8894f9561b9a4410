"""Any intent, reservation, position, deal and trade of the first sample account."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from bitten_apps.testkit.unit_of_work.drawn import values as v
from bitten_domain.desk.account import HeldPosition
from bitten_domain.desk.idea_outcome import IdeaOutcome
from bitten_domain.desk.state import OpenTrade
from bitten_domain.execution import Deal, DealReason, Position, Trade, TradePlan
from bitten_domain.execution.lifecycle import PositionState
from bitten_domain.execution.protocol import CloseIntent, FireIntent, LevelsIntent, Reservation
from bitten_domain.ports.repositories.books import ClosedTrade, LevelsChange
from bitten_domain.values import INSTRUMENTS, AccountId, IntentId, Lots, SignalId
from bitten_domain.vocabulary import FireMode, PlanKind

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = [
    "close_intents",
    "closed_trades",
    "deals",
    "fire_intents",
    "held_positions",
    "levels_changes",
    "levels_intents",
    "outcomes",
    "reservations",
]


@st.composite
def _plans(draw: st.DrawFn) -> TradePlan:
    kind = draw(st.sampled_from(PlanKind))
    seconds = draw(st.integers(1, v.DAY_SECONDS)) if kind is PlanKind.TIME_STOP else None
    return TradePlan(kind, draw(v.optional(v.moments)), seconds)


@st.composite
def fire_intents(draw: st.DrawFn) -> FireIntent:
    """Draw a fire on the first sample account."""
    created_at = draw(v.moments)
    return FireIntent(
        intent_id=IntentId(draw(v.names)),
        account=AccountId("account-1"),
        signal=draw(v.optional(v.names.map(SignalId))),
        fire_mode=draw(st.sampled_from(FireMode)),
        symbol=draw(v.symbols),
        direction=draw(v.directions),
        lots=draw(v.lots),
        stop=draw(v.prices),
        target=draw(v.optional(v.prices)),
        plan=draw(_plans()),
        risk_percent=draw(v.exact("0", "2")),
        strategy=draw(v.names),
        score=draw(st.integers(0, 10_000)),
        cost_share=draw(v.floats),
        created_at=created_at,
        not_after=created_at + draw(st.integers(0, v.DAY_SECONDS)),
    )


close_intents: SearchStrategy[CloseIntent] = st.builds(
    CloseIntent,
    intent_id=v.names.map(IntentId),
    account=st.just(AccountId("account-1")),
    ticket=v.tickets,
    lots=v.optional(v.lots),
    reason=st.sampled_from(DealReason),
    created_at=v.moments,
)
"""Closes on the first sample account."""

levels_intents: SearchStrategy[LevelsIntent] = st.builds(
    LevelsIntent,
    intent_id=v.names.map(IntentId),
    account=st.just(AccountId("account-1")),
    ticket=v.tickets,
    stop=v.optional(v.prices),
    target=v.optional(v.prices),
    reason=v.names,
    created_at=v.moments,
)
"""Changes of levels on the first sample account."""


@st.composite
def reservations(draw: st.DrawFn) -> Reservation:
    """Draw what the first sample fire reserves."""
    currency = draw(v.currencies)
    return Reservation(
        intent_id=IntentId("intent-1-001"),
        account=AccountId("account-1"),
        symbol=draw(v.symbols),
        direction=draw(v.directions),
        risk=draw(v.worked_out(currency)),
        margin=draw(v.worked_out(currency)),
        group=draw(v.texts),
        reserved_at=draw(v.moments),
    )


_known: SearchStrategy[OpenTrade] = st.builds(
    OpenTrade,
    signal_id=v.names.map(SignalId),
    row=st.just(-1),
    plan=_plans(),
    risk_percent=v.exact("0", "2"),
    score=st.integers(0, 10_000),
    strategy=v.names,
    cost_share=v.floats,
    filled_at=v.moments,
)


@st.composite
def held_positions(draw: st.DrawFn) -> HeldPosition:
    """Draw a position of the first sample account."""
    currency = draw(v.currencies)
    filled = draw(st.integers(1, 10**9))
    ticks = st.integers(1, 10**8)
    position = Position(
        ticket=draw(v.tickets),
        client_order_id=draw(v.order_ids),
        instrument=INSTRUMENTS[draw(v.symbols)],
        direction=draw(v.directions),
        lots=Lots(Decimal(draw(st.integers(1, filled))).scaleb(-4)),
        filled_lots=Lots(Decimal(filled).scaleb(-4)),
        entry_ticks=draw(ticks),
        stop_ticks=draw(v.optional(ticks)),
        target_ticks=draw(v.optional(ticks)),
        initial_stop_ticks=draw(v.optional(ticks)),
        opened_at=draw(v.moments),
        charged_day=draw(v.days),
        initial_risk=draw(v.optional(v.worked_out(currency, "0.001"))),
        conversion=draw(v.exact("0.0001", "9999")),
        swap=draw(v.worked_out(currency, "-9999")),
        state=draw(st.sampled_from(PositionState)),
    )
    return HeldPosition(
        account=AccountId("account-1"),
        position=position,
        intent_id=draw(v.optional(st.just(IntentId("intent-1-001")))),
        known=draw(v.optional(_known)),
        stop_confirmed_at=draw(v.optional(v.moments)),
        stop_tries=draw(v.counts),
    )


@st.composite
def deals(draw: st.DrawFn) -> Deal:
    """Draw a deal."""
    currency = draw(v.currencies)
    costs = v.cents(currency, 0)
    return Deal(
        ticket=draw(v.tickets),
        position=draw(v.tickets),
        client_order_id=draw(v.order_ids),
        symbol=draw(v.symbols),
        direction=draw(v.directions),
        reason=draw(st.sampled_from(DealReason)),
        lots=draw(v.lots),
        price=draw(v.prices),
        at=draw(v.moments),
        profit=draw(v.cents(currency)),
        swap=draw(v.cents(currency)),
        commission=draw(v.cents(currency)),
        fee=draw(v.cents(currency)),
        spread_cost=draw(costs),
        slippage_cost=draw(costs),
        ambiguous=draw(st.booleans()),
    )


@st.composite
def closed_trades(draw: st.DrawFn) -> ClosedTrade:
    """Draw a closed trade of the first sample account."""
    deal, currency = draw(deals()), draw(v.currencies)
    opened_at = draw(v.moments)
    trade = Trade(
        position=deal.position,
        client_order_id=deal.client_order_id,
        symbol=deal.symbol,
        direction=deal.direction,
        lots=deal.lots,
        entry=deal.price,
        exit=draw(v.exact("0.5", "9999")),
        initial_stop=draw(v.optional(v.prices)),
        opened_at=opened_at,
        closed_at=opened_at + draw(v.counts),
        reason=deal.reason,
        profit=draw(v.cents(currency)),
        swap=draw(v.cents(currency)),
        commission=draw(v.cents(currency)),
        fee=draw(v.cents(currency)),
        spread_cost=draw(v.cents(currency, 0)),
        slippage_cost=draw(v.cents(currency, 0)),
        initial_risk=draw(v.optional(v.worked_out(currency, "0.001"))),
        net_r=draw(v.optional(st.decimals("-99", "99", places=4))),
        ambiguous=deal.ambiguous,
    )
    return ClosedTrade(AccountId("account-1"), trade, draw(v.optional(_known)), draw(v.cents(currency)))


levels_changes: SearchStrategy[LevelsChange] = st.builds(
    LevelsChange,
    account=st.just(AccountId("account-1")),
    ticket=v.tickets,
    at=v.moments,
    stop_before=v.optional(v.prices),
    stop_after=v.optional(v.prices),
    target_before=v.optional(v.prices),
    target_after=v.optional(v.prices),
    reason=v.names,
)
"""Changes of levels on the first sample account."""

outcomes: SearchStrategy[IdeaOutcome] = st.builds(
    IdeaOutcome,
    signal_id=st.just(SignalId("signal-1")),
    ended_at=v.moments,
    day=v.days,
    net_r=v.optional(st.decimals("-99", "99", places=4)),
    gross_r=v.optional(st.decimals("-99", "99", places=4)),
)
"""What the first sample signal came to."""
