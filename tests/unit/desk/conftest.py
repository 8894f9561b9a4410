"""A fire that every check lets pass; the tests spoil it one fact at a time."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pytest

from bitten_domain.desk.emission import CandidateNews, CandidateRows, rows_of
from bitten_domain.market.news_view import Blackout, Freshness
from bitten_domain.risk import (
    AccountFacts,
    BehaviourState,
    FireRequest,
    NewsFacts,
    PersonFacts,
    Quote,
    RiskFacts,
    SignalFacts,
    UserLimits,
)
from bitten_domain.strategies.profiles import Profile, strategies_of
from bitten_domain.tcs.parts import RULES
from bitten_domain.tcs.scan import ScoredCandidates
from bitten_domain.values import INSTRUMENTS, TEN_PAIRS, AccountId, Direction, SignalId, UserId
from bitten_domain.vocabulary import AccountStatus, FireMode, Rank, SystemMode, Tier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# Wednesday 2025-06-04 14:00 UTC, 10:00 in New York.
WEDNESDAY = 1_749_045_600


@pytest.fixture(scope="session")
def clean_request() -> FireRequest:
    return FireRequest(
        signal=SignalFacts(
            signal_id=SignalId("signal-1"),
            symbol="EURUSD",
            direction=Direction.BUY,
            score=Decimal("82.5"),
            gate=Decimal(74),
            coverage=Decimal("0.90"),
            cost_share=Decimal("0.08"),
            entry=Decimal("1.10000"),
            stop=Decimal("1.09800"),
            target=Decimal("1.10400"),
            reward_price=Decimal("1.10400"),
            reward_risk=Decimal("1.68"),
            valid_until=WEDNESDAY + 600,
            is_touched=False,
        ),
        fire_mode=FireMode.SINGLE,
        stop=Decimal("1.09800"),
        target=Decimal("1.10400"),
    )


@pytest.fixture(scope="session")
def clean_facts() -> RiskFacts:
    ten_thousand = Decimal(10_000)
    return RiskFacts(
        now=WEDNESDAY,
        account=AccountFacts(
            account_id=AccountId("account-1"),
            broker="paper",
            currency="USD",
            is_live=False,
            is_netting=False,
            is_reconciled=True,
            balance=ten_thousand,
            equity=ten_thousand,
            day_start_balance=ten_thousand,
            day_start_equity=ten_thousand,
        ),
        person=PersonFacts(
            user_id=UserId("user-1"),
            status=AccountStatus.ACTIVE,
            rank=Rank.AUTHORIZED,
            tier=Tier.COMMANDER,
            mode=SystemMode.COMMANDER,
            limits=UserLimits(),
        ),
        instrument=INSTRUMENTS["EURUSD"],
        quote=Quote(Decimal("1.10000"), Decimal("1.10012"), WEDNESDAY - 1),
        rates={"EURUSD": Decimal("1.10006"), "USDJPY": Decimal(150), "GBPUSD": Decimal("1.27")},
        open_risks=(),
        behaviour=BehaviourState(peak_equity=ten_thousand),
        stops=(),
        news=NewsFacts(Blackout.NONE, no_auto_anywhere=False, calendar=Freshness.FRESH),
        correlations={},
        shots_used=0,
        fired_signals=frozenset(),
        last_fires={},
    )


@dataclass(frozen=True, slots=True)
class SetUp:
    """A scored candidate by hand; what is not said is unremarkable.

    Args:
        at: seconds since 1970 UTC.
        symbol: one of the ten pairs.
        sign: +1 BUY, -1 SELL.
        score: hundredths of a point.
        entry, stop, target: bid-side prices.
        strategy: position among the wide profile's three strategies.
        volatility: ATR14(H1) over its 20-day median.
        flat_after: seconds after which it is closed.
    """

    at: int = WEDNESDAY
    symbol: str = "EURUSD"
    sign: int = 1
    score: int = 8000
    entry: float = 1.1
    stop: float = 1.098
    target: float = 1.104
    strategy: int = 0
    volatility: float = 1.0
    coverage: int = 90
    veto: bool = False
    cost_share: float = 0.08
    flat_after: int = 8 * 3_600


@pytest.fixture(scope="session")
def set_up() -> type[SetUp]:
    """Give the maker of set-ups."""
    return SetUp


class RowsMaker(Protocol):
    def __call__(self, *setups: SetUp, news: Sequence[bool] = ()) -> CandidateRows: ...


@pytest.fixture(scope="session")
def candidate_rows() -> RowsMaker:
    """Give what a scan would have handed the desk, from set-ups in order of time."""

    def make(*setups: SetUp, news: Sequence[bool] = ()) -> CandidateRows:
        n = len(setups)

        def column(name: str) -> NDArray[np.float64]:
            return np.array([getattr(each, name) for each in setups], dtype=np.float64)

        def whole(name: str) -> NDArray[np.int64]:
            return np.array([getattr(each, name) for each in setups], dtype=np.int64)

        parts = np.zeros((n, 8), dtype=np.int64)
        parts[:, 0] = whole("score")
        table = ScoredCandidates(
            at=whole("at"),
            pair=np.array([TEN_PAIRS.index(each.symbol) for each in setups], dtype=np.int64),
            strategy=whole("strategy"),
            timeframe=np.full(n, 900, dtype=np.int64),
            direction=whole("sign"),
            entry=column("entry"),
            stop=column("stop"),
            target=column("target"),
            flat_at=whole("at") + whole("flat_after"),
            score=whole("score"),
            parts=parts,
            context=np.zeros(n, dtype=np.int64),
            caps=np.full((n, 8), 10.0),
            raw=np.full((n, 8), 5.0),
            evidence=np.full((n, len(RULES)), 1.0),
            measures=np.full((n, len(RULES)), 1.0),
            coverage=whole("coverage"),
            veto=np.array([each.veto for each in setups], dtype=np.bool_),
            strength=np.zeros(n),
            peers=np.zeros(n),
            cost_share=column("cost_share"),
            reward_net=np.full(n, 1.6),
            spread_pips=np.full(n, 1.2),
            atr=np.full(n, 0.001),
            atr_h1=np.full(n, 0.002),
            volatility=column("volatility"),
        )
        near = CandidateNews(
            np.array(news or [False] * n, dtype=np.bool_),
            [Blackout.HIGH if near else Blackout.NONE for near in news or [False] * n],
        )
        pairs = [INSTRUMENTS[symbol] for symbol in TEN_PAIRS]
        return rows_of(table, pairs, strategies_of(Profile.WIDE), near)

    return make
