"""The tape: what one process records, and whose act each entry belongs to."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant
from bitten_domain.market.clocks.fx_week import day_ending_at
from bitten_domain.record.inputs.entries import (
    ActBegan,
    ActEnded,
    ActKind,
    SessionBegan,
    SessionEnded,
    SessionKind,
    entry_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

    from bitten_domain.ports.input_log import InputLog
    from bitten_domain.record.inputs.entries import BarRow, Entry, OperatorAsked, StopAsked

__all__ = ["Act", "Tape"]


class Act:
    """One call of the runtime's that is under way.

    Args:
        number: its own in the session, from 1.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self._steps = count(1)

    def step(self) -> int:
        """Number the act's next call to the store."""
        return next(self._steps)


_ACT: ContextVar[Act | None] = ContextVar("act", default=None)


class Tape:
    """Write entries into a log.

    Args:
        log: where they go.
        kind: what this process does.
        version: of this program.
        configuration: of the run, as text; empty for a command.
    """

    def __init__(self, log: InputLog, kind: SessionKind, version: str, configuration: str = "") -> None:
        self._log = log
        self._acts = count(1)
        self._open: set[int] = set()
        self._facts: dict[Hashable, str] = {}
        self.write(SessionBegan(kind, version, configuration))

    @property
    def act(self) -> Act:
        """The act this code runs in.

        Raises:
            BrokenInvariant: it runs in none, so its replay could not know when.
        """
        act = _ACT.get()
        if act is None:
            raise BrokenInvariant("something is decided outside any recorded act")
        return act

    @property
    def is_in_act(self) -> bool:
        """Whether this code runs in an act."""
        return _ACT.get() is not None

    @contextmanager
    def during(
        self,
        kind: ActKind,
        *,
        at: int = 0,
        bars: Mapping[str, BarRow] | None = None,
        order: int = 0,
        stop: StopAsked | None = None,
        operator: OperatorAsked | None = None,
    ) -> Iterator[None]:
        """Record that everything inside belongs to one act, whose inputs are durable before it begins.

        Args:
            kind, at, bars, order, stop, operator: see `ActBegan`.

        Raises:
            Unavailable: they could not be written down.
        """
        if kind is ActKind.TAKE and not self._open:
            self._log.turn(day_ending_at(at))
        act = Act(next(self._acts))
        self.write(ActBegan(act.number, kind, at, bars, order, stop, operator), is_durable=True)
        self._open.add(act.number)
        token = _ACT.set(act)
        try:
            yield
        finally:
            _ACT.reset(token)
            self._open.discard(act.number)
            self.write(ActEnded(act.number))

    def write(self, entry: Entry, *, is_durable: bool = False) -> None:
        """Write an entry; one that is durable makes all before it so too.

        Raises:
            Unavailable: it was not taken.
        """
        self._log.append(entry_text(entry))
        if is_durable:
            self._log.sync()

    def keep(self, material: str) -> str:
        """Keep a long text durably and give its digest."""
        return self._log.keep(material)

    def kept_fact(self, fact: Hashable, text: Callable[[], str]) -> str:
        """Keep a fact durably, once, and give its digest.

        Args:
            fact: what is told from other facts of its kind.
            text: writes it.
        """
        digest = self._facts.get(fact)
        if digest is None:
            digest = self._facts[fact] = self._log.keep(text())
        return digest

    def close(self) -> None:
        """End the recording as a process does that is not killed."""
        self.write(SessionEnded())
        self._log.close()
