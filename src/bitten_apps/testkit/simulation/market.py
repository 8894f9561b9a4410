"""A market for simulations: prices that wander and sometimes jump, shown to every broker."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.desk.account.fires.facts_of_account import MarketFacts
from bitten_domain.desk.signal import Signal, life_seconds
from bitten_domain.errors import Unavailable
from bitten_domain.execution import TickBar, to_price
from bitten_domain.execution.ticks import pip_ticks
from bitten_domain.market.news_view import Blackout, Freshness
from bitten_domain.risk.facts import NewsFacts
from bitten_domain.tcs.breakdown import ScoreDetail
from bitten_domain.values import INSTRUMENTS, TEN_PAIRS, Direction, SignalId
from bitten_domain.vocabulary import Band, PlanKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bitten_adapters.paper.broker import PaperBroker
    from bitten_apps.testkit.simulation.chance import Chance

__all__ = ["SimulatedMarket"]

_START = {
    "EURUSD": 110_000,
    "GBPUSD": 127_000,
    "USDJPY": 150_000,
    "USDCAD": 137_000,
    "GBPJPY": 190_500,
    "AUDUSD": 66_000,
    "NZDUSD": 61_000,
    "EURGBP": 86_600,
    "USDCHF": 88_000,
    "EURJPY": 165_000,
}
_NO_NEWS = NewsFacts(Blackout.NONE, no_auto_anywhere=False, calendar=Freshness.FRESH)
_UNCORRELATED = {(one, other): 0.0 for one in TEN_PAIRS for other in TEN_PAIRS if one != other}
_DETAIL = ScoreDetail((), 0, (), (), ())
_LIFE = 8 * 3_600


class SimulatedMarket:
    """Prices of the ten pairs.

    Args:
        chance: draws the moves.
        jump_share: how often a move is big enough to reach stops.
    """

    def __init__(self, chance: Chance, jump_share: float = 0.01) -> None:
        self._chance = chance
        self._jump_share = jump_share
        self._bids = dict(_START)
        self._signals = 0
        self.bars: dict[str, TickBar] = {symbol: self._bar(symbol) for symbol in TEN_PAIRS}
        self._quoted_at: dict[str, int] = {}

    def tick(self, at: int, brokers: Iterable[PaperBroker]) -> None:
        """Move some prices and show them to the brokers; one whose ledger fails sees them next time."""
        moved = {self._chance.pick(TEN_PAIRS) for _ in range(2)} if self._quoted_at else set(TEN_PAIRS)
        for symbol in sorted(moved):
            step = 400 if self._chance.happens(self._jump_share) else 12
            self._bids[symbol] += self._chance.below(2 * step + 1) - step
            self.bars[symbol] = self._bar(symbol)
        self._quoted_at = dict.fromkeys(TEN_PAIRS, at)
        shown = {symbol: self.bars[symbol] for symbol in moved}
        for broker in brokers:
            try:
                broker.observe(shown, at)
            except Unavailable:
                continue

    def show_all(self, at: int, broker: PaperBroker) -> None:
        """Show a broker that has just started every price."""
        broker.observe(self.bars, at)

    def facts(self, signal: Signal, at: int) -> MarketFacts:
        """Say what concerns a signal now."""
        quoted_at = {symbol: min(quoted, at) for symbol, quoted in self._quoted_at.items()}
        return MarketFacts(self.bars, quoted_at, _NO_NEWS, _UNCORRELATED)

    def signal(self, symbol: str, direction: Direction, at: int) -> Signal:
        """Make a signal that is worth firing at the present price."""
        self._signals += 1
        instrument = INSTRUMENTS[symbol]
        away = (40 + self._chance.below(40)) * pip_ticks(instrument) * direction.sign
        bid = self._bids[symbol]
        return Signal(
            signal_id=SignalId(f"{symbol}-{direction.value}-{at}-{self._signals}"),
            row=-1,
            symbol=symbol,
            direction=direction,
            strategy="simulated",
            timeframe=900,
            at=at,
            entry=to_price(instrument, bid),
            stop=to_price(instrument, bid - away),
            target=to_price(instrument, bid + 2 * away),
            plan=PlanKind.FIXED,
            flat_at=at + _LIFE,
            valid_until=at + life_seconds(9_000),
            score=9_000,
            gate=70_000,
            threshold=70_000,
            band=Band.STANDARD,
            coverage=100,
            cost_share=0.05,
            reward_net=0.1,
            blackout=Blackout.NONE,
            detail=_DETAIL,
        )

    def _bar(self, symbol: str) -> TickBar:
        bid = self._bids[symbol]
        instrument = INSTRUMENTS[symbol]
        spread = int(instrument.normal_spread_pips * Decimal(pip_ticks(instrument)))
        return TickBar(bid, bid, bid, bid, spread)
