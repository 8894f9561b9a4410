"""``bitten backtest``: recorded bars through the whole chain, on paper."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE
from bitten_apps.cli.run_options import add_data_options, add_strategy_options, as_date, as_money, period_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Sequence

    from bitten_domain.desk.run.desk_run import DeskRun, Happening, Moment

__all__ = ["register"]

_TIERS = ("NONE", "PRESS_PASS", "NIBBLER", "FANG", "COMMANDER", "APEX")
_EVERY = 64


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``backtest``; it sets ``run``: parsed arguments in, exit code out."""
    parser = subparsers.add_parser(
        "backtest",
        help="run recorded bars through the whole chain on a paper account",
        description="Run recorded bars through scan, score, gate, checks, fills and journal. All costs are charged.",
    )
    add_data_options(parser)
    period = parser.add_argument_group("period")
    period.add_argument("--from", dest="first", type=as_date, metavar="DATE", help="first trading day, YYYY-MM-DD")
    period.add_argument("--to", dest="last", type=as_date, metavar="DATE", help="last trading day, part of the run")
    add_strategy_options(parser)
    account = parser.add_argument_group("account")
    account.add_argument("--account", type=as_money, metavar="USD", help="deposit (default 10000)")
    account.add_argument("--tier", type=str.upper, choices=_TIERS, help="whose limits hold (default COMMANDER)")
    account.add_argument(
        "--fire",
        choices=("confirm", "auto"),
        help="confirm: every signal that may be fired is confirmed at once (default); auto: a mandate fires",
    )
    account.add_argument("--costs", choices=("1", "1.5", "2", "off"), default="1", help="factor on every cost, or none")
    account.add_argument("--swaps", type=Path, metavar="FILE", help="CSV of date, pair, long_pips, short_pips")
    output = parser.add_argument_group("output")
    output.add_argument("--report", type=Path, metavar="FILE", help="write the report, a self-contained HTML page")
    output.add_argument("--json", action="store_true", help="print one JSON document instead of tables")
    parser.set_defaults(run=_backtest)


def _backtest(arguments: argparse.Namespace) -> int:
    from bitten_apps.cli.runs.market_data import load_market, load_news
    from bitten_apps.cli.runs.report_file import checked_report_path
    from bitten_apps.cli.runs.run_plan import RunChoices, plan_of
    from bitten_apps.cli.runs.run_results import tell_run
    from bitten_apps.container import Container
    from bitten_domain.use_cases.trading.backtest import run_backtest
    from bitten_domain.use_cases.trading.summary import STUDY_SPLIT_AT, RunFacts

    report = checked_report_path(arguments.report)
    clock = Container.clock()
    began = clock.monotonic_seconds()
    period = period_of(arguments.first, arguments.last)
    choices = RunChoices(
        account=arguments.account,
        tier=arguments.tier,
        fire=arguments.fire,
        profile=arguments.profile,
        strategies=arguments.strategy or (),
        costs=arguments.costs,
        swaps=arguments.swaps,
    )
    news, news_notes = load_news(arguments)
    # The plan is made before the bars are read too, so that a slip in an option is told at once.
    plan_of(choices, news, 0)
    market = load_market(arguments, period)
    first = min(int(bars.opened[0]) for bars in market.bars.values())
    last = max(int(bars.closed[-1]) for bars in market.bars.values())
    plan = plan_of(choices, news, period.start)
    start = first if period.start is None else period.start
    with _Progress(start, last) as progress:
        run = run_backtest(market.bars, plan, progress.watch)
    facts = RunFacts(
        seconds=clock.monotonic_seconds() - began,
        source=market.source,
        profile=_profile(arguments),
        qualities=market.qualities,
        split_at=STUDY_SPLIT_AT if start < STUDY_SPLIT_AT < last else None,
    )
    notes = (*market.notes, *news_notes, *_missing_rates(market.bars, plan.deposit.currency))
    tell_run(run, plan, facts, report, notes=notes, as_json=arguments.json)
    return DONE


def _missing_rates(pairs: Iterable[str], currency: str) -> tuple[str, ...]:
    """Name the currencies that nothing in the run converts: trades that need them can be neither sized nor valued."""
    known = {frozenset((pair[:3], pair[3:])) for pair in pairs}
    legs = {leg for pair in known for leg in pair} - {currency}
    missing = sorted(leg for leg in legs if frozenset((leg, currency)) not in known)
    if not missing:
        return ()
    consequence = "orders that need it are refused and signals that need it have no net result"
    return (f"no pair of the run converts {', '.join(missing)} to {currency}: {consequence}; add the pairs that do",)


def _profile(arguments: argparse.Namespace) -> str:
    from bitten_apps.container import Container

    profile = arguments.profile or Container.settings().profile
    return f"{profile}: {', '.join(arguments.strategy)}" if arguments.strategy else str(profile)


class _Progress:
    """A bar on standard error while the market's time goes by; nothing where no terminal is."""

    def __init__(self, start: int, last: int) -> None:
        self._start, self._last = start, last
        self._advance: Callable[[int], None] | None = None
        self._count = 0
        self._close: Callable[[], None] | None = None

    def __enter__(self) -> _Progress:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

            progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=None),
                TextColumn("{task.percentage:>3.0f} %"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            task = progress.add_task("scanning", total=max(1, self._last - self._start))
            progress.start()

            def advance(at: int) -> None:
                progress.update(task, completed=at - self._start, description=_day(at))

            self._advance, self._close = advance, progress.stop
        return self

    def __exit__(self, *_: object) -> None:
        if self._close is not None:
            self._close()

    def watch(self, moment: Moment, _: Sequence[Happening], __: DeskRun) -> None:
        """Move the bar on, every so many moments."""
        self._count += 1
        if self._advance is not None and self._count % _EVERY == 0:
            self._advance(moment.at)


def _day(at: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at, tz=UTC).strftime("%Y-%m-%d")
