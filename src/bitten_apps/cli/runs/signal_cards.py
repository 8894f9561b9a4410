"""Signal cards: a signal with its score taken apart, its gate, its costs and its life."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.box import ROUNDED
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bitten_domain.market.bars import Timeframe
from bitten_domain.market.news_view import Blackout
from bitten_domain.tcs.breakdown import CONTEXT_LINE
from bitten_domain.tcs.gate import AMBER_COST_SHARE
from bitten_domain.values import INSTRUMENTS, Direction

if TYPE_CHECKING:
    from bitten_apps.cli.runs.recent_signals import FoundSignal, RecentSignals
    from bitten_domain.desk.signal import Signal
    from bitten_domain.tcs.breakdown import BreakdownLine

__all__ = ["print_cards", "print_cards_json", "timeframe_name"]

_WIDTHS = (80, 110)
_BAR = 10
_NEVER_PROMISED = "a score ranks how complete a set-up is; it is not a probability, and no edge is claimed"


def print_cards(found: RecentSignals) -> None:
    """Print the cards, newest first, and what was kept back."""
    console = Console(highlight=False)
    console.width = min(max(console.width, _WIDTHS[0]), _WIDTHS[1])
    console.print(
        f"{found.source}: {len(found.pairs)} pairs, last {found.bars} bars, {_moment(found.since)} to "
        f"{_moment(found.until)} UTC; threshold {found.threshold / 1000:.2f}"
    )
    for note in found.notes:
        console.print(f"note: {note}", style="yellow")
    for each in found.signals:
        console.print(_card(each))
    if not found.signals:
        console.print("no signal in these bars; --last N looks further back", style="bold")
    kept_back = ", ".join(f"{code.value} {count}" for code, count in sorted(found.suppressed.items(), key=_code))
    console.print(f"kept back: {kept_back or 'nothing'}", style="dim")
    if found.signals:
        console.print(_NEVER_PROMISED, style="dim")


def print_cards_json(found: RecentSignals) -> None:
    """Print one JSON document; prices are strings of decimals, scores numbers, times ISO 8601."""
    document = {
        "source": found.source,
        "pairs": list(found.pairs),
        "bars": found.bars,
        "since": _iso(found.since),
        "until": _iso(found.until),
        "threshold": found.threshold / 1000,
        "signals": [_told(each) for each in found.signals],
        "suppressed": {code.value: count for code, count in sorted(found.suppressed.items(), key=_code)},
        "notes": list(found.notes),
    }
    print(json.dumps(document, indent=2))


def timeframe_name(seconds: int) -> str:
    """Name a timeframe by its length."""
    return next(timeframe.name for timeframe in Timeframe if timeframe.seconds == seconds)


def _card(found: FoundSignal) -> Panel:
    signal = found.signal
    amber = signal.cost_share > AMBER_COST_SHARE
    buy = signal.direction is Direction.BUY
    title = Text.assemble(
        (f" {signal.symbol} ", "bold"),
        (signal.direction.value, "bold green" if buy else "bold red"),
        (f"  {signal.score / 100:.2f}  ", "bold"),
        (f"{signal.band.value} ", "cyan"),
    )
    subtitle = Text(f" {signal.strategy} on {timeframe_name(signal.timeframe)}, {_moment(signal.at)} UTC ", style="dim")
    costs = f"{100 * signal.cost_share:.1f} % of the stop's distance"
    lines = Table(box=None, show_header=False, padding=(0, 1, 0, 0), expand=True)
    lines.add_column(style="dim", no_wrap=True)
    lines.add_column(ratio=1)
    for name, text, style in (
        ("gate", f"{signal.gate / 1000:.2f} (threshold {signal.threshold / 1000:.2f}); {signal.flip}", ""),
        ("costs", f"{costs}, amber: no automatic fire" if amber else costs, "yellow" if amber else ""),
        ("data", f"{signal.coverage} of 100 points could be looked at", ""),
        ("flow", _flow(found), "dim"),
        ("news", *_news(found)),
        ("life", *_life(found)),
    ):
        lines.add_row(name, Text(text, style=style))
    body = Group(_levels(signal), Text(), _parts(signal), Text(), lines)
    return Panel(body, title=title, title_align="left", subtitle=subtitle, subtitle_align="right", box=ROUNDED,
                 border_style="dim", padding=(0, 1))  # fmt: skip


def _levels(signal: Signal) -> Text:
    pip = INSTRUMENTS[signal.symbol].pip
    stop, target = abs(signal.entry - signal.stop) / pip, abs(signal.target - signal.entry) / pip
    return Text.assemble(
        ("entry ", "dim"), f"{signal.entry}", ("   stop ", "dim"), f"{signal.stop}", (f" ({stop:.1f} pips)", "dim"),
        ("   target ", "dim"), f"{signal.target}", (f" ({target:.1f} pips)", "dim"),
        ("\nplan ", "dim"), f"{signal.plan.value}", ("   reward to risk net of costs ", "dim"),
        f"{signal.reward_net:.2f}",
    )  # fmt: skip


def _parts(signal: Signal) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, width=_BAR)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(style="dim", justify="right", no_wrap=True)
    table.add_column(style="dim", ratio=1)
    for line in signal.lines:
        if line.part != CONTEXT_LINE and line.cap == 0:
            table.add_row(Text(line.part, style="dim"), "", Text("-", style="dim"), "", "unavailable: " + line.reason)
            continue
        sign = "+" if line.part == CONTEXT_LINE else ""
        table.add_row(line.part, _bar(line), f"{line.points / 100:{sign}.2f}", f"/ {line.cap / 100:.2f}", line.reason)
    table.add_row(Text("score", style="bold"), "", Text(f"{signal.score / 100:.2f}", style="bold"), "", "")
    return table


def _bar(line: BreakdownLine) -> Text:
    filled = int(_BAR * min(1.0, abs(line.points) / line.cap)) if line.cap else 0
    style = "red" if line.points < 0 else "cyan"
    return Text.assemble(("━" * filled, style), ("─" * (_BAR - filled), "bright_black"))


def _news(found: FoundSignal) -> tuple[str, str]:
    if found.signal.blackout is Blackout.HIGH:
        return "in a blackout around a HIGH release: shown, and not to be fired", "yellow"
    if found.signal.blackout is Blackout.MEDIUM:
        return "near a MEDIUM release: the fire gate is 5 points higher, no automatic fire", "yellow"
    return ("no release near", "") if found.known_news else ("unknown: no calendar covers this moment", "yellow")


def _flow(found: FoundSignal) -> str:
    flow = found.flow
    if flow.imbalance is None:
        return "order-flow proxy: too few bars"
    busy = "" if flow.tick_rate_z is None else f", tick rate {flow.tick_rate_z:+.1f} sd"
    wide = "" if flow.spread_z is None else f", spread {flow.spread_z:+.1f} sd"
    return f"order-flow proxy: tick volume leans {flow.imbalance:+.2f} over 20 bars{busy}{wide}; gives no points"


def _life(found: FoundSignal) -> tuple[str, str]:
    until = f"{_moment(found.signal.valid_until)} UTC"
    flat = f"; a trade would be flat by {_moment(found.signal.flat_at)} UTC"
    return (f"may be fired until {until}{flat}", "") if found.is_alive else (f"expired at {until}{flat}", "dim")


def _told(found: FoundSignal) -> dict[str, object]:
    signal = found.signal
    return {
        "signal_id": signal.signal_id,
        "pair": signal.symbol,
        "direction": signal.direction.value,
        "strategy": signal.strategy,
        "timeframe": timeframe_name(signal.timeframe),
        "at": _iso(signal.at),
        "entry": str(signal.entry),
        "stop": str(signal.stop),
        "target": str(signal.target),
        "plan": signal.plan.value,
        "flat_at": _iso(signal.flat_at),
        "score": signal.score / 100,
        "band": signal.band.value,
        "breakdown": [
            {
                "part": line.part,
                "points": line.points / 100,
                "cap": line.cap / 100,
                "evidence": round(line.evidence, 4),
                "reason": line.reason,
            }
            for line in signal.lines
        ],
        "gate": signal.gate / 1000,
        "threshold": signal.threshold / 1000,
        "flip": signal.flip,
        "cost_share": round(signal.cost_share, 4),
        "is_cost_amber": signal.cost_share > AMBER_COST_SHARE,
        "reward_net_r": round(signal.reward_net, 4),
        "coverage": signal.coverage / 100,
        "valid_until": _iso(signal.valid_until),
        "is_alive": found.is_alive,
        "order_flow_proxy": {
            name: None if value is None else round(value, 4) for name, value in found.flow._asdict().items()
        },
        "news": found.signal.blackout.value if found.known_news else "UNKNOWN",
    }


def _code(item: tuple[object, int]) -> tuple[int, str]:
    return -item[1], str(item[0])


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at, tz=UTC).strftime("%a %d %b %Y %H:%M")


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
