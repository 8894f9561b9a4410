"""E-mail addresses and Telegram updates: what is taken for one, and whose it is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.errors import InvalidInput
from bitten_domain.membership.privacy import email_address, lookup_form, names_telegram_id, speaks_in

ANN = 777_000_111


@pytest.mark.parametrize("text", ["ann@example.org", " a.b+c@sub.example.org\n", "ann@bücher.example", "a@b.c"])
def test_given_an_address_when_read_then_it_is_taken_without_the_spaces_around_it(text: str) -> None:
    assert email_address(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    ["", "ann", "@example.org", "ann@", "ann@example", "ann@example.", "ann@.org", "a@b@c.org", "a b@c.org",
     "ann@exa mple.org", "a\x00b@c.org", "x" * 65 + "@c.org", "a@" + "x" * 250 + ".org", "a\u202eb@c.org"],
)  # fmt: skip
def test_given_what_cannot_be_an_address_when_read_then_it_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="no e-mail address"):
        email_address(text)


def test_given_an_address_in_another_case_or_form_when_looked_up_then_it_is_the_same() -> None:
    assert lookup_form("Ann.B\u00fccher@EXAMPLE.org") == lookup_form("ann.bu\u0308cher@example.ORG")
    assert lookup_form("ann@example.org") != lookup_form("anne@example.org")


@pytest.mark.parametrize(
    ("body", "named", "own"),
    [
        ({"message": {"from": {"id": ANN}, "chat": {"id": ANN}, "text": "hello"}}, True, True),
        ({"edited_message": {"from": {"id": ANN}}}, True, True),
        ({"callback_query": {"from": {"id": ANN}, "data": "x"}}, True, True),
        ({"message": {"from": {"id": 5}, "reply_to_message": {"from": {"id": ANN}}}}, True, False),
        ({"message": {"from": {"id": 5}, "entities": [{"user": {"id": ANN}}]}}, True, False),
        ({"message": {"from": {"id": 5}, "contact": {"user_id": str(ANN)}}}, True, False),
        ({"message": {"from": {"id": 5}, "message_id": ANN}}, False, False),
        ({"message": {"from": {"id": 5}, "text": str(ANN)}}, False, False),
        ({"message": {"from": {"id": ANN * 10}}}, False, False),
        ([], False, False),
        ({"message": "text"}, False, False),
    ],
)
def test_given_an_update_when_read_then_it_says_whether_somebody_is_named_and_whether_they_speak(
    body: object, named: bool, own: bool
) -> None:
    text = json.dumps(body)

    assert (names_telegram_id(text, ANN), speaks_in(text, ANN)) == (named, own)


@pytest.mark.parametrize(("text", "named"), [("{777000111", True), ("{7770001112", False), ("{1777000111 ", False)])
def test_given_an_update_that_cannot_be_read_when_the_digits_stand_in_it_then_it_is_taken_for_theirs(
    text: str, named: bool
) -> None:
    assert names_telegram_id(text, ANN) is named
    assert not speaks_in(text, ANN)


@given(st.text(max_size=40), st.integers(-(1 << 52), 1 << 52))
def test_given_any_text_when_read_then_it_is_an_answer_and_never_an_error(text: str, number: int) -> None:
    assert names_telegram_id(text, number) in {True, False}
    assert speaks_in(text, number) is False or json.loads(text)
