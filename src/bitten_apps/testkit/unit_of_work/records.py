"""Any record a store may be given: hypothesis strategies over the domain's own bounds.

Booked amounts are whole cents and prices have at most eight decimals, as the columns of a database do. Amounts that are
worked out and never paid (risk, margin, swaps that accrue, rates, mean prices) have as many digits as the arithmetic
gives. Texts are anything but NUL and lone surrogates, which no database's text holds.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st

from bitten_domain.desk.account import AccountStanding, HeldPosition, RiskSession, TradingAccount
from bitten_domain.desk.idea_outcome import IdeaOutcome
from bitten_domain.desk.state import DayState, OpenTrade
from bitten_domain.execution import Deal, DealReason, Position, Trade, TradePlan
from bitten_domain.execution.lifecycle import PositionState
from bitten_domain.execution.protocol import CloseIntent, FireIntent, LevelsIntent, Reservation
from bitten_domain.membership import Person, Profile
from bitten_domain.ports.repositories.books import ClosedTrade, LevelsChange
from bitten_domain.ports.repositories.people import GrantedMandate
from bitten_domain.risk.behaviour import BehaviourState
from bitten_domain.risk.policy.limits import LimitChoice, UserLimits
from bitten_domain.risk.policy.mandate import Mandate
from bitten_domain.values import INSTRUMENTS, AccountId, Direction, IntentId, Lots, Money, SignalId, UserId
from bitten_domain.vocabulary import AccountStatus, FireMode, PlanKind, Rank, SystemMode, Tier

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    Drawn = SearchStrategy

__all__ = [
    "accounts",
    "close_intents",
    "closed_trades",
    "deals",
    "exact",
    "fire_intents",
    "floats",
    "held_positions",
    "json_texts",
    "levels_changes",
    "levels_intents",
    "mandates",
    "moments",
    "names",
    "outcomes",
    "persons",
    "reservations",
    "risk_sessions",
    "texts",
]

T = TypeVar("T")

_DAY = 86_400
_LAST_MOMENT = 4_102_444_800
_BIG = (1 << 63) - 1

moments = st.integers(0, _LAST_MOMENT)
"""Seconds from 1970 to 2100."""

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
"""Texts of any script, the empty one among them."""

names = texts.filter(bool)
"""Texts that are not empty."""

json_texts = st.dictionaries(texts, texts | st.integers() | st.none(), max_size=3).map(
    lambda value: "{ " + ",\n\t".join(f'"k{number}": {item!r}' for number, item in enumerate(value.values())) + " }"
)
"""Bodies whose white space, quotes and order must not be touched."""

floats = st.floats(allow_nan=False, allow_infinity=False)
"""Measured numbers."""

_counts = st.integers(0, 1_000)
_days = st.integers(-1, 40_000)
_order_ids = st.integers(1, (1 << 53) - 1)
_tickets = st.integers(1, _BIG)
_symbols = st.sampled_from(sorted(INSTRUMENTS))
_directions = st.sampled_from(Direction)


def exact(least: str, most: str) -> Drawn[Decimal]:
    """Draw a decimal of up to 28 digits between two bounds."""
    digits = st.integers(0, 24).flatmap(lambda places: st.decimals(least, most, places=places))
    return digits | st.decimals(least, most, allow_nan=False, allow_infinity=False).map(lambda value: +value)


def _optional(values: Drawn[T]) -> Drawn[T | None]:
    return st.none() | values


_prices = st.integers(0, 8).flatmap(lambda places: st.decimals("1", "99999999", places=places))
_lots = st.integers(1, 10**9).map(lambda number: Lots(Decimal(number).scaleb(-4)))


def _cents(currency: str, least: int = -(10**15), most: int = 10**15) -> Drawn[Money]:
    return st.integers(least, most).map(lambda number: Money(Decimal(number).scaleb(-2), currency))


def _worked_out(currency: str, least: str = "0", most: str = "9999999") -> Drawn[Money]:
    return exact(least, most).map(lambda amount: Money(amount, currency))


_currencies = st.sampled_from(["USD", "EUR", "JPY"])


@st.composite
def accounts(draw: st.DrawFn) -> TradingAccount:
    """Draw an account of the first sample person."""
    currency = draw(_currencies)
    return TradingAccount(
        account_id=AccountId(draw(names)),
        user_id=UserId("user-1"),
        broker=draw(names),
        is_live=draw(st.booleans()),
        is_netting=draw(st.booleans()),
        opening=draw(_cents(currency)),
        balance=draw(_cents(currency)),
        leverage=draw(exact("0.01", "2000")),
        opened_at=draw(moments),
        standing=draw(st.sampled_from(AccountStanding)),
        standing_reason=draw(texts),
        epoch=draw(st.integers(2, (1 << 21) - 1)),
        next_sequence=draw(st.integers(1, 1 << 32)),
        last_deal=draw(st.integers(0, _BIG)),
    )


_limits = st.builds(
    UserLimits,
    risk_percent=exact("0.1", "2"),
    daily_loss_percent=exact("0.5", "6"),
    max_positions=st.integers(1, 10),
)

persons: Drawn[Person] = st.builds(
    Person,
    user_id=names.map(UserId),
    joined_at=moments,
    telegram_id=_optional(st.integers(-_BIG, _BIG)),
    status=st.sampled_from(AccountStatus),
    rank=st.sampled_from(Rank),
    tier=st.sampled_from(Tier),
    mode=st.sampled_from(SystemMode),
    is_sniper=st.booleans(),
    has_live_consent=st.booleans(),
    limits=st.builds(LimitChoice, _limits, _optional(_limits), moments),
    profile=st.builds(Profile, texts, st.sampled_from(["en", "de", "ja"]), texts),
)
"""Persons."""


@st.composite
def mandates(draw: st.DrawFn) -> GrantedMandate:
    """Draw a standing mandate of the first sample account."""
    granted_at = draw(moments)
    bounds = Mandate(
        account_id=AccountId("account-1"),
        pairs=draw(st.frozensets(_symbols)),
        least_score=draw(exact("0", "100")),
        shots_a_day=draw(st.integers(1, 50)),
        risk_percent=draw(exact("0.1", "2")),
        granted_at=granted_at,
        ends_at=granted_at + draw(st.integers(1, 30 * _DAY)),
    )
    return GrantedMandate(draw(names), UserId("user-1"), bounds)


risk_sessions: Drawn[RiskSession] = st.builds(
    RiskSession,
    account=st.just(AccountId("account-1")),
    day=st.builds(
        DayState,
        _days,
        exact("-99999999", "99999999"),
        exact("-99999999", "99999999"),
        exact("-99999999", "99999999"),
        _counts,
    ),
    behaviour=st.builds(
        BehaviourState,
        peak_equity=exact("-99999999", "99999999"),
        losing_streak=_counts,
        tilted=st.booleans(),
        tilt_wins=_counts,
        lockout_until=moments,
        lockout_day=_days,
        cool_down_until=moments,
        large_losses=_counts,
        step_back_until=moments,
        daily_limit_day=_days,
        drawdown_stopped=st.booleans(),
        release_asked_at=_optional(moments),
        releases=_counts,
        time_out_until=moments,
    ),
    marked_equity=exact("-99999999", "99999999"),
    marked_at=moments,
)
"""Trading days of the first sample account."""


@st.composite
def _plans(draw: st.DrawFn) -> TradePlan:
    kind = draw(st.sampled_from(PlanKind))
    seconds = draw(st.integers(1, _DAY)) if kind is PlanKind.TIME_STOP else None
    return TradePlan(kind, draw(_optional(moments)), seconds)


@st.composite
def fire_intents(draw: st.DrawFn) -> FireIntent:
    """Draw a fire on the first sample account."""
    created_at = draw(moments)
    return FireIntent(
        intent_id=IntentId(draw(names)),
        account=AccountId("account-1"),
        signal=draw(_optional(names.map(SignalId))),
        fire_mode=draw(st.sampled_from(FireMode)),
        symbol=draw(_symbols),
        direction=draw(_directions),
        lots=draw(_lots),
        stop=draw(_prices),
        target=draw(_optional(_prices)),
        plan=draw(_plans()),
        risk_percent=draw(exact("0", "2")),
        strategy=draw(names),
        score=draw(st.integers(0, 10_000)),
        cost_share=draw(floats),
        created_at=created_at,
        not_after=created_at + draw(st.integers(0, _DAY)),
    )


close_intents: Drawn[CloseIntent] = st.builds(
    CloseIntent,
    intent_id=names.map(IntentId),
    account=st.just(AccountId("account-1")),
    ticket=_tickets,
    lots=_optional(_lots),
    reason=st.sampled_from(DealReason),
    created_at=moments,
)
"""Closes on the first sample account."""

levels_intents: Drawn[LevelsIntent] = st.builds(
    LevelsIntent,
    intent_id=names.map(IntentId),
    account=st.just(AccountId("account-1")),
    ticket=_tickets,
    stop=_optional(_prices),
    target=_optional(_prices),
    reason=names,
    created_at=moments,
)
"""Changes of levels on the first sample account."""


@st.composite
def reservations(draw: st.DrawFn) -> Reservation:
    """Draw what the first sample fire reserves."""
    currency = draw(_currencies)
    return Reservation(
        intent_id=IntentId("intent-1-001"),
        account=AccountId("account-1"),
        symbol=draw(_symbols),
        direction=draw(_directions),
        risk=draw(_worked_out(currency)),
        margin=draw(_worked_out(currency)),
        group=draw(texts),
        reserved_at=draw(moments),
    )


_known: Drawn[OpenTrade] = st.builds(
    OpenTrade,
    signal_id=names.map(SignalId),
    row=st.just(-1),
    plan=_plans(),
    risk_percent=exact("0", "2"),
    score=st.integers(0, 10_000),
    strategy=names,
    cost_share=floats,
    filled_at=moments,
)


@st.composite
def held_positions(draw: st.DrawFn) -> HeldPosition:
    """Draw a position of the first sample account."""
    currency = draw(_currencies)
    filled = draw(st.integers(1, 10**9))
    ticks = st.integers(1, 10**8)
    position = Position(
        ticket=draw(_tickets),
        client_order_id=draw(_order_ids),
        instrument=INSTRUMENTS[draw(_symbols)],
        direction=draw(_directions),
        lots=Lots(Decimal(draw(st.integers(1, filled))).scaleb(-4)),
        filled_lots=Lots(Decimal(filled).scaleb(-4)),
        entry_ticks=draw(ticks),
        stop_ticks=draw(_optional(ticks)),
        target_ticks=draw(_optional(ticks)),
        initial_stop_ticks=draw(_optional(ticks)),
        opened_at=draw(moments),
        charged_day=draw(_days),
        initial_risk=draw(_optional(_worked_out(currency, "0.001"))),
        conversion=draw(exact("0.0001", "9999")),
        swap=draw(_worked_out(currency, "-9999")),
        state=draw(st.sampled_from(PositionState)),
    )
    return HeldPosition(
        account=AccountId("account-1"),
        position=position,
        intent_id=draw(_optional(st.just(IntentId("intent-1-001")))),
        known=draw(_optional(_known)),
        stop_confirmed_at=draw(_optional(moments)),
        stop_tries=draw(_counts),
    )


@st.composite
def deals(draw: st.DrawFn) -> Deal:
    """Draw a deal."""
    currency = draw(_currencies)
    costs = _cents(currency, 0)
    return Deal(
        ticket=draw(_tickets),
        position=draw(_tickets),
        client_order_id=draw(_order_ids),
        symbol=draw(_symbols),
        direction=draw(_directions),
        reason=draw(st.sampled_from(DealReason)),
        lots=draw(_lots),
        price=draw(_prices),
        at=draw(moments),
        profit=draw(_cents(currency)),
        swap=draw(_cents(currency)),
        commission=draw(_cents(currency)),
        fee=draw(_cents(currency)),
        spread_cost=draw(costs),
        slippage_cost=draw(costs),
        ambiguous=draw(st.booleans()),
    )


@st.composite
def closed_trades(draw: st.DrawFn) -> ClosedTrade:
    """Draw a closed trade of the first sample account."""
    deal, currency = draw(deals()), draw(_currencies)
    opened_at = draw(moments)
    trade = Trade(
        position=deal.position,
        client_order_id=deal.client_order_id,
        symbol=deal.symbol,
        direction=deal.direction,
        lots=deal.lots,
        entry=deal.price,
        exit=draw(exact("0.5", "9999")),
        initial_stop=draw(_optional(_prices)),
        opened_at=opened_at,
        closed_at=opened_at + draw(_counts),
        reason=deal.reason,
        profit=draw(_cents(currency)),
        swap=draw(_cents(currency)),
        commission=draw(_cents(currency)),
        fee=draw(_cents(currency)),
        spread_cost=draw(_cents(currency, 0)),
        slippage_cost=draw(_cents(currency, 0)),
        initial_risk=draw(_optional(_worked_out(currency, "0.001"))),
        net_r=draw(_optional(st.decimals("-99", "99", places=4))),
        ambiguous=deal.ambiguous,
    )
    return ClosedTrade(AccountId("account-1"), trade, draw(_optional(_known)), draw(_cents(currency)))


levels_changes: Drawn[LevelsChange] = st.builds(
    LevelsChange,
    account=st.just(AccountId("account-1")),
    ticket=_tickets,
    at=moments,
    stop_before=_optional(_prices),
    stop_after=_optional(_prices),
    target_before=_optional(_prices),
    target_after=_optional(_prices),
    reason=names,
)
"""Changes of levels on the first sample account."""

outcomes: Drawn[IdeaOutcome] = st.builds(
    IdeaOutcome,
    signal_id=st.just(SignalId("signal-1")),
    ended_at=moments,
    day=_days,
    net_r=_optional(st.decimals("-99", "99", places=4)),
    gross_r=_optional(st.decimals("-99", "99", places=4)),
)
"""What the first sample signal came to."""
