"""The scan: one table for backtest and live, without future, and every component matters."""

from __future__ import annotations

from dataclasses import fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from bitten_apps.testkit.strategy_contract import live_window
from bitten_domain.market.bars import Timeframe
from bitten_domain.market.cross_assets import CrossAssets, cross_assets, grid_hours_needed
from bitten_domain.market.frame import Frame, frame_of
from bitten_domain.market.studies import FrameStudies, TrackStudies, history_needed, studies_of
from bitten_domain.strategies import Profile, Style, strategies_of
from bitten_domain.tcs.context import ContextRules, ContextVerdict
from bitten_domain.tcs.evidence import Evidence
from bitten_domain.tcs.parts import COMPONENTS, RULE_COMPONENT, Component
from bitten_domain.tcs.rank_knots import RANK_SCALE
from bitten_domain.tcs.scan import Scanner, ScoredCandidates, SpreadColumn
from bitten_domain.tcs.score import score
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.conftest import WalkMaker

    from bitten_domain.market.bars import Bars

PAIRS = ("EURUSD", "GBPUSD", "EURGBP")
SCANNER = Scanner(PAIRS, strategies_of(Profile.WIDE), RANK_SCALE)
HOUR = 3_600
BARS = 2_900


class World(NamedTuple):
    bars: dict[str, Bars]
    studies: dict[str, FrameStudies]
    spreads: dict[str, SpreadColumn]
    market: CrossAssets


def spread_of(bars: Bars) -> SpreadColumn:
    hours = bars.opened // 900
    return SpreadColumn(1.0 + (hours % 7) / 7.0, hours % 3 > 0)


def world_of(bars: dict[str, Bars]) -> World:
    frames = {symbol: frame_of(INSTRUMENTS[symbol], own) for symbol, own in bars.items()}
    first = min(int(own.opened[0]) for own in bars.values()) // HOUR * HOUR
    last = max(int(own.closed[-1]) for own in bars.values()) // HOUR * HOUR
    return World(
        bars,
        {symbol: studies_of(frame, long_average=False) for symbol, frame in frames.items()},
        {symbol: spread_of(own) for symbol, own in bars.items()},
        cross_assets(frames, first, last),
    )


@pytest.fixture(scope="module")
def world(walk: WalkMaker) -> World:
    return world_of({symbol: walk(20 + k, BARS, symbol=symbol, holes=0.01) for k, symbol in enumerate(PAIRS)})


Columns = np.ndarray[tuple[int, int], np.dtype[np.float64]]


def scanned(world: World, since: int = 0, sentiment: dict[str, float] | None = None) -> ScoredCandidates:
    return SCANNER.scan(world.studies, world.spreads, world.market, since, sentiment)


@pytest.fixture(scope="module")
def table(world: World) -> ScoredCandidates:
    return scanned(world)


def same_bits(a: ScoredCandidates, b: ScoredCandidates) -> bool:
    return all(
        np.ascontiguousarray(getattr(a, column.name)).tobytes()
        == np.ascontiguousarray(getattr(b, column.name)).tobytes()
        for column in fields(ScoredCandidates)
    )


def test_given_a_scan_when_read_then_it_is_in_order_and_holds_every_pair_strategy_and_side(
    table: ScoredCandidates,
) -> None:
    keys = list(
        zip(
            *(c.tolist() for c in (table.at, table.pair, table.strategy, table.timeframe, -table.direction)),
            strict=True,
        )
    )

    assert keys == sorted(keys)
    assert len({key[1:4] for key in keys}) == len(PAIRS) * 7  # one timeframe of breakouts, three of the others
    assert set(table.direction.tolist()) == {-1, 1}


def test_given_a_scan_when_its_parts_are_added_then_each_row_is_its_score(table: ScoredCandidates) -> None:
    assert (table.parts.sum(axis=1) + table.context).tolist() == table.score.tolist()


@pytest.mark.parametrize("share", [0.62, 0.8, 0.95])
def test_given_any_cut_when_the_future_is_gone_then_scores_of_the_past_are_the_same_bit_for_bit(
    world: World, table: ScoredCandidates, share: float
) -> None:
    moment = int(world.bars["EURUSD"].closed[int(share * 2_800)])
    past = world_of(
        {
            symbol: own.rows(slice(0, int(np.searchsorted(own.closed, moment, "right"))))
            for symbol, own in world.bars.items()
        }
    )

    assert same_bits(scanned(past), table.where(table.at <= moment))


def test_given_a_moment_when_scanned_since_then_it_is_the_end_of_the_whole_scan(
    world: World, table: ScoredCandidates
) -> None:
    since = int(table.at[-40])

    assert same_bits(scanned(world, since), table.where(table.at >= since))


def test_given_live_windows_when_the_newest_bar_is_scanned_then_it_is_scored_as_in_the_full_history(
    walk: WalkMaker,
) -> None:
    whole = world_of({symbol: walk(30 + k, 9_000, symbol=symbol) for k, symbol in enumerate(PAIRS)})
    table = scanned(whole)
    keep = history_needed(long_average=False)
    frames: dict[str, Frame] = {symbol: studies.frame for symbol, studies in whole.studies.items()}
    for moment in sorted(set(table.at[-60:].tolist()))[::8]:
        live = {symbol: live_window(frame, moment, keep) for symbol, frame in frames.items()}
        hours = whole.market.hour[whole.market.hour <= moment][-grid_hours_needed() :]
        found = SCANNER.scan(
            {symbol: studies_of(frame, long_average=False) for symbol, frame in live.items()},
            {symbol: spread_of(frame.base) for symbol, frame in live.items()},
            cross_assets(live, int(hours[0]) - HOUR, int(hours[-1])),
            moment,
        )
        assert same_bits(found, table.where(table.at == moment))


def test_given_costs_when_reckoned_then_share_and_net_reward_follow_by_hand(
    world: World, table: ScoredCandidates
) -> None:
    for row in range(0, len(table), 97):
        symbol = PAIRS[int(table.pair[row])]
        bars = world.bars[symbol]
        at_bar = int(np.searchsorted(bars.closed, table.at[row], "right")) - 1
        spread = float(world.spreads[symbol].pips[at_bar])
        cost = (spread + 0.4) * 0.0001
        risk, reach = abs(table.entry[row] - table.stop[row]), abs(table.target[row] - table.entry[row])
        # A momentum trade leaves half at 1.5 R.
        trend = SCANNER.strategies[int(table.strategy[row])].style is Style.TREND
        gross = 0.5 * 1.5 * risk + 0.5 * reach if trend else reach
        assert table.cost_share[row] == pytest.approx(cost / risk)
        assert table.reward_net[row] == pytest.approx((gross - cost) / (risk + cost))
        assert table.spread_pips[row] == spread


@pytest.fixture(scope="module")
def fed(world: World) -> ScoredCandidates:
    return scanned(world, sentiment={"EURUSD": 0.9, "GBPUSD": -0.9, "EURGBP": 0.2})


@pytest.mark.parametrize("component", list(Component))
def test_given_a_components_evidence_when_shuffled_then_other_candidates_pass(
    fed: ScoredCandidates, component: Component
) -> None:
    table = fed
    columns = [k for k, at in enumerate(RULE_COMPONENT) if COMPONENTS[at] is component]
    shuffled = table.evidence.copy()
    shuffled[:, columns] = shuffled[np.random.default_rng(7).permutation(len(table))][:, columns]

    def passing(evidence: Columns) -> set[int]:
        found: set[int] = set()
        for number, strategy in enumerate(SCANNER.strategies):
            rows = np.flatnonzero(table.strategy == number)
            none = np.zeros(len(rows))
            verdict = ContextVerdict(table.context[rows] / 100.0, table.veto[rows], none, none)
            scores = score(strategy.name, Evidence(evidence[rows], evidence[rows]), verdict, RANK_SCALE)
            found |= set(rows[scores.hundredths >= 7_000].tolist())
        return found

    assert passing(table.evidence) != passing(shuffled)


def shuffled_studies(studies: FrameStudies, column: str, draws: np.random.Generator) -> FrameStudies:
    def tracks(change: Callable[[TrackStudies], TrackStudies]) -> FrameStudies:
        return replace(studies, scanned={t: change(track) for t, track in studies.scanned.items()})

    if column == "macd":
        return tracks(lambda track: replace(track, macd=draws.permutation(track.macd)))
    if column == "volume_ratio":
        return tracks(lambda track: replace(track, volume_ratio=draws.permutation(track.volume_ratio)))
    if column == "h4_fast":
        return replace(studies, h4_fast=draws.permutation(studies.h4_fast))
    if column == "trend_h1":
        return replace(studies, trend_h1=draws.permutation(studies.trend_h1))
    return replace(studies, trend_m15=draws.permutation(studies.trend_m15))


@pytest.mark.parametrize("column", ["trend_m15", "trend_h1", "h4_fast", "macd", "volume_ratio", "spread"])
def test_given_an_input_column_when_shuffled_then_scores_follow(
    world: World, table: ScoredCandidates, column: str
) -> None:
    draws = np.random.default_rng(3)
    studies, spreads = dict(world.studies), dict(world.spreads)
    for symbol, own in world.studies.items():
        if column == "spread":
            spreads[symbol] = SpreadColumn(draws.permutation(spreads[symbol].pips), spreads[symbol].measured)
        else:
            studies[symbol] = shuffled_studies(own, column, draws)
    found = SCANNER.scan(studies, spreads, world.market, 0)

    # No strategy reads these columns: the same set-ups, scored differently.
    assert found.at.tolist() == table.at.tolist()
    assert np.mean(found.score != table.score) > 0.3
    assert (found.score >= 7_000).tolist() != (table.score >= 7_000).tolist()


def test_given_the_context_when_it_speaks_then_scores_rise_fall_and_are_vetoed(world: World) -> None:
    mute = ContextRules(strength=99.0, peers=99.0, veto_strength=99.0, regime_shift=99.0)
    loud = ContextRules(strength=0.5, peers=0.5, veto_strength=1.5, regime_shift=0.3)
    quiet, spoken = (
        Scanner(PAIRS, SCANNER.strategies, RANK_SCALE, rules).scan(world.studies, world.spreads, world.market, 0)
        for rules in (mute, loud)
    )

    change = spoken.score - quiet.score
    assert not quiet.veto.any()
    assert spoken.veto.any()
    assert set(change.tolist()) >= {-200, 0, 200}
    assert change.tolist() == (spoken.context - quiet.context).tolist()


def test_given_sentiment_when_a_feed_exists_then_only_that_pair_is_covered_for_it(
    world: World, table: ScoredCandidates
) -> None:
    fed = scanned(world, sentiment={"GBPUSD": 0.5})
    gained = fed.coverage - table.coverage

    assert set(gained[fed.pair == 1].tolist()) == {10}
    assert set(gained[fed.pair != 1].tolist()) == {0}


def test_given_assumed_spreads_when_scanned_then_three_points_are_unavailable(table: ScoredCandidates) -> None:
    assert set(table.coverage[-50:].tolist()) == {87, 90}


def test_given_a_pair_without_studies_when_scanned_then_it_is_skipped(world: World, table: ScoredCandidates) -> None:
    some = SCANNER.scan({"EURUSD": world.studies["EURUSD"]}, world.spreads, world.market, 0)

    assert same_bits(some, table.where(table.pair == 0))


def test_given_nothing_to_scan_when_scanned_then_the_table_is_empty() -> None:
    nothing = SCANNER.scan(MappingProxyType({}), MappingProxyType({}), None, 0)

    assert len(nothing) == 0
    assert nothing.evidence.shape == (0, len(RULE_COMPONENT))


def test_given_one_pair_alone_when_scanned_without_a_grid_then_there_is_no_context(world: World) -> None:
    alone = SCANNER.scan({"EURUSD": world.studies["EURUSD"]}, world.spreads, None, 0)

    assert not alone.context.any()
    assert not alone.veto.any()
    assert np.isnan(alone.strength).all()
    assert set(alone.timeframe.tolist()) == {Timeframe.M15.seconds, Timeframe.M30.seconds, Timeframe.H1.seconds}
