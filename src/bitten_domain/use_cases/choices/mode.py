"""Choose a system mode: a more guarded one always, another one where rank and tier allow it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from bitten_domain.membership.access import Action
from bitten_domain.use_cases.access.holding import hold_accounts
from bitten_domain.use_cases.choices.asking import denied, note, required
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.vocabulary import SystemMode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.membership import Denial
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import UserId

__all__ = ["ChooseMode"]

_ACTIONS: Mapping[SystemMode, Action] = MappingProxyType(
    {
        SystemMode.BIT: Action.CHOOSE_BIT,
        SystemMode.COMMANDER: Action.CHOOSE_COMMANDER,
        SystemMode.TACTICAL: Action.CHOOSE_TACTICAL,
        SystemMode.STEALTH: Action.CHOOSE_STEALTH,
    }
)
_WITH_SNIPER = (SystemMode.TACTICAL, SystemMode.STEALTH)


@dataclass(frozen=True, slots=True)
class ChooseMode:
    """Choose it; it holds for new orders from then on."""

    unit_of_work: UnitOfWork

    async def __call__(self, user_id: UserId, mode: SystemMode, at: int) -> SystemMode | Denial:
        """Choose; the sniper sub-mode ends with the modes that have one.

        Args:
            user_id: who.
            mode: the wanted one.
            at: now, seconds since 1970 UTC.

        Raises:
            InvalidInput: there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """

        def work(store: Repositories) -> SystemMode | Denial:
            # Whoever fires holds the account and reads the mode: a more guarded one waits for fires under way.
            hold_accounts(store, user_id)
            person = required(store, user_id)
            if person.mode is mode:
                return mode
            no = denied(store, person, _ACTIONS[mode], at)
            if no is not None:
                return no
            store.people.put(replace(person, mode=mode, is_sniper=person.is_sniper and mode in _WITH_SNIPER))
            note(store, at, user_id, "MODE_CHOSEN", was=person.mode.value, mode=mode.value)
            return mode

        return await durably(self.unit_of_work, work)
