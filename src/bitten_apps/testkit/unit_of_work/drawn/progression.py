"""Any entry of an XP ledger, any progress, any closed market day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from bitten_apps.testkit.unit_of_work.drawn import values as v
from bitten_domain.events import MarketDayClosed, TradeJudged
from bitten_domain.progression import Progress, XpEntry
from bitten_domain.values import AccountId, UserId
from bitten_domain.vocabulary import Breach, XpKind

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["market_days", "progresses", "xp_entries"]

_USER = UserId("user-1")


@st.composite
def xp_entries(draw: st.DrawFn) -> XpEntry:
    """Draw an entry of the first sample person's ledger."""
    kind = draw(st.sampled_from(XpKind))
    amount = draw(st.integers(1, 1_000))
    return XpEntry(
        _USER,
        draw(v.names),
        kind,
        draw(st.integers(0, 1_000)),
        -50 * amount if kind.spends else amount,
        draw(v.days),
        draw(v.moments),
    )


@st.composite
def progresses(draw: st.DrawFn) -> Progress:
    """Draw where the first sample person stands."""
    streak = draw(st.integers(0, 9_999))
    best = streak + draw(st.integers(0, 9_999))
    return Progress(
        _USER,
        streak,
        best,
        best + draw(st.integers(0, 9_999)),
        draw(v.counts),
        draw(st.integers(0, 99)),
        draw(st.integers(0, 99)),
        draw(v.days),
        draw(st.booleans()),
    )


market_days: SearchStrategy[MarketDayClosed] = st.builds(
    MarketDayClosed,
    st.just(_USER),
    v.days,
    st.booleans(),
    st.lists(
        st.builds(
            TradeJudged,
            v.names.map(AccountId),
            st.integers(1, v.LARGEST),
            v.names,
            v.moments,
            st.frozensets(st.sampled_from(Breach)),
        ),
        max_size=3,
    ).map(tuple),
    st.frozensets(st.sampled_from(Breach)),
)
"""Closed days of the first sample person."""
