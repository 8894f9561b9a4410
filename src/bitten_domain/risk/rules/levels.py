"""Rule: stop and target stand on their sides, as far away as the broker asks."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.risk.decision import Reason
from bitten_domain.values import Direction
from bitten_domain.vocabulary import RefusalCode

if TYPE_CHECKING:
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.risk.workings import Workings

__all__ = ["levels"]

_ZERO = Decimal(0)
_BUY = Direction.BUY


def levels(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse a missing stop, a level on the wrong side of the exit quote, and one nearer than the broker's level.

    Without a quote the signal's entry stands in for it; the quote check refuses anyway.
    """
    stop, target, quote, instrument = request.stop, request.target, facts.quote, facts.instrument
    if stop is None or not stop.is_finite() or stop <= _ZERO:
        return (Reason(RefusalCode.STOP_MISSING, "a stop with every order", "none", "give a stop"),)
    entry = request.signal.entry
    bid, ask = (entry, entry) if quote is None else (quote.bid, quote.ask)
    if request.signal.direction is _BUY:
        trigger, fill = bid, ask
        is_stop_wrong = stop >= trigger
        is_target_wrong = target is not None and not (target.is_finite() and target > fill)
    else:
        trigger, fill = ask, bid
        is_stop_wrong = stop <= trigger
        is_target_wrong = target is not None and not (target.is_finite() and target < fill)
    if not is_stop_wrong and not is_target_wrong and (instrument is None or not instrument.stop_level_pips):
        return ()

    is_buy = request.signal.direction is Direction.BUY
    reasons: list[Reason] = []
    if is_stop_wrong:
        limit = f"stop {'below' if is_buy else 'above'} {trigger}"
        reasons.append(Reason(RefusalCode.STOP_WRONG_SIDE, limit, str(stop), "move the stop"))
    if is_target_wrong:
        limit = f"target {'above' if is_buy else 'below'} {fill}"
        reasons.append(Reason(RefusalCode.TARGET_WRONG_SIDE, limit, str(target), "move the target"))
    if instrument is not None:
        least = instrument.stop_level_pips
        for name, level, is_wrong in (("stop", stop, is_stop_wrong), ("target", target, is_target_wrong)):
            if level is None or is_wrong:
                continue
            pips = abs(level - trigger) / instrument.pip
            if pips < least:
                reasons.append(_too_close(name, pips, least))
    return tuple(reasons)


def _too_close(name: str, pips: Decimal, least: Decimal) -> Reason:
    return Reason(
        RefusalCode.STOP_TOO_CLOSE,
        f"{name} at least {least} pips from the quote",
        f"{pips:.1f} pips",
        f"move the {name} away",
    )
