"""Payloads: decisions and deals as canonical bytes, the same on every machine.

JSON without white space, keys in a fixed order, decimals and prices as strings, moments as seconds since 1970 UTC.
Nothing in a payload depends on the machine, the process or the wall clock.
"""

from __future__ import annotations

from json.encoder import encode_basestring_ascii as _text
from math import isfinite
from typing import TYPE_CHECKING

from bitten_domain.desk.decisions import (
    CandidatesSuppressed,
    OrderApproved,
    OrderRefused,
    SignalEmitted,
    ThresholdEvaluated,
)
from bitten_domain.desk.run.desk_run import DealBooked, TradeClosed
from bitten_domain.desk.trade_management import StopMoved
from bitten_domain.errors import BrokenInvariant
from bitten_domain.tcs.parts import COMPONENTS, RULES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from bitten_domain.desk.run.desk_run import Happening
    from bitten_domain.desk.signal import Signal
    from bitten_domain.execution import Deal, Declined, Trade
    from bitten_domain.risk.assess import ApprovedOrder
    from bitten_domain.risk.decision import Refusal
    from bitten_domain.tcs.threshold import ThresholdDecision
    from bitten_domain.vocabulary import SuppressionCode

__all__ = ["payload_of"]


def payload_of(happening: Happening) -> bytes:
    """Write what happened as canonical bytes.

    Raises:
        BrokenInvariant: a signal or an evaluation holds a number JSON has no word for.
    """
    # An encoder costs more than all it is told, so the texts are put together here; a test holds them to JSON's.
    if isinstance(happening, SignalEmitted):
        return _signal(happening.signal)
    if isinstance(happening, OrderRefused):
        return _refused(happening.at, happening.signal, happening.refusal)
    if isinstance(happening, CandidatesSuppressed):
        return _suppressed(happening.at, happening.counts)
    if isinstance(happening, DealBooked):
        return _deal(happening.deal)
    if isinstance(happening, TradeClosed):
        return _trade(happening.known.signal_id, happening.trade, happening.balance)
    if isinstance(happening, OrderApproved):
        return _approved(happening.signal, happening.order)
    if isinstance(happening, ThresholdEvaluated):
        return _threshold(happening.open_clock, happening.audit)
    if isinstance(happening, StopMoved):
        return _stop_moved(happening)
    return _declined(happening.at, happening.signal, happening.declined)


_DETAIL = "[[{}],%s,[{}],[{}],[%s,%s]]".format(
    ",".join(["%s"] * len(COMPONENTS)), ",".join(["%s"] * len(RULES)), ",".join(["%s"] * len(RULES))
)


def _signal(signal: Signal) -> bytes:
    if not (isfinite(signal.cost_share) and isfinite(signal.reward_net)):
        raise BrokenInvariant(f"{signal.signal_id}: cost share and reward are finite numbers")
    # The breakdown's texts are a function of these numbers (tcs.breakdown), so the numbers are the record.
    parts, context, evidence, measures, read = signal.detail
    detail = (_DETAIL % (*parts, context, *evidence, *measures, *read)).replace("None", "null")
    return (
        f'["signal",{{"id":{_text(signal.signal_id)},"strategy":{_text(signal.strategy)},'
        f'"timeframe":{signal.timeframe},"entry":"{signal.entry!s}","stop":"{signal.stop!s}",'
        f'"target":"{signal.target!s}","plan":"{signal.plan.value}","flat_at":{signal.flat_at},'
        f'"valid_until":{signal.valid_until},"score":{signal.score},"gate":{signal.gate},'
        f'"threshold":{signal.threshold},"coverage":{signal.coverage},"cost_share":{signal.cost_share!r},'
        f'"reward_net":{signal.reward_net!r},"blackout":"{signal.blackout.value}","detail":{detail}}}]'
    ).encode("ascii")


def _suppressed(at: int, counts: Mapping[SuppressionCode, int]) -> bytes:
    body = ",".join(sorted([f'"{code.value}":{count}' for code, count in counts.items()]))
    return f'["suppressed",{{"at":{at},"counts":{{{body}}}}}]'.encode("ascii")


def _refused(at: int, signal: Signal, refusal: Refusal) -> bytes:
    reasons = ",".join(
        [f'["{code.value}",{_text(limit)},{_text(actual)}]' for code, limit, actual, _ in refusal.reasons]
    )
    return f'["refused",{{"at":{at},"signal":{_text(signal.signal_id)},"reasons":[{reasons}]}}]'.encode("ascii")


def _approved(signal: Signal, order: ApprovedOrder) -> bytes:
    target = "null" if order.target is None else f'"{order.target!s}"'
    return (
        f'["approved",{{"signal":{_text(signal.signal_id)},"lots":"{order.lots}","stop":"{order.stop!s}",'
        f'"target":{target},"risk":"{order.risk.amount!s}","risk_percent":"{order.risk_percent!s}",'
        f'"margin":"{order.margin.amount!s}"}}]'
    ).encode("ascii")


def _declined(at: int, signal: Signal, declined: Declined) -> bytes:
    return (
        f'["declined",{{"at":{at},"signal":{_text(signal.signal_id)},"code":"{declined.code.value}",'
        f'"detail":{_text(declined.detail)}}}]'
    ).encode("ascii")


def _stop_moved(moved: StopMoved) -> bytes:
    before = "null" if moved.before is None else f'"{moved.before}"'
    return (
        f'["stop",{{"at":{moved.at},"position":{moved.position},"symbol":{_text(moved.symbol)},"before":{before},'
        f'"stop":"{moved.stop}"}}]'
    ).encode("ascii")


def _threshold(open_clock: int, audit: ThresholdDecision) -> bytes:
    closed = audit.closed
    if not (isfinite(closed.total_r) and isfinite(closed.deviation_r)):
        raise BrokenInvariant(f"threshold at {open_clock}: results are finite numbers")
    return (
        f'["threshold",{{"open_clock":{open_clock},"old":{audit.old},"new":{audit.new},"count":{audit.count},'
        f'"volume_move":{audit.volume_move},"performance_move":{audit.performance_move},'
        f'"reason":{_text(audit.reason)},"condition":"{audit.condition.value}","closed":{closed.count},'
        f'"total_r":{round(closed.total_r, 6)!r},"deviation_r":{round(closed.deviation_r, 6)!r}}}]'
    ).encode("ascii")


def _deal(deal: Deal) -> bytes:
    return (
        f'["deal",{{"ticket":{deal.ticket},"position":{deal.position},"order":{deal.client_order_id},'
        f'"symbol":{_text(deal.symbol)},"direction":"{deal.direction.value}","reason":"{deal.reason.value}",'
        f'"lots":"{deal.lots}","price":"{deal.price!s}","at":{deal.at},"profit":"{deal.profit.amount!s}",'
        f'"swap":"{deal.swap.amount!s}","commission":"{deal.commission.amount!s}","fee":"{deal.fee.amount!s}"}}]'
    ).encode("ascii")


def _trade(signal_id: str, trade: Trade, balance: Decimal) -> bytes:
    net_r = "null" if trade.net_r is None else f'"{trade.net_r!s}"'
    return (
        f'["trade",{{"position":{trade.position},"signal":{_text(signal_id)},"closed_at":{trade.closed_at},'
        f'"reason":"{trade.reason.value}","net":"{trade.net.amount!s}","net_r":{net_r},'
        f'"ambiguous":{"true" if trade.ambiguous else "false"},"balance":"{balance!s}"}}]'
    ).encode("ascii")
