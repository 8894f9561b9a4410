"""Assess: run the rules and either mint an approved order or refuse with every reason.

An `ApprovedOrder` can be made here only: its constructor asks for a seal that this module keeps to itself. Whoever
holds one knows that the rules were asked.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant
from bitten_domain.risk.decision import Refusal
from bitten_domain.risk.workings import work_out
from bitten_domain.values import Direction, Lots, Money

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from bitten_domain.risk.decision import Reason
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.risk.workings import Rule
    from bitten_domain.values import AccountId, SignalId, UserId
    from bitten_domain.vocabulary import FireMode

__all__ = ["ApprovedOrder", "assess"]

_SEAL = object()


@dataclass(frozen=True, slots=True)
class ApprovedOrder:
    """An order that every rule let pass, sized.

    Args:
        user_id, account_id: whose order, where.
        is_live: real money.
        signal_id: None for a candidate made by hand.
        symbol, direction, fire_mode: what is opened, and by whom.
        lots: whole steps, > 0.
        price: quote on the fill side when it was approved.
        stop, target: levels that go to the broker with it; None where there is no target.
        risk: loss at the stop, all costs included: what is reserved.
        risk_percent: what the order was allowed, percent of the sizing balance.
        margin: what it will bind.
        stop_pips: from fill to stop fill, at the spread and slippage it was sized with.
        approved_at: seconds since 1970 UTC.
    """

    user_id: UserId
    account_id: AccountId
    is_live: bool
    signal_id: SignalId | None
    symbol: str
    direction: Direction
    fire_mode: FireMode
    lots: Lots
    price: Decimal
    stop: Decimal
    target: Decimal | None
    risk: Money
    risk_percent: Decimal
    margin: Money
    stop_pips: Decimal
    approved_at: int
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise BrokenInvariant("an approved order is minted by assess only")


def assess(
    request: FireRequest, facts: RiskFacts, policy: RiskPolicy, rules: Iterable[Rule]
) -> ApprovedOrder | Refusal:
    """Ask every rule and decide.

    Args:
        request: what is wished.
        facts: all that is known.
        policy: the figures.
        rules: asked in this order, all of them, whatever the earlier ones said (`desk.fire_checks` has the twelve).

    Returns:
        The order, sized; or a refusal with every reason in the rules' order.

    Raises:
        BrokenInvariant: no rule objected, yet there is nothing to send: no quote, stop or size. The rule that owns
            it was left out.
    """
    workings = work_out(request, facts, policy)
    reasons: list[Reason] = []
    for rule in rules:
        found = rule(request, facts, policy, workings)
        if found:
            reasons += found
    if reasons:
        return Refusal(tuple(reasons))
    sizing, quote, signal, account = workings.sizing, facts.quote, request.signal, facts.account
    if sizing is None or quote is None or request.stop is None or sizing.lots <= 0:
        raise BrokenInvariant("nothing to send, although no rule objected: a rule was left out")
    return ApprovedOrder(
        facts.person.user_id,
        account.account_id,
        account.is_live,
        signal.signal_id,
        signal.symbol,
        signal.direction,
        request.fire_mode,
        Lots(sizing.lots),
        quote.ask if signal.direction is Direction.BUY else quote.bid,
        request.stop,
        request.target,
        Money(sizing.risk, account.currency),
        workings.allowance.risk_percent,
        Money(sizing.margin, account.currency),
        sizing.stop_pips,
        facts.now,
        _SEAL,
    )
