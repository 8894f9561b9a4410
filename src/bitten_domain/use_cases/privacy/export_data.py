"""Export: somebody's data as one file, behind a link that works once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import InvalidInput
from bitten_domain.membership.denial import Denial, DenialCode, DenialReason
from bitten_domain.membership.privacy import Place, ask_export, fetched, ready
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.use_cases.privacy.deletion import require_present
from bitten_domain.use_cases.privacy.email import ReadEmail
from bitten_domain.use_cases.privacy.person_files import person_files
from bitten_domain.use_cases.privacy.sealing import key_for, key_place, require_key
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.membership.privacy import ExportRequest, SealedText
    from bitten_domain.ports.identity import Identity
    from bitten_domain.ports.membership.person_data import PersonDataSource
    from bitten_domain.ports.membership.privacy_files import Archive, ExportShelf, TokenSource
    from bitten_domain.ports.membership.vault import Vault
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import UserId

__all__ = ["AskExport", "AskedExport", "BuildExport", "FetchExport"]


class AskedExport(NamedTuple):
    """An export that was asked for.

    Args:
        request: as it is kept.
        token: of its link; told once, and kept nowhere.
    """

    request: ExportRequest
    token: str


@dataclass(frozen=True, slots=True)
class AskExport:
    """Ask for one's data, once in 24 hours.

    Args:
        unit_of_work: the store.
        identity: names the export.
        tokens: makes the link's token.
    """

    unit_of_work: UnitOfWork
    identity: Identity
    tokens: TokenSource

    async def __call__(self, user_id: UserId, at: int) -> AskedExport | Denial:
        """Ask.

        Raises:
            InvalidInput: there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        export_id, token = self.identity.new_id(), self.tokens()
        token_hash = sha256(token.encode()).digest()

        def work(store: Repositories) -> AskedExport | Denial:
            # Held, so that of two at once the second sees the first.
            require_present(store, user_id)
            earlier = store.exports.of(user_id)
            for known in earlier:
                if known.export_id == export_id:
                    return AskedExport(known, token)
            asked = ask_export(earlier, export_id=export_id, user_id=user_id, token_hash=token_hash, now=at)
            if isinstance(asked, Denial):
                return asked
            store.exports.add(asked)
            store.audit.add(AuditEntry(at, user_id, "EXPORT_ASKED", user_id, "{}"))
            return AskedExport(asked, token)

        return await durably(self.unit_of_work, work)


def _place(export_id: str) -> Place:
    return Place("export_requests", "file", export_id)


@dataclass(frozen=True, slots=True)
class BuildExport:
    """Read somebody's data, and lay it on the shelf, sealed by their key: an erasure takes it along.

    Args:
        unit_of_work: the store.
        source: reads the data.
        vault: opens the address and seals the file.
        archive: packs the files.
        shelf: where it waits.
    """

    unit_of_work: UnitOfWork
    source: PersonDataSource
    vault: Vault
    archive: Archive
    shelf: ExportShelf

    async def __call__(self, request: ExportRequest, at: int) -> ExportRequest:
        """Build it; one that is ready already is given back as it is.

        Raises:
            InvalidInput: the person was erased meanwhile.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        user_id, export_id = request.user_id, request.export_id
        key = await key_for(self.unit_of_work, self.vault, user_id, at)
        email = await ReadEmail(self.unit_of_work, self.vault)(user_id)
        moment = datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")
        files = person_files(user_id, moment, await self.source(user_id), email)
        self.shelf.put(export_id, self.vault.seal(self.archive(files), _place(export_id), key))
        try:
            return await durably(self.unit_of_work, lambda store: _made_ready(store, request, at))
        except InvalidInput:
            self.shelf.drop([export_id])
            raise


def _made_ready(store: Repositories, request: ExportRequest, at: int) -> ExportRequest:
    require_key(store, request.user_id)
    for known in store.exports.of(request.user_id):
        if known.export_id != request.export_id:
            continue
        made = ready(known, at)
        if made is not known:
            store.exports.put(made)
            store.audit.add(AuditEntry(at, request.user_id, "EXPORT_READY", request.user_id, "{}"))
        return made
    raise InvalidInput("there is no such export", where="export", remedy="ask for a new one")


@dataclass(frozen=True, slots=True)
class FetchExport:
    """Use a link.

    Args:
        unit_of_work: the store.
        vault: opens the file.
        shelf: where it waits.
    """

    unit_of_work: UnitOfWork
    vault: Vault
    shelf: ExportShelf

    async def __call__(self, token: str, at: int) -> bytes | Denial:
        """Give the file, once; it is off the shelf afterwards.

        A link whose use was lost on the way works no more: a new export is asked for.

        Raises:
            InvalidInput: the file was damaged.
            Unavailable, OutcomeUnknown, Conflict: the store failed; the link may be used up.
        """
        token_hash = sha256(token.encode()).digest()

        def work(store: Repositories) -> tuple[ExportRequest, SealedText] | Denial:
            known = store.exports.by_token(token_hash)
            if known is not None:
                # Held before it is decided, so that of two at once the second sees the first.
                store.people.lock(known.user_id)
            used = fetched(store.exports.by_token(token_hash), at)
            if isinstance(used, Denial):
                return used
            key = require_key(store, used.user_id)
            store.exports.put(used)
            store.audit.add(AuditEntry(at, used.user_id, "EXPORT_FETCHED", used.user_id, "{}"))
            return used, key

        answer = await self.unit_of_work.run(work)
        if isinstance(answer, Denial):
            return answer
        request, key = answer
        sealed = self.shelf.read(request.export_id)
        if sealed is None:
            gone = DenialReason(
                DenialCode.LINK_NOT_VALID, "a file that waits", "it is gone", "ask for a new export in a day"
            )
            return Denial((gone,))
        content = self.vault.open(sealed, _place(request.export_id), (key, key_place(request.user_id)))
        self.shelf.drop([request.export_id])
        return content
