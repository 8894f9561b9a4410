"""What every entry of the game's data must be: named, explained, and free of points where points would do harm."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from bitten_domain.progression.needs import Need

__all__ = ["MOST_POINTS", "require_names", "require_points"]

MOST_POINTS = 500
"""Most points an entry of the game's data may give."""

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MOST_CODE, _MOST_NAME, _MOST_TEXT = 40, 40, 200


def require_names(code: str, name: str, text: str) -> None:
    """Check an entry's code, name and text.

    Raises:
        InvalidInput: one is missing, too long, or the code holds anything but lower case letters, digits and hyphens.
    """
    if not _CODE.fullmatch(code) or len(code) > _MOST_CODE:
        raise InvalidInput(
            f"{code!r} is no code", where="code", remedy=f"up to {_MOST_CODE} lower case letters, digits and hyphens"
        )
    for what, words, most in (("name", name, _MOST_NAME), ("text", text, _MOST_TEXT)):
        if not words.strip() or len(words) > most:
            raise InvalidInput(f"{what} must have 1 to {most} characters, got {len(words)}", where=code)


def require_points(code: str, xp: int, needs: AbstractSet[Need]) -> None:
    """Check an entry's points.

    Raises:
        InvalidInput: they are out of bounds, or given for something that needs a trade, a loss or a lockout.
    """
    if not 0 <= xp <= MOST_POINTS:
        raise InvalidInput(f"points must be 0 to {MOST_POINTS}, got {xp}", where=code)
    if xp and needs:
        words = " and ".join(sorted(need.value.lower() for need in needs))
        raise InvalidInput(
            f"its condition needs a {words}, so it gives a badge and no points", where=code, remedy="set xp to 0"
        )
