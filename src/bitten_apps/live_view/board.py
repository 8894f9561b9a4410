"""The board: what a live view keeps of a run while it goes on."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bitten_domain.desk.decisions import OrderApproved, OrderRefused, SignalEmitted, ThresholdEvaluated
from bitten_domain.desk.run.desk_run import TradeClosed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from bitten_domain.desk.run.desk_run import DeskRun, Happening, Moment
    from bitten_domain.desk.signal import Signal
    from bitten_domain.vocabulary import RefusalCode

__all__ = ["Board", "DayTally", "OpenLine", "SignalLine"]

_LATEST = 40


@dataclass(slots=True)
class SignalLine:
    """A signal and what became of it.

    Args:
        signal: what was emitted.
        lots: volume of the order that was approved; None when there is none.
        refused: codes of the rules that refused it, in the order of the checks.
    """

    signal: Signal
    lots: Decimal | None = None
    refused: tuple[RefusalCode, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenLine:
    """An open trade.

    Args:
        symbol, direction: what is held.
        lots: how much is left of it.
        floating_r: what it would be worth at the last close, in R before costs; None without a stop.
        score: hundredths of a point.
    """

    symbol: str
    direction: str
    lots: Decimal
    floating_r: float | None
    score: int


@dataclass(frozen=True, slots=True)
class DayTally:
    """A market day that is over.

    Args:
        number: of the day in the run, from 1.
        ended_at: its last moment, seconds since 1970 UTC.
        signals, fired: how many.
        refused: fires by the first rule that refused them.
        threshold: at its end, thousandths of a point.
        equity: at its end.
    """

    number: int
    ended_at: int
    signals: int
    fired: int
    refused: Counter[RefusalCode]
    threshold: int
    equity: float


@dataclass(slots=True)
class Board:
    """What is shown of a run.

    Args:
        seed: of the synthetic market.
        moments: bar times in the run.
        days: market days in the run.
        deposit: what the account started with.
        target: signals wanted a market day.
        fire_floor: least score that is fired, 0 to 100.
    """

    seed: int
    moments: int
    days: int
    deposit: float
    target: int
    fire_floor: Decimal
    at: int = 0
    done: int = 0
    day: int = 0
    day_number: int = 0
    threshold: int = 70_000
    equity: list[float] = field(default_factory=list)
    signals: deque[SignalLine] = field(default_factory=lambda: deque(maxlen=_LATEST))
    closed: deque[TradeClosed] = field(default_factory=lambda: deque(maxlen=_LATEST))
    open_lines: tuple[OpenLine, ...] = ()
    refusals: Counter[RefusalCode] = field(default_factory=Counter)
    emitted: int = 0
    emitted_today: int = 0
    fired: int = 0
    closed_count: int = 0
    closed_r: float = 0.0
    tallies: list[DayTally] = field(default_factory=list)
    _ticks: dict[str, int] = field(default_factory=dict)

    def take(self, moment: Moment, happenings: Sequence[Happening], run: DeskRun) -> None:
        """Take in what happened at a moment."""
        if moment.day != self.day:
            self._end_day()
            self.day, self.day_number, self.emitted_today = moment.day, self.day_number + 1, 0
        self.at, self.done = moment.at, self.done + 1
        for symbol, bar in moment.bars.items():
            self._ticks[symbol] = bar.close
        for happening in happenings:
            if isinstance(happening, SignalEmitted):
                self.emitted += 1
                self.emitted_today += 1
                self.signals.append(SignalLine(happening.signal))
            elif isinstance(happening, OrderApproved):
                self.fired += 1
                self._line(happening.signal).lots = happening.order.lots.value
            elif isinstance(happening, OrderRefused):
                self.refusals[happening.refusal.codes[0]] += 1
                self._line(happening.signal).refused = happening.refusal.codes
            elif isinstance(happening, TradeClosed):
                self.closed.append(happening)
                self.closed_count += 1
                self.closed_r += float(happening.trade.net_r or 0)
            elif isinstance(happening, ThresholdEvaluated):
                self.threshold = happening.audit.new
        self.equity.append(float(run.equity))
        self.open_lines = tuple(self._open_lines(run))
        if self.done == self.moments:
            self._end_day()

    def _end_day(self) -> None:
        if not self.day_number:
            return
        fired = self.fired - sum(tally.fired for tally in self.tallies)
        refused = self.refusals.copy()
        for tally in self.tallies:
            refused -= tally.refused
        self.tallies.append(
            DayTally(self.day_number, self.at, self.emitted_today, fired, refused, self.threshold, self.equity[-1])
        )

    def _line(self, signal: Signal) -> SignalLine:
        for line in reversed(self.signals):
            if line.signal.signal_id == signal.signal_id:
                return line
        # Pushed out by a crowd of signals at one moment: it is counted, and no longer shown.
        return SignalLine(signal)

    def _open_lines(self, run: DeskRun) -> list[OpenLine]:
        lines: list[OpenLine] = []
        for position in run.account.positions:
            known = run.state.account.trades.get(position.ticket)
            floating: float | None = None
            if position.initial_stop_ticks is not None:
                risk = position.sign * (position.entry_ticks - position.initial_stop_ticks)
                gain = position.sign * (self._ticks[position.symbol] - position.entry_ticks)
                floating = gain / risk if risk else None
            lines.append(
                OpenLine(
                    position.symbol,
                    position.direction.value,
                    position.lots.value,
                    floating,
                    0 if known is None else known.score,
                )
            )
        return lines
