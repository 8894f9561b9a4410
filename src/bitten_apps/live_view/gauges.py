"""Small charts made of characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["gauge", "sparkline"]

_LEVELS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float], width: int) -> str:
    """Draw a series as one line of blocks between its least and its greatest value.

    Args:
        values: oldest first; each column shows the last of the values that fall into it.
        width: columns, >= 1; fewer values make a shorter line.
    """
    if not values:
        return ""
    columns = min(width, len(values))
    shown = [values[(column + 1) * len(values) // columns - 1] for column in range(columns)]
    least, most = min(shown), max(shown)
    if most == least:
        return _LEVELS[3] * columns
    return "".join(_LEVELS[min(7, int(8 * (value - least) / (most - least)))] for value in shown)


def gauge(value: float, least: float, most: float, width: int) -> tuple[str, str, str]:
    """Place a value on a scale.

    Returns:
        What is drawn before the mark, the mark, and what is drawn behind it; `width` characters together.
    """
    share = min(max((value - least) / (most - least), 0.0), 1.0)
    at = round(share * (width - 1))
    return "─" * at, "●", "─" * (width - 1 - at)
