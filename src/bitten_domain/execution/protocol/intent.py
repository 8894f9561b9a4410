"""Intents and attempts: what we want done, and each try at having it done.

An intent is written before anything leaves; an attempt is one message to one broker. A second attempt exists only after
proof that the first did not execute.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from bitten_domain.errors import BrokenInvariant
from bitten_domain.execution.lifecycle import TERMINAL_STATES, WhoDecides, transition
from bitten_domain.execution.order import CloseOrder, LevelsOrder, MarketOrder
from bitten_domain.vocabulary.order_state import OrderState

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.execution.deal import DealReason
    from bitten_domain.execution.plan import TradePlan
    from bitten_domain.values.direction import Direction
    from bitten_domain.values.identifiers import AccountId, IntentId, SignalId
    from bitten_domain.values.lots import Lots
    from bitten_domain.vocabulary.fire_mode import FireMode

__all__ = ["Attempt", "CloseIntent", "Errand", "FireIntent", "Intent", "LevelsIntent", "next_attempt"]

_RETRYABLE = frozenset({OrderState.NOT_EXECUTED, OrderState.REJECTED})


@dataclass(frozen=True, slots=True)
class FireIntent:
    """A position somebody wants opened.

    Args:
        intent_id: its identity.
        account: where.
        signal: what it answers to; None for a manual trade.
        fire_mode: who pulled the trigger.
        symbol, direction, lots, stop, target: what was approved.
        plan: how it is to be led.
        risk_percent: what it was allowed to risk of the sizing balance.
        strategy: name; MANUAL for a trade nobody signalled.
        score: hundredths of a point.
        cost_share: spread and slippage over the stop's distance when it was approved.
        created_at: seconds since 1970 UTC.
        not_after: deadline of every attempt, seconds since 1970 UTC.
    """

    intent_id: IntentId
    account: AccountId
    signal: SignalId | None
    fire_mode: FireMode
    symbol: str
    direction: Direction
    lots: Lots
    stop: Decimal
    target: Decimal | None
    plan: TradePlan
    risk_percent: Decimal
    strategy: str
    score: int
    cost_share: float
    created_at: int
    not_after: int

    def __post_init__(self) -> None:
        if self.not_after < self.created_at:
            raise BrokenInvariant(f"intent {self.intent_id}: its deadline lies before its creation")

    def order(self, client_order_id: int) -> MarketOrder:
        """Write the order of one attempt."""
        return MarketOrder(
            client_order_id,
            self.symbol,
            self.direction,
            self.lots,
            self.stop,
            self.target,
            self.not_after,
            self.plan,
        )


@dataclass(frozen=True, slots=True)
class CloseIntent:
    """A position somebody wants closed; it has no deadline and passes no risk check.

    Args:
        intent_id: its identity.
        account: where.
        ticket: the position.
        lots: volume; None for all of it.
        reason: why.
        created_at: seconds since 1970 UTC.
    """

    intent_id: IntentId
    account: AccountId
    ticket: int
    lots: Lots | None
    reason: DealReason
    created_at: int

    def order(self, client_order_id: int) -> CloseOrder:
        """Write the order of one attempt."""
        return CloseOrder(client_order_id, self.ticket, self.lots, self.reason)


@dataclass(frozen=True, slots=True)
class LevelsIntent:
    """A stop or target somebody wants moved; it passes no risk check, because a stop only tightens.

    Args:
        intent_id: its identity.
        account: where.
        ticket: the position.
        stop, target: the complete new levels; None removes one.
        reason: why, in a word: the plan's kind, MANUAL, or RESEND for a stop no snapshot showed.
        created_at: seconds since 1970 UTC.
    """

    intent_id: IntentId
    account: AccountId
    ticket: int
    stop: Decimal | None
    target: Decimal | None
    reason: str
    created_at: int

    def order(self, client_order_id: int) -> LevelsOrder:
        """Write the order of one attempt."""
        return LevelsOrder(client_order_id, self.ticket, self.stop, self.target)


Intent: TypeAlias = FireIntent | CloseIntent | LevelsIntent


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at an intent.

    Args:
        intent_id: whose.
        number: 1 for the first.
        client_order_id: unique per attempt, for ever.
        state: where it stands.
        since: when it got there, seconds since 1970 UTC.
    """

    intent_id: IntentId
    number: int
    client_order_id: int
    state: OrderState
    since: int

    def moved(self, to: OrderState, at: int, who: WhoDecides = WhoDecides.PROTOCOL) -> Attempt:
        """Move it by the transition table; evidence told again changes nothing.

        Raises:
            BrokenInvariant: the move is not in the table.
        """
        state = transition(self.state, to, who)
        return self if state is self.state else replace(self, state=state, since=at)


@dataclass(frozen=True, slots=True)
class Errand:
    """An intent with one of its attempts."""

    intent: Intent
    attempt: Attempt


def next_attempt(last: Attempt, client_order_id: int, at: int, not_after: int) -> Attempt | None:
    """Allow another try after proof that the last one did not execute.

    Args:
        last: the intent's latest attempt.
        client_order_id: of the new one; never the old one's.
        at: now, seconds since 1970 UTC.
        not_after: the intent's deadline.

    Returns:
        The new attempt, RESERVED, for which risk must be checked again; None when the last one is unproven, did
        execute, or the deadline has passed.

    Raises:
        BrokenInvariant: the id is the last attempt's.
    """
    if client_order_id == last.client_order_id:
        raise BrokenInvariant(f"intent {last.intent_id}: attempt {last.number + 1} needs an id of its own")
    if last.state not in TERMINAL_STATES or last.state not in _RETRYABLE or at > not_after:
        return None
    return Attempt(last.intent_id, last.number + 1, client_order_id, OrderState.RESERVED, at)
