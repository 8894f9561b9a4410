"""Operated: what an ADMIN asks for of erasures and of the operator's keys, each refused to everybody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import InvalidInput
from bitten_domain.membership import Denial
from bitten_domain.membership.access import Action
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.use_cases.access.standing import allowed
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.ports.membership.vault import Keyring
    from bitten_domain.ports.unit_of_work import UnitOfWork
    from bitten_domain.use_cases.privacy.carry_out import CarriedOut, CarryOutDeletions
    from bitten_domain.use_cases.privacy.replay_erasures import ReplayErasures
    from bitten_domain.use_cases.privacy.sealing import RotateVaultKeys
    from bitten_domain.values import UserId

__all__ = ["AddOperatorKey", "DropOperatorKey", "EraseNow", "Erased", "RotateNow"]


class Erased(NamedTuple):
    """What an ADMIN's erasure came to.

    Args:
        again: rows taken out of those a restore brought back, by person and table.
        carried_out: deletions that were due.
    """

    again: Mapping[UserId, Mapping[str, int]]
    carried_out: CarriedOut


@dataclass(frozen=True, slots=True)
class EraseNow:
    """Erase again whoever a restore brought back, then whoever is due.

    Args:
        unit_of_work: the store.
        replay, carry_out: what is done.
    """

    unit_of_work: UnitOfWork
    replay: ReplayErasures
    carry_out: CarryOutDeletions

    async def __call__(self, actor: UserId, at: int) -> Erased | Denial:
        """Erase; `at` is now by the machine's clock, seconds since 1970 UTC.

        Raises:
            InvalidInput: there is no such ADMIN, or the list of those erased is damaged.
            Unavailable, OutcomeUnknown, Conflict: the store or a file failed; what was done stays done.
        """
        no = await _denial(self.unit_of_work, actor, Action.ERASE_PEOPLE, at)
        return no or Erased(await self.replay(at), await self.carry_out(at))


@dataclass(frozen=True, slots=True)
class AddOperatorKey:
    """Add a key of the operator's, which seals from then on; see `RotateNow` for what is sealed already.

    Args:
        unit_of_work: the store.
        keyring: where the operator's keys are.
    """

    unit_of_work: UnitOfWork
    keyring: Keyring

    async def __call__(self, actor: UserId, at: int) -> str | Denial:
        """Add one, and give its name.

        Raises:
            InvalidInput: there is no such ADMIN, or the keys cannot be changed.
            Unavailable, OutcomeUnknown, Conflict: the store or the keys failed; look before asking again.
        """
        no = await _denial(self.unit_of_work, actor, Action.ROTATE_KEYS, at)
        if no is not None:
            return no
        key_id = self.keyring.add()
        await _note(self.unit_of_work, AuditEntry(at, actor, "KEY_ADDED", key_id, "{}"))
        return key_id


@dataclass(frozen=True, slots=True)
class RotateNow:
    """Seal every person's key by the newest of the operator's.

    Args:
        unit_of_work: the store.
        rotate: what is done.
    """

    unit_of_work: UnitOfWork
    rotate: RotateVaultKeys

    async def __call__(self, actor: UserId, at: int) -> int | Denial:
        """Seal them, and give how many were.

        Raises:
            InvalidInput: there is no such ADMIN, or a key of the operator's is missing.
            Unavailable, OutcomeUnknown, Conflict: the store failed; run it again.
        """
        no = await _denial(self.unit_of_work, actor, Action.ROTATE_KEYS, at)
        return await self.rotate(at) if no is None else no


@dataclass(frozen=True, slots=True)
class DropOperatorKey:
    """Take an old key of the operator's out, once nothing in the store is sealed by it; backups from before may be.

    Args:
        unit_of_work: the store.
        keyring: where the operator's keys are.
    """

    unit_of_work: UnitOfWork
    keyring: Keyring

    async def __call__(self, actor: UserId, key_id: str, at: int) -> Denial | None:
        """Drop it, by its name.

        Raises:
            InvalidInput: there is no such ADMIN or key, it is the one that seals, or persons' keys are sealed by it.
            Unavailable, OutcomeUnknown, Conflict: the store or the keys failed; look before asking again.
        """
        no = await _denial(self.unit_of_work, actor, Action.ROTATE_KEYS, at)
        if no is not None:
            return no
        keys = await self.unit_of_work.read(lambda store: store.person_keys.all())
        used = sum(one.sealed is not None and one.sealed.key_id == key_id for one in keys)
        if used:
            raise InvalidInput(f"{used} persons' keys are sealed by it", where=key_id, remedy="rotate them first")
        self.keyring.drop(key_id)
        await _note(self.unit_of_work, AuditEntry(at, actor, "KEY_DROPPED", key_id, "{}"))
        return None


async def _denial(unit_of_work: UnitOfWork, actor: UserId, action: Action, at: int) -> Denial | None:
    answer = await unit_of_work.read(lambda store: allowed(store, actor, action, at))
    return answer if isinstance(answer, Denial) else None


async def _note(unit_of_work: UnitOfWork, entry: AuditEntry) -> None:
    await durably(unit_of_work, lambda store: store.audit.add(entry))
