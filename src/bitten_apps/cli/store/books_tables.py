"""Tables of what the store holds, for a person at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bitten_apps.cli.store.plain_text import printable, utc
from bitten_apps.cli.store.store_reading import label_of
from bitten_apps.report.plain_words import FATES
from bitten_domain.analytics.counterfactual import PROMPT_SECONDS
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.analytics.counterfactual import CounterfactualLedger
    from bitten_domain.analytics.day_bootstrap import Estimate
    from bitten_domain.desk.account import HeldPosition, TradingAccount
    from bitten_domain.desk.idea_outcome import IdeaOutcome
    from bitten_domain.desk.signal import Signal
    from bitten_domain.ports.repositories.books import ClosedTrade

__all__ = ["print_closed", "print_held", "print_ledger", "print_signals"]

_NARROW = 80
_WIDE = 110


def print_held(account: TradingAccount, positions: Sequence[HeldPosition]) -> None:
    """Print an account's open positions, by ticket."""
    console = _console()
    head = f"{label_of(account.is_live)} account {printable(account.account_id)}, balance {account.balance.amount}"
    console.print(Text(f"{head} {account.currency}, {account.standing.value}", style="bold"))
    table = _table(("ticket", "pair", "side", "state", "opened UTC"), ("lots", "entry", "stop", "target"))
    for held in positions:
        position = held.position
        _add(
            table,
            *(str(position.ticket), position.symbol, position.direction.value, position.state.value),
            *(utc(position.opened_at), str(position.lots.value), str(position.entry)),
            *("none" if level is None else str(level) for level in (position.stop, position.target)),
        )
    console.print(table)


def print_closed(trades: Sequence[tuple[TradingAccount, ClosedTrade]]) -> None:
    """Print closed trades as they come; several accounts are told apart by their ids."""
    console = _console()
    labels = sorted({label_of(account.is_live) for account, _ in trades})
    accounts = sorted({account.account_id for account, _ in trades})
    console.print(Text(f"{' and '.join(labels)} {printable(', '.join(accounts))}", style="bold"))
    several = ("account",) if len(accounts) > 1 else ()
    table = _table((*several, "closed UTC", "pair", "side", "by"), ("lots", "entry", "exit", "net", "R"))
    for account, closed in trades:
        trade = closed.trade
        _add(
            table,
            *((account.account_id,) if several else ()),
            *(utc(trade.closed_at), trade.symbol, trade.direction.value, trade.reason.value, str(trade.lots.value)),
            *(str(price.quantize(INSTRUMENTS[trade.symbol].tick)) for price in (trade.entry, trade.exit)),
            *(str(trade.net.amount), "" if trade.net_r is None else f"{trade.net_r:+.2f}"),
        )
    console.print(table)


def print_signals(signals: Sequence[tuple[Signal, IdeaOutcome | None]]) -> None:
    """Print signals as they come, with what they came to."""
    table = _table(("at UTC", "pair", "side", "strategy"), ("score", "entry", "stop", "target", "net R"))
    for signal, outcome in signals:
        _add(
            table,
            *(utc(signal.at), signal.symbol, signal.direction.value, signal.strategy, f"{signal.score / 100:.2f}"),
            *(str(price) for price in (signal.entry, signal.stop, signal.target)),
            "open" if outcome is None else "unknown" if outcome.net_r is None else f"{outcome.net_r:+.2f}",
        )
    console = _console()
    console.print(Text("PAPER: each signal under the one fill model, net of costs, fired or not", style="bold"))
    console.print(table)


def print_ledger(whose: str, ledger: CounterfactualLedger) -> None:
    """Print what signals came to by what was done about them, and what each rule saved or cost."""
    console = _console()
    console.print(Text(printable(whose), style="bold"))
    fates = _table(("signals that were",), ("signals", "ended", "sum R", "mean R", "95 %"))
    for line in ledger.fates:
        counts = (str(line.signals), str(line.ended), f"{line.total:+.1f}")
        _add(fates, FATES[line.fate], *counts, *_estimated(line.mean))
    console.print(fates)
    if ledger.rules:
        rules = _table(("refused by rule",), ("named", "alone", "saved R", "apart R", "95 %"))
        for rule in ledger.rules:
            counts = (str(rule.signals), str(rule.alone), f"{rule.saved:+.1f}")
            _add(rules, rule.code.value, *counts, *_estimated(rule.apart))
        console.print(rules)
    if ledger.late.signals:
        console.print(
            f"{ledger.late.signals} of the fired ones were confirmed more than {PROMPT_SECONDS} s late; their "
            f"{ledger.late.closed} closed trades made {ledger.late.made:+.1f} R beyond the model"
        )
    console.print(
        f"closed trades {ledger.traded_actual + ledger.traded_waiting:+.1f} R, where the model says "
        f"{ledger.traded_model:+.1f} R; a rule that picks the worse signals has its difference below zero"
    )


def _estimated(estimate: Estimate) -> tuple[str, str]:
    value = "too few" if estimate.value is None else f"{estimate.value:+.3f}"
    if estimate.low is None or estimate.high is None:
        return value, ""
    return value, f"[{estimate.low:+.2f}, {estimate.high:+.2f}]"


def _console() -> Console:
    console = Console(highlight=False)
    if not console.is_terminal:
        # Nobody's window ends there: a file or a program gets every word on its line.
        console.width = _WIDE
        return console
    console.width = min(max(console.width, _NARROW), _WIDE)
    return console


def _table(names: Sequence[str], figures: Sequence[str]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for name in names:
        table.add_column(name, overflow="fold")
    for name in figures:
        table.add_column(name, justify="right")
    return table


def _add(table: Table, *cells: str) -> None:
    # As Text, so that a bracket in the store is no markup.
    table.add_row(*(Text(printable(cell)) for cell in cells))
