"""Emission: from scored candidates to signals, one moment at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from bitten_domain.desk.signal import Signal, life_seconds, signal_id_of
from bitten_domain.desk.signal_book import SignalBook, consider
from bitten_domain.tcs.breakdown import details_of
from bitten_domain.tcs.gate import GateRules, emission_gate, overlay_of, screen
from bitten_domain.values import Direction
from bitten_domain.vocabulary import Band, SuppressionCode, band_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bitten_domain.market.news_view import Blackout
    from bitten_domain.strategies.strategy import Strategy
    from bitten_domain.tcs.breakdown import ScoreDetail
    from bitten_domain.tcs.scan import ScoredCandidates
    from bitten_domain.values import Instrument

__all__ = ["CandidateNews", "CandidateRows", "Emission", "consider_rows", "rows_of"]

_SCREENED = {
    1: SuppressionCode.COVERAGE,
    2: SuppressionCode.CONTEXT,
    3: SuppressionCode.COST_SHARE,
    4: SuppressionCode.BELOW_THRESHOLD,
}
# Looking a member up costs more than naming it.
_BELOW = SuppressionCode.BELOW_THRESHOLD
_SIDES = {direction.sign: direction for direction in Direction}


FixedColumns: TypeAlias = tuple[int, int, int, int, int, int, int, float, float]
"""What a signal takes over from its candidate as it is: strategy, timeframe, entry, stop and target in ticks, flat_at,
coverage, cost_share, reward_net; see `ScoredCandidates`. A plain row, because a scan holds thousands."""


class CandidateNews(NamedTuple):
    """News around each of n candidates.

    Args:
        within_hour: shape (n,), whether a high-impact release of its pair is less than an hour away.
        blackouts: the strongest window its pair is in.
    """

    within_hour: NDArray[np.bool_]
    blackouts: list[Blackout]


class CandidateRows(NamedTuple):
    """A scan's columns as lists, for the row by row decisions of the desk.

    Args:
        table: the columns they came from.
        instruments: the scanner's pairs, by their position.
        strategies: the scanner's strategies, by their position.
        at, pair, direction, score: as in the table.
        overlay: what the market's state asks on top of the threshold, thousandths.
        screened: why no threshold could let it pass, 0 when one could.
        blackouts: the news window each row's pair was in.
        fixed: the rest of each row.
        details: scores in numbers of the rows that a threshold could let pass, by row.
        offset: rows of earlier scans of the same run; a signal's row counts from the first of them.
    """

    table: ScoredCandidates
    instruments: tuple[Instrument, ...]
    strategies: tuple[Strategy, ...]
    at: list[int]
    pair: list[int]
    direction: list[int]
    score: list[int]
    overlay: list[int]
    screened: list[int]
    blackouts: list[Blackout]
    fixed: list[FixedColumns]
    details: dict[int, ScoreDetail]
    offset: int = 0


class Emission(NamedTuple):
    """What became of one moment's candidates.

    Args:
        signals: emitted, in order.
        suppressed: how often each code kept one back.
    """

    signals: tuple[Signal, ...]
    suppressed: Mapping[SuppressionCode, int]


def rows_of(
    table: ScoredCandidates,
    instruments: Sequence[Instrument],
    strategies: Sequence[Strategy],
    news: CandidateNews,
    offset: int = 0,
) -> CandidateRows:
    """Prepare a scan for emission.

    Args:
        table: the scan.
        instruments, strategies: the scanner's, in its order.
        news: around each candidate.
        offset: rows of earlier scans of the same run.
    """
    screened = screen(table)
    possible = np.flatnonzero(screened == 0)
    digits = np.array([10.0**instrument.digits for instrument in instruments])
    scale = digits[table.pair] if len(table) else np.zeros(0)
    levels = [np.rint(column * scale).astype(np.int64).tolist() for column in (table.entry, table.stop, table.target)]
    fixed: list[FixedColumns] = list(
        zip(
            table.strategy.tolist(),
            table.timeframe.tolist(),
            *levels,
            table.flat_at.tolist(),
            table.coverage.tolist(),
            np.round(table.cost_share, 6).tolist(),
            np.round(table.reward_net, 6).tolist(),
            strict=True,
        )
    )
    return CandidateRows(
        table,
        tuple(instruments),
        tuple(strategies),
        table.at.tolist(),
        table.pair.tolist(),
        table.direction.tolist(),
        table.score.tolist(),
        overlay_of(table.volatility, news.within_hour).tolist(),
        screened.tolist(),
        news.blackouts,
        fixed,
        dict(zip(possible.tolist(), details_of(table, possible), strict=True)),
        offset,
    )


def consider_rows(
    book: SignalBook,
    rules: GateRules,
    rows: CandidateRows,
    first: int,
    stop: int,
    threshold: int,
    open_clock: int,
    day: int,
) -> tuple[SignalBook, Emission]:
    """Decide on the candidates ``first`` to ``stop``, which are all of one moment.

    Args:
        book: before them.
        rules: caps and offsets.
        rows: the scan.
        first, stop: the rows.
        threshold: now, thousandths of a point.
        open_clock: now on the market-open clock, seconds.
        day: the trading day.
    """
    signals: list[Signal] = []
    suppressed: dict[SuppressionCode, int] = {}
    scores, screens = rows.score, rows.screened
    # The best set-up of a moment speaks for its pair and direction; the rest of them are repeats. A stable sort leaves
    # equals in their order.
    for row in sorted(range(first, stop), key=scores.__getitem__, reverse=True):
        code: SuppressionCode | None
        screened = screens[row]
        if screened:
            code = _SCREENED[screened]
            suppressed[code] = suppressed.get(code, 0) + 1
            continue
        score, instrument = scores[row], rows.instruments[rows.pair[row]]
        symbol = instrument.symbol
        gate = emission_gate(threshold, rules.pair_offset.get(symbol, 0), rows.overlay[row])
        if score * 10 < gate:
            code = _BELOW
        else:
            sign, at, life = rows.direction[row], rows.at[row], life_seconds(score)
            book, code = consider(book, rules, symbol, sign, at, open_clock, day, life)
            if code is None:
                signals.append(_signal(rows, row, instrument, _SIDES[sign], at, at + life, score, gate, threshold))
                continue
        suppressed[code] = suppressed.get(code, 0) + 1
    return book, Emission(tuple(signals), suppressed)


def _signal(
    rows: CandidateRows,
    row: int,
    instrument: Instrument,
    direction: Direction,
    at: int,
    valid_until: int,
    score: int,
    gate: int,
    threshold: int,
) -> Signal:
    number, timeframe, entry, stop, target, flat_at, coverage, cost_share, reward_net = rows.fixed[row]
    strategy, symbol, tick = rows.strategies[number], instrument.symbol, instrument.tick
    return Signal(
        signal_id_of(symbol, direction, at),
        rows.offset + row,
        symbol,
        direction,
        strategy.name,
        timeframe,
        at,
        entry * tick,
        stop * tick,
        target * tick,
        strategy.plan,
        flat_at,
        valid_until,
        score,
        gate,
        threshold,
        band_of(score / 100) or Band.STANDARD,
        coverage,
        cost_share,
        reward_net,
        rows.blackouts[row],
        rows.details[row],
    )
