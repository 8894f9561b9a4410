"""The error tree, drawn by consequence: who must act.

::

    BittenError
    |-- BrokenInvariant   the code is wrong: fix it
    |-- InvalidInput      the input is wrong: tell the user what, where and how to mend it
    |-- Unavailable       something outside is down: retry later
    |-- OutcomeUnknown    it may or may not have happened: reconcile, never retry blindly
    `-- Conflict          somebody else was faster: reload and repeat

A business refusal is a value (`bitten_domain.risk.Refusal`), not an exception.
"""

__all__ = ["BittenError", "BrokenInvariant", "Conflict", "InvalidInput", "OutcomeUnknown", "Unavailable"]


class BittenError(Exception):
    """Root of everything this project raises on purpose."""


class BrokenInvariant(BittenError):
    """A promise of the code does not hold; whoever wrote the caller must act."""


class InvalidInput(BittenError):
    """What came from outside cannot be used.

    Args:
        what: what is wrong, in a sentence without a full stop.
        where: the file and line, field or option it was found at; empty when there is no better place than `what`.
        remedy: what the user can do about it; empty when there is nothing to do.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        mend = f" ({self.remedy})" if self.remedy else ""
        return f"{place}{self.what}{mend}"


class Unavailable(BittenError):
    """Something this process depends on does not answer; the same call may succeed later."""


class OutcomeUnknown(BittenError):
    """An order left and its fate is not known; only evidence ends that, never a retry."""


class Conflict(BittenError):
    """The state moved between reading and writing; reload it and decide again."""
