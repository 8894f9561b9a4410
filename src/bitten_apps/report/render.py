"""Rendering: a summary and its run as a page that needs nothing but itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bitten_apps.report import figures
from bitten_apps.report.charts.account import account_chart
from bitten_apps.report.charts.multiples import cumulative_multiples
from bitten_apps.report.charts.scores import score_chart
from bitten_apps.report.charts.supply import supply_chart, threshold_chart
from bitten_apps.report.charts.whiskers import scale_over
from bitten_apps.report.plain_words import FATES, SUPPRESSED
from bitten_apps.report.worst_trades import worst_trades
from bitten_domain.analytics.cost_line import COST_LINE_METHOD
from bitten_domain.analytics.day_bootstrap import LEAST_DAYS, LEAST_SAMPLES, LEVEL
from bitten_domain.analytics.equity_curve import RATIO_METHOD

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_domain.analytics.grouping import GroupTable
    from bitten_domain.use_cases.trading.backtest import Backtest
    from bitten_domain.use_cases.trading.summary import BacktestSummary

__all__ = ["render_report"]

_WIDE, _NARROW = 1000, 360
_FIGURES = (
    "count", "day", "estimate_r", "estimate_share", "factor", "held", "moment", "money", "percent", "points", "r",
    "share", "title_of",
)  # fmt: skip


def render_report(summary: BacktestSummary, backtest: Backtest) -> str:
    """Write the report.

    Args:
        summary: the run in figures.
        backtest: the run itself, for what is drawn.

    Returns:
        A whole HTML page with its style and charts inside; it fetches nothing and needs no script.
    """
    parts = (summary.whole, *summary.parts)
    lines = [line for part in parts for table in part.idea_groups for line in table.lines]
    ideas_scale = scale_over(each for line in lines for each in (line.net, line.gross))
    trades_scale = scale_over(
        [
            *(line.net for table in summary.whole.trade_groups for line in table.lines),
            *(line.expectancy for line in summary.whole.cost_lines),
        ]
    )
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            summary=summary,
            whole=summary.whole,
            parts=summary.parts,
            ideas=_by_trait(summary.whole.idea_groups),
            trades=_by_trait(summary.whole.trade_groups),
            account=_both(partial(account_chart, summary, backtest)),
            supply=_both(partial(supply_chart, summary)),
            threshold=_both(partial(threshold_chart, summary, backtest)),
            scores=_both(partial(score_chart, summary, backtest)),
            pairs=cumulative_multiples(backtest, "pair"),
            strategies=cumulative_multiples(backtest, "strategy"),
            worst=worst_trades(backtest),
            ideas_scale=ideas_scale,
            trades_scale=trades_scale,
            suppressed=SUPPRESSED,
            fates=FATES,
            ratio_method=RATIO_METHOD,
            cost_line_method=COST_LINE_METHOD,
            level=f"{LEVEL:.0%}".replace("%", " %"),
            least_samples=LEAST_SAMPLES,
            least_days=LEAST_DAYS,
        )
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bitten_apps.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {name: getattr(figures, name) for name in _FIGURES}
    # The charts escape what they write; marking them is what keeps the page from escaping them again.
    environment.filters["drawn"] = Markup
    return environment


def _both(draw: Callable[[int], str]) -> Markup:
    """Draw a chart for wide screens and for phones; the page's style shows one of them."""
    wide, narrow = draw(_WIDE), draw(_NARROW)
    return Markup(f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>')  # noqa: S704 - drawn, escaped there


def _by_trait(tables: tuple[GroupTable, ...]) -> dict[str, GroupTable]:
    return {table.by: table for table in tables}
