"""The strategy protocol: a causal frame in, candidates out."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.market.bars import Timeframe
    from bitten_domain.market.studies import FrameStudies
    from bitten_domain.strategies.candidate import Candidates
    from bitten_domain.vocabulary import PlanKind

__all__ = ["Strategy", "Style"]


class Style(Enum):
    """What a set-up bets on; the score reads its evidence in this sense."""

    BREAKOUT = "BREAKOUT"
    REVERSION = "REVERSION"
    TREND = "TREND"


class Strategy(Protocol):
    """Finds set-ups.

    Promises: `propose` is pure; what it finds at a bar does not change when later bars are added (look-ahead test) nor
    when bars older than `bitten_domain.market.studies.history_needed` are dropped (window test). Both tests ship in
    the testkit.
    """

    @property
    def name(self) -> str:
        """Unique name, lower_snake_case; the key of its rank scale, statistics and options."""
        ...

    @property
    def style(self) -> Style:
        """How the score reads its evidence."""
        ...

    @property
    def plan(self) -> PlanKind:
        """How its trades are managed."""
        ...

    @property
    def timeframes(self) -> tuple[Timeframe, ...]:
        """Timeframes it searches."""
        ...

    @property
    def reads_long_average(self) -> bool:
        """Whether it needs EMA200 in the studies."""
        ...

    @property
    def look_back(self) -> int:
        """Bars of the searched timeframe it reads before a set-up; a live scan hands it no more than these."""
        ...

    def propose(self, studies: FrameStudies, timeframe: Timeframe) -> Candidates:
        """Find all set-ups of one timeframe in the studies of one pair, in time order."""
        ...
