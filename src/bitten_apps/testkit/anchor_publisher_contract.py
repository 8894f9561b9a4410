"""The contract of places of publication: numbered cards that every implementation of `AnchorPublisher` passes.

Give each card a fresh bench, with nothing published, and run its check; a broken promise raises `ContractBroken`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from bitten_apps.testkit.contract_broken import ContractBroken
from bitten_domain.errors import Conflict
from bitten_domain.record.anchor import Anchor, root_over
from bitten_domain.record.journal_row import StreamHead

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bitten_domain.ports.anchor_publisher import AnchorPublisher

__all__ = ["ANCHOR_PUBLISHER_CARDS", "AnchorPublisherBench", "AnchorPublisherCard", "anchor_of"]


class AnchorPublisherBench(Protocol):
    """A place of publication under test."""

    @property
    def publisher(self) -> AnchorPublisher:
        """The publisher as it runs now."""
        ...

    def restart(self) -> None:
        """End the publisher and start it again; `publisher` is the new one."""
        ...


@dataclass(frozen=True, slots=True)
class AnchorPublisherCard:
    """One promise and its check.

    Args:
        number: its place in the list, from 1.
        promise: what is promised, in a sentence.
        check: runs it on a fresh bench; raises `ContractBroken`.
    """

    number: int
    promise: str
    check: Callable[[AnchorPublisherBench], Awaitable[None]]


def anchor_of(day: int) -> Anchor:
    """Make an anchor over two streams, with a signature that nobody checks here."""
    heads = (StreamHead('account:Ä\n"1"', day, bytes([day % 256]) * 32), StreamHead("system", 2 * day, bytes(32)))
    return Anchor(day, day * 86_400, root_over(heads), heads, "0" * 32, bytes(64))


def _expect(found: object, expected: object, what: str) -> None:
    if found != expected:
        raise ContractBroken(f"{what}: expected {expected}, found {found}")


async def _lists(bench: AnchorPublisherBench) -> None:
    _expect(await bench.publisher.published(), (), "anchors before the first")
    for day in (3, 4, 7):
        await bench.publisher.publish(anchor_of(day))
    _expect(await bench.publisher.published(), tuple(map(anchor_of, (3, 4, 7))), "anchors")


async def _survives_a_restart(bench: AnchorPublisherBench) -> None:
    await bench.publisher.publish(anchor_of(3))
    bench.restart()
    _expect(await bench.publisher.published(), (anchor_of(3),), "anchors after a restart")
    await bench.publisher.publish(anchor_of(4))
    _expect(await bench.publisher.published(), (anchor_of(3), anchor_of(4)), "anchors")


async def _takes_one_once(bench: AnchorPublisherBench) -> None:
    await bench.publisher.publish(anchor_of(3))
    await bench.publisher.publish(anchor_of(4))
    await bench.publisher.publish(replace(anchor_of(3), published_at=5))
    bench.restart()
    await bench.publisher.publish(anchor_of(4))
    _expect(await bench.publisher.published(), (anchor_of(3), anchor_of(4)), "anchors, each told twice")


async def _takes_no_other_for_a_day(bench: AnchorPublisherBench) -> None:
    await bench.publisher.publish(anchor_of(3))
    for other in (replace(anchor_of(3), at=1), replace(anchor_of(3), signature=bytes(63) + b"1")):
        try:
            await bench.publisher.publish(other)
        except Conflict:
            _expect(await bench.publisher.published(), (anchor_of(3),), "anchors")
        else:
            raise ContractBroken("another anchor for a day that has one raises Conflict")


ANCHOR_PUBLISHER_CARDS: tuple[AnchorPublisherCard, ...] = tuple(
    AnchorPublisherCard(number, promise, check)
    for number, (promise, check) in enumerate(
        (
            ("what was published is listed, in order and whole", _lists),
            ("it is still there after a restart", _survives_a_restart),
            ("an anchor published again is there once, whenever it was published", _takes_one_once),
            ("another anchor for a day that has one is a conflict, and the first stays", _takes_no_other_for_a_day),
        ),
        start=1,
    )
)
"""The cards, in order."""
