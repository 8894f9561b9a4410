"""Where two versions decide otherwise is told by signal, whatever orders and positions are called."""

from __future__ import annotations

import json

from bitten_domain.record.decision_changes import Change, ChangeGroup, changes_between, moment_of

ACCOUNT = "account:paper-1"


def payload(kind: str, /, **body: object) -> tuple[str, bytes]:
    stream = "system" if kind in {"signal", "threshold"} else ACCOUNT
    return stream, json.dumps([kind, body]).encode()


def signal(score: int) -> tuple[str, bytes]:
    return payload("signal", id="EURUSD-BUY-900", score=score, stop="1.1", detail=[[score], 0])


def fire(order: int, position: int) -> list[tuple[str, bytes]]:
    return [
        payload("approved", signal="EURUSD-BUY-900", lots="0.44", stop="1.1"),
        payload("intent", kind="fire", signal="EURUSD-BUY-900", order=order, at=900),
        payload("deal", ticket=order, position=position, order=order, symbol="EURUSD", direction="BUY", price="1.2"),
        payload("trade", position=position, signal="EURUSD-BUY-900", reason="STOP", net="-99.00", balance="9901"),
    ]


def test_given_the_same_decisions_under_other_numbers_when_compared_then_none_differs() -> None:
    assert changes_between(fire(1, 1), fire(7, 9)) == ()


def test_given_another_score_when_compared_then_only_what_differs_is_told() -> None:
    assert changes_between([signal(7310)], [signal(7290)]) == (
        Change(ChangeGroup.SIGNAL, "EURUSD-BUY-900", "score 7310, parts [[7310],0]", "score 7290, parts [[7290],0]"),
    )


def test_given_a_fire_that_the_other_refuses_when_compared_then_codes_fill_and_result_are_told() -> None:
    refused = payload("refused", signal="EURUSD-BUY-900", reasons=[["MARGIN_LEVEL", "300 %", "240 %"]])

    changes = changes_between(fire(1, 1), [refused])

    assert [change.group for change in changes] == [ChangeGroup.FIRE, ChangeGroup.FILL, ChangeGroup.RESULT]
    assert changes[0].there == "refused MARGIN_LEVEL (240 %)"
    assert (changes[1].there, changes[2].there) == (None, None)


def test_given_a_signal_only_one_emits_when_compared_then_the_other_side_is_none() -> None:
    (change,) = changes_between([], [signal(7310)])

    assert change.here is None


def test_given_payloads_when_asked_for_their_moment_then_it_is_their_own_word() -> None:
    moments = [moment_of(each) for _, each in (signal(1), payload("refused", at=7), payload("trade", closed_at=8))]

    assert moments == [900, 7, 8]
    assert moment_of(b'["threshold",{"open_clock":5}]') is None
