"""Reward to risk, net of costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.values import Direction

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.risk.facts import Quote
    from bitten_domain.values import Instrument

__all__ = ["net_reward_risk"]

_BUY = Direction.BUY


def net_reward_risk(
    instrument: Instrument,
    direction: Direction,
    quote: Quote,
    *,
    reward_price: Decimal,
    pips_at_stop: Decimal,
    entry_slippage_pips: Decimal,
    commission_pips: Decimal,
) -> Decimal:
    """Weigh what a trade brings at its targets against what it costs at its stop, both after costs.

    Args:
        instrument: its pip.
        direction: of the trade.
        quote: where it would fill.
        reward_price: mean of the plan's targets on the exit side, weighted by what is closed at each.
        pips_at_stop: from the entry's fill to the stop's fill (`sizing.stop_pips`), > 0.
        entry_slippage_pips: of the market entry; a target has none.
        commission_pips: round trip of one lot, in pips.

    Returns:
        The ratio, unrounded; negative when costs eat the reward.
    """
    way = reward_price - quote.ask if direction is _BUY else quote.bid - reward_price
    reward = way / instrument.pip - entry_slippage_pips - commission_pips
    return reward / (pips_at_stop + commission_pips)
