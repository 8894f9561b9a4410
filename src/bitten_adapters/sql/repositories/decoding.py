"""Decoding: from columns to the domain's values, and the JSON texts some of them are kept as."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bitten_domain.desk.state import OpenTrade
from bitten_domain.errors import BrokenInvariant
from bitten_domain.execution import TradePlan
from bitten_domain.values import Direction, Lots, SignalId
from bitten_domain.vocabulary import PlanKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.values import Instrument, Money

__all__ = [
    "DIRECTIONS",
    "PLAN_KINDS",
    "amount_in",
    "json_of",
    "known_of",
    "known_text",
    "lots_of",
    "on_tick",
    "parsed",
    "plan_of",
]

DIRECTIONS = {kind.value: kind for kind in Direction}
"""Directions by their text."""

PLAN_KINDS = {kind.value: kind for kind in PlanKind}
"""Plan kinds by their text."""

_HUNDREDTH = Decimal("0.01")

json_of = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
"""Write JSON in one line."""


def parsed(text: str) -> Any:
    """Read JSON that this store wrote."""
    return json.loads(text)


def lots_of(value: Decimal) -> Lots:
    """Read a volume, with two decimals where they are enough."""
    short = value.quantize(_HUNDREDTH)
    return Lots(short if short == value else value)


def on_tick(value: Decimal, instrument: Instrument | None) -> Decimal:
    """Read a price with its instrument's decimals where they are enough; a column keeps eight."""
    if instrument is not None:
        short = value.quantize(instrument.tick)
        if short == value:
            return short
    return value.normalize()


def amount_in(money: Money, currency: str) -> Decimal:
    """Take an amount that is kept beside the row's currency.

    Raises:
        BrokenInvariant: it is of another currency.
    """
    if money.currency != currency:
        raise BrokenInvariant(f"a row in {currency} cannot hold {money}")
    return money.amount


def plan_of(kind: str, flat_at: int | None, time_stop_seconds: int | None) -> TradePlan:
    """Read a plan."""
    return TradePlan(PLAN_KINDS[kind], flat_at, time_stop_seconds)


def known_text(known: OpenTrade | None) -> str | None:
    """Write what the desk knew of a position; its row in a scan is left out, since the scan is not kept."""
    if known is None:
        return None
    plan = known.plan
    return json_of(
        {
            "signal": known.signal_id,
            "plan": [plan.kind.value, plan.flat_at, plan.time_stop_seconds],
            "risk_percent": str(known.risk_percent),
            "score": known.score,
            "strategy": known.strategy,
            "cost_share": known.cost_share,
            "filled_at": known.filled_at,
        }
    )


def known_of(text: str | None) -> OpenTrade | None:
    """Read what the desk knew of a position."""
    if text is None:
        return None
    body: Mapping[str, Any] = parsed(text)
    return OpenTrade(
        signal_id=SignalId(body["signal"]),
        row=-1,
        plan=plan_of(*body["plan"]),
        risk_percent=Decimal(body["risk_percent"]),
        score=body["score"],
        strategy=body["strategy"],
        cost_share=body["cost_share"],
        filled_at=body["filled_at"],
    )
