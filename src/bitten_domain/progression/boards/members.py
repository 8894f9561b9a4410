"""Members of boards and their forecasts: who asked to be ranked, under which name, and what they foretold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput

if TYPE_CHECKING:
    from bitten_domain.values import SignalId, UserId
    from bitten_domain.vocabulary import Board

__all__ = ["BoardMember", "Forecast"]

_PSEUDONYM = re.compile(r"[A-Za-z0-9_]{3,20}")


@dataclass(frozen=True, slots=True)
class BoardMember:
    """Somebody who asked to be ranked on a board; nobody is unless they ask.

    Args:
        user_id: who.
        board: which.
        pseudonym: how the board calls them, 3 to 20 letters, digits or underscores; unlike anybody else's there.
        since: when they joined, seconds since 1970 UTC.

    Raises:
        InvalidInput: the pseudonym is too short, too long or holds something else.
    """

    user_id: UserId
    board: Board
    pseudonym: str
    since: int

    def __post_init__(self) -> None:
        if not _PSEUDONYM.fullmatch(self.pseudonym):
            raise InvalidInput(
                f"{self.pseudonym!r} cannot be used as a name on a board",
                where="pseudonym",
                remedy="use 3 to 20 letters, digits or underscores",
            )


@dataclass(frozen=True, slots=True)
class Forecast:
    """The chance somebody gave a signal to end above nothing, fired or not.

    Args:
        user_id: who.
        signal_id: which.
        percent: chance in percent, 1 to 99.
        at: when it was stated, seconds since 1970 UTC; not after the signal's life.

    Raises:
        InvalidInput: the chance is out of bounds.
    """

    user_id: UserId
    signal_id: SignalId
    percent: int
    at: int

    def __post_init__(self) -> None:
        if not 1 <= self.percent <= 99:
            raise InvalidInput(f"a chance must be 1 to 99 percent, got {self.percent}", where="percent")
