"""What is asked: a signal, or a candidate made by hand, and how it is to be fired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.values.record import record

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.values import Direction, SignalId
    from bitten_domain.vocabulary import FireMode

__all__ = ["FireRequest", "SignalFacts"]


@record
class SignalFacts:
    """What the checks need of a signal.

    Args:
        signal_id: None for a candidate made by hand, which is scored and gated like any other.
        symbol, direction: what it trades.
        score: 0 to 100; None when the evidence was too thin to score it.
        gate: emission gate at its emission.
        coverage: share of the score's evidence that was available, 0 to 1.
        cost_share: costs over stop distance.
        entry, stop, target: chart prices (bid); the last part's target where the plan has several.
        reward_price: mean of the plan's targets on the exit side, weighted by what is closed at each; the target of a
            plan with one.
        reward_risk: net reward to risk at emission, by `sizing.net_reward_risk`; None when it is fired at the quote of
            its emission, which gives what it promises.
        valid_until: seconds since 1970 UTC; dead from then on.
        is_touched: stop or target was touched since emission.
        is_auto_barred: calibration found its score band losing after costs, so AUTO is off on live accounts.
    """

    signal_id: SignalId | None
    symbol: str
    direction: Direction
    score: Decimal | None
    gate: Decimal
    coverage: Decimal
    cost_share: Decimal
    entry: Decimal
    stop: Decimal
    target: Decimal
    reward_price: Decimal
    reward_risk: Decimal | None
    valid_until: int
    is_touched: bool
    is_auto_barred: bool = False


@record
class FireRequest:
    """A wish to open a position.

    Args:
        signal: what is fired.
        fire_mode: who pulls the trigger.
        stop, target: levels that go to the broker with the order, on the exit side (a SELL's fire on the ask); None
            when there is none.
        is_confirmed: the person said yes to this order.
        proposed_at: when a SEMI proposal was shown, seconds since 1970 UTC; None in other modes.
        lots_ceiling: most lots the person wants; None leaves it to the sizing. It never enlarges an order.
    """

    signal: SignalFacts
    fire_mode: FireMode
    stop: Decimal | None
    target: Decimal | None
    is_confirmed: bool = False
    proposed_at: int | None = None
    lots_ceiling: Decimal | None = None
