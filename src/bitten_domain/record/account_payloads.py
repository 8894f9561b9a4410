"""Payloads of what happens to accounts, as canonical bytes; the rules are those of `record.payloads`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from bitten_domain.desk.account.happenings import (
    AttemptMoved,
    EmergencyReleased,
    EmergencySet,
    IntentReserved,
    PositionChanged,
    ReservationReleased,
    StandingMoved,
    StopDoubted,
)
from bitten_domain.execution.protocol import CloseIntent, FireIntent
from bitten_domain.record.payloads import payload_of

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.desk.account.happenings import AccountHappening
    from bitten_domain.desk.decisions import OrderApproved, OrderRefused
    from bitten_domain.execution.protocol import Intent
    from bitten_domain.risk.emergency_stop import EmergencyStop

__all__ = ["account_payload_of"]

_Text: TypeAlias = "str | int | None"

_ENCODE = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode


def account_payload_of(happening: AccountHappening | OrderApproved | OrderRefused) -> bytes:
    """Write what happened to an account as canonical bytes."""
    match happening:
        case AttemptMoved(attempt, was, reason):
            return _row(
                "attempt",
                at=attempt.since,
                order=attempt.client_order_id,
                was=was.value,
                state=attempt.state.value,
                reason=reason,
            )
        case IntentReserved(intent, attempt, reservation):
            held = None if reservation is None else reservation.risk.amount
            margin = None if reservation is None else reservation.margin.amount
            return _row(
                "intent",
                at=attempt.since,
                **_intent(intent),
                attempt=attempt.number,
                order=attempt.client_order_id,
                risk=_plain(held),
                margin=_plain(margin),
            )
        case PositionChanged(at, held_position, reason):
            position = held_position.position
            return _row(
                "position",
                at=at,
                ticket=position.ticket,
                state=position.state.value,
                intent=held_position.intent_id,
                symbol=position.symbol,
                direction=position.direction.value,
                lots=str(position.lots),
                stop=_plain(position.stop),
                target=_plain(position.target),
                confirmed=held_position.stop_confirmed_at,
                reason=reason,
            )
        case ReservationReleased(at, reservation):
            return _row("released", at=at, intent=reservation.intent_id, risk=_plain(reservation.risk.amount))
        case StopDoubted(at, ticket, tries):
            return _row("stop_doubted", at=at, ticket=ticket, tries=tries)
        case StandingMoved(at, standing, reason):
            return _row("standing", at=at, standing=standing.value, reason=reason)
        case EmergencySet(stop):
            return _row("emergency_set", at=stop.set_at, by=stop.set_by, **_stop(stop))
        case EmergencyReleased(stop, by, at):
            return _row("emergency_released", at=at, by=by, **_stop(stop))
        case _:
            return payload_of(happening)


def _row(kind: str, /, **body: _Text) -> bytes:
    return _ENCODE([kind, body]).encode("ascii")


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _stop(stop: EmergencyStop) -> dict[str, str]:
    return {"scope": stop.scope.value, "subject": stop.subject, "kind": stop.kind.value}


def _intent(intent: Intent) -> dict[str, _Text]:
    if isinstance(intent, FireIntent):
        return {
            "kind": "fire",
            "intent": intent.intent_id,
            "signal": intent.signal,
            "mode": intent.fire_mode.value,
            "symbol": intent.symbol,
            "direction": intent.direction.value,
            "lots": str(intent.lots),
            "stop": str(intent.stop),
            "target": _plain(intent.target),
            "not_after": intent.not_after,
        }
    if isinstance(intent, CloseIntent):
        return {
            "kind": "close",
            "intent": intent.intent_id,
            "ticket": intent.ticket,
            "lots": None if intent.lots is None else str(intent.lots),
            "reason": intent.reason.value,
        }
    return {
        "kind": "levels",
        "intent": intent.intent_id,
        "ticket": intent.ticket,
        "stop": _plain(intent.stop),
        "target": _plain(intent.target),
        "reason": intent.reason,
    }
