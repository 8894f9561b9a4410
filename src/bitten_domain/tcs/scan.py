"""Scanning: every strategy over every timeframe of every pair, scored. The one path of backtest, demo and live."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.market.bars import Timeframe
from bitten_domain.strategies.plan_reward import plan_reward
from bitten_domain.tcs.context import ContextRules, context_of
from bitten_domain.tcs.evidence import evidence_of
from bitten_domain.tcs.parts import COMPONENTS, RULES
from bitten_domain.tcs.score import score
from bitten_domain.tcs.setting import setting_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bitten_domain.market.cross_assets import CrossAssets
    from bitten_domain.market.studies import FrameStudies
    from bitten_domain.strategies.candidate import Candidates
    from bitten_domain.strategies.strategy import Strategy
    from bitten_domain.tcs.rank_scale import RankScale

__all__ = ["ASSUMED_SLIPPAGE_PIPS", "Scanner", "ScoredCandidates", "SpreadColumn", "joined"]

ASSUMED_SLIPPAGE_PIPS = 0.4
"""Slippage of a round trip that the cost share and the net reward reckon with (rules: COST_SHARE)."""


@dataclass(frozen=True, slots=True, eq=False)
class SpreadColumn:
    """The spread at the close of each M15 bar of one pair.

    Args:
        pips: shape (n,), what an order would meet: measured, or the cost table's assumption.
        measured: shape (n,), whether it was measured.
    """

    pips: NDArray[np.float64]
    measured: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class ScoredCandidates:
    """Scored set-ups of all pairs, ordered by time, pair, strategy, timeframe, BUY before SELL; columns of shape (n,)
    unless said.

    Args:
        at: seconds since 1970 UTC at which the set-up was complete.
        pair, strategy: positions in the scanner's pairs and strategies.
        timeframe: seconds of the bars it was found in.
        direction: +1 BUY, -1 SELL.
        entry, stop, target: bid-side prices.
        flat_at: seconds since 1970 UTC.
        score: hundredths of a point.
        parts: shape (n, 8), hundredths of a point of each component.
        context: hundredths of a point the context line added.
        caps, raw: shape (n, 8), available points and evidence of each component.
        evidence: shape (n, rules), points each rule gave, NaN where it was unavailable.
        measures: shape (n, rules), what each rule read.
        coverage: points of 100 available.
        veto: whether the context vetoes it.
        strength, peers: what the context read, standard deviations, in the trade's direction.
        cost_share: spread and slippage over the stop's distance.
        reward_net: plan-weighted reward to risk, net of them.
        spread_pips: spread reckoned with.
        atr, atr_h1: ATR14 of M15 and H1, price.
        volatility: ATR14(H1) over its 20-day median; NaN where unknown.
    """

    at: NDArray[np.int64]
    pair: NDArray[np.int64]
    strategy: NDArray[np.int64]
    timeframe: NDArray[np.int64]
    direction: NDArray[np.int64]
    entry: NDArray[np.float64]
    stop: NDArray[np.float64]
    target: NDArray[np.float64]
    flat_at: NDArray[np.int64]
    score: NDArray[np.int64]
    parts: NDArray[np.int64]
    context: NDArray[np.int64]
    caps: NDArray[np.float64]
    raw: NDArray[np.float64]
    evidence: NDArray[np.float64]
    measures: NDArray[np.float64]
    coverage: NDArray[np.int64]
    veto: NDArray[np.bool_]
    strength: NDArray[np.float64]
    peers: NDArray[np.float64]
    cost_share: NDArray[np.float64]
    reward_net: NDArray[np.float64]
    spread_pips: NDArray[np.float64]
    atr: NDArray[np.float64]
    atr_h1: NDArray[np.float64]
    volatility: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.at)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.intp] | slice) -> ScoredCandidates:
        """Select rows by mask, position or slice."""
        return ScoredCandidates(**{column.name: getattr(self, column.name)[chosen] for column in fields(self)})


@dataclass(frozen=True, slots=True)
class Scanner:
    """What a scan is made of.

    Args:
        pairs: symbols in the order that breaks ties.
        strategies: in the order that breaks ties.
        scale: the frozen rank knots.
        context_rules: when the cross-asset context speaks.
    """

    pairs: tuple[str, ...]
    strategies: tuple[Strategy, ...]
    scale: RankScale
    context_rules: ContextRules = ContextRules()

    @property
    def long_average(self) -> bool:
        """Whether the studies must hold EMA200."""
        return any(strategy.reads_long_average for strategy in self.strategies)

    def scan(
        self,
        studies: Mapping[str, FrameStudies],
        spreads: Mapping[str, SpreadColumn],
        market: CrossAssets | None,
        since: int,
        sentiment: Mapping[str, float] | None = None,
    ) -> ScoredCandidates:
        """Find and score every set-up completed at or after a moment.

        Args:
            studies: by symbol; pairs without any are skipped.
            spreads: by symbol, aligned with the studies' M15 bars.
            market: the cross-asset grid, None when there is none.
            since: seconds since 1970 UTC.
            sentiment: s in [-1, 1] by symbol where a feed exists; it is then valid for the whole scan.
        """
        tables = [
            self._pair(number, studies[symbol], spreads[symbol], market, since, (sentiment or {}).get(symbol))
            for number, symbol in enumerate(self.pairs)
            if symbol in studies
        ]
        return _merged([table for parts in tables for table in parts])

    def _pair(
        self,
        pair: int,
        studies: FrameStudies,
        spreads: SpreadColumn,
        market: CrossAssets | None,
        since: int,
        sentiment: float | None,
    ) -> list[ScoredCandidates]:
        found: list[ScoredCandidates] = []
        for number, strategy in enumerate(self.strategies):
            for timeframe in strategy.timeframes:
                if not self._closes_since(studies, timeframe, since):
                    continue
                chosen = _proposed(strategy, studies, timeframe, since)
                if len(chosen):
                    found.append(self._scored(pair, number, timeframe, studies, chosen, spreads, market, sentiment))
        return found

    @staticmethod
    def _closes_since(studies: FrameStudies, timeframe: Timeframe, since: int) -> bool:
        known = studies.frame.track(timeframe).known_at
        return len(known) > 0 and int(known[-1]) >= since

    def _scored(
        self,
        pair: int,
        number: int,
        timeframe: Timeframe,
        studies: FrameStudies,
        candidates: Candidates,
        spreads: SpreadColumn,
        market: CrossAssets | None,
        sentiment: float | None,
    ) -> ScoredCandidates:
        strategy = self.strategies[number]
        n = len(candidates)
        row = studies.frame.track(Timeframe.M15).last_known(candidates.at)
        spread = spreads.pips[row]
        distance = np.abs(candidates.entry - candidates.stop)
        cost = (spread + ASSUMED_SLIPPAGE_PIPS) * float(studies.frame.instrument.pip)
        gross = plan_reward(strategy.plan, np.abs(candidates.target - candidates.entry) / distance)
        reward_net = (gross * distance - cost) / (distance + cost)
        setting = setting_of(studies, strategy.style, timeframe, candidates, spread, spreads.measured[row], reward_net)
        evidence = evidence_of(setting, np.full(n, np.nan if sentiment is None else sentiment))
        context = context_of(
            market, studies.frame.instrument.symbol, strategy.style, candidates.at, setting.sign, self.context_rules
        )
        scores = score(strategy.name, evidence, context, self.scale)
        with np.errstate(invalid="ignore", divide="ignore"):
            volatility = setting.atr_h1 / setting.usual_atr_h1
        return ScoredCandidates(
            at=candidates.at,
            pair=np.full(n, pair, dtype=np.int64),
            strategy=np.full(n, number, dtype=np.int64),
            timeframe=np.full(n, timeframe.seconds, dtype=np.int64),
            direction=candidates.direction.astype(np.int64),
            entry=candidates.entry,
            stop=candidates.stop,
            target=candidates.target,
            flat_at=candidates.flat_at,
            score=scores.hundredths,
            parts=scores.parts,
            context=scores.context,
            caps=scores.caps,
            raw=scores.raw,
            evidence=evidence.points,
            measures=evidence.measures,
            coverage=scores.coverage,
            veto=context.veto,
            strength=context.strength,
            peers=context.peers,
            cost_share=cost / distance,
            reward_net=reward_net,
            spread_pips=spread,
            atr=setting.atr,
            atr_h1=setting.atr_h1,
            volatility=volatility,
        )


def _proposed(strategy: Strategy, studies: FrameStudies, timeframe: Timeframe, since: int) -> Candidates:
    """Let a strategy search the bars known since a moment, with no more history than it says it reads."""
    known = studies.frame.track(timeframe).known_at
    first = int(np.searchsorted(known, since, side="left"))
    skipped = max(0, first - strategy.look_back)
    seen = studies.tail(timeframe, len(known) - skipped, since) if skipped else studies
    candidates = strategy.propose(seen, timeframe)
    fresh = candidates.at >= since
    chosen = candidates if bool(fresh.all()) else candidates.where(fresh)
    return replace(chosen, bar=chosen.bar + skipped) if skipped else chosen


def joined(tables: Sequence[ScoredCandidates]) -> ScoredCandidates:
    """Put tables one after another, as they are."""
    if not tables:
        return _none()
    return ScoredCandidates(
        **{
            column.name: np.concatenate([getattr(table, column.name) for table in tables])
            for column in fields(ScoredCandidates)
        }
    )


def _merged(tables: Sequence[ScoredCandidates]) -> ScoredCandidates:
    whole = joined(tables)
    if len(tables) < 2:
        return whole
    return whole.where(np.lexsort((-whole.direction, whole.timeframe, whole.strategy, whole.pair, whole.at)))


def _none() -> ScoredCandidates:
    whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
    eight = np.zeros((0, len(COMPONENTS)))
    return ScoredCandidates(
        at=whole, pair=whole, strategy=whole, timeframe=whole, direction=whole, entry=real, stop=real, target=real,
        flat_at=whole, score=whole, parts=eight.astype(np.int64), context=whole, caps=eight, raw=eight,
        evidence=np.zeros((0, len(RULES))), measures=np.zeros((0, len(RULES))), coverage=whole,
        veto=np.zeros(0, dtype=np.bool_), strength=real, peers=real, cost_share=real, reward_net=real,
        spread_pips=real, atr=real, atr_h1=real, volatility=real,
    )  # fmt: skip
