"""Raises of limits that wait: applied while a centre runs, by the machine's clock, whatever pace its market goes at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bitten_domain.ports.clock import Clock
    from bitten_domain.use_cases.choices.limits import ApplyRaise
    from bitten_domain.values import UserId

__all__ = ["Raises"]


@dataclass(frozen=True, slots=True)
class Raises:
    """The raise of whoever a centre trades for.

    Args:
        user_id: whose account is traded.
        apply: the use case.
        clock: the machine's.
    """

    user_id: UserId
    apply: ApplyRaise
    clock: Clock

    async def __call__(self, at: int) -> None:
        """Apply it if it is due; `at` is the desk's time, from which on it holds."""
        await self.apply(self.user_id, at, int(self.clock.now().timestamp()))
