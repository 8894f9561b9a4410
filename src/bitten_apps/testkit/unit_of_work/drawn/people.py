"""Any person, account, mandate and trading day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from bitten_apps.testkit.unit_of_work.drawn import values as v
from bitten_domain.desk.account import AccountStanding, RiskSession, TradingAccount
from bitten_domain.desk.state import DayState
from bitten_domain.membership import Person, Profile
from bitten_domain.ports.repositories.people import GrantedMandate
from bitten_domain.risk.behaviour import BehaviourState
from bitten_domain.risk.policy.limits import LimitChoice, UserLimits
from bitten_domain.risk.policy.mandate import Mandate
from bitten_domain.values import AccountId, UserId
from bitten_domain.vocabulary import AccountStatus, Rank, SystemMode, Tier

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["accounts", "mandates", "persons", "risk_sessions"]


@st.composite
def accounts(draw: st.DrawFn) -> TradingAccount:
    """Draw an account of the first sample person."""
    currency = draw(v.currencies)
    return TradingAccount(
        account_id=AccountId(draw(v.names)),
        user_id=UserId("user-1"),
        broker=draw(v.names),
        is_live=draw(st.booleans()),
        is_netting=draw(st.booleans()),
        opening=draw(v.cents(currency)),
        balance=draw(v.cents(currency)),
        leverage=draw(v.exact("0.01", "2000")),
        opened_at=draw(v.moments),
        standing=draw(st.sampled_from(AccountStanding)),
        standing_reason=draw(v.texts),
        epoch=draw(st.integers(2, (1 << 21) - 1)),
        next_sequence=draw(st.integers(1, 1 << 32)),
        last_deal=draw(st.integers(0, v.LARGEST)),
    )


_limits = st.builds(
    UserLimits,
    risk_percent=v.exact("0.1", "2"),
    daily_loss_percent=v.exact("0.5", "6"),
    max_positions=st.integers(1, 10),
)

persons: SearchStrategy[Person] = st.builds(
    Person,
    user_id=v.names.map(UserId),
    joined_at=v.moments,
    telegram_id=v.optional(st.integers(-v.LARGEST, v.LARGEST)),
    status=st.sampled_from(AccountStatus),
    rank=st.sampled_from(Rank),
    tier=st.sampled_from(Tier),
    mode=st.sampled_from(SystemMode),
    is_sniper=st.booleans(),
    has_live_consent=st.booleans(),
    limits=st.builds(LimitChoice, _limits) | st.builds(LimitChoice, _limits, _limits, v.moments, v.optional(v.moments)),
    profile=st.builds(
        Profile,
        st.just("") | st.from_regex(r"[A-Za-z0-9_]{3,20}", fullmatch=True),
        st.sampled_from(["en", "de", "ja"]),
        st.sampled_from(["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"]),
    ),
)
"""Persons."""


@st.composite
def mandates(draw: st.DrawFn) -> GrantedMandate:
    """Draw a standing mandate of the first sample account."""
    granted_at = draw(v.moments)
    bounds = Mandate(
        account_id=AccountId("account-1"),
        pairs=draw(st.frozensets(v.symbols)),
        least_score=draw(v.exact("0", "100")),
        shots_a_day=draw(st.integers(1, 50)),
        risk_percent=draw(v.exact("0.1", "2")),
        granted_at=granted_at,
        ends_at=granted_at + draw(st.integers(1, 30 * v.DAY_SECONDS)),
    )
    return GrantedMandate(draw(v.names), UserId("user-1"), bounds)


risk_sessions: SearchStrategy[RiskSession] = st.builds(
    RiskSession,
    account=st.just(AccountId("account-1")),
    day=st.builds(
        DayState,
        v.days,
        v.exact("-99999999", "99999999"),
        v.exact("-99999999", "99999999"),
        v.exact("-99999999", "99999999"),
        v.counts,
    ),
    behaviour=st.builds(
        BehaviourState,
        peak_equity=v.exact("-99999999", "99999999"),
        losing_streak=v.counts,
        tilted=st.booleans(),
        tilt_wins=v.counts,
        lockout_until=v.moments,
        lockout_day=v.days,
        cool_down_until=v.moments,
        large_losses=v.counts,
        step_back_until=v.moments,
        daily_limit_day=v.days,
        drawdown_stopped=st.booleans(),
        release_asked_at=v.optional(v.moments),
        releases=v.counts,
        time_out_until=v.moments,
    ),
    marked_equity=v.exact("-99999999", "99999999"),
    marked_at=v.moments,
)
"""Trading days of the first sample account."""
