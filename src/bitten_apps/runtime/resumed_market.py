"""A market that goes on where a store's knowledge ends."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.use_cases.trading.backtest import live_moments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.desk.run.live_moments import LiveMoments
    from bitten_domain.desk.signal import Signal
    from bitten_domain.market.bars import Bars
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.use_cases.trading.backtest import BacktestPlan

__all__ = ["resumed_market"]


async def resumed_market(
    bars: Mapping[str, Bars], plan: BacktestPlan, store: UnitOfWork, known: int | None
) -> LiveMoments:
    """Get ready to show a market, with the signals followed that have not come to their end.

    Args:
        bars: M15 bars by symbol, those before the start included.
        plan: what is traded.
        store: what was decided before.
        known: the last moment the store knows, which comes again, since a crash may have left its signals emitted and
            not yet fired; None begins with the plan's start.
    """
    if known is not None:
        plan = replace(plan, start=max(plan.start or 0, known))
    moments = live_moments(bars, plan)
    after = (plan.start or 0) + 1
    moments.resume(await store.read(lambda repositories: _open_ideas(repositories, after)))
    return moments


def _open_ideas(repositories: Repositories, before: int) -> tuple[Signal, ...]:
    return tuple(
        signal
        for signal_id in repositories.outcomes.missing(before)
        if (signal := repositories.signals.get(signal_id)) is not None
    )
