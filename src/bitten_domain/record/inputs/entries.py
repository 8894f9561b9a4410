"""Entries of an input log: what reached the desk from outside, and in which order its transactions took effect.

An act is one call that the runtime makes: a market moment, an order that is due, a stop. Acts of one process overlap,
so each entry says whose it is; those of one act are in the order they happened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping  # noqa: TC003 -- entries are read by their annotations
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, TypeAlias

from bitten_domain.execution.order import CloseOrder, LevelsOrder, MarketOrder
from bitten_domain.execution.protocol.answers import (  # noqa: TC001 -- as above
    Answer,
    BrokerSnapshot,
    Evidence,
)
from bitten_domain.record.inputs.codec import read_as, tagged, written

__all__ = [
    "ActBegan",
    "ActEnded",
    "ActKind",
    "BarRow",
    "BrokerAnswered",
    "BrokerAsked",
    "Entry",
    "IdDrawn",
    "MarketShown",
    "OperatorAsked",
    "Question",
    "RowsAdded",
    "SessionBegan",
    "SessionEnded",
    "SessionKind",
    "StopAsked",
    "StoreFailed",
    "StoreRead",
    "StoreRefused",
    "StoreWritten",
    "TimeRead",
    "entry_from",
    "entry_text",
]

Question: TypeAlias = MarketOrder | CloseOrder | LevelsOrder | int
"""What a broker is asked: an order, or the deal after which a snapshot lists deals."""


class SessionKind(Enum):
    """What a process does: it runs the desk, or gives it one command."""

    RUN = "run"
    COMMAND = "command"


class ActKind(Enum):
    """What the runtime asks for."""

    OPEN = "open"
    TAKE = "take"
    SEND = "send"
    STOP = "stop"
    RELEASE = "release"
    THAW = "thaw"
    RESOLVE = "resolve"


class BarRow(NamedTuple):
    """One bar as it was shown: bid prices, tick volume, and the measured spread, pips; None where there is none."""

    opened: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    spread: float | None


class RowsAdded(NamedTuple):
    """Rows a transaction added to one stream of the journal.

    Args:
        rows: how many.
        head: the stream's head after them, hex; salted, so that no other transaction could have made it.
    """

    rows: int
    head: str


class StopAsked(NamedTuple):
    """A stop to be set or released, in the words of `EmergencyCommand`."""

    scope: str
    subject: str
    kind: str
    actor: str


class OperatorAsked(NamedTuple):
    """An account to be thawed, or a disputed order to be ended.

    Args:
        subject: the account, or the client order id.
        state: what the order came to; empty for an account.
        actor: who decides.
    """

    subject: str
    state: str
    actor: str


@tagged
@dataclass(frozen=True, slots=True)
class SessionBegan:
    """A process began to record.

    Args:
        kind: what it does.
        version: of this program.
        configuration: of the run, as `RunConfiguration` writes it; empty for a command.
    """

    kind: SessionKind
    version: str
    configuration: str = ""


@tagged
@dataclass(frozen=True, slots=True)
class SessionEnded:
    """It ended by itself; one without this was killed."""


@tagged
@dataclass(frozen=True, slots=True)
class ActBegan:
    """The runtime asked for something.

    Args:
        act: number of the act in its session, from 1.
        kind: what.
        at: the moment it is about, seconds since 1970 UTC; 0 where the clock says it.
        bars: bars that closed at a moment, by symbol.
        order: client order id of what is sent; 0 otherwise.
        stop: what is stopped or released; None otherwise.
        operator: what an ADMIN decided; None otherwise.
    """

    act: int
    kind: ActKind
    at: int = 0
    bars: Mapping[str, BarRow] | None = None
    order: int = 0
    stop: StopAsked | None = None
    operator: OperatorAsked | None = None


@tagged
@dataclass(frozen=True, slots=True)
class ActEnded:
    """An act came to its end, in whatever way."""

    act: int


@tagged
@dataclass(frozen=True, slots=True)
class MarketShown:
    """A market is shown from now on.

    Args:
        start: its first moment is at or after it, seconds since 1970 UTC.
        history: digest of the bars before it.
    """

    start: int
    history: str


@tagged
@dataclass(frozen=True, slots=True)
class TimeRead:
    """The clock was read: seconds since 1970 UTC."""

    act: int
    at: int


@tagged
@dataclass(frozen=True, slots=True)
class IdDrawn:
    """An identifier was made."""

    act: int
    id: str


@tagged
@dataclass(frozen=True, slots=True)
class BrokerAsked:
    """A broker is about to be asked something that may change its books; what it says follows, or a crash."""

    act: int
    verb: str
    question: Question


@tagged
@dataclass(frozen=True, slots=True)
class BrokerAnswered:
    """A broker answered.

    Args:
        act: whose question.
        verb: the port's method.
        question: what it was asked.
        answer: what it said; None when it raised.
        failure: name of the error and its text; None when it answered.
    """

    act: int
    verb: str
    question: Question
    answer: Answer | BrokerSnapshot | Evidence | None
    failure: tuple[str, ...] | None = None


@tagged
@dataclass(frozen=True, slots=True)
class StoreRead:
    """A transaction read a state.

    Args:
        act, step: as for `StoreWritten`.
        before: rows of the journal's streams that it found.
        seen: facts about people that it read, as digests by name; see `facts`.
    """

    act: int
    step: int
    before: Mapping[str, int]
    seen: Mapping[str, str] = field(default_factory=dict)


@tagged
@dataclass(frozen=True, slots=True)
class StoreWritten:
    """A transaction is about to be committed.

    Args:
        act: whose.
        step: number of the store's calls in the act; the same again means that the one before was not kept.
        before: rows of the journal's streams that it found.
        added: rows it adds, by stream.
        seen: facts about people that it read, as digests by name; see `facts`.
    """

    act: int
    step: int
    before: Mapping[str, int]
    added: Mapping[str, RowsAdded]
    seen: Mapping[str, str] = field(default_factory=dict)


@tagged
@dataclass(frozen=True, slots=True)
class StoreRefused:
    """A transaction's own work raised, and nothing of it was kept.

    Args:
        act, step, seen: as for `StoreWritten`.
    """

    act: int
    step: int
    seen: Mapping[str, str] = field(default_factory=dict)


@tagged
@dataclass(frozen=True, slots=True)
class StoreFailed:
    """The store raised: the error's name and text. Whether the transaction was kept is for the journal to say."""

    act: int
    step: int
    failure: tuple[str, ...]


Entry: TypeAlias = (
    SessionBegan
    | SessionEnded
    | ActBegan
    | ActEnded
    | MarketShown
    | TimeRead
    | IdDrawn
    | BrokerAsked
    | BrokerAnswered
    | StoreRead
    | StoreWritten
    | StoreRefused
    | StoreFailed
)

_ENCODE = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode


def entry_text(entry: Entry) -> str:
    """Write an entry on one line of ASCII."""
    return _ENCODE(written(entry))


def entry_from(text: str) -> Entry:
    """Read an entry.

    Raises:
        ValueError: it is not one of this version.
    """
    entry = read_as(object, json.loads(text))
    if not isinstance(entry, Entry):
        raise ValueError("it is no entry of an input log")
    return entry
