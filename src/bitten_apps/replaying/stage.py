"""The stage: acts that go on step by step, each when the script says.

An act is a coroutine of the same use cases that ran. Where it would wait for a store or a broker it comes to a gate,
and stands there until its next line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bitten_domain.errors import BittenError, BrokenInvariant

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Callable, Coroutine, Generator

    from bitten_domain.record.inputs.entries import ActBegan, IdDrawn, Question, TimeRead

__all__ = ["Gate", "LiveAct", "Stage", "finished"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Gate:
    """Where an act waits.

    Args:
        verb: ``read`` or ``run`` of the store, or a broker's method.
        perform: does what is waited for, here.
        question: what a broker is asked; None for the store.
    """

    verb: str
    perform: Callable[[], object]
    question: Question | None = None

    def __await__(self) -> Generator[Gate, object, object]:
        return (yield self)


class LiveAct:
    """An act under way.

    Args:
        began: its line.
        coroutine: what is done.
        readings: of clock and identifiers, recorded in it.
    """

    def __init__(
        self, began: ActBegan, coroutine: Coroutine[Gate, object, None], readings: deque[TimeRead | IdDrawn]
    ) -> None:
        self.began, self.readings = began, readings
        self.gate: Gate | None = None
        self.is_done = False
        self.error: BittenError | None = None
        self._coroutine = coroutine
        self._is_answered = True
        self._answer: object = None
        self._raised: BittenError | None = None

    @property
    def waits(self) -> bool:
        """Whether it stands at a gate without an answer."""
        return not self.is_done and not self._is_answered

    def answer(self, answer: object = None, raised: BittenError | None = None) -> None:
        """Give it what it waits for; it goes on when it is told to."""
        self._answer, self._raised, self._is_answered = answer, raised, True

    def go_on(self) -> None:
        """Go on to the next gate, or to the end."""
        try:
            if self._raised is None:
                self.gate = self._coroutine.send(self._answer)
            else:
                self.gate = self._coroutine.throw(self._raised)
        except StopIteration:
            self.is_done, self.gate = True, None
        except BittenError as error:
            # What an act raises is for the loop that asked for it, which tries again.
            self.is_done, self.gate, self.error = True, None, error
        self._answer, self._raised, self._is_answered = None, None, False

    def leave(self) -> None:
        """Stop where it stands, as a process does that is killed."""
        self.is_done = True
        self._coroutine.close()


class Stage:
    """Who is on."""

    def __init__(self) -> None:
        self._current: LiveAct | None = None

    @property
    def current(self) -> LiveAct:
        """The act whose code runs."""
        if self._current is None:
            raise BrokenInvariant("nobody is on the stage")
        return self._current

    def go_on(self, act: LiveAct) -> None:
        """Let an act go on to its next gate."""
        self._current, before = act, self._current
        try:
            act.go_on()
        finally:
            self._current = before


def finished(coroutine: Coroutine[object, object, T]) -> T:
    """Run a coroutine that waits for nothing.

    Raises:
        BrokenInvariant: it waits.
    """
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    coroutine.close()
    raise BrokenInvariant("a replay waits for nothing")
