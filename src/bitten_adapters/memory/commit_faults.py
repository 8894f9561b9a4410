"""What can go wrong around a commit, for simulations to decide."""

from __future__ import annotations

from typing import Protocol

__all__ = ["CommitFaults"]


class CommitFaults(Protocol):
    """Called at the three moments of a transaction at which a store fails; raising is the fault.

    Whatever is raised comes out of `run`. So a lost answer is `OutcomeUnknown` from `after_commit` (kept) or from
    `before_commit` (not kept), a full disk is `Unavailable` from `before_commit`, a process that dies is an exception
    of the simulation's own that nothing in between catches. A `Conflict` from `before_commit` is a race lost against
    somebody else: the work is taken back and called again.
    """

    def before_work(self) -> None:
        """Fail before anything is done, in `run` and in `read`: nothing is kept."""
        ...

    def before_commit(self) -> None:
        """Fail when the work is done but not durable: nothing is kept."""
        ...

    def after_commit(self) -> None:
        """Fail when everything is durable but nobody was told: all is kept."""
        ...
