"""Anchor the journal: sign where it stands, keep it, publish it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import OutcomeUnknown, Unavailable
from bitten_domain.record.anchor import Anchor, key_id_of, root_over, signing_bytes

if TYPE_CHECKING:
    from bitten_domain.ports.anchor_publisher import AnchorPublisher
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.signer import Signer
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.record.journal_row import StreamHead

__all__ = ["AnchorDay", "AnchorDayCommand", "AnchorDayResult"]


@dataclass(frozen=True, slots=True)
class AnchorDayCommand:
    """Close a trading day, in days since 1970-01-01."""

    day: int


@dataclass(frozen=True, slots=True)
class AnchorDayResult:
    """What became of it.

    Args:
        anchor: the day's, made now or before.
        published: days whose anchors were published by this call.
        waiting: days whose anchors are still to be published; a later call tries them again.
        reason: why publishing ended early; empty when it did not.
    """

    anchor: Anchor
    published: tuple[int, ...]
    waiting: tuple[int, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AnchorDay:
    """Make a day's anchor once, and publish every anchor that has not been published yet."""

    unit_of_work: UnitOfWork
    signer: Signer
    publisher: AnchorPublisher
    clock: Clock

    async def __call__(self, command: AnchorDayCommand) -> AnchorDayResult:
        """Close a day; the same day again makes nothing new and publishes what is left.

        Raises:
            Conflict: another anchor stands published for one of the days; somebody must look into it.
            Unavailable: the store or the signer does not answer; nothing was made.
        """
        heads, anchors = await self.unit_of_work.read(_state)
        made = next((anchor for anchor in anchors if anchor.day == command.day), None)
        if made is None:
            # The clock is read after the heads: no row that is under the anchor is younger than it says.
            anchor = self._signed(command.day, self._now(), heads)
            made = await self.unit_of_work.run(lambda repositories: _keep(repositories, anchor))
        return await self._publish(made)

    def _signed(self, day: int, at: int, heads: tuple[StreamHead, ...]) -> Anchor:
        root, key_id = root_over(heads), key_id_of(self.signer.public_key)
        signature = self.signer.sign(signing_bytes(day, at, root, len(heads), key_id))
        return Anchor(day, at, root, heads, key_id, signature)

    async def _publish(self, made: Anchor) -> AnchorDayResult:
        anchors = await self.unit_of_work.read(lambda repositories: repositories.anchors.all())
        waiting = [anchor for anchor in anchors if anchor.published_at is None]
        done: list[int] = []
        try:
            for anchor in waiting:
                await self.publisher.publish(anchor)
                await self._note(anchor.day)
                done.append(anchor.day)
        except (Unavailable, OutcomeUnknown) as error:
            left = tuple(anchor.day for anchor in waiting[len(done) :])
            return AnchorDayResult(made, tuple(done), left, str(error))
        return AnchorDayResult(made, tuple(done), ())

    async def _note(self, day: int) -> None:
        now = self._now()
        await self.unit_of_work.run(lambda repositories: repositories.anchors.published(day, now))

    def _now(self) -> int:
        return int(self.clock.now().timestamp())


def _state(repositories: Repositories) -> tuple[tuple[StreamHead, ...], tuple[Anchor, ...]]:
    # By name as Python sorts, whatever a database's collation says: the root depends on the order.
    return tuple(sorted(repositories.journal.heads())), repositories.anchors.all()


def _keep(repositories: Repositories, anchor: Anchor) -> Anchor:
    """Keep an anchor unless another process was faster, and give the one that is kept."""
    for kept in repositories.anchors.all():
        if kept.day == anchor.day:
            return kept
    repositories.anchors.add(anchor)
    return anchor
