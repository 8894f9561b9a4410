"""A small model of a store in plain dictionaries.

The model says what each step answers and leaves behind, in the plainest words there are; it has no transactions, so
whoever uses it copies it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.desk.account import HeldPosition, TradingAccount
    from bitten_domain.errors import BittenError
    from bitten_domain.execution import Deal
    from bitten_domain.execution.protocol import Attempt, Dispatch, FireIntent, Reservation
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import AccountId, IntentId

__all__ = ["Model", "ModelRefusal", "Step"]


class ModelRefusal(Exception):
    """The model refuses a step; a store may name any reason that holds."""

    def __init__(self, *reasons: type[BittenError]) -> None:
        super().__init__(", ".join(reason.__name__ for reason in reasons))
        self.reasons = reasons


@dataclass(slots=True)
class Model:
    """What a store with two accounts holds."""

    accounts: dict[AccountId, TradingAccount] = field(default_factory=dict)
    intents: dict[IntentId, FireIntent] = field(default_factory=dict)
    attempts: dict[int, Attempt] = field(default_factory=dict)
    held: dict[IntentId, Reservation] = field(default_factory=dict)
    released: dict[IntentId, int] = field(default_factory=dict)
    errands: dict[int, Dispatch] = field(default_factory=dict)
    finished: set[int] = field(default_factory=set)
    deals: dict[tuple[AccountId, int], Deal] = field(default_factory=dict)
    positions: dict[tuple[AccountId, int], HeldPosition] = field(default_factory=dict)
    streams: dict[str, list[bytes | None]] = field(default_factory=dict)

    def attempts_of(self, intent_id: IntentId) -> list[Attempt]:
        """List an intent's attempts by number."""
        mine = [attempt for attempt in self.attempts.values() if attempt.intent_id == intent_id]
        return sorted(mine, key=lambda attempt: attempt.number)


class Step(Protocol):
    """One thing done to a store; the answer of both sides is compared."""

    def on_store(self, r: Repositories) -> object:
        """Do it."""
        ...

    def on_model(self, m: Model) -> object:
        """Say what it answers; raise `ModelRefusal` where a store must refuse."""
        ...
