"""Texts somebody must read before they agree: versioned, so that a consent says to what."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ConsentText"]


@dataclass(frozen=True, slots=True)
class ConsentText:
    """A disclosure, or what a consent agrees to.

    Args:
        purpose: what it is about, such as `risk_disclosure` or `live_trading`.
        version: rises when the meaning changes, so that an older consent no longer holds, >= 1.
        title: as it is shown.
        text: Markdown, figures filled in.
        is_optional: whether one may use the platform without agreeing.
    """

    purpose: str
    version: int
    title: str
    text: str
    is_optional: bool
