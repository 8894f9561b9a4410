"""Rule: nothing opens into a release, and nothing opens blindly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.market.news_view import Blackout, Freshness
from bitten_domain.risk.decision import Reason
from bitten_domain.vocabulary import FireMode, RefusalCode

if TYPE_CHECKING:
    from bitten_domain.risk.facts import NewsFacts, RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.risk.workings import Workings

__all__ = ["news"]

# Looking a member up costs more than comparing with it.
_AUTO, _HIGH, _NONE = FireMode.AUTO, Blackout.HIGH, Blackout.NONE
_FRESH, _DEGRADED, _UNKNOWN, _NOT_COVERED = (
    Freshness.FRESH,
    Freshness.DEGRADED,
    Freshness.UNKNOWN,
    Freshness.NOT_COVERED,
)


def news(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse in a HIGH window, AUTO in any window or without a fresh calendar, and what nobody confirmed.

    A MEDIUM window also raises the gate, which the signal check does. A knowingly confirmed unknown calendar lets a
    person fire; AUTO only where the policy says so.
    """
    state = facts.news
    if state is None:
        return (_unknown("no news state"),)
    if state.calendar is _FRESH and state.blackout is _NONE and not state.no_auto_anywhere:
        return ()
    reasons: list[Reason] = []
    if state.blackout is _HIGH:
        reasons.append(
            Reason(
                RefusalCode.NEWS_BLACKOUT,
                "no opening around a HIGH release",
                "inside the window of a HIGH release",
                "wait until the window is over",
            )
        )
    if request.fire_mode is _AUTO:
        why = _against_auto(state, policy)
        if why:
            reasons.append(
                Reason(RefusalCode.NEWS_NO_AUTO, "AUTO away from news, calendar fresh", why, "fire by hand, or wait")
            )
    elif state.calendar is _DEGRADED and not request.is_confirmed:
        reasons.append(
            Reason(
                RefusalCode.CONFIRMATION_REQUIRED,
                "a confirmation while the calendar is older than 12 h",
                "not confirmed",
                "confirm the order, or refresh the calendar",
            )
        )
    if _is_unknown(state) and not state.confirmed_unknown:
        reasons.append(_unknown(state.calendar.value))
    return tuple(reasons)


def _is_unknown(state: NewsFacts) -> bool:
    return state.calendar is _UNKNOWN or state.calendar is _NOT_COVERED


def _against_auto(state: NewsFacts, policy: RiskPolicy) -> str:
    if state.no_auto_anywhere:
        return "a rate decision or payrolls report is near"
    if state.blackout is Blackout.MEDIUM:
        return "inside the window of a MEDIUM release"
    if state.calendar is Freshness.DEGRADED:
        return "the calendar is older than 12 h"
    if _is_unknown(state) and not policy.fire.auto_without_calendar:
        return "the calendar does not cover this moment"
    return ""


def _unknown(actual: str) -> Reason:
    return Reason(
        RefusalCode.NEWS_UNKNOWN,
        "a calendar that covers this moment",
        actual,
        "load a calendar, or confirm knowingly that there is none",
    )
