"""The board drawn for a terminal: calm, complete at 80 x 24, roomier where there is room."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Group
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from bitten_apps.live_view.gauges import gauge, sparkline
from bitten_domain.market.bars import Timeframe
from bitten_domain.market.clocks.sessions import session_flags
from bitten_domain.tcs.breakdown import CONTEXT_LINE
from bitten_domain.tcs.threshold import CEILING, FLOOR
from bitten_domain.vocabulary import Band

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bitten_apps.live_view.board import Board, OpenLine, SignalLine

__all__ = ["FOOTNOTE", "draw", "session_names", "time_of"]

FOOTNOTE = "made-up prices, paper money: it says nothing about a market"
"""What every demo says beneath its figures."""

_WIDE = 104
_SIDE = 36
_NARROW_OPEN = 3
_WIDE_CLOSED = 6
_BAND_STYLE = {Band.PRECISION_STRIKE: "magenta", Band.SHARPSHOOTER: "cyan", Band.STANDARD: "dim"}
_TIMEFRAME = {timeframe.seconds: timeframe.name for timeframe in Timeframe}


def draw(board: Board, width: int, height: int) -> RenderableType:
    """Draw a board.

    Args:
        board: what is shown.
        width, height: of the terminal, characters; less than 80 x 24 is cut off.
    """
    head: list[RenderableType] = [
        _title(board),
        _clock(board, width),
        _progress(board, width),
        Text(),
        _threshold(board, width),
        _equity(board, width),
        Text(),
    ]
    foot: list[RenderableType] = [
        Text(),
        Text(f"Ctrl-C ends it; {FOOTNOTE}", style="dim", no_wrap=True, overflow="ellipsis"),
    ]
    room = height - len(head) - len(foot) - 1
    if width >= _WIDE:
        left = Group(_signals_head(board), *_signals(board, width - _SIDE - 3, room - 1))
        body: list[RenderableType] = [_beside(left, Group(*_side(board, room)), width)]
    else:
        open_count = min(len(board.open_lines), _NARROW_OPEN)
        listed = max(1, room - 4 - max(1, open_count))
        body = [
            _signals_head(board),
            *_padded(_signals(board, width, listed), listed),
            Text(),
            _trades_head(board),
            *_open_trades(board, max(1, open_count)),
            _refusals_line(board, width),
        ]
    return Group(*head, *body, *foot)


def time_of(at: int) -> str:
    """Write a moment as day and time, UTC."""
    return datetime.fromtimestamp(at, tz=UTC).strftime("%a %d %b %Y %H:%M")


def session_names(at: int) -> str:
    """Name the centres that were open just before a moment."""
    flags = session_flags(np.array([at - 1], dtype=np.int64))
    centres = (
        ("Sydney", flags.sydney),
        ("Tokyo", flags.tokyo),
        ("London", flags.london),
        ("New York", flags.new_york),
    )
    return ", ".join(name for name, is_open in centres if is_open[0]) or "between sessions"


def _title(board: Board) -> Text:
    return Text.assemble(
        ("BITTEN", "bold"), " demo  ", (" SYNTHETIC ", "black on yellow"), " ", (" PAPER ", "black on cyan"),
        (f"  seed {board.seed}", "dim"),
    )  # fmt: skip


def _clock(board: Board, width: int) -> Text:
    left = Text.assemble((f"{time_of(board.at)} UTC", "bold"), (f"   {session_names(board.at)}", "dim"))
    return _spread(left, Text(f"market day {board.day_number} of {board.days}", style="dim"), width)


def _progress(board: Board, width: int) -> ProgressBar:
    return ProgressBar(
        total=board.moments,
        completed=board.done,
        width=width,
        style="bright_black",
        complete_style="blue",
        finished_style="blue",
    )


def _threshold(board: Board, width: int) -> Text:
    before, mark, behind = gauge(board.threshold, FLOOR, CEILING, 26 if width < _WIDE else 40)
    return _spread(
        Text.assemble(
            ("threshold ", "dim"), ("70 ", "dim"), (before, "bright_black"), (mark, "bold cyan"),
            (behind, "bright_black"), (" 78  ", "dim"), (f"{board.threshold / 1000:.2f}", "bold"),
        ),
        Text.assemble(("signals today ", "dim"), f"{board.emitted_today}", (f" of about {board.target}", "dim")),
        width,
    )  # fmt: skip


def _equity(board: Board, width: int) -> Text:
    now = board.equity[-1] if board.equity else board.deposit
    change = 100.0 * (now / board.deposit - 1.0)
    label, figure = "equity    ", f"  {now:,.2f} USD  {change:+.2f} %"
    line = sparkline([board.deposit, *board.equity], width - len(label) - len(figure) - 1)
    return _spread(Text.assemble((label, "dim"), (line, "blue")), Text(figure, style=_sign_style(change)), width)


def _signals_head(board: Board) -> Text:
    return Text.assemble(
        ("SIGNALS", "bold"),
        (f"  {board.emitted} emitted, {board.fired} fired, {sum(board.refusals.values())} refused", "dim"),
    )


def _signals(board: Board, width: int, listed: int) -> list[RenderableType]:
    lines = list(board.signals)[-listed:] if listed > 0 else []
    wide = width >= _WIDE - _SIDE + 22
    return [_signal(line, board, width, with_reason=wide) for line in reversed(lines)]


def _signal(line: SignalLine, board: Board, width: int, *, with_reason: bool) -> Table:
    signal = line.signal
    buy = signal.direction.sign > 0
    row = Table.grid(padding=(0, 1, 0, 0))
    row.width = width
    for size in (5, 6, 4, 5, 16, 12, 3):
        row.add_column(width=size, no_wrap=True, overflow="ellipsis")
    row.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    cells = [
        Text(datetime.fromtimestamp(signal.at, tz=UTC).strftime("%H:%M"), style="dim"),
        Text(signal.symbol),
        Text(signal.direction.value, style="green" if buy else "red"),
        Text(f"{signal.score / 100:.2f}", style="bold"),
        Text(signal.band.value, style=_BAND_STYLE[signal.band]),
        Text(signal.strategy.rpartition("_")[2], style="dim"),
        Text(_TIMEFRAME.get(signal.timeframe, ""), style="dim"),
        _outcome(line, board),
    ]
    if with_reason:
        row.add_column(no_wrap=True, overflow="ellipsis", ratio=1, style="dim")
        cells.append(Text(_reason(line)))
    row.add_row(*cells)
    return row


def _outcome(line: SignalLine, board: Board) -> Text:
    if line.lots is not None:
        return Text(f"● fired {line.lots} lots", style="green")
    if line.refused:
        more = f" +{len(line.refused) - 1}" if len(line.refused) > 1 else ""
        return Text(f"○ {line.refused[0].value}{more}", style="dim")
    if line.signal.score < board.fire_floor * 100:
        return Text(f"○ below {board.fire_floor}, not fired", style="dim")
    return Text("○ not filled", style="dim")


def _reason(line: SignalLine) -> str:
    parts = [part for part in line.signal.lines if part.part != CONTEXT_LINE]
    best = max(parts, key=lambda part: part.points)
    return f"{best.part} {best.points / 100:.1f}: {best.reason}"


def _trades_head(board: Board) -> Text:
    return Text.assemble(
        ("OPEN TRADES", "bold"),
        (f"  {len(board.open_lines)} now, {board.closed_count} closed, ", "dim"),
        (f"{board.closed_r:+.2f} R", _sign_style(board.closed_r)),
    )


def _open_trades(board: Board, listed: int) -> list[RenderableType]:
    if not board.open_lines:
        return [Text("none", style="dim")]
    more = len(board.open_lines) - listed
    lines: list[RenderableType] = [
        _open_trade(line) for line in board.open_lines[: listed if more <= 0 else listed - 1]
    ]
    return lines if more <= 0 else [*lines, Text(f"and {more + 1} more", style="dim")]


def _open_trade(line: OpenLine) -> Text:
    floating = line.floating_r
    return Text.assemble(
        f"{line.symbol} ", (f"{line.direction:<4} ", "green" if line.direction == "BUY" else "red"),
        (f"{line.lots:>5} lots ", "dim"), (f"{line.score / 100:.1f}  ", "dim"),
        ("" if floating is None else f"{floating:+.2f} R", _sign_style(floating or 0.0)),
        no_wrap=True, overflow="ellipsis",
    )  # fmt: skip


def _refusals_line(board: Board, width: int) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append("REFUSED", style="bold")
    for code, count in board.refusals.most_common():
        piece = f"  {code.value} {count}"
        if len(text) + len(piece) > width:
            break
        text.append(piece, style="dim")
    return text


def _side(board: Board, room: int) -> list[RenderableType]:
    closed = list(board.closed)[-_WIDE_CLOSED:]
    spare = room - 6 - max(1, len(closed))
    opened = min(max(1, len(board.open_lines)), max(1, spare // 2))
    lines: list[RenderableType] = [_trades_head(board), *_open_trades(board, opened), Text()]
    lines.append(Text("LAST CLOSED", style="bold"))
    for each in reversed(closed):
        trade = each.trade
        r = float(trade.net_r or 0)
        lines.append(
            Text.assemble(
                f"{trade.symbol} ", (f"{trade.direction.value:<4} ", "dim"), (f"{trade.reason.value:<9}", "dim"),
                (f"{r:+.2f} R", _sign_style(r)),
            )
        )  # fmt: skip
    if not closed:
        lines.append(Text("none yet", style="dim"))
    lines += [Text(), Text("REFUSED, FIRST RULE", style="bold")]
    for code, count in board.refusals.most_common(max(1, room - len(lines))):
        lines.append(Text.assemble((f"{count:>4} ", ""), (code.value, "dim")))
    return lines


def _beside(left: RenderableType, right: RenderableType, width: int) -> Table:
    table = Table.grid(padding=(0, 3, 0, 0))
    table.width = width
    table.add_column(width=width - _SIDE - 3)
    table.add_column(width=_SIDE)
    table.add_row(left, right)
    return table


def _padded(lines: list[RenderableType], count: int) -> list[RenderableType]:
    return [*lines, *[Text()] * (count - len(lines))]


def _spread(left: Text, right: Text, width: int) -> Text:
    gap = max(1, width - left.cell_len - right.cell_len)
    return Text.assemble(left, " " * gap, right, no_wrap=True, overflow="ellipsis")


def _sign_style(value: float) -> str:
    return "green" if value > 0 else "red" if value < 0 else "dim"
