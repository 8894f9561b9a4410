"""The contract of places of publication, in memory and in a file, and what is particular to the file."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.files.anchor_publisher import FileAnchorPublisher, read_anchors
from bitten_adapters.memory.anchor_publisher import MemoryAnchorPublisher
from bitten_apps.testkit.anchor_publisher_contract import ANCHOR_PUBLISHER_CARDS, AnchorPublisherCard, anchor_of
from bitten_domain.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from pathlib import Path

    from bitten_domain.ports.anchor_publisher import AnchorPublisher


class Bench:
    """A publisher; with a path it writes to that file."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._memory = MemoryAnchorPublisher()
        self.restart()

    @property
    def publisher(self) -> AnchorPublisher:
        return self._publisher

    def restart(self) -> None:
        self._publisher: AnchorPublisher = self._memory if self._path is None else FileAnchorPublisher(self._path)


@pytest.mark.parametrize("kind", ["memory", "file"])
@pytest.mark.parametrize("card", ANCHOR_PUBLISHER_CARDS, ids=lambda card: f"card{card.number}")
def test_given_a_publisher_when_a_card_is_played_then_its_promise_holds(
    card: AnchorPublisherCard, kind: str, tmp_path: Path
) -> None:
    bench = Bench(tmp_path / "anchors.jsonl" if kind == "file" else None)

    asyncio.run(played(card, bench))


async def played(card: AnchorPublisherCard, bench: Bench) -> None:
    await card.check(bench)


def published(path: Path, *days: int) -> None:
    for day in days:
        asyncio.run(FileAnchorPublisher(path).publish(anchor_of(day)))


def test_given_a_file_when_published_to_then_what_is_there_is_never_touched(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    published(path, 3)
    before = path.read_bytes()
    published(path, 4)

    assert path.read_bytes().startswith(before)
    assert path.read_bytes().count(b"\n") == 2


def test_given_a_line_torn_anywhere_when_the_anchor_is_published_again_then_it_is_there_once(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    published(path, 3)
    first = path.stat().st_size
    published(path, 4)
    whole = path.read_bytes()
    for cut in {first, first + 1, (first + len(whole)) // 2, len(whole) - 2, len(whole) - 1}:
        path.write_bytes(whole[:cut])

        assert read_anchors(path) == (anchor_of(3),)
        published(path, 4, 5)

        assert read_anchors(path) == (anchor_of(3), anchor_of(4), anchor_of(5))
        assert path.read_bytes().startswith(whole[:cut])


def test_given_an_empty_file_when_read_then_nothing_was_published(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    path.touch()

    assert read_anchors(path) == ()


def test_given_a_torn_line_of_zeros_when_the_anchor_is_published_again_then_it_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    published(path, 3)
    path.write_bytes(path.read_bytes() + bytes(100))
    published(path, 4)

    assert read_anchors(path) == (anchor_of(3), anchor_of(4))


def test_given_any_flipped_bit_of_a_file_when_read_then_it_is_refused_or_reads_as_another_anchor(
    tmp_path: Path,
) -> None:
    path = tmp_path / "anchors.jsonl"
    published(path, 3, 4)
    whole = path.read_bytes()
    for bit in range(0, 8 * len(whole), 7):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)

        try:
            found = read_anchors(path)
        except InvalidInput:
            continue
        assert found != (anchor_of(3), anchor_of(4))


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "{}",
        "null",
        '{"day":1}',
        '{"day":1,"at":1,"root":"","heads":[],"key":"","signature":""}',
        "[" * 5_000,
        '{"day":1,"at":1,"root":1,"heads":1,"key":1,"signature":1}',
    ],
)
def test_given_a_line_that_is_no_anchor_when_read_then_its_place_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    path.write_text(line + "\n\n")

    with pytest.raises(InvalidInput, match=r"anchors\.jsonl:1"):
        read_anchors(path)


def test_given_a_folder_that_is_gone_when_published_then_it_is_tried_later(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="did not take"):
        published(tmp_path / "gone" / "anchors.jsonl", 3)
