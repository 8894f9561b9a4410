"""The replayer: takes a script line by line through this version's code, and says where it left the recording."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from bitten_apps.replaying.shadow import asked
from bitten_apps.replaying.stage import LiveAct, Stage, finished
from bitten_apps.replaying.world import World
from bitten_domain import errors
from bitten_domain.errors import BittenError, OutcomeUnknown
from bitten_domain.record.inputs.entries import (
    ActBegan,
    ActEnded,
    ActKind,
    BrokerAnswered,
    BrokerAsked,
    IdDrawn,
    MarketShown,
    SessionBegan,
    SessionKind,
    StoreFailed,
    StoreRead,
    StoreRefused,
    StoreWritten,
    TimeRead,
)
from bitten_domain.record.inputs.script import days_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bitten_domain.ports.input_log import InputRecording
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.record.inputs.entries import BarRow, Entry, Question
    from bitten_domain.record.inputs.script import Line, Script
    from bitten_domain.use_cases.trading.backtest import BacktestPlan

__all__ = ["Decided", "Departure", "Replayed", "replayed"]

_ORDERS = frozenset({"place", "close", "modify", "evidence_of"})
_LOOKS = frozenset({"read", "snapshot"})


class Decided(NamedTuple):
    """A decision as the journal has it.

    Args:
        day: trading day, days since 1970.
        stream, number: place in the journal.
        payload: canonical bytes; None for one that was erased.
    """

    day: int
    stream: str
    number: int
    payload: bytes | None


class Departure(NamedTuple):
    """Where a replay left the recording.

    Args:
        day: trading day, days since 1970.
        what: was asked or answered otherwise.
    """

    day: int
    what: str


@dataclass(slots=True)
class Replayed:
    """What a replay came to.

    Args:
        decided: every decision, in order.
        departure: where it left the recording, and from where on the broker was this version's paper broker; None
            when it went by what was recorded to the end.
    """

    decided: list[Decided] = field(default_factory=list)
    departure: Departure | None = None


def replayed(
    script: Script,
    recording: InputRecording,
    last_day: int,
    changed: Callable[[BacktestPlan], BacktestPlan] | None = None,
) -> Replayed:
    """Replay a script from its beginning.

    Args:
        script: what was recorded.
        recording: where its calendars and bars are kept.
        last_day: trading day after which nothing is replayed, days since 1970.
        changed: applied to each plan; for what would have been under other rules.

    Raises:
        InvalidInput: a calendar or bars of the recording cannot be used.
    """
    replayer = _Replayer(script, recording, changed)
    days = days_of(script.lines)
    # A command at the very end of a day belongs to it, and may stand behind the start of a run of the next.
    of_line = [_day_of(line, days) for line in script.lines]
    until = max((place for place, day in enumerate(of_line) if day is not None and day <= last_day), default=-1)
    for place, line in enumerate(script.lines[: until + 1]):
        replayer.take(place, line, of_line[place])
    return replayer.result


def _day_of(line: Line, days: dict[tuple[int, int], int]) -> int | None:
    act = getattr(line.entry, "act", None)
    return days.get((line.session, act)) if isinstance(act, int) else None


class _Replayer:
    def __init__(
        self, script: Script, recording: InputRecording, changed: Callable[[BacktestPlan], BacktestPlan] | None
    ) -> None:
        self.result = Replayed()
        self._script = script
        self._stage = Stage()
        self._world = World(recording, self._stage, changed)
        self._live: dict[tuple[int, int], LiveAct] = {}
        self._readings: dict[tuple[int, int], list[TimeRead | IdDrawn]] = defaultdict(list)
        self._day = 0
        self._rows: dict[str, int] = {}
        for session, entry, _ in script.lines:
            if isinstance(entry, TimeRead | IdDrawn):
                self._readings[session, entry.act].append(entry)

    def take(self, place: int, line: Line, day: int | None) -> None:
        self._day = self._day if day is None else day
        entry = line.entry
        if isinstance(entry, SessionBegan):
            if entry.kind is SessionKind.RUN:
                self._leave_all(line.session)
                self._world.start(entry, self._first_answers(place, line.session))
        elif isinstance(entry, MarketShown):
            self._world.show(entry, self._shown(place, line.session))
        elif isinstance(entry, ActBegan):
            self._begin(line.session, entry)
        elif self.result.departure is None:
            self._go_by(line, entry)
        self._note()

    def _begin(self, session: int, entry: ActBegan) -> None:
        act = self._world.act(entry, self._readings[session, entry.act])
        self._live[session, entry.act] = act
        self._stage.go_on(act)
        if self.result.departure is not None:
            self._freely(act)
            self._send_due()

    def _go_by(self, line: Line, entry: Entry) -> None:
        number = getattr(entry, "act", None)
        act = self._live.get((line.session, number)) if isinstance(number, int) else None
        if act is None or isinstance(entry, TimeRead | IdDrawn):
            return
        if not act.waits and not act.is_done:
            self._stage.go_on(act)
        if _is_look(entry):
            if act.gate is None or (act.gate.verb, act.gate.question) != _look_of(entry):
                return  # another version looks at other times, and decides nothing by that alone
        elif not isinstance(entry, StoreFailed):
            self._look_about(act)
        if isinstance(entry, ActEnded):
            del self._live[line.session, entry.act]
            if not act.is_done:
                self._live[line.session, entry.act] = act
                self._depart(f"it went on to {_words(act)} where the recorded one had ended")
            elif act.readings:
                self._depart(f"its {act.began.kind.value} ended earlier than the recorded one")
        elif isinstance(entry, BrokerAsked | BrokerAnswered):
            self._ask_broker(act, entry)
        else:
            self._use_store(act, line)

    def _look_about(self, act: LiveAct) -> None:
        """Let an act see what it looks at, up to where it changes something."""
        while act.waits and act.gate is not None and act.gate.verb in _LOOKS:
            act.answer(*_performed(act.gate.perform))
            self._stage.go_on(act)

    def _ask_broker(self, act: LiveAct, entry: BrokerAsked | BrokerAnswered) -> None:
        gate = act.gate
        if gate is None or (gate.verb, gate.question) != (entry.verb, entry.question):
            self._depart(f"it went on to {_words(act)} where the recorded one asked to {entry.verb} {entry.question}")
        elif isinstance(entry, BrokerAnswered):
            shadow = self._world.shadow
            if shadow is None or not asked(entry, shadow.broker):
                self._depart(f"the paper broker answers {entry.verb} {entry.question} otherwise than was recorded")
            else:
                act.answer(entry.answer, _error(entry.failure))

    def _use_store(self, act: LiveAct, line: Line) -> None:
        entry, gate = line.entry, act.gate
        if isinstance(entry, StoreRead | StoreWritten | StoreRefused):
            self._world.facts.see(entry.seen)
        verb = "read" if isinstance(entry, StoreRead) else "run"
        if gate is None or gate.verb not in ({"read", "run"} if isinstance(entry, StoreFailed) else {verb}):
            self._depart(f"it went on to {_words(act)} where the recorded one used the store")
        elif isinstance(entry, StoreFailed):
            act.answer(raised=_error(entry.failure))
        else:
            answer, raised = _performed(gate.perform)
            if (raised is not None) is not isinstance(entry, StoreRefused):
                act.answer(answer, raised)
                self._depart(f"a transaction was {'refused' if raised else 'kept'} that was not in the recording")
                return
            act.answer(answer, raised or _error(line.failure))

    def _depart(self, what: str) -> None:
        if self.result.departure is None:
            self.result.departure = Departure(self._day, what)
            self._world.depart()
        for act in list(self._live.values()):
            self._freely(act)
        self._live.clear()
        self._send_due()

    def _freely(self, act: LiveAct) -> None:
        """Let an act go on to its end, each wait at once answered."""
        while not act.is_done:
            if act.waits and act.gate is not None:
                act.answer(*_performed(act.gate.perform))
            self._stage.go_on(act)

    def _send_due(self) -> None:
        for act in self._world.sending():
            self._stage.go_on(act)
            self._freely(act)

    def _leave_all(self, session: int) -> None:
        """Leave what an earlier run was doing when it was killed; what it had asked its broker may have been done."""
        for key, act in list(self._live.items()):
            if key[0] >= session:
                continue
            if not act.waits and not act.is_done:
                self._stage.go_on(act)
            if act.waits and act.gate is not None and act.gate.verb in _ORDERS:
                _performed(act.gate.perform)
            act.leave()
            del self._live[key]

    def _first_answers(self, place: int, session: int) -> tuple[BrokerAnswered, ...]:
        answers: list[BrokerAnswered] = []
        for line in self._script.lines[place:]:
            if line.session == session:
                if isinstance(line.entry, MarketShown):
                    break
                if isinstance(line.entry, BrokerAnswered):
                    answers.append(line.entry)
        return tuple(answers)

    def _shown(self, place: int, session: int) -> dict[str, list[BarRow]]:
        shown: dict[str, list[BarRow]] = defaultdict(list)
        for line in self._script.lines[place:]:
            entry = line.entry
            if line.session == session and isinstance(entry, ActBegan) and entry.kind is ActKind.TAKE:
                for symbol, row in (entry.bars or {}).items():
                    shown[symbol].append(row)
        return shown

    def _note(self) -> None:
        """Note what was decided since the line before."""
        for row in finished(self._world.store.read(self._new_rows)):
            self.result.decided.append(row)
            self._rows[row.stream] = row.number

    def _new_rows(self, store: Repositories) -> list[Decided]:
        return [
            Decided(self._day, row.stream, row.number, row.payload)
            for head in store.journal.heads()
            if head.rows > self._rows.get(head.stream, 0)
            for row in store.journal.rows(head.stream, self._rows.get(head.stream, 0), head.rows)
        ]


def _performed(perform: Callable[[], object]) -> tuple[object, BittenError | None]:
    try:
        return perform(), None
    except BittenError as error:
        return None, error


def _is_look(entry: Entry) -> bool:
    return isinstance(entry, StoreRead) or (isinstance(entry, BrokerAnswered) and entry.verb in _LOOKS)


def _look_of(entry: Entry) -> tuple[str, Question | None]:
    return (entry.verb, entry.question) if isinstance(entry, BrokerAnswered) else ("read", None)


def _error(failure: Sequence[str] | None) -> BittenError | None:
    if failure is None:
        return None
    name, text = failure
    kind = getattr(errors, name, OutcomeUnknown)
    made: BittenError = kind(text)
    return made


def _words(act: LiveAct) -> str:
    if act.gate is None:
        return "its end"
    return act.gate.verb if act.gate.question is None else f"{act.gate.verb} {act.gate.question}"
