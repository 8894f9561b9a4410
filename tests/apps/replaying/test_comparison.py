"""Records are compared row by row, and each place where they differ is named once."""

from __future__ import annotations

from bitten_apps.replaying.comparison import Difference, differences
from bitten_apps.replaying.replayer import Decided


def decided(*payloads: bytes | None, day: int = 1, stream: str = "system", first: int = 1) -> list[Decided]:
    return [Decided(day, stream, number, payload) for number, payload in enumerate(payloads, start=first)]


def test_given_equal_records_when_compared_then_nothing_differs() -> None:
    assert differences(decided(b"a", b"b"), decided(b"a", b"b")) == []


def test_given_one_other_payload_when_compared_then_its_row_is_named_with_both() -> None:
    found = differences(decided(b"a", b"b", b"c"), decided(b"a", b"x", b"c"))

    assert found == [Difference(1, "system", 2, b"b", b"x")]


def test_given_a_row_more_when_compared_then_those_behind_it_do_not_differ() -> None:
    found = differences(decided(b"a", b"c"), decided(b"a", b"b", b"c"))

    assert found == [Difference(1, "system", 2, None, b"b")]


def test_given_a_row_less_when_compared_then_the_recorded_one_is_named() -> None:
    found = differences(decided(b"a", b"b", b"c"), decided(b"a", b"c"))

    assert found == [Difference(1, "system", 2, b"b", None)]


def test_given_an_erased_row_when_compared_then_it_is_passed_over_and_the_others_are_not() -> None:
    found = differences(decided(None, b"b", b"c"), decided(b"a", b"b", b"x"))

    assert found == [Difference(1, "system", 3, b"c", b"x")]


def test_given_the_same_row_on_another_day_when_compared_then_it_differs_on_both() -> None:
    found = differences(decided(b"a"), decided(b"a", day=2))

    assert found == [Difference(1, "system", 1, b"a", None), Difference(2, "system", 1, None, b"a")]


def test_given_several_streams_when_compared_then_system_comes_first() -> None:
    ours = [*decided(b"a", stream="account:1"), *decided(b"b")]

    assert [each.stream for each in differences(ours, [])] == ["system", "account:1"]
