"""Export: once a day, behind a link that works once and for 24 hours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.membership.denial import Denial, DenialCode, DenialReason
from bitten_domain.membership.privacy.records import ExportRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bitten_domain.values import UserId

__all__ = ["LINK_SECONDS", "WAIT_SECONDS", "ask_export", "fetched", "ready"]

LINK_SECONDS = 86_400
"""How long a link works."""

WAIT_SECONDS = 86_400
"""How long after one export the next can be asked for."""


def ask_export(
    earlier: Iterable[ExportRequest], *, export_id: str, user_id: UserId, token_hash: bytes, now: int
) -> ExportRequest | Denial:
    """Ask for one's data.

    Args:
        earlier: the person's exports so far.
        export_id: identity of the new one.
        user_id: who.
        token_hash: SHA-256 of the link's token.
        now: seconds since 1970 UTC.
    """
    last = max((one.asked_at for one in earlier), default=None)
    if last is not None and now < last + WAIT_SECONDS:
        left = last + WAIT_SECONDS - now
        return _denied(DenialCode.ONCE_A_DAY, "one export in 24 h", "one was asked for", f"wait {-(-left // 60)} min")
    return ExportRequest(export_id, user_id, now, token_hash)


def ready(request: ExportRequest, now: int) -> ExportRequest:
    """Note that the file is there; a second time changes nothing, so that the link lives no longer."""
    return request if request.ready_at is not None else replace(request, ready_at=now, link_until=now + LINK_SECONDS)


def fetched(request: ExportRequest | None, now: int) -> ExportRequest | Denial:
    """Use a link, once; whoever keeps the answer holds the row, and sends the file after the commit.

    No answer says whether there ever was such a link.
    """
    works = (
        request is not None
        and request.link_until is not None
        and now < request.link_until
        and request.fetched_at is None
    )
    if request is None or not works:
        return _denied(
            DenialCode.LINK_NOT_VALID, "a link that was not used, for 24 h", "not one", "ask for a new export"
        )
    return replace(request, fetched_at=now)


def _denied(code: DenialCode, limit: str, actual: str, remedy: str) -> Denial:
    return Denial((DenialReason(code, limit, actual, remedy),))
