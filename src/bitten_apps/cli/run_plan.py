"""From a command's options to the plan of a run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_apps.cli.command_parser import nearest
from bitten_apps.container import Container
from bitten_domain.desk.firing import DeskAccount
from bitten_domain.desk.step import DeskRules
from bitten_domain.errors import InvalidInput
from bitten_domain.execution import BrokerTerms, CostModel
from bitten_domain.execution.costs import ALL_COSTS
from bitten_domain.risk.facts import PersonFacts
from bitten_domain.risk.policy import CostPolicy, Mandate, RiskPolicy, UserLimits, allowed_fire_modes
from bitten_domain.risk.policy.tiers import TIER_LIMITS
from bitten_domain.strategies.profiles import Profile, strategies_of
from bitten_domain.tcs.rank_knots import RANK_SCALE
from bitten_domain.tcs.scan import Scanner
from bitten_domain.use_cases.trading.backtest import BacktestPlan
from bitten_domain.values import TEN_PAIRS, AccountId, Money, UserId
from bitten_domain.vocabulary import AccountStatus, FireMode, Rank, SystemMode, Tier

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bitten_domain.market.news_view import NewsCalendarView
    from bitten_domain.strategies.strategy import Strategy

__all__ = ["COST_CHOICES", "RunChoices", "fire_policy_in_words", "plan_of"]

COST_CHOICES = ("1", "1.5", "2", "off")
"""What ``--costs`` may be: a factor on every cost, or none at all."""

_ACCOUNT = AccountId("paper-1")
_USER = UserId("you")
_THIRTY_DAYS = 30 * 86_400


@dataclass(frozen=True, slots=True)
class RunChoices:
    """What somebody chose for a run; None takes the settings'.

    Args:
        account: deposit, USD.
        tier: name of the tier whose limits hold.
        fire: ``confirm`` or ``auto``.
        profile: name of the parameter set.
        strategies: names of those to run; empty runs the built-in ones.
        costs: one of `COST_CHOICES`.
        swaps: table of swaps.
    """

    account: Decimal | None = None
    tier: str | None = None
    fire: str | None = None
    profile: str | None = None
    strategies: Sequence[str] = ()
    costs: str = "1"
    swaps: Path | None = None


def plan_of(choices: RunChoices, news: NewsCalendarView, start: int | None, first: int) -> BacktestPlan:
    """Put a run together.

    Args:
        choices: what was chosen.
        news: the calendar.
        start: trading begins; None begins with the first bar.
        first: opening time of the first bar, for the mandate's date; both in seconds since 1970 UTC.

    Raises:
        InvalidInput: a strategy is not known, or the tier does not include the fire mode.
    """
    settings = Container.settings()
    tier = Tier[choices.tier or settings.tier]
    limits = _limits(tier)
    costs = _costs(choices.costs)
    swaps = choices.swaps or settings.swaps
    terms = BrokerTerms(costs=costs if swaps is None else replace(costs, swaps=Container.swap_table(swaps)))
    return BacktestPlan(
        scanner=Scanner(TEN_PAIRS, _strategies(choices), RANK_SCALE),
        rules=DeskRules(replace(RiskPolicy.for_backtest(), costs=_sized_with(costs)), limits.daily_loss_percent),
        desk=_desk(tier, choices.fire or settings.fire, limits, first if start is None else start),
        terms=terms,
        deposit=Money(choices.account or settings.account, "USD"),
        news=news,
        start=start,
    )


def fire_policy_in_words(plan: BacktestPlan) -> str:
    """Say who fires in a run, which its results must not hide."""
    person, mode = plan.desk.person, plan.desk.fire_mode
    who = f"rank {person.rank.value}, tier {person.tier.value}, mode {person.mode.value}"
    if mode is FireMode.AUTO:
        return f"AUTO: a mandate fires every signal it may, renewed every 30 days ({who})"
    return f"{mode.value}: every signal that may be fired is confirmed at once ({who})"


def _strategies(choices: RunChoices) -> tuple[Strategy, ...]:
    settings = Container.settings()
    built_in = strategies_of(Profile(choices.profile or settings.profile))
    if not choices.strategies:
        return built_in
    by_name = {strategy.name: strategy for strategy in built_in}
    offered = [name for name in Container.strategy_names() if name not in by_name]
    chosen: list[Strategy] = []
    for name in dict.fromkeys(choices.strategies):
        if name in by_name:
            chosen.append(by_name[name])
        elif name in offered:
            chosen.append(Container.load_strategy(name))
        else:
            known = [*by_name, *offered]
            raise InvalidInput(
                f"there is no strategy {name!r}{nearest(name, known)}",
                where="--strategy",
                remedy=f"known: {', '.join(known)}",
            )
    return tuple(chosen)


def _limits(tier: Tier) -> UserLimits:
    settings, table = Container.settings(), TIER_LIMITS[tier]
    return UserLimits(
        min(settings.risk_percent or table.default_risk_percent, table.max_risk_percent),
        min(settings.daily_loss_percent or table.default_daily_loss_percent, table.max_daily_loss_percent),
        settings.max_positions,
    )


def _costs(choice: str) -> CostModel:
    return CostModel().without(*ALL_COSTS) if choice == "off" else CostModel(factor=Decimal(choice))


def _sized_with(costs: CostModel) -> CostPolicy:
    """Size with what the run charges, so that a stop costs what the risk says."""
    if not costs.charged:
        nothing = Decimal(0)
        return CostPolicy(entry_slippage_pips=nothing, stop_slippage_pips=nothing, commission_per_lot=nothing)
    return CostPolicy(
        entry_slippage_pips=costs.market_slippage_pips * costs.factor,
        stop_slippage_pips=costs.stop_slippage_pips * costs.factor,
        high_window_factor=costs.high_slippage_multiple,
        commission_per_lot=costs.commission_per_lot.amount * costs.factor,
        commission_currency=costs.commission_per_lot.currency,
    )


def _desk(tier: Tier, fire: str, limits: UserLimits, granted_at: int) -> DeskAccount:
    if fire == "auto":
        rank, mode, trigger = Rank.ELITE, SystemMode.TACTICAL, FireMode.AUTO
        if trigger not in allowed_fire_modes(rank, tier, mode):
            includes = [each.value for each in Tier if trigger in allowed_fire_modes(rank, each, mode)]
            raise InvalidInput(
                f"tier {tier.value} does not include AUTO", where="--fire", remedy=f"--tier {' or '.join(includes)}"
            )
    else:
        rank = Rank.AUTHORIZED
        # The lowest tiers know neither the mode nor SEMI; they get the most they may.
        mode = SystemMode.COMMANDER if allowed_fire_modes(rank, tier, SystemMode.COMMANDER) else SystemMode.BIT
        trigger = FireMode.SEMI if FireMode.SEMI in allowed_fire_modes(rank, tier, mode) else FireMode.SINGLE
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
    if trigger is FireMode.AUTO:
        return DeskAccount(_ACCOUNT, "paper", person, trigger, mandate, renews_mandate=True)
    return DeskAccount(_ACCOUNT, "paper", person, trigger)
