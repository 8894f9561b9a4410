"""The strategy contract: numbered cards that every strategy passes, yours too.

Give each card a bench (a strategy and M15 bars, real or synthetic, the more the better: at least 25 trading days, and
80 or more for the window card to mean something) and run its check; a broken promise raises `ContractBroken` with what
was expected and found::

    bench = StrategyBench(MyStrategy(), INSTRUMENTS["EURUSD"], bars)
    for card in STRATEGY_CARDS:
        card.check(bench)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bitten_apps.testkit.contract_broken import ContractBroken
from bitten_domain.market.frame import SCANNED, Frame, Track, frame_of
from bitten_domain.market.studies import history_needed, studies_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bitten_domain.market.bars import Bars, Timeframe
    from bitten_domain.market.studies import FrameStudies
    from bitten_domain.strategies.candidate import Candidates
    from bitten_domain.strategies.strategy import Strategy
    from bitten_domain.values import Instrument

__all__ = ["STRATEGY_CARDS", "StrategyBench", "StrategyCard", "live_window"]


@dataclass(frozen=True, slots=True, eq=False)
class StrategyBench:
    """A strategy under test, with a market to test it on.

    Args:
        strategy: the strategy.
        instrument: the pair.
        bars: its M15 bars.
        cuts: how thoroughly to look, >= 2: moments at which the future is cut off, half of them at set-ups; live
            windows are tried at eight times as many.
    """

    strategy: Strategy
    instrument: Instrument
    bars: Bars
    cuts: int = 24


@dataclass(frozen=True, slots=True)
class StrategyCard:
    """One promise and its check.

    Args:
        number: its place in the list, from 1.
        promise: what is promised, in a sentence.
        check: runs it on a bench; raises `ContractBroken`.
    """

    number: int
    promise: str
    check: Callable[[StrategyBench], None]


class _SetUp(NamedTuple):
    """A set-up as it compares: by its bar's opening time, since positions depend on where history begins."""

    at: int
    opened: int
    direction: int
    entry: float
    stop: float
    target: float
    flat_at: int


def live_window(frame: Frame, moment: int, keep: Mapping[Timeframe, int]) -> Frame:
    """Cut a frame to what a live one holds at a moment: of each timeframe the newest known bars.

    Args:
        frame: any length.
        moment: seconds since 1970 UTC.
        keep: bars to keep of each timeframe.
    """
    tracks = []
    for track in frame.tracks:
        stop = int(track.last_known(np.array([moment], dtype=np.int64))[0]) + 1
        rows = slice(max(0, stop - keep[track.bars.timeframe]), stop)
        tracks.append(Track(track.bars.rows(rows), track.known_at[rows]))
    return Frame(frame.instrument, tuple(tracks))


def _studied(bench: StrategyBench, frame: Frame) -> FrameStudies:
    return studies_of(frame, long_average=bench.strategy.reads_long_average)


def _set_ups(candidates: Candidates, bars: Bars) -> list[_SetUp]:
    columns = (
        candidates.at,
        bars.opened[candidates.bar],
        candidates.direction,
        candidates.entry,
        candidates.stop,
        candidates.target,
        candidates.flat_at,
    )
    return list(map(_SetUp._make, zip(*(column.tolist() for column in columns), strict=True)))


def _found(bench: StrategyBench, studies: FrameStudies, timeframe: Timeframe) -> list[_SetUp]:
    candidates = bench.strategy.propose(studies, timeframe)
    return _set_ups(candidates, studies.frame.track(timeframe).bars)


def _spaced(moments: list[int], count: int) -> set[int]:
    return {moments[len(moments) * k // count] for k in range(count)} if moments else set()


def _cuts(bench: StrategyBench, found: list[_SetUp]) -> list[int]:
    """Choose moments to cut the future off: set-ups' own, and some that may have none."""
    half = max(1, bench.cuts // 2)
    later = bench.bars.closed[len(bench.bars) // 2 :].tolist()
    return sorted(_spaced(sorted({set_up.at for set_up in found}), half) | _spaced(later, half))


def _live_moments(bench: StrategyBench, found: list[_SetUp], known_at: list[int]) -> list[int]:
    """Choose moments to try a live window at: set-ups' own, and the last bars one after the other.

    One after the other because a set-up that only a later bar took back is seen at no other moment than its own.
    """
    half = max(1, 4 * bench.cuts)
    return sorted(_spaced(sorted({set_up.at for set_up in found}), half) | set(known_at[-half:]))


def _when(moment: int) -> str:
    return datetime.fromtimestamp(moment, tz=UTC).strftime("%Y-%m-%d %H:%M UTC")


def _expect(found: object, expected: object, what: str) -> None:
    if found != expected:
        raise ContractBroken(f"{what}: expected {expected}, found {found}")


def _expect_same(found: list[_SetUp], expected: list[_SetUp], what: str) -> None:
    only_found = [set_up for set_up in found if set_up not in expected]
    only_expected = [set_up for set_up in expected if set_up not in found]
    if only_found or only_expected:
        raise ContractBroken(f"{what}: expected also {only_expected[:3]}, found also {only_found[:3]}")
    _expect(found, expected, f"{what}, order")


def _is_declared(bench: StrategyBench) -> None:
    strategy = bench.strategy
    if re.fullmatch(r"[a-z][a-z0-9_]*", strategy.name) is None:
        raise ContractBroken(f"a strategy's name is lower_snake_case, found {strategy.name!r}")
    if not strategy.timeframes or not set(strategy.timeframes) <= set(SCANNED):
        names = ", ".join(timeframe.name for timeframe in SCANNED)
        raise ContractBroken(f"a strategy searches some of {names}, found {strategy.timeframes}")


def _is_well_formed(bench: StrategyBench) -> None:
    studies = _studied(bench, frame_of(bench.instrument, bench.bars))
    for timeframe in bench.strategy.timeframes:
        bars = studies.frame.track(timeframe).bars
        found = bench.strategy.propose(studies, timeframe)
        _expect(found.at.tolist(), sorted(found.at.tolist()), "set-ups come in time order")
        _expect(found.at.tolist(), bars.closed[found.bar].tolist(), "a set-up is complete when its bar closes")
        _expect(set(found.direction.tolist()) <= {-1, 1}, True, "a direction is +1 or -1")
        _expect(bool(np.all(found.flat_at > found.at)), True, "a set-up may be held for some time")
        for name in ("entry", "stop", "target"):
            prices = getattr(found, name)
            _expect(bool(np.all(np.isfinite(prices) & (prices > 0.0))), True, f"{name} is a price")


def _is_pure(bench: StrategyBench) -> None:
    before = {name: getattr(bench.bars, name).tobytes() for name in ("open", "high", "low", "close", "volume")}
    studies = _studied(bench, frame_of(bench.instrument, bench.bars))
    again = _studied(bench, frame_of(bench.instrument, bench.bars))
    for timeframe in bench.strategy.timeframes:
        first = _found(bench, studies, timeframe)
        _expect_same(_found(bench, studies, timeframe), first, "the same studies asked twice")
        _expect_same(_found(bench, again, timeframe), first, "the same bars studied twice")
    for name, column in before.items():
        _expect(getattr(bench.bars, name).tobytes() == column, True, f"column {name} is left as it was")


def _sees_no_future(bench: StrategyBench) -> None:
    whole = _studied(bench, frame_of(bench.instrument, bench.bars))
    for timeframe in bench.strategy.timeframes:
        every = _found(bench, whole, timeframe)
        for moment in _cuts(bench, every):
            known = int(np.searchsorted(bench.bars.closed, moment, side="right"))
            past = _studied(bench, frame_of(bench.instrument, bench.bars.rows(slice(0, known))))
            expected = [set_up for set_up in every if set_up.at <= moment]
            _expect_same(
                _found(bench, past, timeframe), expected, f"{timeframe.name} known at {_when(moment)}, future cut off"
            )


def _needs_a_window_only(bench: StrategyBench) -> None:
    whole = _studied(bench, frame_of(bench.instrument, bench.bars))
    keep = history_needed(long_average=bench.strategy.reads_long_average)
    for timeframe in bench.strategy.timeframes:
        every = _found(bench, whole, timeframe)
        known_at = whole.frame.track(timeframe).known_at.tolist()
        for moment in _live_moments(bench, every, known_at):
            live = _studied(bench, live_window(whole.frame, moment, keep))
            found = [set_up for set_up in _found(bench, live, timeframe) if set_up.at == moment]
            expected = [set_up for set_up in every if set_up.at == moment]
            _expect_same(found, expected, f"{timeframe.name} at {_when(moment)} in a live window")


def _looks_back_as_it_says(bench: StrategyBench) -> None:
    whole = _studied(bench, frame_of(bench.instrument, bench.bars))
    for timeframe in bench.strategy.timeframes:
        every = _found(bench, whole, timeframe)
        known_at = whole.frame.track(timeframe).known_at
        for moment in _live_moments(bench, every, known_at.tolist()):
            first = int(np.searchsorted(known_at, moment, side="left"))
            seen = whole.tail(timeframe, len(known_at) - max(0, first - bench.strategy.look_back), moment)
            found = [set_up for set_up in _found(bench, seen, timeframe) if set_up.at >= moment]
            expected = [set_up for set_up in every if set_up.at >= moment]
            what = f"{timeframe.name} since {_when(moment)} with {bench.strategy.look_back} bars before"
            _expect_same(found, expected, what)


STRATEGY_CARDS: tuple[StrategyCard, ...] = (
    StrategyCard(1, "It has a usable name and searches timeframes that are scanned.", _is_declared),
    StrategyCard(2, "Its set-ups are well formed, in time order and complete at a bar's close.", _is_well_formed),
    StrategyCard(3, "The same bars give the same set-ups, and it changes nothing.", _is_pure),
    StrategyCard(4, "Cutting off the future never changes the past.", _sees_no_future),
    StrategyCard(5, "A live window gives what the full history gives, bit for bit.", _needs_a_window_only),
    StrategyCard(6, "It reads no more bars before a set-up than it says.", _looks_back_as_it_says),
)
"""Every promise of `bitten_domain.strategies.strategy.Strategy`, in the order to check them."""
