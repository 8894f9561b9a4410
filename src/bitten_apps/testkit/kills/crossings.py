"""Crossings: every step over the border of the core, numbered; at one of them the process is killed."""

from __future__ import annotations

import json
import os
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Crossings", "Said", "say"]

Said = dict[str, "str | int | float | None"]
"""One line of what a process told its parent: ``what`` names it."""

_OUT = 1


def say(what: str, **details: str | float | None) -> None:
    """Tell the parent something, in one write: what it has received was said, whatever happens to the process."""
    os.write(_OUT, json.dumps({"what": what, **details}).encode() + b"\n")


class Crossings:
    """Counts crossings, whichever thread makes them.

    Args:
        kill_at: number of the crossing at which the process is killed, from 1; 0 for none.
    """

    def __init__(self, kill_at: int) -> None:
        self._kill_at = kill_at
        self._lock = threading.Lock()
        self.count = 0

    def cross(self, name: str, last: Callable[[], None] | None = None) -> None:
        """Cross; where the process is killed it first does its last deed, for what is killed halfway.

        Args:
            name: which border, for people.
            last: the deed; done nowhere but at the end.
        """
        with self._lock:
            self.count += 1
            if self.count != self._kill_at:
                return
            if last is not None:
                last()
            say("killed", number=self.count, where=name)
            os.kill(os.getpid(), signal.SIGKILL)
