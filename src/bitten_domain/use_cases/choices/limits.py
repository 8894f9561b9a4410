"""Choose one's limits: what is lower holds at once and is never denied, what is higher waits."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.membership.access import Action
from bitten_domain.risk.policy import UserLimits, choose_limits, limits_in_force
from bitten_domain.risk.policy.limits import lower_of
from bitten_domain.use_cases.access.holding import hold_with_accounts
from bitten_domain.use_cases.choices.asking import denied, note, required
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.membership import Denial, Person
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.risk.policy import LimitChoice
    from bitten_domain.values import UserId

__all__ = ["ChooseLimits", "risk_percent_at"]

_CHOSEN = "LIMITS_CHOSEN"
_MOST_CHOICES = 10_000


@dataclass(frozen=True, slots=True)
class ChooseLimits:
    """Choose them.

    Args:
        unit_of_work: the store.
        wait_seconds: how long a raise waits.
    """

    unit_of_work: UnitOfWork
    wait_seconds: int

    async def __call__(
        self,
        user_id: UserId,
        at: int,
        *,
        risk_percent: Decimal | None = None,
        daily_loss_percent: Decimal | None = None,
        max_positions: int | None = None,
    ) -> LimitChoice | Denial:
        """Choose what is given, and the rest as it is in force; a raise that waits is replaced.

        The person's accounts are held meanwhile, so that no order is approved by a limit that is no longer in force.

        Args:
            user_id: who.
            at: now, seconds since 1970 UTC.
            risk_percent: of a trade; None to keep it.
            daily_loss_percent: of a trading day; None to keep it.
            max_positions: open at once; None to keep it.

        Raises:
            InvalidInput: there is no such person, or a figure lies outside its hard bounds.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """

        def work(store: Repositories) -> LimitChoice | Denial:
            hold_with_accounts(store, user_id)
            person = required(store, user_id)
            in_force = limits_in_force(person.limits, at)
            wanted = UserLimits(
                in_force.risk_percent if risk_percent is None else risk_percent,
                in_force.daily_loss_percent if daily_loss_percent is None else daily_loss_percent,
                in_force.max_positions if max_positions is None else max_positions,
            )
            is_lower = lower_of(in_force, wanted) == wanted
            no = denied(store, person, Action.LOWER_LIMITS if is_lower else Action.RAISE_LIMITS, at)
            if no is not None:
                return no
            chosen = choose_limits(person.limits, wanted, at, self.wait_seconds)
            if chosen != person.limits:
                store.people.put(replace(person, limits=chosen))
                raise_at = chosen.raise_at or None
                note(store, at, user_id, _CHOSEN, **_figures(wanted), raise_at=raise_at, **_before(person.limits))
            return chosen

        return await durably(self.unit_of_work, work)


def risk_percent_at(store: Repositories, person: Person, at: int) -> Decimal:
    """Read what somebody allowed themselves a trade at a moment, whatever they have chosen since.

    Args:
        store: of the transaction.
        person: who, as they are kept now.
        at: seconds since 1970 UTC.
    """
    before: dict[str, object] | None = None
    for entry in store.audit.recent(_MOST_CHOICES, person.user_id):
        if entry.at <= at:
            break
        if entry.action == _CHOSEN:
            before = json.loads(entry.detail)
    if before is None or "risk_percent_before" not in before:
        return limits_in_force(person.limits, at).risk_percent
    raised, raise_at = before["raised_percent_before"], before["raise_at_before"]
    is_raised = raised is not None and isinstance(raise_at, int) and at >= raise_at
    return Decimal(str(raised if is_raised else before["risk_percent_before"]))


def _before(choice: LimitChoice) -> dict[str, str | int | None]:
    """Write down the risk a trade that a choice replaces: what was opened before is judged by it."""
    return {
        "risk_percent_before": str(choice.current.risk_percent),
        "raised_percent_before": None if choice.raised is None else str(choice.raised.risk_percent),
        "raise_at_before": choice.raise_at or None,
    }


def _figures(limits: UserLimits) -> dict[str, str | int | None]:
    return {
        "risk_percent": str(limits.risk_percent),
        "daily_loss_percent": str(limits.daily_loss_percent),
        "max_positions": limits.max_positions,
    }
