"""Carry out: erase those whose week is over, list them, and overwrite what was deleted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from bitten_domain.desk.account import AccountStanding
from bitten_domain.membership.denial import Denial
from bitten_domain.membership.privacy import DeletionState, carried_out, deletion_state, lapsed
from bitten_domain.ports.repositories.housekeeping import JobRun
from bitten_domain.use_cases.access.holding import hold_with_accounts
from bitten_domain.use_cases.privacy.end_renewals import renewal_runs, renewals_of
from bitten_domain.use_cases.privacy.erase_person import erase_person, somebody
from bitten_domain.use_cases.privacy.forgetters import FORGETTERS
from bitten_domain.use_cases.privacy.personal_rows import JournalSearched, searched_journal
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bitten_domain.membership.privacy import DeletionRequest
    from bitten_domain.ports.membership.privacy_files import ErasureList, ExportShelf, Scrub
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.use_cases.privacy.end_renewals import EndRenewals, Renewal
    from bitten_domain.use_cases.privacy.forgetters import Forgetter
    from bitten_domain.values import UserId

__all__ = ["CarriedOut", "CarryOutDeletions", "list_those_erased", "live_positions", "scrub_once"]

_SCRUB = "scrub"
_DUE = (DeletionState.WAITING, DeletionState.DUE)


class CarriedOut(NamedTuple):
    """What became of the deletions whose week is over.

    Args:
        done: erased now.
        waiting: still waiting, with why.
    """

    done: tuple[UserId, ...]
    waiting: Mapping[UserId, Denial]


@dataclass(frozen=True, slots=True)
class CarryOutDeletions:
    """Erase those whose deletion is due.

    Killed anywhere, it does the rest the next time: an erasure is one transaction, the list apart from the store is
    written from the store's own, and a scrub counts as done only afterwards.

    Args:
        unit_of_work: the store.
        erasure_list: kept apart from the store and its backups.
        shelf: exports that wait.
        scrub: overwrites what was deleted.
        end_renewals: tells gateways to collect nothing more; an erasure waits until they have said so.
        forgetters: by table.
    """

    unit_of_work: UnitOfWork
    erasure_list: ErasureList
    shelf: ExportShelf
    scrub: Scrub
    end_renewals: EndRenewals
    forgetters: Mapping[str, Forgetter] = field(default_factory=lambda: FORGETTERS)

    async def __call__(self, at: int, leave_out: Collection[UserId] = ()) -> CarriedOut:
        """Carry them out.

        Args:
            at: now by the machine's clock, seconds since 1970 UTC.
            leave_out: persons who are not erased now, whatever is due.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store or a file failed; what was done stays done.
        """
        done: list[UserId] = []
        waiting: dict[UserId, Denial] = {}
        for request in await self.unit_of_work.read(lambda store: store.deletions.open()):
            if request.user_id in leave_out:
                continue
            answer = await self._handled(request, at)
            if isinstance(answer, Denial):
                waiting[request.user_id] = answer
            elif answer:
                done.append(request.user_id)
        await list_those_erased(self.unit_of_work, self.erasure_list)
        await scrub_once(self.unit_of_work, self.scrub, at)
        return CarriedOut(tuple(done), waiting)

    async def _handled(self, request: DeletionRequest, at: int) -> Denial | bool:
        """Carry one out; False when it is not due, or was ended by somebody else meanwhile."""
        if deletion_state(request, 0, at) is DeletionState.LAPSED:
            await durably(self.unit_of_work, lambda store: _let_lapse(store, request, at))
            return False
        if deletion_state(request, 0, at) not in _DUE:
            return False
        person = await self.unit_of_work.read(lambda store: somebody(store, request.user_id))
        searched = JournalSearched((), {}) if person is None else await searched_journal(self.unit_of_work, person)
        exports = await self.unit_of_work.read(lambda store: store.exports.of(request.user_id))
        ended = await self._ended(request, at)
        if isinstance(ended, Denial):
            return ended
        answer = await durably(self.unit_of_work, lambda store: self._erased(store, request, searched, ended, at))
        if answer is True:
            # Sealed by a key that is gone, they are unreadable already.
            self.shelf.drop(export.export_id for export in exports)
        return answer

    async def _ended(self, request: DeletionRequest, at: int) -> frozenset[Renewal] | Denial:
        """End what renews, once nothing else is waited for."""
        waits = await durably(self.unit_of_work, lambda store: _waits(store, request, at))
        if waits is not False:
            return waits or frozenset()
        return await self.end_renewals(request, at)

    def _erased(
        self,
        store: Repositories,
        request: DeletionRequest,
        searched: JournalSearched,
        ended: frozenset[Renewal],
        at: int,
    ) -> Denial | bool:
        # Whoever takes the deletion back holds the person too: one of both finds what the other did.
        hold_with_accounts(store, request.user_id)
        now = next((one for one in store.deletions.of(request.user_id) if one.request_id == request.request_id), None)
        if now is None or now.withdrawn_at is not None:
            return False
        if now.done_at is not None:
            # Done by this call, when its answer was lost and it runs again; or else by another process just now.
            return now.done_at == at
        outcome = carried_out(now, live_positions(store, request.user_id), at)
        if isinstance(outcome, Denial):
            return outcome
        begun = {one[:2]: one for one in renewals_of(store, request.user_id, at)}
        for which in sorted(begun.keys() - {one[:2] for one in ended}):
            return renewal_runs(begun[which], "it was begun just now")
        done, entry = outcome
        store.deletions.put(done)
        erase_person(store, entry, searched, at, self.forgetters)
        return True


def _waits(store: Repositories, request: DeletionRequest, at: int) -> Denial | Literal[False] | None:
    """Say what a deletion waits for; False when it is due, None when it is over."""
    now = next((one for one in store.deletions.of(request.user_id) if one.request_id == request.request_id), None)
    if now is None or not now.is_open:
        return None
    outcome = carried_out(now, live_positions(store, request.user_id), at)
    return outcome if isinstance(outcome, Denial) else False


def live_positions(store: Repositories, user_id: UserId) -> int | None:
    """Count somebody's open live positions and orders; None when that is not known. Their accounts are held.

    Positions on paper hold nobody: their accounts are paused since the confirmation, and stay as they are.
    """
    count = 0
    for account in store.accounts.of(user_id):
        if not account.is_live:
            continue
        if account.standing is not AccountStanding.READY:
            return None
        count += len(store.positions.open(account.account_id)) + len(store.intents.unfinished(account.account_id))
    return count


def _let_lapse(store: Repositories, request: DeletionRequest, at: int) -> None:
    store.people.lock(request.user_id)
    for now in store.deletions.of(request.user_id):
        if now.request_id == request.request_id and (over := lapsed(now, at)) != now:
            store.deletions.put(over)


async def list_those_erased(unit_of_work: UnitOfWork, erasure_list: ErasureList) -> None:
    """Copy the store's list of those erased to the one that is kept apart."""
    known = frozenset(entry.user_id for entry in erasure_list.all())
    entries = await unit_of_work.read(lambda store: store.erasures.all())
    missing = [entry for entry in entries if entry.user_id not in known]
    if missing:
        erasure_list.add(missing)


async def scrub_once(unit_of_work: UnitOfWork, scrub: Scrub, at: int) -> bool:
    """Overwrite what erasures have deleted, unless that was done since the last of them; gives whether it was now."""

    def state(store: Repositories) -> tuple[str, JobRun | None]:
        return str(len(store.erasures.all())), store.jobs.latest(_SCRUB)

    key, latest = await unit_of_work.read(state)
    if key == "0" or (latest is not None and latest.key == key):
        return False
    await scrub()
    run = JobRun(_SCRUB, key, at, at, "what erasures deleted was overwritten")
    await durably(unit_of_work, lambda store: store.jobs.add(run))
    return True
