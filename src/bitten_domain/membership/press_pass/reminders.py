"""Reminders of a press pass: two at most, of its true end, and none after one tap."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant
from bitten_domain.membership.press_pass.holding import press_pass_state
from bitten_domain.membership.press_pass.passes import PressPassState

if TYPE_CHECKING:
    from bitten_domain.membership.press_pass.passes import PressPass, PressPassPolicy

__all__ = ["due_reminder", "reminded", "want_reminders"]

_HOLDS = (PressPassState.CLAIMED, PressPassState.ACTIVE, PressPassState.EXPIRING)


def due_reminder(press_pass: PressPass, policy: PressPassPolicy, now: int) -> int | None:
    """Say which reminder is due now, 1 or 2; None for none.

    One that was missed is left out when the next is due: nobody is reminded twice at once.
    """
    holds = press_pass.user_id is not None and press_pass_state(press_pass, policy, now) in _HOLDS
    if not holds or not press_pass.wants_reminders:
        return None
    reached = sum(now >= press_pass.ends_at - before for before in policy.reminders_before)
    return reached if reached > press_pass.reminders_sent else None


def reminded(press_pass: PressPass, number: int) -> PressPass:
    """Note that a reminder goes out, in the transaction that writes the message.

    Raises:
        BrokenInvariant: that one, or a later one, went out before.
    """
    if number <= press_pass.reminders_sent:
        raise BrokenInvariant(f"reminder {number} went out before")
    return replace(press_pass, reminders_sent=number)


def want_reminders(press_pass: PressPass, *, wanted: bool) -> PressPass:
    """Turn reminders off or on; those that went out stay counted."""
    return replace(press_pass, wants_reminders=wanted)
