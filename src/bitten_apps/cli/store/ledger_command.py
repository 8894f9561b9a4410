"""``bitten ledger``: what every signal came to, fired or not, and what each rule saved or cost."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE
from bitten_apps.cli.run_options import as_date

if TYPE_CHECKING:
    import argparse

    from bitten_domain.analytics.counterfactual import CounterfactualLedger
    from bitten_domain.values import AccountId

__all__ = ["register"]

_DRAW_SEED = 1
_DAY = 86_400
# The last second a database can write.
_END_OF_TIME = 253_402_300_799


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``ledger``; it sets ``run``: parsed arguments in, exit code out."""
    parser = subparsers.add_parser(
        "ledger",
        help="show what signals came to, fired or not, and what each rule saved or cost",
        description="Add up every signal in the store under the one fill model, net of costs, by what was done about "
        "it and by the rule that kept it back. Where all signals lose, refusing any of them saves; whether a rule "
        "picks the worse ones is its difference from all others. Intervals are by market day, at 95 %%.",
    )
    parser.add_argument("--account", metavar="ID", help="whose fires; may be left out where there is one account")
    parser.add_argument("--since", type=as_date, metavar="DATE", help="signals from that day on, YYYY-MM-DD, 00:00 UTC")
    parser.add_argument("--until", type=as_date, metavar="DATE", help="signals before that day, YYYY-MM-DD, 00:00 UTC")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=_ledger)


def _ledger(arguments: argparse.Namespace) -> int:
    import asyncio

    from bitten_apps.cli.store.books_tables import print_ledger
    from bitten_domain.use_cases.trading.summary_json import ledger_json

    account, is_live, ledger = asyncio.run(_read(arguments))
    label = "LIVE" if is_live else "PAPER"
    if arguments.json:
        print(json.dumps({"label": label, "account": account, **ledger_json(ledger)}, indent=1))
    else:
        print_ledger(f"{label} {account}", ledger)
    return DONE


async def _read(arguments: argparse.Namespace) -> tuple[AccountId, bool, CounterfactualLedger]:
    from bitten_apps.container import Container
    from bitten_domain.errors import InvalidInput
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.use_cases.trading.signal_ledger import LedgerCommand, SignalLedger

    store = Container.existing_store()
    try:
        accounts = {one.account_id: one for one in await store.read(lambda repositories: repositories.accounts.all())}
        wanted = arguments.account
        if wanted is None and len(accounts) != 1:
            raise InvalidInput(
                f"the store holds {len(accounts)} accounts",
                where="--account",
                remedy=f"name one of: {', '.join(sorted(accounts))}" if accounts else "run `bitten run` first",
            )
        account_id = next(iter(accounts)) if wanted is None else wanted
        if account_id not in accounts:
            raise InvalidInput(
                f"there is no account {account_id}",
                where="--account",
                remedy=f"name one of: {', '.join(sorted(accounts))}",
            )
        start = 0 if arguments.since is None else _moment(arguments.since)
        stop = _END_OF_TIME if arguments.until is None else _moment(arguments.until)
        command = LedgerCommand(account_id, start, stop)
        ledger = await SignalLedger(store, Container.dice(_DRAW_SEED), RiskPolicy.for_backtest())(command)
        return account_id, accounts[account_id].is_live, ledger
    finally:
        store.close()


def _moment(day: date) -> int:
    return (day - date(1970, 1, 1)).days * _DAY
