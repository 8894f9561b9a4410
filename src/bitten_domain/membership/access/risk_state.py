"""The risk state as access sees it: whether anything may be opened at all, read off the risk rules' own answers."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from bitten_domain.values.identity_enum import IdentityEnum
from bitten_domain.vocabulary import RefusalCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["RiskState", "risk_state_of"]


class RiskState(IdentityEnum):
    """CLEAR: nothing stands in the way. LOCKED_OUT: a loss limit or a pause. STOPPED: an emergency stop. UNKNOWN:
    nobody knows, which counts as stopped.
    """

    CLEAR = "CLEAR"
    LOCKED_OUT = "LOCKED_OUT"
    STOPPED = "STOPPED"
    UNKNOWN = "UNKNOWN"


_STATES: Mapping[RefusalCode, RiskState] = MappingProxyType(
    {
        RefusalCode.EMERGENCY_STATE_UNKNOWN: RiskState.UNKNOWN,
        RefusalCode.EMERGENCY_STOP: RiskState.STOPPED,
        RefusalCode.DAILY_LIMIT: RiskState.LOCKED_OUT,
        RefusalCode.DRAWDOWN_STOP: RiskState.LOCKED_OUT,
        RefusalCode.TILT_LOCKOUT: RiskState.LOCKED_OUT,
        RefusalCode.COOL_DOWN: RiskState.LOCKED_OUT,
        RefusalCode.TIME_OUT: RiskState.LOCKED_OUT,
    }
)
_STRENGTH = tuple(RiskState)


def risk_state_of(codes: Iterable[RefusalCode] | None) -> RiskState:
    """Name the strongest state among what the risk rules refused for; other codes concern one order, not the person.

    Args:
        codes: of the rules on emergency stops, daily limit, drawdown and pauses; None when they could not be asked.
    """
    if codes is None:
        return RiskState.UNKNOWN
    found = (_STATES.get(code, RiskState.CLEAR) for code in codes)
    return max(found, key=_STRENGTH.index, default=RiskState.CLEAR)
