"""What the calendar says, as the checks want to know it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.market.news_view import Freshness
from bitten_domain.risk.facts import NewsFacts

if TYPE_CHECKING:
    from bitten_domain.market.news_view import NewsCalendarView

__all__ = ["news_facts"]

_FRESH = Freshness.FRESH


def news_facts(news: NewsCalendarView, symbol: str, at: int, *, confirm_uncovered: bool) -> NewsFacts:
    """Look up a pair's news state.

    Args:
        news: the calendar.
        symbol: the pair.
        at: seconds since 1970 UTC.
        confirm_uncovered: whether time the calendar does not cover counts as knowingly confirmed.
    """
    state = news.state(symbol, at)
    confirmed = confirm_uncovered and state.freshness is not _FRESH
    return NewsFacts(state.blackout, state.no_auto_anywhere, state.freshness, confirmed)
