"""Telegram updates: whose they are, so that they go with the person."""

from __future__ import annotations

import json
import re
from typing import TypeAlias

__all__ = ["names_telegram_id", "speaks_in"]

_Json: TypeAlias = "dict[str, _Json] | list[_Json] | str | int | float | bool | None"

_KEYS = frozenset({"id", "user_id", "chat_id", "from_id", "sender_id", "telegram_id"})
"""Keys that hold the id of a person or of a chat, which in a private chat is the person's."""


def names_telegram_id(body: str, telegram_id: int) -> bool:
    """Say whether somebody speaks, is spoken to or is named by their id in an update.

    The same digits elsewhere, such as in the number of a message, say nothing about anybody.

    Args:
        body: JSON as it came. One that cannot be read is taken for theirs when the digits stand in it.
        telegram_id: whose.
    """
    digits = str(telegram_id)
    if digits not in body:
        return False
    try:
        update: _Json = json.loads(body)
    except (ValueError, RecursionError):
        return re.search(rf"(?<!\d){re.escape(digits)}(?!\d)", body) is not None
    waiting = [update]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            if any(key in _KEYS and value in (telegram_id, digits) for key, value in part.items()):
                return True
            waiting += part.values()
    return False


def speaks_in(body: str, telegram_id: int) -> bool:
    """Say whether an update is somebody's own: a message, an edit or a tap that came from them.

    Args:
        body: JSON as it came; one that cannot be read is nobody's.
        telegram_id: whose.
    """
    try:
        update: _Json = json.loads(body)
    except (ValueError, RecursionError):
        return False
    parts = update.values() if isinstance(update, dict) else ()
    senders = [part.get("from") for part in parts if isinstance(part, dict)]
    return any(isinstance(sender, dict) and sender.get("id") == telegram_id for sender in senders)
