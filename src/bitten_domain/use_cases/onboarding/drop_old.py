"""Drop onboardings that were left unfinished for as long as one can be taken up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.membership.onboarding import LIFE_SECONDS
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.ports.unit_of_work import UnitOfWork

__all__ = ["DropOldOnboardings"]


@dataclass(frozen=True, slots=True)
class DropOldOnboardings:
    """Drop them; the persons stay, and begin anew when they come back."""

    unit_of_work: UnitOfWork

    async def __call__(self, at: int) -> int:
        """Drop what can no longer be taken up at a moment (seconds since 1970 UTC); how many there were.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        first_to_keep = at - LIFE_SECONDS + 1
        return await durably(self.unit_of_work, lambda store: store.onboardings.drop_started_before(first_to_keep))
