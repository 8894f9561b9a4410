"""Strategies of installed packages, found by the entry point group ``bitten.strategies``.

An entry point's name is the strategy's; it names the strategy itself, or a class or function that gives one without
arguments. Nothing of a package is imported before its strategy is asked for.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, cast

from bitten_domain.errors import InvalidInput
from bitten_domain.market.frame import SCANNED
from bitten_domain.strategies.strategy import Style
from bitten_domain.vocabulary import PlanKind

if TYPE_CHECKING:
    from bitten_domain.strategies.strategy import Strategy

__all__ = ["STRATEGY_GROUP", "load_strategy", "strategy_names"]

STRATEGY_GROUP = "bitten.strategies"
"""Entry point group that is searched."""


def strategy_names() -> tuple[str, ...]:
    """Name the strategies installed packages offer, sorted."""
    return tuple(sorted(entry_points(group=STRATEGY_GROUP).names))


def load_strategy(name: str) -> Strategy:
    """Import a package's strategy.

    Raises:
        InvalidInput: none or several packages offer the name, its import fails, or what it gives is no strategy.
    """
    found = tuple(entry_points(group=STRATEGY_GROUP, name=name))
    if len(found) != 1:
        problem = "no package offers" if not found else f"{len(found)} packages offer"
        raise InvalidInput(f"{problem} a strategy {name!r}", where=STRATEGY_GROUP)
    made = _made(found[0])
    faults = _faults(made, name)
    if faults:
        raise InvalidInput(f"the strategy {name!r} {faults}", where=found[0].value, remedy="mend the package")
    return cast("Strategy", made)


def _made(point: EntryPoint) -> object:
    try:
        given = point.load()
        return given() if callable(given) else given
    except Exception as error:
        raise InvalidInput(
            f"the strategy {point.name!r} cannot be loaded: {type(error).__name__}: {error}",
            where=point.value,
            remedy="mend or remove the package",
        ) from error


def _faults(made: object, name: str) -> str:
    if getattr(made, "name", None) != name:
        return f"calls itself {getattr(made, 'name', None)!r}"
    if not isinstance(getattr(made, "style", None), Style):
        return "has no style"
    if not isinstance(getattr(made, "plan", None), PlanKind):
        return "has no plan"
    timeframes = getattr(made, "timeframes", ())
    if not isinstance(timeframes, tuple) or not timeframes or not set(timeframes) <= set(SCANNED):
        return f"searches other timeframes than {', '.join(timeframe.name for timeframe in SCANNED)}"
    if not isinstance(getattr(made, "reads_long_average", None), bool):
        return "does not say whether it reads the long average"
    look_back = getattr(made, "look_back", None)
    if not isinstance(look_back, int) or look_back < 0:
        return "does not say how many bars it looks back"
    return "" if callable(getattr(made, "propose", None)) else "proposes nothing"
