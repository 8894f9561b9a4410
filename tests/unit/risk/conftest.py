"""An order that no rule of risk minds, sized by hand; the tests change one fact at a time.

10 000 USD at 1 % are a unit of 100. EURUSD 1.10000 to 1.10012, stop 1.09800: 21.2 pips and 0.7 of slippage at 10 USD
and 7 USD of commission lose 226 a lot, so 0.44 lots lose 99.44 and bind 44 000 x 1.10012 / 30 = 1613.51. The day's cap
is 4 % of 10 000. Sold, with a stop at 1.10200: 20.7 pips, 214 a lot, 0.46 lots, 98.44.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

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
from bitten_domain.values import INSTRUMENTS, AccountId, Direction, SignalId, UserId
from bitten_domain.vocabulary import AccountStatus, FireMode, Rank, SystemMode, Tier

# Wednesday 2025-06-04 14:00 UTC, 10:00 in New York; its trading day is 20243.
WEDNESDAY = 1_749_045_600


@pytest.fixture(scope="session")
def order() -> FireRequest:
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
def facts() -> RiskFacts:
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
            rank=Rank.ELITE,
            tier=Tier.COMMANDER,
            mode=SystemMode.TACTICAL,
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
