"""A run's results for a person at a terminal, or as JSON for a program."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bitten_apps.cli.runs.report_file import write_report
from bitten_apps.cli.runs.run_plan import fire_policy_in_words
from bitten_apps.container import Container
from bitten_domain.use_cases.trading.summary import day_draws, summarise
from bitten_domain.use_cases.trading.summary_json import to_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bitten_domain.analytics.day_bootstrap import Estimate
    from bitten_domain.analytics.grouping import GroupTable
    from bitten_domain.use_cases.trading.backtest import Backtest, BacktestPlan
    from bitten_domain.use_cases.trading.summary import BacktestSummary, RunFacts

__all__ = ["tell_run"]

_DRAW_SEED = 1
_NARROW = 80
_WIDE = 110
_REFUSALS_SHOWN = 6


def tell_run(
    run: Backtest,
    plan: BacktestPlan,
    facts: RunFacts,
    report: Path | None,
    *,
    notes: Sequence[str] = (),
    as_json: bool = False,
) -> None:
    """Write the report and print the results.

    Args:
        run: the run.
        plan: what was run.
        facts: what else is known of it.
        report: where the report goes; None for none.
        notes: what a reader should know beyond the labels.
        as_json: print one JSON document, and everything else on standard error.
    """
    summary = summarise(run, plan, facts, day_draws(Container.dice(_DRAW_SEED), run))
    written = None if report is None else write_report(report, summary, run)
    if as_json:
        print(to_json(summary))
        for note in notes:
            print(f"note: {note}", file=sys.stderr)
        if written is not None:
            print(f"report: {written}", file=sys.stderr)
        return
    console = Console(highlight=False, soft_wrap=False)
    console.width = min(max(console.width, _NARROW), _WIDE)
    _print_head(console, summary, plan, notes)
    _print_figures(console, summary)
    for table in summary.whole.idea_groups:
        if table.by in {"band", "strategy", "cost share"}:
            _print_groups(console, table)
    _print_refusals(console, summary)
    if written is not None:
        console.print(Text("report   ", style="dim").append(str(written), style="default"), soft_wrap=True)
    else:
        console.print("--report FILE writes the whole of it as a page, --json as data", style="dim")
    console.print(f"journal  {summary.journal_digest}", style="dim", soft_wrap=True)


def _print_head(console: Console, summary: BacktestSummary, plan: BacktestPlan, notes: Sequence[str]) -> None:
    labels = Text()
    for label in summary.labels:
        labels.append(f"[{label}] ", style="yellow")
    console.print(labels)
    days = f"{_day(summary.whole.first_day)} to {_day(summary.whole.last_day)}"
    console.print(
        f"{summary.facts.source}: {len(summary.pairs)} pairs, {summary.bars:,} M15 bars (warm-up included), "
        f"{summary.whole.market_days} market days, {days}"
    )
    console.print(f"{fire_policy_in_words(plan)}; profile {summary.facts.profile}", style="dim")
    for note in notes:
        console.print(f"note: {note}", style="yellow")
    console.print()
    console.print(Text(summary.verdict, style="bold"))


def _print_figures(console: Console, summary: BacktestSummary) -> None:
    whole = summary.whole
    supply, threshold, account, trades = whole.supply, whole.threshold, whole.account, whole.trades
    costs = summary.costs
    signals = (
        f"{_number(supply.per_day, 1)} a market day (target {supply.target}), at most {supply.most_in_a_day}; "
        f"{_share(supply.share_5day_means_in_band)} of 5-day means within 15 %"
    )
    moved = (
        f"from {threshold.start:.2f}, within {threshold.least:.2f} and {threshold.most:.2f}; "
        f"{_share(threshold.share_at_bounds)} of {threshold.decisions} decisions at a bound"
    )
    refused = f"{summary.refused:,} fires refused, {summary.open_trades} still open, {trades.ambiguous} ambiguous bars"
    paid = (
        f"spread {costs.spread:,.0f}, slippage {costs.slippage:,.0f}, commission {costs.commission:,.0f}, "
        f"swap {costs.swap_paid:,.0f}"
    )
    rows = [
        ("signals", f"{whole.signals:,}", signals),
        ("threshold", f"{threshold.end:.2f}", moved),
        ("trades", f"{trades.count:,}", refused),
        ("expectancy", _r(trades.expectancy.value), f"net R a trade, 95 % {_interval(trades.expectancy)}"),
        (
            "win rate",
            _share(trades.win_rate.value),
            f"profit factor {_factor(trades.profit_factor)}, payoff {_number(trades.payoff, 2)}",
        ),
        (
            "equity",
            f"{account.end:,.2f}",
            f"{summary.currency}, from {account.start:,.2f}; largest fall {account.drawdown_percent:.1f} %",
        ),
        ("costs", f"{costs.total:,.2f}", paid),
    ]
    for part in summary.parts:
        interval, days = _interval(part.ideas.net), f"{_day(part.first_day)} to {_day(part.last_day)}"
        per_day = f"{_number(part.supply.per_day, 1)} signals a market day"
        rows.append((part.name, _r(part.ideas.net.value), f"net R a signal, 95 % {interval}; {days}, {per_day}"))
    rows.append(("time", f"{summary.facts.seconds:.1f} s", "wall time, reading included"))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(style="dim")
    for row in rows:
        table.add_row(*row)
    console.print()
    console.print(table)


def _print_groups(console: Console, groups: GroupTable) -> None:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), title_justify="left", title_style="dim", header_style="dim")
    table.add_column(f"all signals by {groups.by}", min_width=26)
    table.add_column("ended", justify="right")
    table.add_column("won", justify="right")
    table.add_column("net R", justify="right")
    table.add_column("95 %", justify="right", style="dim")
    for line in groups.lines:
        table.add_row(line.name, f"{line.count:,}", _share(line.win_rate), _r(line.net.value), _interval(line.net))
    console.print(table)


def _print_refusals(console: Console, summary: BacktestSummary) -> None:
    lines = [line for line in summary.refusals if line.first][:_REFUSALS_SHOWN]
    if not lines:
        return
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), header_style="dim")
    table.add_column("fires refused, first rule", no_wrap=True, min_width=26)
    table.add_column("times", justify="right")
    table.add_column("what to do, for instance", style="dim")
    for line in lines:
        table.add_row(line.code.value, f"{line.first:,}", line.remedy)
    console.print(table)


def _day(number: int | None) -> str:
    return "-" if number is None else str(np.datetime64(number, "D"))


def _number(value: float | None, decimals: int) -> str:
    return "-" if value is None else f"{value:,.{decimals}f}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{100.0 * value:.0f} %"


def _r(value: float | None) -> str:
    return "-" if value is None else f"{value:+.3f}"


def _factor(value: float | None) -> str:
    return "-" if value is None else "infinite" if np.isinf(value) else f"{value:.2f}"


def _interval(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return "too few"
    return f"[{estimate.low:+.3f}, {estimate.high:+.3f}]"
