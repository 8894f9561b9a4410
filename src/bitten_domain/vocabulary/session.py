"""Trading session: which centre is open."""

from enum import Enum

__all__ = ["Session"]


class Session(Enum):
    """The session a moment is counted in; where centres overlap, the more liquid one names it."""

    OVERLAP = "OVERLAP"
    LONDON = "LONDON"
    NEW_YORK = "NEW_YORK"
    TOKYO = "TOKYO"
    SYDNEY = "SYDNEY"
    CLOSED = "CLOSED"
