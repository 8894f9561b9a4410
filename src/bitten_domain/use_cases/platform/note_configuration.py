"""Note in the journal which configuration decisions are made under from now on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.record.inputs.configuration import configuration_payload
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.record.inputs.configuration import RunConfiguration

__all__ = ["NoteConfiguration"]

_SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class NoteConfiguration:
    """Journal a configuration with its digest, at each start of a run and at each change."""

    unit_of_work: UnitOfWork
    clock: Clock

    async def __call__(self, configuration: RunConfiguration) -> None:
        """Note it.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store failed.
        """
        payload = configuration_payload(configuration, int(self.clock.now().timestamp()))

        def noted(store: Repositories) -> None:
            store.journal.append(_SYSTEM, [payload])

        await durably(self.unit_of_work, noted)
