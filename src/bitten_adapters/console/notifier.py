"""The console's notifier: one line a message."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bitten_domain.errors import Unavailable

if TYPE_CHECKING:
    from typing import TextIO

    from bitten_domain.ports.repositories.messages import OutboxMessage

__all__ = ["ConsoleNotifier"]


class ConsoleNotifier:
    """Write messages to a stream.

    Args:
        stream: where to, such as standard error.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    async def tell(self, message: OutboxMessage) -> None:
        """Write one line: time, topic and the body's parts.

        Raises:
            Unavailable: nobody reads the stream any more.
        """
        at = datetime.fromtimestamp(message.created_at, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        body = json.loads(message.body)
        parts = "  ".join(f"{name} {_plain(value)}" for name, value in body.items())
        try:
            self._stream.write(f"{at}  {message.topic.upper()}  {parts}\n")
            self._stream.flush()
        except (OSError, ValueError) as error:
            raise Unavailable(f"the console takes no more: {error}") from error


def _plain(value: object) -> str:
    """Write a value on one line, control characters shown and not obeyed."""
    text = value if isinstance(value, str) else json.dumps(value)
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
