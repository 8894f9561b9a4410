"""Privacy duties of a running centre: old rows go, and those whose deletion is due are erased."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.membership.privacy import DeletionState, RowClock, deletion_state
from bitten_domain.membership.privacy.exports import LINK_SECONDS
from bitten_domain.use_cases.privacy.deletion import open_deletion

if TYPE_CHECKING:
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.membership.privacy_files import ExportShelf
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.use_cases.privacy.carry_out import CarryOutDeletions
    from bitten_domain.use_cases.privacy.replay_erasures import ReplayErasures
    from bitten_domain.use_cases.privacy.retention_job import ApplyRetention
    from bitten_domain.values import UserId

__all__ = ["PrivacyDuties"]


@dataclass(frozen=True, slots=True)
class PrivacyDuties:
    """What privacy asks of a centre before it begins, at each turn of a day, and when it has ended.

    Whoever it trades for is not erased under its hands: it is told to end, and erases them then.

    Args:
        user_id: whose account is traded.
        store: its store.
        clock: the machine's; a week is a week, whatever pace the market goes at.
        replay, carry_out, retention: the use cases.
        shelf: exports that wait.
    """

    user_id: UserId
    store: UnitOfWork
    clock: Clock
    replay: ReplayErasures
    carry_out: CarryOutDeletions
    retention: ApplyRetention
    shelf: ExportShelf

    async def begin(self) -> None:
        """Erase again whoever a restore brought back, and whoever became due meanwhile.

        Raises:
            InvalidInput: whoever is to be traded for was erased.
        """
        now = self._now()
        await self.replay(now)
        await self.carry_out(now)
        erased = await self.store.read(lambda store: store.erasures.all())
        if any(entry.user_id == self.user_id for entry in erased):
            # In a new store beside an old list too: the next replay would erase them.
            raise InvalidInput(
                f"{self.user_id} was erased, and nothing is traded for somebody who is gone",
                where="store",
                remedy="begin anew in another folder: set BITTEN_HOME",
            )

    async def turn(self, at: int) -> bool:
        """Do what a day asks for; say whether the centre is to end, so that its own person can be erased.

        Args:
            at: the market's moment, by which messages to people are stamped; seconds since 1970 UTC.
        """
        now = self._now()
        await self.retention(at, RowClock.DESK)
        await self.retention(now, RowClock.MACHINE)
        self.shelf.drop_before(now - LINK_SECONDS)
        await self.replay(now)
        await self.carry_out(now, leave_out=(self.user_id,))
        return await self.store.read(lambda store: self._is_due(store, now))

    async def end(self) -> None:
        """Erase whoever is due, once nothing is traded any more."""
        await self.carry_out(self._now())

    def _is_due(self, store: Repositories, now: int) -> bool:
        request = open_deletion(store, self.user_id)
        # Positions of a centre on paper hold nobody.
        return request is not None and deletion_state(request, 0, now) is DeletionState.DUE

    def _now(self) -> int:
        return int(self.clock.now().timestamp())
