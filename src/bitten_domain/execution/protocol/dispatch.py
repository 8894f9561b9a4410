"""Dispatches: which attempt is to be handed to its broker, and by whom at present."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bitten_domain.values.identifiers import AccountId

__all__ = ["Dispatch"]


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The errand of one attempt.

    A claim commits SENDING before the first byte leaves, so an errand whose lease ran out was perhaps sent: it is never
    claimed again, only cleared up by evidence.

    Args:
        client_order_id: of the attempt.
        account: where.
        opens: whether it opens or enlarges a position; closing goes first.
        due_at: not before, seconds since 1970 UTC.
        claimed_by: name of the process that took it; empty before.
        lease_until: until when others leave it alone, seconds since 1970 UTC; 0 before.
        fence: rises with each claim or take-over, so that a late writer is known by its old number.
    """

    client_order_id: int
    account: AccountId
    opens: bool
    due_at: int
    claimed_by: str = ""
    lease_until: int = 0
    fence: int = 0
