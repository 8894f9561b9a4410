"""Identifiers: plain strings with a type, so that a signal's id cannot be passed as an order's."""

from typing import NewType

__all__ = ["AccountId", "IntentId", "PositionId", "SignalId", "UserId"]

AccountId = NewType("AccountId", str)
IntentId = NewType("IntentId", str)
PositionId = NewType("PositionId", str)
SignalId = NewType("SignalId", str)
UserId = NewType("UserId", str)
