"""Personal rows of the journal are found by keys and ids, and no callsign empties anybody else's record."""

from __future__ import annotations

import json

import pytest

from bitten_domain.record.journal_row import JournalRow
from bitten_domain.use_cases.privacy.personal_rows import PERSONAL_KEYS, Somebody, is_personal
from bitten_domain.values import UserId

ANN = Somebody(UserId("user-1"), 777_000_111, frozenset({"account:account-1"}))


def row(stream: str, payload: object) -> JournalRow:
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return JournalRow(stream, 1, b"s", content, b"", b"")


@pytest.mark.parametrize(
    ("stream", "payload", "expected"),
    [
        ("account:account-1", ["renamed", {"callsign": "Ann"}], True),
        ("account:account-2", ["renamed", {"callsign": "Ann"}], False),
        ("system", ["renamed", {"user": "user-1", "callsign": "Ann"}], True),
        ("system", ["renamed", {"user": "user-10", "callsign": "Ann"}], False),
        ("system", ["linked", {"telegram_id": 777_000_111}], True),
        ("system", ["linked", {"telegram_id": 777_000_112}], False),
        ("system", ["linked", [{"deep": {"telegram_id": 777_000_111}}]], True),
        ("system", ["emergency_set", {"by": "user-1", "scope": "USER", "subject": "user-1"}], False),
        ("account:account-1", ["attempt", {"order": 777_000_111, "state": "DONE"}], False),
        ("system", ["signal", {"id": "callsign", "strategy": "zone"}], False),
        ("system", b"\xff not JSON", False),
        ("system", b'"callsign" of user-1', False),
    ],
)
def test_given_a_row_when_read_then_it_is_personal_by_its_keys_and_its_person(
    stream: str, payload: object, expected: bool
) -> None:
    assert is_personal(row(stream, payload), ANN) is expected


def test_given_a_row_that_was_erased_when_read_then_there_is_nothing_personal_in_it() -> None:
    erased = row("account:account-1", ["renamed", {"callsign": "Ann"}])._replace(salt=None, payload=None)

    assert not is_personal(erased, ANN)


def test_given_somebody_without_a_telegram_id_when_a_row_names_none_then_it_is_not_theirs() -> None:
    nobody = Somebody(UserId("user-9"), None, frozenset())

    assert not is_personal(row("system", ["linked", {"telegram_id": None}]), nobody)


@pytest.mark.parametrize("key", sorted(PERSONAL_KEYS))
def test_given_each_personal_key_when_it_stands_in_ones_own_stream_then_the_row_is_personal(key: str) -> None:
    assert is_personal(row("account:account-1", ["any", {key: "x"}]), ANN)
