"""Scoring by hand: the evidence and the score a scan gives, and clear answers to what cannot be scored."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bitten_domain.desk.run.pair_columns import prepare_pair
from bitten_domain.errors import InvalidInput
from bitten_domain.execution import CostModel
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.frame import frame_of
from bitten_domain.market.news import EventCalendar
from bitten_domain.market.news_view import NewsCalendarView
from bitten_domain.market.studies import studies_of
from bitten_domain.strategies.profiles import Profile, strategies_of
from bitten_domain.tcs.rank_knots import RANK_SCALE
from bitten_domain.tcs.scan import Scanner
from bitten_domain.use_cases.trading.score_setup import score_setup
from bitten_domain.values import INSTRUMENTS, Direction

if TYPE_CHECKING:
    from tests.unit.conftest import WalkMaker


def levels(bars: Bars, sign: int, stop_pips: int = 20, target_pips: int = 40) -> tuple[Decimal, Decimal]:
    close = Decimal(repr(round(float(bars.close[-1]), 5)))
    pip = Decimal("0.0001")
    return close - sign * stop_pips * pip, close + sign * target_pips * pip


@pytest.mark.parametrize("direction", Direction)
def test_given_a_month_of_bars_when_scored_then_the_breakdown_adds_up(walk: WalkMaker, direction: Direction) -> None:
    bars = walk(4, 2_600)

    scored = score_setup(bars, direction, *levels(bars, direction.sign))

    assert scored.score is not None
    assert 0 <= scored.score <= 100
    assert sum(line.points for line in scored.lines) == round(100 * scored.score)
    assert 0.6 <= scored.coverage <= 0.9
    # Spread, 1.2 pips or twice that in Sydney's hours, and 0.4 pip of slippage over 20 pips.
    assert scored.cost_share == pytest.approx(0.08) or scored.cost_share == pytest.approx(0.14)
    assert scored.reward_net < 2.0


def test_given_a_set_up_of_a_strategy_when_scored_by_hand_then_it_is_the_scans_score(walk: WalkMaker) -> None:
    bars, strategy = walk(9, 3_000), strategies_of(Profile.WIDE)[1]
    instrument = INSTRUMENTS["EURUSD"]
    spread = prepare_pair(instrument, bars, CostModel(), NewsCalendarView(EventCalendar.empty())).spread
    studies = studies_of(frame_of(instrument, bars), long_average=False)
    table = Scanner(("EURUSD",), (strategy,), RANK_SCALE).scan({"EURUSD": studies}, {"EURUSD": spread}, None, 0)
    found = table.where((table.timeframe == 900) & (table.at > int(bars.closed[2_000])))
    assert len(found) >= 3

    for row in range(3):
        seen = bars.rows(slice(0, int(np.searchsorted(bars.closed, found.at[row])) + 1))
        direction = Direction.of_sign(int(found.direction[row]))
        stop, target = (Decimal(repr(float(x))) for x in (found.stop[row], found.target[row]))
        scored = score_setup(seen, direction, stop, target, like=strategy)
        assert scored.score == found.score[row] / 100
        assert scored.cost_share == pytest.approx(float(found.cost_share[row]))


def test_given_a_day_of_bars_when_scored_then_there_is_too_little_evidence_for_a_score(walk: WalkMaker) -> None:
    bars = walk(4, 60)

    scored = score_setup(bars, Direction.BUY, *levels(bars, 1))

    assert scored.score is None
    assert scored.coverage < 0.6


@pytest.mark.parametrize(("stop_pips", "target_pips"), [(-20, 40), (20, -40), (0, 40), (20, 0)])
def test_given_a_level_on_the_wrong_side_when_scored_then_it_is_refused(
    walk: WalkMaker, stop_pips: int, target_pips: int
) -> None:
    bars = walk(4, 200)

    with pytest.raises(InvalidInput, match="not on their sides"):
        score_setup(bars, Direction.BUY, *levels(bars, 1, stop_pips, target_pips))


def test_given_bars_that_cannot_be_read_when_scored_then_it_says_why(walk: WalkMaker) -> None:
    bars = walk(4, 200)
    stop, target = levels(bars, 1)

    with pytest.raises(InvalidInput, match="must be prices"):
        score_setup(bars, Direction.BUY, Decimal("NaN"), target)
    with pytest.raises(InvalidInput, match="EURNOK is not one of the ten pairs"):
        score_setup(replace(bars, symbol="EURNOK"), Direction.BUY, stop, target)
    with pytest.raises(InvalidInput, match="M15 bars"):
        score_setup(bars.rows(slice(0, 0)), Direction.BUY, stop, target)
    with pytest.raises(InvalidInput, match="M15 bars"):
        score_setup(replace(bars, timeframe=Timeframe.H1), Direction.BUY, stop, target)
