"""``bitten scan``: the signals of the last bars of a data folder, as cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE
from bitten_apps.cli.run_options import add_data_options, add_strategy_options, as_count

if TYPE_CHECKING:
    import argparse

__all__ = ["register"]

_MOST_BARS = 960


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``scan``; it sets ``run``: parsed arguments in, exit code out."""
    parser = subparsers.add_parser(
        "scan",
        help="show the signals of the last bars, each with its score taken apart",
        description="Show the signals of the last bars, as the chain would have emitted them.",
    )
    add_data_options(parser)
    add_strategy_options(parser)
    parser.add_argument(
        "--last",
        type=lambda text: as_count(text, 1, _MOST_BARS),
        default=4,
        metavar="N",
        help="bars to look back, M15 (default 4: an hour)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of cards")
    parser.set_defaults(run=_scan)


def _scan(arguments: argparse.Namespace) -> int:
    from bitten_apps.cli.runs.market_data import load_news
    from bitten_apps.cli.runs.recent_signals import recent_signals
    from bitten_apps.cli.runs.run_plan import RunChoices, plan_of
    from bitten_apps.cli.runs.signal_cards import print_cards, print_cards_json

    choices = RunChoices(profile=arguments.profile, strategies=arguments.strategy or ())
    news, notes = load_news(arguments)
    plan_of(choices, news, 0)
    found = recent_signals(arguments, choices, news, notes)
    (print_cards_json if arguments.json else print_cards)(found)
    return DONE
