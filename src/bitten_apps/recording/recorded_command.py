"""A command of another process, recorded where it can be and carried out in any case."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_apps.recording.recorded_ports import RecordedClock
from bitten_apps.recording.recorded_run import this_version
from bitten_apps.recording.recorded_store import RecordedStore
from bitten_apps.recording.tape import Tape
from bitten_domain.errors import Unavailable
from bitten_domain.market.clocks.fx_week import trading_day_at
from bitten_domain.record.inputs.entries import SessionKind, StopAsked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.input_log import InputLog
    from bitten_domain.ports.unit_of_work import UnitOfWork
    from bitten_domain.record.inputs.entries import ActKind, OperatorAsked
    from bitten_domain.use_cases.trading.orders.emergency import EmergencyCommand

__all__ = ["RecordedCommand", "recorded_command"]

_UNRECORDED = "this cannot be recorded, so no replay will know of it"


@dataclass(frozen=True, slots=True)
class RecordedCommand:
    """Store and clock for a command, recorded or, without a tape, as they are."""

    store: UnitOfWork
    clock: Clock
    tape: Tape | None

    def during(self, kind: ActKind, command: EmergencyCommand) -> AbstractContextManager[None]:
        """Record that everything inside carries the command out."""
        if self.tape is None:
            return nullcontext()
        scope, subject, stop, actor = command
        return self.tape.during(kind, stop=StopAsked(scope.value, subject, stop.value, actor))

    def operating(self, kind: ActKind, asked: OperatorAsked) -> AbstractContextManager[None]:
        """Record that everything inside carries an ADMIN's decision out."""
        return nullcontext() if self.tape is None else self.tape.during(kind, operator=asked)


@contextmanager
def recorded_command(
    store: UnitOfWork, clock: Clock, log: Callable[[int], InputLog], complain: Callable[[str], None]
) -> Iterator[RecordedCommand]:
    """Record a command; where something cannot be recorded it is carried out all the same, since it may be a stop.

    Args:
        store, clock: what it acts with.
        log: begins a recording on a trading day, in days since 1970.
        complain: told once that a replay will not know of it.
    """
    try:
        begun = log(trading_day_at(int(clock.now().timestamp())))
    except Unavailable as error:
        complain(f"{_UNRECORDED}: {error}")
        yield RecordedCommand(store, clock, None)
        return
    tape = Tape(_LenientLog(begun, complain), SessionKind.COMMAND, this_version())
    yield RecordedCommand(RecordedStore(store, tape), RecordedClock(clock, tape), tape)
    tape.close()


class _LenientLog:
    """A log that gives up where it cannot go on, and says so once."""

    def __init__(self, log: InputLog, complain: Callable[[str], None]) -> None:
        self._log, self._complain, self._is_whole = log, complain, True

    def keep(self, material: str) -> str:
        digest = ""

        def kept() -> None:
            nonlocal digest
            digest = self._log.keep(material)

        self._tried(kept)
        return digest

    def append(self, entry: str) -> None:
        self._tried(lambda: self._log.append(entry))

    def sync(self) -> None:
        self._tried(self._log.sync)

    def turn(self, day: int) -> None:
        self._tried(lambda: self._log.turn(day))

    def close(self) -> None:
        self._log.close()

    def _tried(self, act: Callable[[], None]) -> None:
        if not self._is_whole:
            return
        try:
            act()
        except Unavailable as error:
            self._is_whole = False
            self._complain(f"{_UNRECORDED}: {error}")
