"""Books of an account: all that a decision about it reads, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.desk.account.held_position import HeldPosition
    from bitten_domain.desk.account.risk_session import RiskSession
    from bitten_domain.desk.account.trading_account import TradingAccount
    from bitten_domain.execution.deal import Deal
    from bitten_domain.execution.protocol.intent import Errand
    from bitten_domain.execution.protocol.reservation import Reservation

__all__ = ["AccountBooks"]


@dataclass(frozen=True, slots=True)
class AccountBooks:
    """An account as it is kept, read under its lock.

    Args:
        account: its row.
        session: its newest trading day; None before the first.
        positions: what is not closed, by ticket.
        errands: every attempt that is not in a terminal state, and those that a new deal or an answer names, by
            client order id.
        reservations: what is held, by intent.
        deals: booked deals of each position that is looked at, oldest first, the new ones included.
        closed: tickets of positions that are closed, as far as a snapshot shows them or a new deal names them.
        is_halted: an emergency stop that closes everything holds the account.
    """

    account: TradingAccount
    session: RiskSession | None
    positions: tuple[HeldPosition, ...] = ()
    errands: Mapping[int, Errand] = field(default_factory=lambda: MappingProxyType({}))
    reservations: tuple[Reservation, ...] = ()
    deals: Mapping[int, tuple[Deal, ...]] = field(default_factory=lambda: MappingProxyType({}))
    closed: frozenset[int] = frozenset()
    is_halted: bool = False
