"""Stops confirmed: an owned position's stop is seen in a broker snapshot, or sent again, or the position is closed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.desk.account.adherence import AT_BROKER, DROPPED
from bitten_domain.desk.account.happenings import StopDoubted
from bitten_domain.execution import CloseIntent, DealReason, PositionState
from bitten_domain.execution.protocol import LevelsIntent
from bitten_domain.values import IntentId

if TYPE_CHECKING:
    from bitten_domain.desk.account.held_position import HeldPosition
    from bitten_domain.desk.account.settling.bookkeeping import Bookkeeping
    from bitten_domain.execution.protocol import BrokerSnapshot

__all__ = ["MOST_STOP_TRIES", "confirm_stops"]

MOST_STOP_TRIES = 3
"""How often a stop no snapshot shows is sent again before its position is closed."""


def confirm_stops(ledger: Bookkeeping, snapshot: BrokerSnapshot) -> None:
    """Look for each owned position's stop in a snapshot that is as new as the books.

    A stop at the broker that is tighter than ours is as good, and becomes ours. One that was shown and then is looser
    or gone was moved there by hand; one that was never shown the broker dropped. Both are recorded, once, and the stop
    is sent again. While an order about the position is on its way nothing is concluded.

    An adopted position is its owner's to lead: its levels are followed, whatever they are.
    """
    shown = {position.ticket: position for position in snapshot.positions}
    for held in tuple(ledger.positions.values()):
        position = held.position
        seen = shown.get(position.ticket)
        if seen is None:
            continue
        if held.intent_id is None:
            if (seen.stop_ticks, seen.target_ticks) != (position.stop_ticks, position.target_ticks):
                ledger.follow_levels(held, seen.stop_ticks, seen.target_ticks)
            continue
        if position.stop_ticks is None:
            continue
        if seen.stop_ticks is not None and position.sign * (seen.stop_ticks - position.stop_ticks) >= 0:
            if held.stop_confirmed_at is None:
                held = replace(held, stop_confirmed_at=ledger.now)
                ledger.put(held, "STOP_CONFIRMED")
            if seen.stop_ticks != position.stop_ticks:
                ledger.follow_stop(held, seen.stop_ticks)
        elif position.state is PositionState.OPEN and not ledger.is_led(position.ticket):
            _insist(ledger, held, seen.stop_ticks)


def _insist(ledger: Bookkeeping, held: HeldPosition, seen_ticks: int | None) -> None:
    position, tries = held.position, held.stop_tries
    if held.stop_confirmed_at is not None or tries == 0:
        reason = DROPPED if held.stop_confirmed_at is None else AT_BROKER
        ledger.note_levels(position, replace(position, stop_ticks=seen_ticks), reason)
    ledger.happenings.append(StopDoubted(ledger.now, position.ticket, tries))
    account_id, now = ledger.account.account_id, ledger.now
    if tries < MOST_STOP_TRIES:
        ledger.put(replace(held, stop_confirmed_at=None, stop_tries=tries + 1), "STOP_DOUBTED")
        name = IntentId(f"stop-{ledger.account.epoch}-{ledger.account.next_sequence}")
        ledger.order(LevelsIntent(name, account_id, position.ticket, position.stop, position.target, "RESEND", now))
        return
    name = IntentId(f"unstopped-{ledger.account.epoch}-{ledger.account.next_sequence}")
    ledger.order(CloseIntent(name, account_id, position.ticket, None, DealReason.EMERGENCY, now))
    ledger.say(
        "stop",
        f"unstopped:{position.ticket}",
        f"The broker does not keep the stop of position {position.ticket} in {position.symbol}; it is being closed.",
    )
