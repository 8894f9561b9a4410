"""Input log: where what decisions are made from is written down, and read again."""

from __future__ import annotations

from typing import NamedTuple, Protocol

__all__ = ["InputLog", "InputRecording", "RecordedSession"]


class InputLog(Protocol):
    """Take what one process records.

    Promises: texts come back in order; what was appended before a `sync` that returned survives a crash of the
    machine, and what was appended at all survives one of the process. Several threads may append. `Unavailable`: it was
    not taken.
    """

    def keep(self, material: str) -> str:
        """Keep a text of any length durably, once, and give its SHA-256 in hex."""
        ...

    def append(self, entry: str) -> None:
        """Add one line of ASCII."""
        ...

    def sync(self) -> None:
        """Make everything appended so far durable."""
        ...

    def turn(self, day: int) -> None:
        """Begin another trading day, in days since 1970; what is before it will be read rarely."""
        ...

    def close(self) -> None:
        """End the recording; nothing can be appended after."""
        ...


class RecordedSession(NamedTuple):
    """What one process recorded.

    Args:
        name: by which people find it.
        entries: its lines, oldest first.
        torn: where a crash cut the last line off, which is left out; empty when none was.
    """

    name: str
    entries: tuple[str, ...]
    torn: str = ""


class InputRecording(Protocol):
    """Read what was recorded, whoever writes to it meanwhile.

    Promises: `InvalidInput` names what is missing or damaged; nothing is passed over but a last line that was cut off.
    """

    def sessions(self) -> tuple[RecordedSession, ...]:
        """Read all, by when they began."""
        ...

    def material(self, digest: str) -> str:
        """Read a kept text by its SHA-256."""
        ...
