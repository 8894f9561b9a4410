"""What the local gateway sends: JSON, signed as real gateways sign, with the moment of sending in the signature."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.membership.subscription import GatewayEvent, GatewayEventKind
from bitten_domain.ports.membership.payments import RawEvent
from bitten_domain.values import Money, UserId

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["GATEWAY", "TOLERANCE_SECONDS", "LocalEventReader", "body_of", "noise_of", "signed"]

GATEWAY = "local"
"""The gateway's name in events."""

TOLERANCE_SECONDS = 300
"""How old a signature may be."""

_SIGNATURE = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})", re.ASCII)
_TYPES: Mapping[str, GatewayEventKind] = {
    "trial.started": GatewayEventKind.TRIAL_STARTED,
    "invoice.paid": GatewayEventKind.PERIOD_PAID,
    "invoice.failed": GatewayEventKind.PAYMENT_FAILED,
    "plan.scheduled": GatewayEventKind.PLAN_SCHEDULED,
    "subscription.cancel_requested": GatewayEventKind.CANCEL_REQUESTED,
    "subscription.cancel_withdrawn": GatewayEventKind.CANCEL_WITHDRAWN,
    "payment.refunded": GatewayEventKind.REFUNDED,
    "subscription.ended": GatewayEventKind.ENDED,
}
_NAMES = {kind: name for name, kind in _TYPES.items()}


def body_of(event: GatewayEvent) -> bytes:
    """Write an event as it is sent."""
    told: dict[str, object] = {
        "id": event.event_id,
        "type": _NAMES[event.kind],
        "created": event.created_at,
        "number": event.sequence,
        "livemode": False,
        "subscription": event.subscription_ref,
        "client_reference": event.user_id,
        "plan": event.plan_id,
    }
    if event.period_start is not None:
        told["period"] = {"start": event.period_start, "end": event.period_end}
    if event.amount is not None:
        told["payment"] = {
            "id": event.payment_ref,
            "amount": str(event.amount.amount),
            "currency": event.amount.currency,
        }
    return json.dumps(told, sort_keys=True).encode()


def noise_of(event_id: str, kind: str, created_at: int) -> bytes:
    """Write an event of a kind the product does not use, as real gateways send by the dozen."""
    return json.dumps({"id": event_id, "type": kind, "created": created_at}, sort_keys=True).encode()


def signed(body: bytes, secret: bytes, at: int) -> RawEvent:
    """Sign an event for sending at a moment (seconds since 1970 UTC)."""
    return RawEvent(body, f"t={at},v1={_mac(secret, at, body)}")


def _mac(secret: bytes, at: int, body: bytes) -> str:
    return hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()


class LocalEventReader:
    """Read what the local gateway sent.

    Args:
        secret: shared with the gateway, at least 32 bytes.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def __call__(self, raw: RawEvent, now: int) -> GatewayEvent | None:
        """Check an event and put it in the domain's words; None for a kind that is not used.

        Raises:
            InvalidInput: it is not signed by the gateway, too long ago, or not an event.
        """
        found = _SIGNATURE.fullmatch(raw.signature)
        if found is None:
            raise _forged("the signature is not one")
        at = int(found[1])
        # Compared before anything of the body is looked at, in constant time.
        if not hmac.compare_digest(_mac(self._secret, at, raw.body), found[2]):
            raise _forged("the signature is not over these bytes")
        if abs(now - at) > TOLERANCE_SECONDS:
            raise _forged(f"it was signed {now - at} s ago")
        try:
            return _event_of(json.loads(raw.body))
        except (KeyError, TypeError, AttributeError, ValueError, InvalidOperation) as error:
            raise InvalidInput("a signed event lacks a part", where="local gateway", remedy="report it") from error


def _event_of(told: Mapping[str, object]) -> GatewayEvent | None:
    kind = _TYPES.get(str(told["type"]))
    if kind is None:
        return None
    period, payment = _part(told, "period"), _part(told, "payment")
    amount = None if payment is None else Money(Decimal(str(payment["amount"])), str(payment["currency"]))
    return GatewayEvent(
        GATEWAY,
        str(told["id"]),
        kind,
        _whole(told["created"]),
        _whole(told["number"]),
        UserId(str(told["client_reference"])),
        str(told["subscription"]),
        str(told["plan"]),
        None if period is None else _whole(period["start"]),
        None if period is None else _whole(period["end"]),
        "" if payment is None else str(payment["id"]),
        amount,
        is_test=told["livemode"] is False,
    )


def _part(told: Mapping[str, object], name: str) -> Mapping[str, object] | None:
    part = told.get(name)
    if part is not None and not isinstance(part, dict):
        raise TypeError(name)
    return part


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def _forged(what: str) -> InvalidInput:
    return InvalidInput(what, where="local gateway", remedy="check the secret; otherwise ignore it")
