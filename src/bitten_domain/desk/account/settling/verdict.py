"""Verdicts: where evidence puts an attempt. Pure, and the only place that decides it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.execution.lifecycle import TERMINAL_STATES
from bitten_domain.execution.protocol.answers import AnswerKind, Evidence, Trace
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from bitten_domain.execution.protocol.answers import Answer

__all__ = ["evidence_of_answer", "verdict"]

_S = OrderState
_ZERO = Decimal(0)
_UNDECIDED = frozenset({_S.SENDING, _S.UNKNOWN})


def evidence_of_answer(answer: Answer) -> Evidence:
    """Read a broker's direct answer as evidence: UNKNOWN proves nothing, the rest is what it says."""
    if answer.kind is AnswerKind.UNKNOWN:
        return Evidence(Trace.INCONCLUSIVE)
    return Evidence(Trace.FOUND, answer)


def verdict(
    state: OrderState,
    evidence: Evidence | None,
    *,
    filled: Decimal,
    wanted: Decimal | None,
    is_complete: bool,
    moves_levels: bool = False,
) -> tuple[OrderState, ...]:
    """Decide the moves of an attempt, in order; none when nothing new is proven.

    Args:
        state: where it stands.
        evidence: what the broker says of it; None when only the history was read.
        filled: lots its booked deals come to.
        wanted: lots it was to come to; None for a whole position, and for an order that moves levels.
        is_complete: its deals come to all that was wanted.
        moves_levels: the order has no deals.
    """
    if state in TERMINAL_STATES or state in (_S.RESERVED, _S.DISPUTED):
        return ()
    if wanted is not None and filled > wanted:
        return _disputed(state)
    if is_complete:
        return (_S.FILLED,)
    if evidence is None:
        return (_S.PARTIAL,) if filled > 0 and state is _S.WORKING else ()
    answer = evidence.answer
    if evidence.trace is Trace.INCONCLUSIVE or (answer is not None and answer.kind is AnswerKind.UNKNOWN):
        return (_S.UNKNOWN,) if state is _S.SENDING else ()
    if evidence.trace is Trace.ABSENT or answer is None:
        return (_S.NOT_EXECUTED,) if state in _UNDECIDED and not filled else _disputed(state)
    if answer.kind is AnswerKind.EXECUTED:
        return (_S.FILLED,) if moves_levels else _executed(state, answer, filled, wanted)
    if answer.kind is AnswerKind.WORKING:
        to = _S.PARTIAL if filled > 0 else _S.WORKING
        return () if state is to or state is _S.PARTIAL else (to,)
    return _refused(state, answer, filled)


def _executed(state: OrderState, answer: Answer, filled: Decimal, wanted: Decimal | None) -> tuple[OrderState, ...]:
    told = sum((deal.lots.value for deal in answer.deals), _ZERO)
    if not filled or filled < told:
        # It happened, but its deals are not in the history yet: it is booked from there, or not at all.
        return (_S.UNKNOWN,) if state in (_S.SENDING, _S.WORKING) else ()
    if wanted is None:
        return (_S.FILLED,)
    # The answer is final, so what is not filled never will be.
    return (_S.CANCELLED,) if state is _S.PARTIAL else (_S.PARTIAL, _S.CANCELLED)


def _refused(state: OrderState, answer: Answer, filled: Decimal) -> tuple[OrderState, ...]:
    if state is _S.PARTIAL:
        return (_S.CANCELLED,)
    if filled:
        return _disputed(state)
    if answer.code:
        return (_S.REJECTED,)
    return (_S.CANCELLED,) if state is _S.WORKING else (_S.NOT_EXECUTED,)


def _disputed(state: OrderState) -> tuple[OrderState, ...]:
    return (_S.UNKNOWN, _S.DISPUTED) if state is _S.SENDING else (_S.DISPUTED,)
