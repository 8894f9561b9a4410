"""Findings: what a check of the doctor's came to."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Finding"]


class Finding(NamedTuple):
    """One line of the answer.

    Args:
        name: what was looked at.
        is_well: whether it is as it should be.
        detail: what was seen.
        remedy: what to do about it; empty when there is nothing to do, or the detail says it.
    """

    name: str
    is_well: bool
    detail: str
    remedy: str = ""
