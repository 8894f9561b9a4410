"""Ways to watch a run: on a screen that is drawn again and again, in plain lines, or not at all."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from rich.live import Live

from bitten_apps.live_view.screen import FOOTNOTE, draw, session_names
from bitten_domain.desk.decisions import OrderApproved
from bitten_domain.desk.run.desk_run import TradeClosed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from bitten_apps.live_view.board import Board
    from bitten_domain.desk.run.desk_run import Happening
    from bitten_domain.ports.clock import Clock

__all__ = ["LiveScreen", "NoView", "PlainLines", "View"]

_FRAME_SECONDS = 0.08


class View(Protocol):
    """Shows a board as it changes."""

    def __enter__(self) -> View:
        """Begin."""
        ...

    def __exit__(self, *_: object) -> None:
        """End, and leave the terminal as it was found."""
        ...

    def show(self, board: Board, happenings: Sequence[Happening]) -> None:
        """Show the board after a moment, and what happened at it."""
        ...


class NoView:
    """Shows nothing, for results that only a program reads."""

    def __enter__(self) -> NoView:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""

    def show(self, board: Board, happenings: Sequence[Happening]) -> None:
        """Show nothing."""


class LiveScreen:
    """A board that fills the terminal.

    Args:
        console: of the terminal.
        clock: paces it.
        seconds: wall time over which the whole period is spread; a slower run is not waited for.
    """

    def __init__(self, console: Console, clock: Clock, seconds: float) -> None:
        self._console, self._clock, self._seconds = console, clock, seconds
        self._live = Live(console=console, screen=True, auto_refresh=False, transient=True)
        self._status = console.status("making ten pairs, their calendar and 35 market days of history", spinner="dots")
        self._pause = threading.Event()
        self._began: float | None = None
        self._drawn = 0.0

    def __enter__(self) -> LiveScreen:
        """Say what is being made ready; the screen is taken when there is something to show."""
        self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Give the screen back."""
        self._status.stop()
        self._live.stop()

    def show(self, board: Board, happenings: Sequence[Happening]) -> None:
        """Draw the board, and wait until its moment is due."""
        now = self._clock.monotonic_seconds()
        if self._began is None:
            self._began = now
            self._status.stop()
            self._live.start()
        if now - self._drawn >= _FRAME_SECONDS or board.done == board.moments:
            width, height = self._console.size
            self._live.update(draw(board, width, height), refresh=True)
            self._drawn = now
        due = self._began + self._seconds * board.done / board.moments
        if due > now:
            self._pause.wait(due - now)


class PlainLines:
    """A line for each trade and each market day, for pipes, build machines and screen readers."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._told = 0

    def __enter__(self) -> PlainLines:
        """Say what it is."""
        self._console.print(f"BITTEN demo [SYNTHETIC] [PAPER]: {FOOTNOTE}", markup=False, soft_wrap=True)
        return self

    def __exit__(self, *_: object) -> None:
        """End."""

    def show(self, board: Board, happenings: Sequence[Happening]) -> None:
        """Print what was fired and closed, and a market day when it is over."""
        for happening in happenings:
            if isinstance(happening, OrderApproved):
                signal, order = happening.signal, happening.order
                self._print(
                    board.at,
                    f"fired   {signal.symbol} {signal.direction.value:<4} {order.lots.value} lots, score "
                    f"{signal.score / 100:.2f} {signal.band.value}, {signal.strategy}, in {session_names(board.at)}",
                )
            elif isinstance(happening, TradeClosed):
                trade = happening.trade
                result = "" if trade.net_r is None else f"{trade.net_r:+.2f} R, "
                self._print(
                    board.at,
                    f"closed  {trade.symbol} {trade.direction.value:<4} {trade.reason.value}, {result}"
                    f"balance {happening.balance:,.2f}",
                )
        for tally in board.tallies[self._told :]:
            common = ", ".join(f"{code.value} {count}" for code, count in tally.refused.most_common(3))
            self._print(
                tally.ended_at,
                f"market day {tally.number} of {board.days} is over: {tally.signals} signals, {tally.fired} fired, "
                f"{sum(tally.refused.values())} refused{f' ({common})' if common else ''}; "
                f"threshold {tally.threshold / 1000:.2f}, equity {tally.equity:,.2f}",
            )
        self._told = len(board.tallies)

    def _print(self, at: int, text: str) -> None:
        when = datetime.fromtimestamp(at, tz=UTC).strftime("%Y-%m-%d %H:%M")
        self._console.print(f"{when}  {text}", markup=False, highlight=False, soft_wrap=True)
