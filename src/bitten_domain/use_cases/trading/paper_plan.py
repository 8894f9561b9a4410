"""A paper run with the documented defaults, for whoever does not want to put one together part by part."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.desk.firing import DeskAccount
from bitten_domain.desk.step import DeskRules
from bitten_domain.errors import InvalidInput
from bitten_domain.execution import BrokerTerms, CostModel
from bitten_domain.market.news import EventCalendar
from bitten_domain.market.news_view import NewsCalendarView
from bitten_domain.risk.facts import PersonFacts
from bitten_domain.risk.policy import Mandate, RiskPolicy, UserLimits, allowed_fire_modes
from bitten_domain.risk.policy.limits import default_limits
from bitten_domain.risk.policy.tiers import TIER_LIMITS
from bitten_domain.strategies.profiles import Profile, strategies_of
from bitten_domain.tcs.rank_knots import RANK_SCALE
from bitten_domain.tcs.scan import Scanner
from bitten_domain.use_cases.trading.backtest import BacktestPlan
from bitten_domain.values import TEN_PAIRS, AccountId, Money, UserId
from bitten_domain.vocabulary import AccountStatus, FireMode, Rank, SystemMode, Tier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.strategies.strategy import Strategy

__all__ = ["paper_plan"]

_ACCOUNT = AccountId("paper-1")
_USER = UserId("you")
_THIRTY_DAYS = 30 * 86_400
_DEPOSIT = Money(Decimal(10_000), "USD")


def paper_plan(
    strategies: Sequence[Strategy] = (),
    *,
    deposit: Money = _DEPOSIT,
    tier: Tier = Tier.COMMANDER,
    auto: bool = False,
    limits: UserLimits | None = None,
    costs: CostModel | None = None,
    news: NewsCalendarView | None = None,
    start: int | None = None,
) -> BacktestPlan:
    """Put a paper run together: the ten pairs, the documented policies, one account.

    Args:
        strategies: those to run; empty runs the built-in ones in the wide profile.
        deposit: what the account starts with.
        tier: whose limits hold.
        auto: let a mandate fire, renewed every 30 days; otherwise every signal that may be fired is confirmed at once.
        limits: what the person allows themselves; None for the tier's defaults.
        costs: the cost table, which positions are sized with too; None for the documented one.
        news: the calendar; None for none, which covers nothing.
        start: trading begins, seconds since 1970 UTC; None begins with the first bar.

    Raises:
        InvalidInput: the tier does not include AUTO.
    """
    own = limits or default_limits(TIER_LIMITS[tier])
    return BacktestPlan(
        scanner=Scanner(TEN_PAIRS, tuple(strategies) or strategies_of(Profile.WIDE), RANK_SCALE),
        rules=DeskRules(RiskPolicy.for_backtest(), own.daily_loss_percent),
        desk=_automatic(tier, own, start or 0) if auto else _by_hand(tier, own),
        terms=BrokerTerms(costs=costs or CostModel()),
        deposit=deposit,
        news=news or NewsCalendarView(EventCalendar.empty()),
        start=start,
    )


def _by_hand(tier: Tier, limits: UserLimits) -> DeskAccount:
    # The lowest tiers know neither the mode nor SEMI; they get the most they may.
    rank, mode = Rank.AUTHORIZED, SystemMode.COMMANDER
    if not allowed_fire_modes(rank, tier, mode):
        mode = SystemMode.BIT
    trigger = FireMode.SEMI if FireMode.SEMI in allowed_fire_modes(rank, tier, mode) else FireMode.SINGLE
    return DeskAccount(_ACCOUNT, "paper", PersonFacts(_USER, AccountStatus.ACTIVE, rank, tier, mode, limits), trigger)


def _automatic(tier: Tier, limits: UserLimits, granted_at: int) -> DeskAccount:
    rank, mode = Rank.ELITE, SystemMode.TACTICAL
    if FireMode.AUTO not in allowed_fire_modes(rank, tier, mode):
        includes = [each.value for each in Tier if FireMode.AUTO in allowed_fire_modes(rank, each, mode)]
        raise InvalidInput(
            f"tier {tier.value} does not include AUTO", where="tier", remedy=f"choose {' or '.join(includes)}"
        )
    mandate = Mandate(
        account_id=_ACCOUNT,
        pairs=frozenset(TEN_PAIRS),
        least_score=Decimal(0),
        shots_a_day=TIER_LIMITS[tier].shots_a_day,
        risk_percent=limits.risk_percent,
        granted_at=granted_at,
        ends_at=granted_at + _THIRTY_DAYS,
    )
    person = PersonFacts(_USER, AccountStatus.ACTIVE, rank, tier, mode, limits)
    return DeskAccount(_ACCOUNT, "paper", person, FireMode.AUTO, mandate, renews_mandate=True)
