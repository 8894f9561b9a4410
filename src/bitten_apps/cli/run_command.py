"""``bitten run``: the trading operations centre on paper, with its state in a store, resumed where it was."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE, PROBLEMS
from bitten_apps.cli.run_options import (
    add_data_options,
    add_strategy_options,
    as_count,
    as_date,
    as_money,
    as_seed,
    period_of,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from bitten_apps.cli.runs.run_plan import RunChoices
    from bitten_apps.runtime.centre import CentreCounts
    from bitten_domain.desk.run.desk_run import Moment
    from bitten_domain.market.bars import Bars
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.record.inputs.configuration import RunConfiguration
    from bitten_domain.use_cases.trading.backtest import BacktestPlan
    from bitten_domain.use_cases.trading.trade_moment import MomentTraded

__all__ = ["register"]

_TIERS = ("NONE", "PRESS_PASS", "NIBBLER", "FANG", "COMMANDER", "APEX")
_DAYS = 5
_MOST_DAYS = 60

_DESCRIPTION = """\
Take a market through the whole desk, on a paper account whose state lives in a store: every order is written down
before it leaves, every decision is in a journal that shows any change, and a run that was stopped or killed goes on
where it was. Without --data the market is synthetic. Everything is PAPER.
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``run``; it sets ``run``: parsed arguments in, exit code out."""
    parser = subparsers.add_parser(
        "run", help="run the trading centre on paper, with its state in a store", description=_DESCRIPTION
    )
    add_data_options(parser)
    market = parser.add_argument_group("market")
    market.add_argument("--from", dest="first", type=as_date, metavar="DATE", help="first trading day, YYYY-MM-DD")
    market.add_argument("--to", dest="last", type=as_date, metavar="DATE", help="last trading day, part of the run")
    market.add_argument("--seed", type=as_seed, metavar="N", help="of the synthetic market")
    market.add_argument(
        "--days",
        type=lambda text: as_count(text, 1, _MOST_DAYS),
        default=_DAYS,
        metavar="N",
        help=f"market days of the synthetic market (default {_DAYS}, at most {_MOST_DAYS})",
    )
    market.add_argument(
        "--speed",
        type=lambda text: as_count(text, 0, 1_000_000),
        default=0,
        metavar="X",
        help="seconds of the market in one of yours; 1 is live pace, 0 as fast as it goes (default)",
    )
    add_strategy_options(parser)
    account = parser.add_argument_group("account")
    account.add_argument("--account", type=as_money, metavar="USD", help="deposit of a new account (default 10000)")
    account.add_argument("--tier", type=str.upper, choices=_TIERS, help="whose limits hold (default COMMANDER)")
    account.add_argument(
        "--fire",
        choices=("confirm", "auto"),
        help="confirm: every signal that may be fired is confirmed at once (default); auto: a mandate fires",
    )
    account.add_argument(
        "--brief",
        action="store_true",
        help="confirm each day's briefing and limits as it begins; a day without counts for no points",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document at the end, and nothing else")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    import asyncio

    from bitten_apps.cli.runs.run_plan import RunChoices, configuration_of

    choices = RunChoices(
        account=arguments.account,
        tier=arguments.tier,
        fire=arguments.fire,
        profile=arguments.profile,
        strategies=arguments.strategy or (),
    )
    bars, plan = _market(arguments, choices)
    return asyncio.run(_traded(arguments, bars, plan, configuration_of(choices)))


def _market(arguments: argparse.Namespace, choices: RunChoices) -> tuple[Mapping[str, Bars], BacktestPlan]:
    from bitten_apps.cli.runs.demo_run import made_market
    from bitten_apps.cli.runs.market_data import load_market, load_news
    from bitten_apps.cli.runs.run_plan import plan_of
    from bitten_apps.container import Container

    settings = Container.settings()
    if arguments.data is None and settings.data is None:
        seed = settings.seed if arguments.seed is None else arguments.seed
        made = made_market(seed, arguments.days)
        return made.bars, plan_of(choices, made.news, made.start)
    period = period_of(arguments.first, arguments.last)
    news, _ = load_news(arguments)
    plan_of(choices, news, 0)
    market = load_market(arguments, period)
    first = min(int(bars.opened[0]) for bars in market.bars.values())
    return market.bars, plan_of(choices, news, first if period.start is None else period.start)


async def _traded(
    arguments: argparse.Namespace, bars: Mapping[str, Bars], plan: BacktestPlan, configuration: RunConfiguration
) -> int:
    from functools import partial

    from bitten_apps.cli.runs.centre_run import Pace, Place, Recording, Watching, opened_centre, privacy_duties
    from bitten_apps.cli.runs.member_run import member_jobs
    from bitten_apps.container import Container
    from bitten_apps.store import inputs_folder, store_name

    settings, quiet = Container.settings(), arguments.json
    problems: list[str] = []

    def crashed(name: str, error: Exception) -> None:
        problems.append(f"{name}: {error}")
        print(f"bitten run: the loop {name} failed and is tried again: {error}", file=sys.stderr)

    def told(problem: str) -> None:
        problems.append(problem)
        print(f"bitten run: the payment gateway told what cannot be used: {problem}", file=sys.stderr)

    store = Container.unit_of_work()
    notifier = Container.console_notifier(_Silence() if quiet else sys.stdout)
    pace = Pace(float(arguments.speed), arguments.brief)
    place = Place(store, settings.home, Container.centre_signer(), notifier)
    recording = Recording(partial(Container.input_log, inputs_folder(settings)), configuration)
    watching = Watching(crashed, _nothing)
    jobs = member_jobs(store, settings, told)
    duties = privacy_duties(store, plan.desk.person.user_id, settings)
    centre, known, tape = await opened_centre(place, bars, plan, pace, watching, recording, jobs, duties)
    if not quiet:
        went_on = "" if known is None else f", going on after {_day(known)}"
        print(f"PAPER account {plan.desk.account_id}, store {store_name(settings)}{went_on}. Ctrl-C stops it.")
    await _tell_person(store, plan, int(Container.clock().now().timestamp()) if known is None else known)
    finished = await centre.run()
    if tape is not None:
        tape.close()
    result = await _result(store, plan, centre.counts, finished)
    print(json.dumps(result, indent=1) if quiet else _in_words(result))
    store.close()
    return DONE if finished and not problems else PROBLEMS


async def _tell_person(store: UnitOfWork, plan: BacktestPlan, at: int) -> None:
    """Say where the person the store knows differs from what this run was asked for: the person's is what holds."""
    from bitten_domain.use_cases.membership.tier_at import tier_at

    asked = plan.desk.person

    def read(repositories: Repositories) -> tuple[str, str] | None:
        person = repositories.people.get(asked.user_id)
        return None if person is None else (person.rank.value, tier_at(repositories, person, at).value)

    found = await store.read(read)
    if found is not None and found != (asked.rank.value, asked.tier.value):
        print(
            f"bitten run: {asked.user_id} is known as rank {found[0]}, tier {found[1]}, and not as rank "
            f"{asked.rank.value}, tier {asked.tier.value}: what is known decides (`bitten admin rank` and `tier` "
            "change it)",
            file=sys.stderr,
        )


class _Silence:
    """A stream nobody reads."""

    def write(self, text: str) -> int:
        """Take text and drop it."""
        return len(text)

    def flush(self) -> None:
        """Do nothing."""


def _nothing(moment: Moment, traded: MomentTraded) -> None:
    """Look on."""


def _day(at: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at, tz=UTC).strftime("%Y-%m-%d %H:%M UTC")


async def _result(store: UnitOfWork, plan: BacktestPlan, counts: CentreCounts, finished: bool) -> dict[str, object]:
    account_id = plan.desk.account_id

    def read(repositories: Repositories) -> dict[str, object]:
        account = repositories.accounts.get(account_id)
        heads = repositories.journal.heads()
        return {
            "account": account_id,
            "balance": None if account is None else str(account.balance.amount),
            "standing": None if account is None else account.standing.value,
            "open_positions": len(repositories.positions.open(account_id)),
            "journal": {head.stream: {"rows": head.rows, "head": head.head.hex()} for head in heads},
        }

    told = await store.read(read)
    return {
        "label": "PAPER",
        "finished": finished,
        "moments": counts.moments,
        "signals": counts.signals,
        "fired": counts.fired,
        "refused": counts.refused,
        "last_at": counts.last_at,
        **told,
    }


def _in_words(result: dict[str, object]) -> str:
    return (
        f"PAPER  {result['moments']} moments, {result['signals']} signals, {result['fired']} fired, "
        f"{result['refused']} refused; balance {result['balance']}, {result['open_positions']} open positions"
    )
