"""Payloads of account happenings: canonical, and the same on every machine."""

from __future__ import annotations

import json
from decimal import Decimal

from bitten_domain.desk.account import AccountStanding
from bitten_domain.desk.account.happenings import AttemptMoved, EmergencySet, IntentReserved, StandingMoved
from bitten_domain.execution import CloseIntent, DealReason
from bitten_domain.execution.protocol import Attempt
from bitten_domain.record.account_payloads import account_payload_of
from bitten_domain.risk.emergency_stop import EmergencyStop, StopKind, StopScope
from bitten_domain.values import AccountId, IntentId, Lots, UserId
from bitten_domain.vocabulary import OrderState

ATTEMPT = Attempt(IntentId("i-1"), 1, 4_294_967_297, OrderState.RESERVED, 100)
CLOSE = CloseIntent(IntentId("i-1"), AccountId("a-1"), 7, Lots(Decimal("0.10")), DealReason.MANUAL, 100)


def test_given_a_close_when_written_then_the_bytes_are_these() -> None:
    assert account_payload_of(IntentReserved(CLOSE, ATTEMPT, None)) == (
        b'["intent",{"at":100,"kind":"close","intent":"i-1","ticket":7,"lots":"0.1","reason":"MANUAL","attempt":1,'
        b'"order":4294967297,"risk":null,"margin":null}]'
    )


def test_given_a_move_when_written_then_it_says_from_where_to_where() -> None:
    kind, body = json.loads(account_payload_of(AttemptMoved(ATTEMPT, OrderState.UNKNOWN, "LOST")))

    assert (kind, body["was"], body["state"], body["reason"]) == ("attempt", "UNKNOWN", "RESERVED", "LOST")


def test_given_texts_from_outside_when_written_then_the_payload_is_ascii_json() -> None:
    payload = account_payload_of(StandingMoved(100, AccountStanding.FROZEN, 'books differ: "naïve"\n'))

    assert payload.isascii()
    assert json.loads(payload)[1]["reason"] == 'books differ: "naïve"\n'


def test_given_an_emergency_stop_when_written_then_its_scope_is_kept() -> None:
    stop = EmergencyStop(StopScope.USER, "u-1", StopKind.HALT, UserId("u-1"), 100)

    assert json.loads(account_payload_of(EmergencySet(stop))) == [
        "emergency_set",
        {"at": 100, "by": "u-1", "scope": "USER", "subject": "u-1", "kind": "HALT"},
    ]
