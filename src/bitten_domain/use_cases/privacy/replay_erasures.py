"""Replay erasures: after a restore, those who were erased are erased again; and whatever came in behind an erasure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bitten_domain.membership.privacy import erased
from bitten_domain.use_cases.access.holding import hold_with_accounts
from bitten_domain.use_cases.privacy.carry_out import list_those_erased
from bitten_domain.use_cases.privacy.erase_person import erase_person, somebody
from bitten_domain.use_cases.privacy.forgetters import FORGETTERS
from bitten_domain.use_cases.privacy.personal_rows import JournalSearched, searched_journal
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.membership.privacy import ErasureEntry
    from bitten_domain.ports.membership.privacy_files import ErasureList, Scrub
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.use_cases.privacy.forgetters import Forgetter
    from bitten_domain.values import UserId

__all__ = ["ReplayErasures"]

_AGAIN_SECONDS = 2 * 86_400


@dataclass(frozen=True, slots=True)
class ReplayErasures:
    """Erase again whoever is on a list of those erased and is there.

    To be run after every restore, before anything else, and daily: a write that was under way while somebody was erased
    may have ended behind the erasure, and is found here.

    Args:
        unit_of_work: the store.
        erasure_list: kept apart from the store and its backups.
        scrub: overwrites what was deleted.
        forgetters: by table.
    """

    unit_of_work: UnitOfWork
    erasure_list: ErasureList
    scrub: Scrub
    forgetters: Mapping[str, Forgetter] = field(default_factory=lambda: FORGETTERS)

    async def __call__(self, at: int) -> Mapping[UserId, Mapping[str, int]]:
        """Erase them.

        Args:
            at: now by the machine's clock, seconds since 1970 UTC.

        Returns:
            Rows that were found and taken out, by person and table; empty when there was nothing to do.

        Raises:
            InvalidInput: the list is damaged.
            Unavailable, OutcomeUnknown, Conflict: the store or a file failed; run it again.
        """
        listed = self.erasure_list.all()
        own = await self.unit_of_work.read(lambda store: store.erasures.all())
        known = frozenset(entry.user_id for entry in own)
        entries = {entry.user_id: entry for entry in (*own, *listed)}
        found: dict[UserId, Mapping[str, int]] = {}
        for entry in entries.values():
            if changed := await self._erased_again(entry, is_known=entry.user_id in known, at=at):
                found[entry.user_id] = changed
        await list_those_erased(self.unit_of_work, self.erasure_list)
        if found:
            await self.scrub()
        return found

    async def _erased_again(self, entry: ErasureEntry, *, is_known: bool, at: int) -> Mapping[str, int]:
        person = await self.unit_of_work.read(lambda store: store.people.get(entry.user_id))
        is_blank = person is None or person == erased(person)
        if is_blank and is_known and at >= entry.erased_at + _AGAIN_SECONDS:
            return {}
        searched = await self._searched(entry.user_id, is_over=is_blank and is_known)
        return await durably(self.unit_of_work, lambda store: self._again(store, entry, searched, at))

    async def _searched(self, user_id: UserId, *, is_over: bool) -> JournalSearched:
        who = await self.unit_of_work.read(lambda store: somebody(store, user_id))
        if who is None or is_over:
            # The erasure has been through the journal, and nobody is named in it since.
            heads = await self.unit_of_work.read(lambda store: store.journal.heads())
            return JournalSearched((), {head.stream: head.rows for head in heads})
        return await searched_journal(self.unit_of_work, who)

    def _again(self, store: Repositories, entry: ErasureEntry, searched: JournalSearched, at: int) -> Mapping[str, int]:
        if hold_with_accounts(store, entry.user_id) is not None:
            for request in store.deletions.of(entry.user_id):
                if request.is_open:
                    # A restored store may know of the wish, and not of what became of it.
                    if request.undo_until is None:
                        store.deletions.put(replace(request, withdrawn_at=entry.erased_at))
                    else:
                        store.deletions.put(replace(request, done_at=entry.erased_at))
        return erase_person(store, entry, searched, at, self.forgetters)
