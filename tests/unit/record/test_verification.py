"""I15: an edit, deletion, swap or tail cut of the journal is detected, up to the last published anchor."""

from __future__ import annotations

import asyncio
from copy import deepcopy
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bitten_adapters.cryptography.signer import Ed25519Signer, is_signed_ed25519, signer_of
from bitten_apps.testkit.journal_bench import JournalBench, chained_rows
from bitten_domain.record.anchor import Anchor, key_id_of, root_over, signing_bytes
from bitten_domain.record.damage import AnchorFault, Damage, DamageKind
from bitten_domain.record.journal_row import JournalRow, StreamHead
from bitten_domain.use_cases.platform.verify_journal import VerifyJournal, VerifyJournalCommand

if TYPE_CHECKING:
    from bitten_domain.record.verification import Verdict

SIGNER: Ed25519Signer = signer_of(bytes(range(32)))
OTHER: Ed25519Signer = signer_of(bytes(32))
NAMES = ("account:1", "account:2", "system")
DAY = 20_454
AT = DAY * 86_400 + 79_200
FIELDS = ("stream", "number", "salt", "payload", "commitment", "head")


def verified(bench: JournalBench, published: tuple[Anchor, ...] | None = None, *receipts: StreamHead) -> Verdict:
    command = VerifyJournalCommand(SIGNER.public_key, published, receipts)
    return asyncio.run(VerifyJournal(bench, is_signed_ed25519)(command))


def damage_of(verdict: Verdict, stream: str) -> Damage:
    (report,) = (each for each in verdict.streams if each.stream == stream)
    assert report.damage is not None
    return report.damage


@st.composite
def journals(draw: st.DrawFn) -> JournalBench:
    """Draw a journal of one to three streams, anchored once or twice, with rows behind the last anchor, some erased."""
    bench = JournalBench()
    names = NAMES[: draw(st.integers(1, 3))]
    for turn in range(draw(st.integers(1, 2))):
        for name in names:
            grow(bench, name, draw(st.integers(1, 4)))
        bench.anchor(SIGNER, DAY + turn, AT + turn * 86_400)
    for name in names:
        grow(bench, name, draw(st.integers(0, 2)))
        if draw(st.booleans()):
            bench.erase(name, draw(st.integers(1, len(bench.streams[name]))))
    return bench


def grow(bench: JournalBench, stream: str, count: int) -> None:
    """Add rows whose salts and payloads, of 0 to 24 bytes, look like chance."""
    for _ in range(count):
        noise = sha256(f"{stream} {len(bench.streams.get(stream, ()))}".encode()).digest()
        bench.append(stream, noise[:16], (noise + noise)[: noise[0] % 25])


def anchored(bench: JournalBench, stream: str) -> int:
    """Count the rows that the last anchor is over."""
    return next((head.rows for head in bench.anchors[-1].heads if head.stream == stream), 0)


def drawn_stream(bench: JournalBench, data: st.DataObject, least: int = 1) -> str:
    fit = [name for name, rows in sorted(bench.streams.items()) if len(rows) >= least]
    assume(fit)
    return data.draw(st.sampled_from(fit))


def renumbered(rows: list[JournalRow]) -> list[JournalRow]:
    return [row._replace(number=number) for number, row in enumerate(rows, start=1)]


def rechained(rows: list[JournalRow]) -> list[JournalRow]:
    """Chain rows anew, as one does who may write everything; erased ones are made up."""
    return chained_rows(rows[0].stream, [(row.salt or bytes(16), row.payload or b"") for row in rows])


@given(journals())
def test_given_an_untouched_journal_when_verified_then_it_is_intact_and_the_anchored_rows_are_proven(
    bench: JournalBench,
) -> None:
    verdict = verified(bench, tuple(bench.anchors))

    assert verdict.is_intact, verdict.findings
    assert verdict.rows == sum(len(rows) for rows in bench.streams.values())
    assert verdict.proven_rows == sum(head.rows for head in bench.anchors[-1].heads)
    assert verdict.erased == sum(row.payload is None for rows in bench.streams.values() for row in rows)


@given(journals(), st.data())
def test_I15_given_any_bit_of_any_field_of_any_row_when_flipped_then_that_row_is_named(
    bench: JournalBench, data: st.DataObject
) -> None:
    stream = drawn_stream(bench, data)
    rows = bench.streams[stream]
    number = data.draw(st.integers(1, len(rows)))
    row = rows[number - 1]
    field = data.draw(st.sampled_from([name for name in FIELDS if getattr(row, name) not in (None, b"")]))
    value = getattr(row, field)
    edited: int | str | bytes
    if isinstance(value, int):
        edited = value ^ 1 << data.draw(st.integers(0, 30))
    else:
        raw = bytearray(value.encode() if isinstance(value, str) else value)
        bit = data.draw(st.integers(0, 8 * len(raw) - 1))
        raw[bit // 8] ^= 1 << bit % 8
        edited = bytes(raw).decode("latin-1") if isinstance(value, str) else bytes(raw)
    bench.stated = bench.heads()
    rows[number - 1] = row._replace(**{field: edited})  # type: ignore[arg-type] # each value is its field's kind

    verdict = verified(bench)

    damage = damage_of(verdict, stream)
    assert (damage.number, damage.last) == (number, number)
    chain_goes_on = number < len(rows)
    expected = {
        "stream": {DamageKind.EDITED_NUMBER},
        "number": {DamageKind.EDITED_NUMBER},
        "salt": {DamageKind.EDITED_PAYLOAD},
        "payload": {DamageKind.EDITED_PAYLOAD},
        "commitment": {DamageKind.DOES_NOT_FOLLOW if row.payload is None else DamageKind.EDITED_COMMITMENT},
        "head": {DamageKind.EDITED_HEAD if chain_goes_on and row.payload is not None else DamageKind.DOES_NOT_FOLLOW},
    }
    assert damage.kind in expected[field]


@given(journals(), st.data(), st.booleans())
def test_I15_given_two_rows_when_swapped_then_the_first_of_them_is_named(
    bench: JournalBench, data: st.DataObject, hidden: bool
) -> None:
    stream = drawn_stream(bench, data, 2)
    rows = bench.streams[stream]
    first, second = sorted(data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=2, max_size=2, unique=True)))
    rows[first], rows[second] = rows[second], rows[first]
    if hidden:
        bench.streams[stream] = renumbered(rows)

    damage = damage_of(verified(bench), stream)

    assert damage.number == first + 1
    assert damage.kind is DamageKind.REORDERED


@given(journals(), st.data(), st.booleans())
def test_I15_given_rows_when_dropped_from_the_middle_then_the_gap_is_named(
    bench: JournalBench, data: st.DataObject, hidden: bool
) -> None:
    stream = drawn_stream(bench, data, 2)
    rows = bench.streams[stream]
    first = data.draw(st.integers(0, len(rows) - 2))
    stop = data.draw(st.integers(first + 1, len(rows) - 1))
    del rows[first:stop]
    if hidden:
        bench.streams[stream] = renumbered(rows)

    damage = damage_of(verified(bench), stream)

    assert damage.number == first + 1
    assert damage.kind is (DamageKind.DOES_NOT_FOLLOW if hidden else DamageKind.DROPPED)
    assert hidden or damage.last == stop


@given(journals(), st.data(), st.binary(max_size=24))
def test_I15_given_a_row_when_inserted_late_then_its_place_is_named(
    bench: JournalBench, data: st.DataObject, payload: bytes
) -> None:
    stream = drawn_stream(bench, data)
    rows = bench.streams[stream]
    place = data.draw(st.integers(0, len(rows) - 1))
    before = rows[place - 1].head if place else bytes(32)
    (row,) = chained_rows(stream, [(bytes(16), payload)], before)
    bench.streams[stream] = renumbered([*rows[:place], row, *rows[place:]])

    damage = damage_of(verified(bench), stream)

    assert (damage.number, damage.last) == (place + 1, place + 1)
    assert damage.kind is DamageKind.INSERTED


@given(journals(), st.data())
def test_I15_given_a_tail_when_cut_below_the_last_published_anchor_then_the_missing_rows_are_named(
    bench: JournalBench, data: st.DataObject
) -> None:
    stream = drawn_stream(bench, data)
    left = data.draw(st.integers(0, anchored(bench, stream) - 1))
    del bench.streams[stream][left:]

    damage = damage_of(verified(bench), stream)

    assert (damage.kind, damage.number, damage.last) == (DamageKind.CUT, left + 1, anchored(bench, stream))


@given(journals(), st.data(), st.binary(max_size=24))
def test_I15_given_a_journal_when_written_anew_with_one_payload_changed_then_the_anchor_finds_it(
    bench: JournalBench, data: st.DataObject, payload: bytes
) -> None:
    stream = drawn_stream(bench, data)
    number = data.draw(st.integers(1, anchored(bench, stream)))
    rows = bench.streams[stream]
    assume(rows[number - 1].payload is not None and payload != rows[number - 1].payload)
    rows[number - 1] = rows[number - 1]._replace(payload=payload)
    bench.streams[stream] = rechained(rows)

    damage = damage_of(verified(bench), stream)

    assert damage.kind is DamageKind.REWRITTEN
    assert damage.number <= damage.last <= anchored(bench, stream)


@given(journals(), st.data())
def test_given_rows_behind_the_last_anchor_when_written_anew_or_cut_then_the_verdict_says_that_nobody_would_see(
    bench: JournalBench, data: st.DataObject
) -> None:
    stream = drawn_stream(bench, data)
    rows, sure = bench.streams[stream], anchored(bench, stream)
    assume(len(rows) > sure)
    if data.draw(st.booleans()):
        del rows[data.draw(st.integers(sure, len(rows) - 1)) :]
    else:
        late = chained_rows(stream, [(bytes(16), b"made up")] * 2, rows[sure - 1].head)
        rows[sure:] = [row._replace(number=sure + place) for place, row in enumerate(late, start=1)]

    verdict = verified(bench, tuple(bench.anchors))

    assert verdict.is_intact
    assert verdict.proven_rows == sum(head.rows for head in bench.anchors[-1].heads)
    unseen = " ".join(verdict.not_proven)
    assert "unseen" in unseen or "would not be missed" in unseen


@given(journals(), st.data())
def test_given_rows_when_erased_then_nothing_is_damaged_and_they_are_counted(
    bench: JournalBench, data: st.DataObject
) -> None:
    before = verified(bench)
    stream = drawn_stream(bench, data)
    numbers = data.draw(st.sets(st.integers(1, len(bench.streams[stream])), min_size=1))
    fresh = sum(bench.streams[stream][number - 1].payload is not None for number in numbers)
    for number in numbers:
        bench.erase(stream, number)

    verdict = verified(bench)

    assert verdict.is_intact
    assert (verdict.erased, verdict.proven_rows) == (before.erased + fresh, before.proven_rows)
    assert "erased" in " ".join(verdict.not_proven)


@given(journals(), st.data(), st.booleans())
def test_given_half_an_erasure_when_verified_then_it_is_no_erasure(
    bench: JournalBench, data: st.DataObject, of_salt: bool
) -> None:
    stream = drawn_stream(bench, data)
    number = data.draw(st.integers(1, len(bench.streams[stream])))
    row = bench.streams[stream][number - 1]
    assume(row.payload is not None)
    bench.streams[stream][number - 1] = row._replace(salt=None) if of_salt else row._replace(payload=None)

    damage = damage_of(verified(bench), stream)

    assert (damage.kind, damage.number) == (DamageKind.HALF_ERASED, number)


def test_given_a_byte_moved_from_a_payload_into_its_salt_when_verified_then_the_row_is_named() -> None:
    bench = JournalBench()
    bench.append("system", bytes(16), b"payload")
    (row,) = bench.streams["system"]
    bench.streams["system"] = [row._replace(salt=bytes(16) + b"p", payload=b"ayload")]

    assert damage_of(verified(bench), "system").kind is DamageKind.EDITED_PAYLOAD


@given(journals())
def test_given_a_whole_stream_when_taken_away_then_all_its_rows_are_missed(bench: JournalBench) -> None:
    stream = min(bench.streams)
    del bench.streams[stream]

    damage = damage_of(verified(bench), stream)

    assert (damage.kind, damage.number, damage.last) == (DamageKind.CUT, 1, anchored(bench, stream))


@given(journals())
def test_given_a_shortened_journal_when_a_receipt_reaches_further_than_the_anchors_then_the_cut_is_found(
    bench: JournalBench,
) -> None:
    (receipt, *_) = bench.heads()
    assume(receipt.rows > anchored(bench, receipt.stream))
    del bench.streams[receipt.stream][receipt.rows - 1 :]

    assert verified(bench).is_intact
    assert damage_of(verified(bench, None, receipt), receipt.stream).kind is DamageKind.CUT


def one_anchor() -> tuple[JournalBench, Anchor]:
    bench = JournalBench()
    bench.append("system", bytes(16), b"one")
    bench.append("system", bytes(range(16)), b"two")
    return bench, bench.anchor(SIGNER, DAY, AT)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"signature": b""}, AnchorFault.UNSIGNED),
        ({"signature": bytes(64)}, AnchorFault.FORGED),
        ({"day": DAY - 1}, AnchorFault.FORGED),
        ({"at": AT - 86_400}, AnchorFault.FORGED),
        ({"root": bytes(32)}, AnchorFault.FORGED),
        ({"key_id": "0" * 32}, AnchorFault.OTHER_KEY),
        ({"heads": (StreamHead("system", 2, bytes(32)),)}, AnchorFault.WRONG_ROOT),
        ({"heads": ()}, AnchorFault.FORGED),
    ],
)
def test_given_a_changed_anchor_when_verified_then_it_is_not_believed_and_named(
    change: dict[str, object], fault: AnchorFault
) -> None:
    bench, anchor = one_anchor()
    bench.anchors = [replace(anchor, **change)]  # type: ignore[arg-type] # each case fits its field

    verdict = verified(bench)

    assert [each.fault for each in verdict.anchors.damage] == [fault]
    assert verdict.proven.startswith("Nothing is proven")
    assert not verdict.is_intact


@given(st.integers(0, 511))
def test_given_any_bit_of_a_signature_when_flipped_then_the_anchor_is_forged(bit: int) -> None:
    bench, anchor = one_anchor()
    signature = bytearray(anchor.signature)
    signature[bit // 8] ^= 1 << bit % 8
    bench.anchors = [replace(anchor, signature=bytes(signature))]

    assert [each.fault for each in verified(bench).anchors.damage] == [AnchorFault.FORGED]


def test_given_another_key_when_it_signs_the_anchors_then_they_are_not_believed() -> None:
    bench, _ = one_anchor()
    bench.anchors = []
    bench.anchor(OTHER, DAY, AT)

    assert [each.fault for each in verified(bench).anchors.damage] == [AnchorFault.OTHER_KEY]


def test_given_an_operator_who_writes_all_anew_and_signs_it_when_held_against_the_published_copy_then_it_shows() -> (
    None
):
    bench, anchor = one_anchor()
    honest = deepcopy(bench)
    bench.streams["system"] = chained_rows("system", [(bytes(16), b"one"), (bytes(16), b"nicer")])
    bench.anchors = []
    bench.anchor(SIGNER, DAY, AT)

    alone, held_against = verified(bench), verified(bench, (anchor,))

    assert alone.is_intact
    assert "its keeper's word" in " ".join(alone.not_proven)
    assert [each.fault for each in held_against.anchors.damage] == [AnchorFault.DIFFERS]
    assert damage_of(held_against, "system").kind is DamageKind.REWRITTEN
    assert verified(honest, (anchor,)).is_intact


def test_given_an_anchor_taken_out_of_the_store_when_held_against_the_published_copy_then_it_is_missing() -> None:
    bench, anchor = one_anchor()
    bench.anchors = []

    verdict = verified(bench, (anchor,))

    assert [each.fault for each in verdict.anchors.damage] == [AnchorFault.MISSING]
    assert verdict.proven_rows == 2


def test_given_anchors_that_go_back_when_verified_then_the_later_is_named() -> None:
    bench, anchor = one_anchor()
    heads = (StreamHead("system", 1, bench.streams["system"][0].head),)
    root = root_over(heads)
    statement = signing_bytes(DAY + 1, AT - 1, root, 1, key_id_of(SIGNER.public_key))
    bench.anchors.append(
        replace(anchor, day=DAY + 1, at=AT - 1, root=root, heads=heads, signature=SIGNER.sign(statement))
    )

    faults = [each.fault for each in verified(bench).anchors.damage]

    assert faults == [AnchorFault.OUT_OF_ORDER, AnchorFault.OUT_OF_ORDER]


def test_given_no_anchor_when_verified_then_nothing_is_said_to_be_proven() -> None:
    bench, _ = one_anchor()
    bench.anchors = []

    verdict = verified(bench)

    assert verdict.is_intact
    assert verdict.proven.startswith("Nothing is proven")


def test_given_an_anchor_that_was_kept_and_not_published_when_verified_then_it_proves_nothing_yet() -> None:
    bench, anchor = one_anchor()
    bench.anchors = [replace(anchor, published_at=None)]

    alone, held_against_nothing = verified(bench), verified(bench, ())

    assert (alone.is_intact, held_against_nothing.is_intact) == (True, True)
    assert alone.proven.startswith("Nothing is proven")
    bench.anchors = [anchor]
    assert verified(bench, ()).proven.startswith("Nothing is proven")
    assert verified(bench).proven_rows == 2


def test_given_an_intact_journal_when_told_then_the_statement_names_the_anchor_and_its_time() -> None:
    bench, anchor = one_anchor()
    bench.append("system", bytes(16), b"late")

    verdict = verified(bench, (anchor,))

    assert verdict.proven == (
        "Unchanged since the anchor of 2026-01-01, made 2026-01-01T22:00:00Z: "
        "2 rows, none edited, moved, added or missing."
    )
    assert verdict.not_proven[0].startswith("1 rows are under no published anchor")
