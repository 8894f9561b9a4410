"""Trade plans: how an open position is led to its end.

A plan looks at the position and the prices and names actions; whoever asked carries them out at the broker. It keeps no
memory of its own, so it survives a restart: that a part is taken is seen by the volume, that the stop stands at
break-even by the stop. Stops only tighten.

One R is the distance from the fill to the initial stop. Levels are exit-side prices: a long reaches one at the bid, a
short at the ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import InvalidInput
from bitten_domain.execution.deal import DealReason
from bitten_domain.execution.fill_model import NO_LEVEL_ABOVE
from bitten_domain.execution.ticks import pip_ticks, to_price, to_ticks
from bitten_domain.values.lots import Lots
from bitten_domain.vocabulary.plan_kind import PlanKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.execution.position import Position
    from bitten_domain.values.direction import Direction
    from bitten_domain.values.instrument import Instrument

__all__ = [
    "BREAK_EVEN_AT_R",
    "LEAST_TRAIL_PIPS",
    "PLAN_STAGES",
    "TIME_STOP_SECONDS",
    "TRAIL_ATRS",
    "CloseAll",
    "ClosePart",
    "ModifyStop",
    "PlanAction",
    "PlanStages",
    "TradePlan",
    "Wait",
    "part_lots",
    "plan_actions",
    "plan_legs",
    "plan_mean_r",
    "plan_target",
    "staged_target",
    "wait_of",
]

BREAK_EVEN_AT_R = Decimal(1)
TRAIL_ATRS = Decimal(2)
LEAST_TRAIL_PIPS = 12
TIME_STOP_SECONDS = 4 * 3_600


class PlanStages(NamedTuple):
    """A plan that takes a part early.

    Args:
        part: share of the volume taken at the first stage.
        first_r: where, in R.
        last_r: target of the rest, in R.
        stop_to_entry: whether the rest's stop goes to break-even then.
    """

    part: Decimal
    first_r: Decimal
    last_r: Decimal
    stop_to_entry: bool


PLAN_STAGES: Mapping[PlanKind, PlanStages] = MappingProxyType(
    {
        PlanKind.PARTIAL: PlanStages(Decimal("0.5"), Decimal("1.5"), Decimal(3), stop_to_entry=True),
        PlanKind.RUNNER: PlanStages(Decimal("0.75"), Decimal("1.5"), Decimal(5), stop_to_entry=False),
    }
)
"""The staged plans."""


@dataclass(frozen=True, slots=True)
class TradePlan:
    """Which plan leads a position.

    Args:
        kind: the plan; kinds exclude each other.
        flat_at: moment by which any plan closes the position, seconds since 1970 UTC; None for none.
        time_stop_seconds: TIME_STOP closes this long after the opening, > 0, four hours where nothing is said; None
            with every other kind.

    Raises:
        InvalidInput: the time stop is not positive, or given to another kind.
    """

    kind: PlanKind = PlanKind.FIXED
    flat_at: int | None = None
    time_stop_seconds: int | None = None

    def __post_init__(self) -> None:
        timed = self.kind is PlanKind.TIME_STOP
        if timed and self.time_stop_seconds is None:
            object.__setattr__(self, "time_stop_seconds", TIME_STOP_SECONDS)
        seconds = self.time_stop_seconds
        if timed != (seconds is not None) or (seconds is not None and seconds <= 0):
            raise InvalidInput(
                f"a {self.kind.value} plan has {'a positive' if timed else 'no'} time stop", where="time_stop_seconds"
            )


@dataclass(frozen=True, slots=True)
class ModifyStop:
    """Move the stop at the broker; always tighter than before.

    Args:
        ticks: the new stop.
        price: the same, as a price.
    """

    ticks: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class ClosePart:
    """Close a part at the market.

    Args:
        lots: the part; it and the rest are at least the minimum lot.
        level_ticks: exit-side level that was reached. In a bar it fills there, or at the open beyond it
            (`fill_model.level_ticks`); at a quote it fills at the quote.
    """

    lots: Lots
    level_ticks: int


@dataclass(frozen=True, slots=True)
class CloseAll:
    """Close the whole position at the market.

    Args:
        reason: PLAN when a stop to be set is passed already, TIME or FLAT.
    """

    reason: DealReason


PlanAction = ModifyStop | ClosePart | CloseAll

_NOTHING: tuple[PlanAction, ...] = ()
_FIRST_R = {PlanKind.BREAK_EVEN: BREAK_EVEN_AT_R, **{kind: stages.first_r for kind, stages in PLAN_STAGES.items()}}


def plan_actions(
    position: Position, plan: TradePlan, best: int, last: int, now: int, atr_ticks: Decimal | None = None
) -> tuple[PlanAction, ...]:
    """Name what the plan asks for now.

    Args:
        position: the position.
        plan: its plan.
        best: most favourable exit-side price since the last call, ticks: of a bar the high (a long) or the low plus
            the spread (a short); of a quote the exit side itself.
        last: exit-side price now, ticks: the bar's close, or the quote.
        now: seconds since 1970 UTC.
        atr_ticks: ATR14 in ticks, for the trail; without it the trail waits.

    Returns:
        Actions in the order to carry them out; empty for none. A stop that would have to stand beyond `last` has been
        passed since, so it becomes `CloseAll`; one nearer to `last` than the broker's stop level waits.
    """
    if plan.flat_at is not None and now >= plan.flat_at:
        return (CloseAll(DealReason.FLAT),)
    kind = plan.kind
    if kind is PlanKind.FIXED:
        return _NOTHING
    if kind is PlanKind.TIME_STOP:
        return (CloseAll(DealReason.TIME),) if now >= _time_stop(position, plan) else _NOTHING
    if kind is PlanKind.ATR_TRAIL:
        return _NOTHING if atr_ticks is None else _tightened(position, _trail(position, best, atr_ticks), last)
    first_gain = _first_gain(position, kind)
    if first_gain is None:
        return _NOTHING
    reached = position.sign * (best - position.entry_ticks) >= first_gain
    if kind is PlanKind.BREAK_EVEN:
        return _tightened(position, position.entry_ticks, last) if reached else _NOTHING
    stages = PLAN_STAGES[kind]
    taken = _is_parted(position)
    # Once the part is taken the stop still has to follow, were it refused the first time.
    if not taken and not reached:
        return _NOTHING
    actions = _NOTHING
    if not taken:
        part = part_lots(position.instrument, position.filled_lots, stages.part)
        if part is not None:
            actions = (ClosePart(part, position.entry_ticks + position.sign * first_gain),)
    return actions + _tightened(position, position.entry_ticks, last) if stages.stop_to_entry else actions


class Wait(NamedTuple):
    """What an open position waits for.

    Args:
        symbol: its pair.
        is_long: whether its exit side is the bid.
        lower, upper, until: while the exit side stays strictly between the two, in ticks, and the moment, seconds since
            1970 UTC, has not come, neither the broker nor the plan does anything.
    """

    symbol: str
    is_long: bool
    lower: int
    upper: int
    until: int


def wait_of(position: Position, plan: TradePlan) -> Wait:
    """Put what a broker and a plan watch a position for into two prices and a moment, so that one look tells."""
    lower, upper, until = position.lower, position.upper, plan.flat_at if plan.flat_at is not None else NO_LEVEL_ABOVE
    is_long, kind = position.sign > 0, plan.kind
    first_gain = _first_gain(position, kind)
    if kind is PlanKind.ATR_TRAIL:
        until = position.opened_at
    elif kind is PlanKind.TIME_STOP:
        until = min(until, _time_stop(position, plan))
    elif _is_parted(position):
        # All that may be left to do is to bring the stop to the entry.
        stop = position.stop_ticks
        is_loose = stop is None or position.sign * (position.entry_ticks - stop) > 0
        until = position.opened_at if is_loose else until
    elif first_gain is not None:
        level = position.entry_ticks + position.sign * first_gain
        lower, upper = (lower, min(upper, level)) if is_long else (max(lower, level), upper)
    return Wait(position.symbol, is_long, lower, upper, until)


def plan_target(
    plan: TradePlan, instrument: Instrument, direction: Direction, entry: Decimal, stop: Decimal, target: Decimal | None
) -> Decimal | None:
    """Find the target that goes to the broker with the order.

    Args:
        plan: the plan.
        instrument: the pair.
        direction: which way.
        entry, stop: the expected fill and the initial stop.
        target: the candidate's own.

    Returns:
        The last stage's level for a staged plan, the candidate's target otherwise.
    """
    last = staged_target(plan.kind, instrument, direction.sign, to_ticks(instrument, entry), stop)
    return target if last is None else last


def staged_target(kind: PlanKind, instrument: Instrument, sign: int, filled: int, stop: Decimal) -> Decimal | None:
    """Find where a staged plan closes the rest; None for a plan of one stage.

    Args:
        kind: the plan.
        instrument: the pair.
        sign: +1 for a long, -1 for a short.
        filled: the expected fill, ticks.
        stop: the initial stop.
    """
    stages = PLAN_STAGES.get(kind)
    if stages is None:
        return None
    risk = sign * (filled - to_ticks(instrument, stop))
    return to_price(instrument, filled + sign * _up(risk * stages.last_r))


def plan_legs(kind: PlanKind, target_r: Decimal) -> tuple[tuple[Decimal, Decimal], ...]:
    """List a plan's exits as (share of the volume, R), for its weighted reward; shares sum to 1.

    Args:
        kind: the plan.
        target_r: the candidate's target in R, used by plans of one stage.
    """
    stages = PLAN_STAGES.get(kind)
    if stages is None:
        return ((Decimal(1), target_r),)
    return ((stages.part, stages.first_r), (1 - stages.part, stages.last_r))


_STAGED_MEAN_R: Mapping[PlanKind, Decimal] = MappingProxyType(
    {kind: stages.part * stages.first_r + (1 - stages.part) * stages.last_r for kind, stages in PLAN_STAGES.items()}
)


def plan_mean_r(kind: PlanKind, target_r: Decimal) -> Decimal:
    """Average a plan's exits by the volume that leaves at each (`plan_legs`), in R."""
    return _STAGED_MEAN_R.get(kind, target_r)


def part_lots(instrument: Instrument, lots: Lots, share: Decimal) -> Lots | None:
    """Size a part, rounded down to whole steps.

    Returns:
        The part; None when it or the rest would be below the minimum lot, so that the position stays whole.
    """
    part = Lots(lots.value * share).floored(instrument.lot_step)
    if part.value < instrument.min_lots or lots.value - part.value < instrument.min_lots:
        return None
    return part


def _is_parted(position: Position) -> bool:
    # Most positions are whole, and then the two are one object.
    return position.lots is not position.filled_lots and position.lots != position.filled_lots


def _first_gain(position: Position, kind: PlanKind) -> int | None:
    """Find the ticks in a position's favour from which its plan acts; None where no gain makes it act."""
    stop, first_r = position.initial_stop_ticks, _FIRST_R.get(kind)
    if stop is None or first_r is None:
        return None
    return _up(position.sign * (position.entry_ticks - stop) * first_r)


def _time_stop(position: Position, plan: TradePlan) -> int:
    return position.opened_at + (plan.time_stop_seconds or 0)


def _trail(position: Position, best: int, atr_ticks: Decimal) -> int:
    distance = max(_up(atr_ticks * TRAIL_ATRS), LEAST_TRAIL_PIPS * pip_ticks(position.instrument))
    return best - position.sign * distance


def _tightened(position: Position, level: int, last: int) -> tuple[PlanAction, ...]:
    sign = position.sign
    stop = position.stop_ticks
    if stop is not None and sign * (level - stop) <= 0:
        return _NOTHING
    room = sign * (last - level)
    if room <= 0:
        return (CloseAll(DealReason.PLAN),)
    if room < int(position.instrument.stop_level_pips * pip_ticks(position.instrument)):
        return _NOTHING
    return (ModifyStop(level, to_price(position.instrument, level)),)


def _up(ticks: Decimal | int) -> int:
    whole = int(ticks)
    return whole + 1 if ticks > whole else whole
