"""What a plan is worth in R when everything goes right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.vocabulary import PlanKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["plan_reward"]


def plan_reward(plan: PlanKind, target_r: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weigh a plan's parts by the R they end at, before costs.

    Args:
        plan: how the trade is managed.
        target_r: shape (n,), distance of the target over that of the stop.
    """
    if plan is PlanKind.PARTIAL:
        return 0.5 * 1.5 + 0.5 * target_r
    if plan is PlanKind.RUNNER:
        return 0.75 * 1.5 + 0.25 * target_r
    return target_r
