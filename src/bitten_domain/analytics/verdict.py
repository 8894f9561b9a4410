"""The verdict: what a run says about its signals, in a sentence that claims no more than the intervals do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.analytics.day_bootstrap import LEAST_DAYS, LEAST_SAMPLES

if TYPE_CHECKING:
    from bitten_domain.analytics.day_bootstrap import Estimate
    from bitten_domain.analytics.performance import SignalPerformance

__all__ = ["verdict_of"]


def verdict_of(signals: SignalPerformance, *, is_synthetic: bool) -> str:
    """Say what was found.

    Args:
        signals: outcomes of all emitted signals.
        is_synthetic: whether the market was made up.
    """
    sentence = _finding(signals)
    if is_synthetic:
        return f"{sentence} The market is made up, so this says nothing about a real one."
    return sentence


def _finding(signals: SignalPerformance) -> str:
    net, gross = signals.net, signals.gross
    if net.value is None or net.low is None or net.high is None:
        return (
            f"Not enough data: {signals.ended:,} signals came to an end on {net.days} market days, "
            f"and nothing is said below {LEAST_SAMPLES} on {LEAST_DAYS} days."
        )
    sample = f"{signals.ended:,} signals on {net.days} market days"
    if net.high < 0.0:
        return f"No edge: after costs {sample} made {_figure(net)} each on average; {_before_costs(gross)}."
    if net.low > 0.0:
        return (
            f"After costs {sample} made {_figure(net)} each on average; {_before_costs(gross)}. "
            "It is one past sample, not a forecast."
        )
    return (
        f"No edge found: after costs {sample} made {_figure(net)} each on average, not told apart from zero; "
        f"{_before_costs(gross)}."
    )


def _before_costs(gross: Estimate) -> str:
    if gross.low is None or gross.high is None:
        return "before costs nothing can be said"
    if not gross.is_told_from_zero:
        return f"before costs {_figure(gross)}, not told apart from zero"
    return f"before costs {_figure(gross)}"


def _figure(estimate: Estimate) -> str:
    return f"{estimate.value:+.3f} R ({estimate.low:+.3f} to {estimate.high:+.3f})".replace("-", "\N{MINUS SIGN}")
