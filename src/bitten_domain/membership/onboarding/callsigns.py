"""Callsigns: what one may look like."""

from __future__ import annotations

import re

from bitten_domain.membership.denial import Denial, DenialCode, DenialReason

__all__ = ["callsign_denial"]

_CALLSIGN = re.compile(r"[A-Za-z0-9_]{3,20}", re.ASCII)


def callsign_denial(callsign: str, *, is_taken: bool) -> Denial | None:
    """Say what stands against a callsign; None for nothing.

    Args:
        callsign: the wanted one.
        is_taken: whether it is somebody else's, whatever its case.
    """
    if not _CALLSIGN.fullmatch(callsign):
        return _denied("3 to 20 of A-Z, a-z, 0-9 and _", f"{len(callsign)} characters")
    return _denied("a callsign that is free", "it is taken") if is_taken else None


def _denied(limit: str, actual: str) -> Denial:
    return Denial((DenialReason(DenialCode.BAD_ANSWER, limit, actual, "choose another"),))
