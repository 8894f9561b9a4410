"""Low-footprint execution: entering quietly on one's own account.

Disclosed and audited: every change is recorded with what it was, what it became and why. Chance comes in as drawn
numbers, so the same draws give the same schedule. It can only reduce risk: stop and target move towards the entry,
volume never grows. It hides nothing from a broker; where the broker forbids automation it is off.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import BrokenInvariant
from bitten_domain.execution.ticks import pip_ticks, ticks_of_pips, to_price, to_ticks
from bitten_domain.values.lots import Lots

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bitten_domain.values.direction import Direction
    from bitten_domain.values.instrument import Instrument

__all__ = ["DRAWS_NEEDED", "LIMITS", "Footprint", "FootprintChange", "FootprintLevel", "FootprintLevels",
           "FootprintLimits", "FootprintSlice", "quiet_levels", "quiet_schedule", "still_good"]  # fmt: skip


class FootprintLevel(Enum):
    """How quiet; each level includes the ones before it."""

    OFF = "OFF"
    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    GHOST = "GHOST"


class FootprintLimits(NamedTuple):
    """What a level may do.

    Args:
        delay_seconds: longest delay of the entry, whole seconds.
        slices: most child orders.
        clearance_pips: distance stop and target keep from round numbers.
        symbol_lots: cap on the open volume of one pair; None for none.
        total_lots: cap on the open volume; None for none.
    """

    delay_seconds: int
    slices: int
    clearance_pips: Decimal
    symbol_lots: Decimal | None
    total_lots: Decimal | None


LIMITS: Mapping[FootprintLevel, FootprintLimits] = MappingProxyType(
    {
        FootprintLevel.OFF: FootprintLimits(0, 1, Decimal(0), None, None),
        FootprintLevel.LOW: FootprintLimits(3, 1, Decimal("0.5"), Decimal(10), Decimal(30)),
        FootprintLevel.MEDIUM: FootprintLimits(6, 2, Decimal("0.75"), Decimal(5), Decimal(15)),
        FootprintLevel.HIGH: FootprintLimits(9, 3, Decimal("1.0"), Decimal(3), Decimal(9)),
        FootprintLevel.GHOST: FootprintLimits(12, 4, Decimal("1.25"), Decimal(2), Decimal(6)),
    }
)
"""The numbers of each level."""

DRAWS_NEEDED = 6
"""Numbers a schedule consumes: two for the levels, four for the slices' delays."""

_ROUND_PIPS = 50
_MOST_SHIFT_PIPS = 3
_MOST_DRIFT_R = Decimal("0.25")


@dataclass(frozen=True, slots=True)
class FootprintChange:
    """One recorded change.

    Args:
        field: what was changed: ``stop``, ``target``, ``lots``, ``slices`` or ``delay_seconds``.
        original, modified: the values, written out.
        reason: why.
    """

    field: str
    original: str
    modified: str
    reason: str


@dataclass(frozen=True, slots=True)
class FootprintLevels:
    """Stop and target after they were moved off round numbers; the size is computed from these.

    Args:
        stop, target: the levels to trade with.
        changes: what was moved.
    """

    stop: Decimal
    target: Decimal | None
    changes: tuple[FootprintChange, ...]


@dataclass(frozen=True, slots=True)
class FootprintSlice:
    """One child order.

    Args:
        delay_seconds: how long after the decision it leaves, after `still_good` says so.
        lots: its volume, at least the minimum lot.
    """

    delay_seconds: int
    lots: Lots


@dataclass(frozen=True, slots=True)
class Footprint:
    """The schedule of one entry.

    Args:
        slices: child orders by rising delay; empty when the caps leave no volume.
        changes: what differs from one order at once.
    """

    slices: tuple[FootprintSlice, ...]
    changes: tuple[FootprintChange, ...]


def quiet_levels(
    level: FootprintLevel,
    instrument: Instrument,
    direction: Direction,
    entry: Decimal,
    stop: Decimal,
    target: Decimal | None,
    draws: Sequence[float],
) -> FootprintLevels:
    """Move stop and target off round numbers (multiples of 50 pips), towards the entry, by at most 3 pips.

    Args:
        level: how quiet.
        instrument: the pair.
        direction: which way.
        entry: the expected fill.
        stop, target: the candidate's levels.
        draws: at least two numbers in [0, 1); the same ones give the same levels.

    Returns:
        The levels; one that would come nearer to the entry than the broker's stop level stays.
    """
    _check_draws(draws, 2)
    clearance = LIMITS[level].clearance_pips
    # A stop lies against the direction, a target with it; both move the other way, to the entry.
    moved_stop = _off_round(instrument, stop, entry, direction.sign, clearance, draws[0])
    away = -direction.sign
    moved_target = None if target is None else _off_round(instrument, target, entry, away, clearance, draws[1])
    changes = []
    for name, before, after in (("stop", stop, moved_stop), ("target", target, moved_target)):
        if before is not None and after is not None and before != after:
            written = (str(instrument.price(before)), str(after))
            changes.append(FootprintChange(name, *written, f"within {clearance} pips of a round number"))
    return FootprintLevels(moved_stop, moved_target, tuple(changes))


def quiet_schedule(
    level: FootprintLevel,
    instrument: Instrument,
    lots: Lots,
    open_symbol_lots: Lots,
    open_total_lots: Lots,
    draws: Sequence[float],
) -> Footprint:
    """Slice and delay an entry.

    Args:
        level: how quiet.
        instrument: the pair.
        lots: the approved volume.
        open_symbol_lots, open_total_lots: volume open already on the pair and in all, against the level's caps.
        draws: `DRAWS_NEEDED` numbers in [0, 1); the same ones give the same schedule.

    Returns:
        Slices of whole steps that sum to at most `lots`, each at least the minimum lot, and the record.
    """
    _check_draws(draws, DRAWS_NEEDED)
    limits = LIMITS[level]
    changes: list[FootprintChange] = []
    volume = lots
    for name, cap, held in (
        ("pair", limits.symbol_lots, open_symbol_lots),
        ("total", limits.total_lots, open_total_lots),
    ):
        if cap is not None:
            room = Lots(max(cap - held.value, Decimal(0))).floored(instrument.lot_step)
            if room < volume:
                changes.append(FootprintChange("lots", str(volume), str(room), f"{name} cap of {cap} lots"))
                volume = room
    if volume.value < instrument.min_lots:
        return Footprint((), tuple(changes))
    count = max(1, min(limits.slices, int(volume.value / instrument.min_lots)))
    if count > 1:
        changes.append(FootprintChange("slices", "1", str(count), f"level {level.value}"))
    part = Lots(volume.value / count).floored(instrument.lot_step)
    sizes = [part] * (count - 1)
    sizes.append(Lots(volume.value - part.value * (count - 1)))
    delays = sorted(int(draw * (limits.delay_seconds + 1)) for draw in draws[2 : 2 + count])
    if delays[-1] > 0:
        written = ", ".join(str(delay) for delay in delays)
        changes.append(FootprintChange("delay_seconds", "0", written, f"level {level.value}"))
    return Footprint(
        tuple(FootprintSlice(delay, size) for delay, size in zip(delays, sizes, strict=True)), tuple(changes)
    )


def still_good(
    instrument: Instrument, direction: Direction, entry: Decimal, stop: Decimal, bid: Decimal, ask: Decimal
) -> bool:
    """Check price and spread again when a slice's delay is over.

    Args:
        instrument: the pair, with its widest spread.
        direction: which way.
        entry, stop: what was approved.
        bid, ask: the quote now.

    Returns:
        Whether the spread is allowed and the fill side within 0.25 R of the entry.
    """
    side = ask if direction.sign > 0 else bid
    spread_allowed = ask - bid <= instrument.max_spread_pips * instrument.pip
    return spread_allowed and abs(side - entry) <= abs(entry - stop) * _MOST_DRIFT_R


def _off_round(
    instrument: Instrument, price: Decimal, entry: Decimal, towards: int, clearance_pips: Decimal, draw: float
) -> Decimal:
    pip = pip_ticks(instrument)
    step = _ROUND_PIPS * pip
    clearance = ticks_of_pips(instrument, clearance_pips)
    at = to_ticks(instrument, price)
    nearest = int((Decimal(at) / step).to_integral_value(rounding=ROUND_HALF_EVEN)) * step
    if clearance == 0 or abs(at - nearest) >= clearance:
        return price
    least = abs(nearest + towards * clearance - at)
    shift = least + int(draw * (_MOST_SHIFT_PIPS * pip - least + 1))
    moved = at + towards * shift
    nearest_allowed = max(1, int(instrument.stop_level_pips * pip))
    if towards * (to_ticks(instrument, entry) - moved) < nearest_allowed:
        return price
    return to_price(instrument, moved)


def _check_draws(draws: Sequence[float], needed: int) -> None:
    if len(draws) < needed or any(not 0 <= draw < 1 for draw in draws):
        raise BrokenInvariant(f"a footprint needs {needed} numbers in [0, 1), got {len(draws)}")
