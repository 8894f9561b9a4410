"""Rule: only so many positions, in all and on one pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.risk.decision import Reason
from bitten_domain.risk.exposure import count_positions
from bitten_domain.risk.policy import MODE_POLICIES, max_positions_for
from bitten_domain.vocabulary import RefusalCode

if TYPE_CHECKING:
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.risk.workings import Workings

__all__ = ["positions", "positions_limit"]


def positions_limit(facts: RiskFacts, policy: RiskPolicy) -> int:
    """Count the positions the day's starting balance, the user's limit and the system mode allow together."""
    person = facts.person
    most = min(max_positions_for(policy, facts.account.day_start_balance), person.limits.max_positions)
    cap = MODE_POLICIES[person.mode].open_cap
    return most if cap is None else min(most, cap)


def positions(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse one position too many; reservations count like positions, slices of one parent once."""
    if not facts.open_risks:
        return ()
    symbol = request.signal.symbol
    most, held = positions_limit(facts, policy), len(facts.open_risks)
    if held >= most:
        held = count_positions(facts.open_risks)
    exposure = policy.exposure
    most_on_pair = exposure.per_pair_netting if facts.account.is_netting else exposure.per_pair
    if held < most and held < most_on_pair:
        return ()
    on_pair = count_positions(facts.open_risks, symbol)
    if held < most and on_pair < most_on_pair:
        return ()
    reasons: list[Reason] = []
    if held >= most:
        reasons.append(
            Reason(
                RefusalCode.TOO_MANY_POSITIONS,
                f"{most} open by balance, own limit and mode",
                f"{held} open or reserved",
                "close one first",
            )
        )
    if on_pair >= most_on_pair:
        reasons.append(
            Reason(
                RefusalCode.TOO_MANY_ON_PAIR,
                f"{most_on_pair} on one pair" + (" of a netting account" if facts.account.is_netting else ""),
                f"{on_pair} on {symbol}",
                f"close one on {symbol} first",
            )
        )
    return tuple(reasons)
