"""Payloads: decisions and deals as canonical bytes, the same on every machine.

JSON without white space, keys in a fixed order, decimals and prices as strings, moments as seconds since 1970 UTC.
Nothing in a payload depends on the machine, the process or the wall clock.
"""

from __future__ import annotations

import json
import math
from json.encoder import encode_basestring_ascii as _text
from typing import TYPE_CHECKING, TypeAlias

from bitten_domain.desk.decisions import (
    CandidatesSuppressed,
    OrderApproved,
    OrderRefused,
    SignalEmitted,
    ThresholdEvaluated,
)
from bitten_domain.desk.run.desk_run import BrokerDeclined, DealBooked, TradeClosed
from bitten_domain.desk.trade_management import StopMoved
from bitten_domain.errors import BrokenInvariant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bitten_domain.desk.run.desk_run import Happening
    from bitten_domain.desk.signal import Signal
    from bitten_domain.execution import Deal, Trade
    from bitten_domain.risk.decision import Refusal
    from bitten_domain.tcs.threshold import ThresholdDecision
    from bitten_domain.vocabulary import SuppressionCode

__all__ = ["payload_of"]

_Json: TypeAlias = "str | int | float | bool | Sequence[_Json] | dict[str, _Json] | None"

_ENCODE = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode


def payload_of(happening: Happening) -> bytes:
    """Write what happened as canonical bytes.

    Raises:
        BrokenInvariant: a signal holds a number JSON has no word for.
    """
    # Nine payloads in ten are one of these, and an encoder costs more than all it is told; a test holds them together.
    match happening:
        case SignalEmitted(signal):
            return _signal(signal)
        case CandidatesSuppressed(counts):
            return _suppressed(counts)
        case OrderRefused(at, signal, refusal):
            return _refused(at, signal, refusal)
        case _:
            pass
    kind, body = _body(happening)
    return _ENCODE([kind, body]).encode("ascii")


def _body(
    happening: ThresholdEvaluated | OrderApproved | DealBooked | StopMoved | TradeClosed | BrokerDeclined,
) -> tuple[str, dict[str, _Json]]:
    match happening:
        case ThresholdEvaluated(open_clock, audit):
            return "threshold", _threshold(open_clock, audit)
        case OrderApproved(signal, order):
            return "approved", {
                "signal": signal.signal_id,
                "lots": str(order.lots),
                "stop": str(order.stop),
                "target": None if order.target is None else str(order.target),
                "risk": str(order.risk.amount),
                "risk_percent": str(order.risk_percent),
                "margin": str(order.margin.amount),
            }
        case DealBooked(deal):
            return "deal", _deal(deal)
        case StopMoved(at, position, symbol, before, stop):
            return "stop", {
                "at": at,
                "position": position,
                "symbol": symbol,
                "before": None if before is None else str(before),
                "stop": str(stop),
            }
        case TradeClosed(known, trade, balance):
            return "trade", _trade(known.signal_id, trade, str(balance))
        case BrokerDeclined(at, signal, declined):
            return "declined", {
                "at": at,
                "signal": signal.signal_id,
                "code": declined.code.value,
                "detail": declined.detail,
            }


def _signal(signal: Signal) -> bytes:
    if not (math.isfinite(signal.cost_share) and math.isfinite(signal.reward_net)):
        raise BrokenInvariant(f"{signal.signal_id}: cost share and reward are finite numbers")
    # The breakdown's texts are a function of these numbers (tcs.breakdown), so the numbers are the record. Of nested
    # tuples of whole numbers and None, Python's own writing differs from JSON in these four signs only.
    detail = str(tuple(signal.detail)).replace(" ", "").replace("(", "[").replace(")", "]").replace("None", "null")
    return (
        f'["signal",{{"id":{_text(signal.signal_id)},"strategy":{_text(signal.strategy)},'
        f'"timeframe":{signal.timeframe},"entry":"{signal.entry}","stop":"{signal.stop}","target":"{signal.target}",'
        f'"plan":"{signal.plan.value}","flat_at":{signal.flat_at},"valid_until":{signal.valid_until},'
        f'"score":{signal.score},"gate":{signal.gate},"threshold":{signal.threshold},"coverage":{signal.coverage},'
        f'"cost_share":{signal.cost_share!r},"reward_net":{signal.reward_net!r},"detail":{detail}}}]'
    ).encode("ascii")


def _suppressed(counts: Mapping[SuppressionCode, int]) -> bytes:
    body = ",".join(sorted(f'"{code.value}":{count}' for code, count in counts.items()))
    return f'["suppressed",{{{body}}}]'.encode("ascii")


def _refused(at: int, signal: Signal, refusal: Refusal) -> bytes:
    reasons = ",".join(
        f'["{reason.code.value}",{_text(reason.limit)},{_text(reason.actual)}]' for reason in refusal.reasons
    )
    return f'["refused",{{"at":{at},"signal":{_text(signal.signal_id)},"reasons":[{reasons}]}}]'.encode("ascii")


def _threshold(open_clock: int, audit: ThresholdDecision) -> dict[str, _Json]:
    return {
        "open_clock": open_clock,
        "old": audit.old,
        "new": audit.new,
        "count": audit.count,
        "volume_move": audit.volume_move,
        "performance_move": audit.performance_move,
        "reason": audit.reason,
        "condition": audit.condition.value,
        "closed": audit.closed.count,
        "total_r": round(audit.closed.total_r, 6),
        "deviation_r": round(audit.closed.deviation_r, 6),
    }


def _deal(deal: Deal) -> dict[str, _Json]:
    return {
        "ticket": deal.ticket,
        "position": deal.position,
        "order": deal.client_order_id,
        "symbol": deal.symbol,
        "direction": deal.direction.value,
        "reason": deal.reason.value,
        "lots": str(deal.lots),
        "price": str(deal.price),
        "at": deal.at,
        "profit": str(deal.profit.amount),
        "swap": str(deal.swap.amount),
        "commission": str(deal.commission.amount),
        "fee": str(deal.fee.amount),
    }


def _trade(signal_id: str, trade: Trade, balance: str) -> dict[str, _Json]:
    return {
        "position": trade.position,
        "signal": signal_id,
        "closed_at": trade.closed_at,
        "reason": trade.reason.value,
        "net": str(trade.net.amount),
        "net_r": None if trade.net_r is None else str(trade.net_r),
        "ambiguous": trade.ambiguous,
        "balance": balance,
    }
