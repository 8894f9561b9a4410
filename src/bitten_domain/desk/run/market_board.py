"""The market board: the market as last seen, moment by moment, for decisions about orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.desk.account.fires.facts_of_account import MarketFacts
from bitten_domain.desk.news_facts import news_facts
from bitten_domain.execution import to_ticks
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from bitten_domain.desk.run.desk_run import Moment
    from bitten_domain.desk.signal import Signal
    from bitten_domain.execution import TickBar
    from bitten_domain.market.news_view import NewsCalendarView
    from bitten_domain.values import Instrument

__all__ = ["MarketBoard"]

_REMEMBERED_SECONDS = 3_600


class MarketBoard:
    """What the moments so far have shown; it answers from memory.

    Args:
        news: the calendar.
        instruments: contracts by symbol.
        confirm_uncovered: whether time the calendar does not cover counts as knowingly confirmed.
    """

    def __init__(
        self,
        news: NewsCalendarView,
        instruments: Mapping[str, Instrument] = INSTRUMENTS,
        *,
        confirm_uncovered: bool = False,
    ) -> None:
        self._news, self._instruments, self._confirm = news, instruments, confirm_uncovered
        self._bars: dict[str, TickBar] = {}
        self._quoted_at: dict[str, int] = {}
        self._quote_spread: dict[str, int] = {}
        self._recent: list[tuple[int, Mapping[str, TickBar]]] = []
        self._fast: AbstractSet[str] = frozenset()
        self._correlations: Callable[[], Mapping[tuple[str, str], float] | None] = _unknown

    def take(self, moment: Moment) -> None:
        """Look at a moment, later than all before."""
        self._bars.update(moment.bars)
        self._quoted_at.update(dict.fromkeys(moment.bars, moment.at))
        self._quote_spread.update(moment.quote_spread)
        self._fast = moment.high_windows
        self._correlations = moment.correlations
        kept = [(at, bars) for at, bars in self._recent if at > moment.at - _REMEMBERED_SECONDS]
        self._recent = [*kept, (moment.at, moment.bars)]

    def facts(self, signal: Signal, at: int) -> MarketFacts:
        """Say what concerns a signal at a moment, seconds since 1970 UTC."""
        return MarketFacts(
            bars=dict(self._bars),
            quoted_at=dict(self._quoted_at),
            news=news_facts(self._news, signal.symbol, at, confirm_uncovered=self._confirm),
            correlations=self._correlations(),
            in_high_window=signal.symbol in self._fast,
            is_touched=self._is_touched(signal),
            quote_spread=dict(self._quote_spread),
        )

    def _is_touched(self, signal: Signal) -> bool:
        instrument = self._instruments[signal.symbol]
        low, high = sorted((to_ticks(instrument, signal.stop), to_ticks(instrument, signal.target)))
        return any(
            bar.low <= low or bar.high >= high
            for at, bars in self._recent
            if at > signal.at and (bar := bars.get(signal.symbol)) is not None
        )


def _unknown() -> None:
    return None
