"""An approved fire, written down: the intent, its attempt, and the risk it reserves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.execution import TradePlan
from bitten_domain.execution.protocol import Attempt, FireIntent, Reservation
from bitten_domain.execution.protocol.reservation import cents_up
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from bitten_domain.desk.account.trading_account import TradingAccount
    from bitten_domain.desk.signal import Signal
    from bitten_domain.risk.assess import ApprovedOrder
    from bitten_domain.values import IntentId

__all__ = ["ORDER_LIFE_SECONDS", "ApprovedFire", "approved_fire"]

ORDER_LIFE_SECONDS = 30
"""How long an approved order may wait before it is sent; the price it was sized at is old by then."""


class ApprovedFire(NamedTuple):
    """What one transaction writes of an approved fire.

    Args:
        account: with the order's number taken.
        intent, attempt: RESERVED.
        reservation: its worst case.
    """

    account: TradingAccount
    intent: FireIntent
    attempt: Attempt
    reservation: Reservation


def approved_fire(
    account: TradingAccount, signal: Signal, order: ApprovedOrder, intent_id: IntentId, now: int
) -> ApprovedFire:
    """Write an approved order down.

    Args:
        account: under its lock.
        signal: what is fired.
        order: as the twelve checks approved it.
        intent_id: the intent's identity.
        now: seconds since 1970 UTC.
    """
    numbered, order_id = account.numbered()
    intent = FireIntent(
        intent_id=intent_id,
        account=account.account_id,
        signal=signal.signal_id,
        fire_mode=order.fire_mode,
        symbol=order.symbol,
        direction=order.direction,
        lots=order.lots,
        stop=order.stop,
        target=order.target,
        plan=TradePlan(signal.plan, signal.flat_at),
        risk_percent=order.risk_percent,
        strategy=signal.strategy,
        score=signal.score,
        cost_share=signal.cost_share,
        created_at=now,
        not_after=max(now, min(signal.valid_until, now + ORDER_LIFE_SECONDS)),
    )
    reservation = Reservation(
        intent_id,
        account.account_id,
        order.symbol,
        order.direction,
        cents_up(order.risk),
        cents_up(order.margin),
        "",
        now,
    )
    return ApprovedFire(numbered, intent, Attempt(intent_id, 1, order_id, OrderState.RESERVED, now), reservation)
