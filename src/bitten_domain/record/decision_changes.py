"""Where two versions decide otherwise, told by what a trader asks: signals, fires, fills, results.

Numbers of orders and positions and ids of intents are names and not decisions: one fire more shifts them all. So
everything is told by its signal.
"""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Change", "ChangeGroup", "changes_between", "moment_of"]

_Fields: TypeAlias = dict[str, str]


class ChangeGroup(Enum):
    """What a change is about, in the order a day goes."""

    THRESHOLD = "thresholds"
    SIGNAL = "signals"
    FIRE = "fires"
    FILL = "fills"
    RESULT = "results"


class Change(NamedTuple):
    """One decision that is another.

    Args:
        group: what it is about.
        subject: the signal; for thresholds the reading of the market-open clock.
        here, there: the fields that differ, in words; None where it was not decided at all.
    """

    group: ChangeGroup
    subject: str
    here: str | None
    there: str | None


def moment_of(payload: bytes) -> int | None:
    """Say when something was decided, seconds since 1970 UTC; None for payloads that do not say."""
    _, body = json.loads(payload)
    for name in ("at", "closed_at"):
        if isinstance(body.get(name), int):
            return int(body[name])
    last = str(body.get("id", "")).rpartition("-")[2]
    return int(last) if last.isdigit() else None


def changes_between(here: Iterable[tuple[str, bytes]], there: Iterable[tuple[str, bytes]]) -> tuple[Change, ...]:
    """Compare decisions, each with the stream it is in.

    Returns:
        What differs, by group and subject.
    """
    ours, theirs = _told(here), _told(there)
    found: list[Change] = []
    for group in ChangeGroup:
        a, b = ours[group], theirs[group]
        for subject in sorted({*a, *b}):
            one, other = a.get(subject), b.get(subject)
            if one != other:
                found.append(Change(group, subject, *_unlike(one, other)))
    return tuple(found)


def _unlike(one: _Fields | None, other: _Fields | None) -> tuple[str | None, str | None]:
    if one is None or other is None:
        return _words(one), _words(other)
    names = [name for name in {**one, **other} if one.get(name) != other.get(name)]
    return _words({name: one[name] for name in names if name in one}), _words(
        {name: other[name] for name in names if name in other}
    )


def _words(fields: _Fields | None) -> str | None:
    return None if fields is None else ", ".join(f"{name} {value}" for name, value in fields.items())


def _told(decisions: Iterable[tuple[str, bytes]]) -> Mapping[ChangeGroup, dict[str, _Fields]]:
    told: dict[ChangeGroup, dict[str, _Fields]] = {group: {} for group in ChangeGroup}
    signal_of: dict[tuple[str, object], str] = {}
    for stream, payload in decisions:
        kind, body = json.loads(payload)
        match kind:
            case "signal":
                told[ChangeGroup.SIGNAL][body["id"]] = _fields(body, without=("id", "detail")) | {
                    "parts": json.dumps(body["detail"], separators=(",", ":"))
                }
            case "threshold":
                told[ChangeGroup.THRESHOLD][str(body["open_clock"])] = _fields(body, without=("open_clock",))
            case "approved":
                _fired(told, stream, body, {"approved": _listed(_fields(body, without=("signal",)))})
            case "refused":
                codes = [f"{code} ({actual})" for code, _, actual in body["reasons"]]
                _fired(told, stream, body, {"refused": ", ".join(codes)})
            case "declined":
                _fired(told, stream, body, {"declined": f"{body['code']} {body['detail']}"})
            case "intent" if body["kind"] == "fire":
                signal_of[stream, body["order"]] = body["signal"]
            case "deal":
                signal = signal_of.get((stream, body["order"]), f"order {body['order']}")
                fills = told[ChangeGroup.FILL]
                nth = sum(subject.startswith(f"{stream} {signal} ") for subject in fills) + 1
                fields = _fields(body, without=("ticket", "position", "order", "symbol", "direction"))
                fills[f"{stream} {signal} deal {nth}"] = fields
            case "trade":
                fields = _fields(body, without=("position", "signal", "balance"))
                told[ChangeGroup.RESULT][f"{stream} {body['signal']}"] = fields
            case _:
                pass
    return told


def _fired(
    told: Mapping[ChangeGroup, dict[str, _Fields]], stream: str, body: Mapping[str, object], answer: _Fields
) -> None:
    told[ChangeGroup.FIRE].setdefault(f"{stream} {body['signal']}", {}).update(answer)


def _fields(body: Mapping[str, object], *, without: tuple[str, ...]) -> _Fields:
    return {name: str(value) for name, value in body.items() if name not in without}


def _listed(fields: _Fields) -> str:
    return ", ".join(f"{name} {value}" for name, value in fields.items())
