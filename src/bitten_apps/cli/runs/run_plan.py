"""From a command's options to the plan of a run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_apps.cli.command_parser import nearest
from bitten_apps.container import Container
from bitten_domain.errors import InvalidInput
from bitten_domain.execution import CostModel
from bitten_domain.execution.costs import ALL_COSTS
from bitten_domain.record.inputs.configuration import RunConfiguration
from bitten_domain.risk.policy import UserLimits
from bitten_domain.risk.policy.tiers import TIER_LIMITS
from bitten_domain.strategies.profiles import Profile, strategies_of
from bitten_domain.use_cases.trading.paper_plan import paper_plan
from bitten_domain.values import Money
from bitten_domain.vocabulary import FireMode, Tier

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bitten_domain.execution import SwapTable
    from bitten_domain.market.news_view import NewsCalendarView
    from bitten_domain.strategies.strategy import Strategy
    from bitten_domain.use_cases.trading.backtest import BacktestPlan

__all__ = ["COST_CHOICES", "RunChoices", "configuration_of", "fire_policy_in_words", "plan_from", "plan_of"]

COST_CHOICES = ("1", "1.5", "2", "off")
"""What ``--costs`` may be: a factor on every cost, or none at all."""


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


def configuration_of(choices: RunChoices) -> RunConfiguration:
    """Complete what was chosen with the settings, as far as it does not lie in files; see `plan_from`."""
    settings = Container.settings()
    tier = Tier[choices.tier or settings.tier]
    limits = _limits(tier)
    return RunConfiguration(
        deposit=choices.account or settings.account,
        tier=tier.name,
        fire=choices.fire or settings.fire,
        profile=choices.profile or settings.profile,
        strategies=tuple(choices.strategies),
        risk_percent=limits.risk_percent,
        daily_loss_percent=limits.daily_loss_percent,
        max_positions=limits.max_positions,
        costs=choices.costs,
    )


def plan_of(choices: RunChoices, news: NewsCalendarView, start: int | None) -> BacktestPlan:
    """Put a run together.

    Args:
        choices: what was chosen.
        news: the calendar.
        start: trading begins, seconds since 1970 UTC; None begins with the first bar.

    Raises:
        InvalidInput: a strategy is not known, or the tier does not include the fire mode.
    """
    swaps = choices.swaps or Container.settings().swaps
    table = None if swaps is None else Container.swap_table(swaps)
    return plan_from(configuration_of(choices), news, table, start)


def plan_from(
    configuration: RunConfiguration, news: NewsCalendarView, swaps: SwapTable | None, start: int | None
) -> BacktestPlan:
    """Put a run together from its configuration, by this program's rules.

    Args:
        configuration: what was chosen.
        news, swaps: the calendar, and the table of swaps it names, or None.
        start: as for `plan_of`.

    Raises:
        InvalidInput: as `plan_of`.
    """
    costs = _costs(configuration.costs)
    return paper_plan(
        _strategies(configuration),
        deposit=Money(configuration.deposit, "USD"),
        tier=Tier[configuration.tier],
        auto=configuration.fire == "auto",
        limits=UserLimits(configuration.risk_percent, configuration.daily_loss_percent, configuration.max_positions),
        costs=costs if swaps is None else replace(costs, swaps=swaps),
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


def _strategies(choices: RunConfiguration) -> tuple[Strategy, ...]:
    built_in = strategies_of(Profile(choices.profile))
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
