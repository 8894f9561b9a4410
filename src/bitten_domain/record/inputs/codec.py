"""Plain values as JSON and back: records by the names of their fields, decimals as strings, contracts by symbol.

A field that a later version added is read as its default from an older recording; one that was dropped is passed over.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import NewType, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from bitten_domain.execution.deal import Deal, DealReason
from bitten_domain.execution.lifecycle import PositionState
from bitten_domain.execution.order import CloseOrder, LevelsOrder, MarketOrder
from bitten_domain.execution.plan import TradePlan
from bitten_domain.execution.position import Position
from bitten_domain.execution.protocol.answers import (
    Answer,
    AnswerKind,
    BrokerQuote,
    BrokerSnapshot,
    Evidence,
    Trace,
)
from bitten_domain.values import INSTRUMENTS
from bitten_domain.values.direction import Direction
from bitten_domain.values.identifiers import UserId
from bitten_domain.values.instrument import Instrument
from bitten_domain.values.lots import Lots
from bitten_domain.values.money import Money
from bitten_domain.vocabulary import PlanKind, Tier

__all__ = ["Json", "read_as", "tagged", "written"]

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

T = TypeVar("T")

_TAG = "is"
_NAMES: dict[str, object] = {
    "UserId": UserId,
    "Tier": Tier,
} | {
    kind.__name__: kind
    for kind in (
        Answer, AnswerKind, BrokerQuote, BrokerSnapshot, CloseOrder, Deal, DealReason, Decimal, Direction, Evidence,
        Instrument, LevelsOrder, Lots, MarketOrder, Money, PlanKind, Position, PositionState, Trace, TradePlan,
    )
}  # fmt: skip
"""Names that annotations use and that are not there at run time in the modules that use them."""
_TAGGED: dict[str, type] = {
    kind.__name__: kind for kind in (Answer, BrokerSnapshot, CloseOrder, Evidence, LevelsOrder, MarketOrder)
}

_FIELDS: dict[type, tuple[str, ...] | None] = {}
_HINTS: dict[type, Mapping[str, object]] = {}


def tagged(kind: type) -> type:
    """Let records of a class say what they are, so that they can be told from others in the same place."""
    _TAGGED[kind.__name__] = kind
    return kind


def written(value: object) -> Json:
    """Write a value as what JSON knows."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Enum):
        return written(value.value)
    if isinstance(value, frozenset):
        return [written(each) for each in sorted(value, key=str)]
    if isinstance(value, Instrument):
        return value.symbol
    if isinstance(value, Mapping):
        return {str(name): written(each) for name, each in value.items()}
    names = _fields(type(value))
    if names is None:
        if isinstance(value, list | tuple):
            return [written(each) for each in value]
        raise TypeError(f"{type(value).__name__} is not written down")
    told: dict[str, Json] = {_TAG: type(value).__name__} if type(value).__name__ in _TAGGED else {}
    for name in names:
        told[name] = written(getattr(value, name))
    return told


def read_as(kind: object, told: object) -> object:
    """Read what `written` wrote of a value of that type.

    Raises:
        ValueError: it is not one.
    """
    if kind is object or isinstance(kind, UnionType) or get_origin(kind) is Union:
        return _read_one_of(get_args(kind), told)
    if isinstance(kind, NewType):
        return read_as(kind.__supertype__, told)
    origin = get_origin(kind)
    if origin is tuple:
        return tuple(read_as(get_args(kind)[0], each) for each in _of(list, told))
    if origin is frozenset:
        return frozenset(read_as(get_args(kind)[0], each) for each in _of(list, told))
    if origin is not None:
        return {name: read_as(get_args(kind)[1], each) for name, each in _of(dict, told).items()}
    if not isinstance(kind, type):
        raise ValueError(f"{kind} is not read")
    return _read_class(kind, told)


def _read_one_of(kinds: tuple[object, ...], told: object) -> object:
    if told is None and (not kinds or NoneType in kinds):
        return None
    if isinstance(told, dict) and told.get(_TAG) in _TAGGED:
        return _read_class(_TAGGED[told[_TAG]], told)
    plain = [kind for kind in kinds if kind is not NoneType and kind not in _TAGGED.values()]
    if len(plain) != 1:
        raise ValueError("it does not say what it is")
    return read_as(plain[0], told)


def _read_class(kind: type, told: object) -> object:
    if kind is float and isinstance(told, int) and not isinstance(told, bool):
        return float(told)
    if kind in (bool, int, float, str):
        return _of(kind, told)
    try:
        if kind is Decimal:
            return Decimal(_of(str, told))
        if kind is Instrument:
            return INSTRUMENTS[_of(str, told)]
    except (ArithmeticError, KeyError) as error:
        raise ValueError(f"{told!r} is no {kind.__name__}") from error
    if issubclass(kind, Enum):
        return kind(told)
    names = _fields(kind)
    if names is None:
        raise ValueError(f"{kind.__name__} is not read")
    hints, row = _hints(kind), _of(dict, told)
    try:
        made: object = kind(**{name: read_as(hints[name], row[name]) for name in names if name in row})
    except TypeError as error:
        raise ValueError(f"a {kind.__name__} lacks fields") from error
    return made


def _fields(kind: type) -> tuple[str, ...] | None:
    if kind not in _FIELDS:
        names = getattr(kind, "_fields", None)
        if dataclasses.is_dataclass(kind):
            names = tuple(field.name for field in dataclasses.fields(kind) if field.init)
        _FIELDS[kind] = names if isinstance(names, tuple) else None
    return _FIELDS[kind]


def _hints(kind: type) -> Mapping[str, object]:
    if kind not in _HINTS:
        _HINTS[kind] = get_type_hints(kind, None, {"Mapping": Mapping, **_NAMES})
    return _HINTS[kind]


def _of(kind: type[T], told: object) -> T:
    if not isinstance(told, kind) or (isinstance(told, bool) and kind is not bool):
        raise ValueError(f"{told!r} is no {kind.__name__}")
    return told
