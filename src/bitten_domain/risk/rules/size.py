"""Rule: the risk pays for at least one minimum lot, at a rate that is known."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.risk.decision import Reason
from bitten_domain.risk.sizing import smallest_balance
from bitten_domain.vocabulary import RefusalCode

if TYPE_CHECKING:
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.risk.workings import Workings

__all__ = ["size_fits"]

_ZERO = Decimal(0)


def size_fits(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse when no rate converts the loss, or when the minimum lot loses more than the risk allows.

    A missing quote, contract or stop is refused by the checks that own them, not here.
    """
    instrument, sizing = facts.instrument, workings.sizing
    if sizing is not None and sizing.lots > _ZERO:
        return ()
    if instrument is None:
        return ()
    if workings.pip_value is None or workings.commission is None:
        return (
            Reason(
                RefusalCode.NO_CONVERSION_RATE,
                f"a rate from {instrument.quote} to {facts.account.currency}",
                "none known",
                "supply bars or quotes of the pair that converts it",
            ),
        )
    if sizing is None:
        return ()
    allowance, currency = workings.allowance, facts.account.currency
    wanted = request.lots_ceiling
    if wanted is not None and wanted < instrument.min_lots:
        remedy = f"ask for at least {instrument.min_lots} lots"
    else:
        balance = smallest_balance(instrument, sizing.loss_per_lot, allowance.risk_percent)
        remedy = f"a nearer stop, or a balance of {balance:.2f} {currency}"
    return (
        Reason(
            RefusalCode.MIN_LOT_EXCEEDS_RISK,
            f"{allowance.budget:.2f} {currency} ({allowance.risk_percent} %) at the stop",
            f"{instrument.min_lots * sizing.loss_per_lot:.2f} {currency} for {instrument.min_lots} lots",
            remedy,
        ),
    )
