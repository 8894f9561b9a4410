"""The promises of Strategy: the shipped strategies keep them, and strategies that cheat are caught."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bitten_adapters.synthetic.market import synthetic_market
from bitten_apps.testkit.contract_broken import ContractBroken
from bitten_apps.testkit.strategy_contract import STRATEGY_CARDS, StrategyBench, StrategyCard
from bitten_domain.market.bars import Timeframe
from bitten_domain.strategies import Candidates, Profile, Strategy, Style, strategies_of
from bitten_domain.values import INSTRUMENTS
from bitten_domain.vocabulary import PlanKind

if TYPE_CHECKING:
    from bitten_domain.market.bars import Bars
    from bitten_domain.market.studies import FrameStudies

CARDS = pytest.mark.parametrize("card", STRATEGY_CARDS, ids=lambda card: f"card{card.number}")
SHIPPED = pytest.mark.parametrize(
    "strategy",
    [pytest.param(s, id=f"{p.value}-{s.name}") for p in Profile for s in strategies_of(p)],
)


@pytest.fixture(scope="module")
def bars() -> Bars:
    return synthetic_market(11, date(2025, 2, 3), 190).bars["EURUSD"]


@CARDS
@SHIPPED
def test_given_a_shipped_strategy_when_the_contract_is_checked_then_it_holds(
    strategy: Strategy, card: StrategyCard, bars: Bars
) -> None:
    card.check(StrategyBench(strategy, INSTRUMENTS["EURUSD"], bars, cuts=4))


@dataclass(frozen=True, slots=True)
class Buyer:
    """Buys at every 40th bar, honestly or not."""

    cheat: str = ""
    name: str = "buyer"
    style: Style = Style.TREND
    plan: PlanKind = PlanKind.FIXED
    timeframes: tuple[Timeframe, ...] = (Timeframe.M15,)
    reads_long_average: bool = False
    look_back: int = 1

    def propose(self, studies: FrameStudies, timeframe: Timeframe) -> Candidates:
        bars = studies.scanned[timeframe].bars
        number = bars.opened // 900
        wanted = number % 40 == 0
        if self.cheat in {"peeks", "takes back"}:
            wanted[:-1] &= bars.close[1:] > bars.close[:-1]
            wanted[-1] &= self.cheat == "takes back"
        rows = np.flatnonzero(wanted)
        if self.cheat == "counts":
            rows = np.flatnonzero(np.arange(len(bars)) % 40 == 0)
        if self.cheat == "remembers":
            ago = np.maximum(rows - 20, 0)
            rows = rows[(rows >= 20) & (bars.close[ago] < bars.close[rows])]
        entry = bars.close[rows]
        if self.cheat == "averages":
            entry = np.full(len(rows), float(np.cumsum(bars.close)[-1]) / len(bars))
        if self.cheat == "scribbles":
            bars.volume[:] = bars.volume + 1.0
        closed = bars.closed[rows] - (900 if self.cheat == "backdates" else 0)
        return Candidates(
            at=closed,
            bar=rows.astype(np.int64),
            direction=np.ones(len(rows), dtype=np.int8),
            entry=entry,
            stop=entry * 0.99,
            target=entry * 1.02,
            flat_at=closed + 3_600,
        )


@CARDS
def test_given_a_plain_strategy_when_the_contract_is_checked_then_it_holds(card: StrategyCard, bars: Bars) -> None:
    card.check(StrategyBench(Buyer(), INSTRUMENTS["EURUSD"], bars, cuts=4))


@pytest.mark.parametrize(
    ("strategy", "number"),
    [
        (Buyer(name="Not Snake"), 1),
        (Buyer(timeframes=(Timeframe.M1,)), 1),
        (Buyer(cheat="backdates"), 2),
        (Buyer(cheat="scribbles"), 3),
        (Buyer(cheat="peeks"), 4),
        (Buyer(cheat="averages"), 4),
        (Buyer(cheat="counts"), 5),
        (Buyer(cheat="takes back"), 5),
        (Buyer(cheat="remembers"), 6),
    ],
    ids=lambda value: getattr(value, "cheat", str(value)) or "declared",
)
def test_given_a_strategy_that_cheats_when_the_contract_is_checked_then_it_is_caught(
    strategy: Buyer, number: int, bars: Bars
) -> None:
    # A stretch of 96 bars holds several of every 40th.
    bench = StrategyBench(strategy, INSTRUMENTS["EURUSD"], replace(bars, volume=bars.volume.copy()), cuts=12)

    with pytest.raises(ContractBroken):
        STRATEGY_CARDS[number - 1].check(bench)


def test_given_the_cards_when_numbered_then_a_number_is_a_place_in_the_list() -> None:
    assert [card.number for card in STRATEGY_CARDS] == list(range(1, len(STRATEGY_CARDS) + 1))
