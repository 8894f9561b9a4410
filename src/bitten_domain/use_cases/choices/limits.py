"""Choose one's limits: what is lower holds at once and is never denied, what is higher waits by the machine's clock."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.membership.access import Action
from bitten_domain.risk.policy import UserLimits, choose_limits
from bitten_domain.risk.policy.limits import lower_of, with_due_raise
from bitten_domain.use_cases.access.holding import hold_with_accounts
from bitten_domain.use_cases.choices.asking import denied, note, required
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.membership import Denial, Person
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.risk.policy import LimitChoice
    from bitten_domain.values import UserId

__all__ = ["ApplyRaise", "ChooseLimits", "risk_percent_at"]

_CHOSEN, _RAISED = "LIMITS_CHOSEN", "LIMITS_RAISED"
_CHANGES = frozenset({_CHOSEN, _RAISED})
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
        machine_at: int,
        *,
        risk_percent: Decimal | None = None,
        daily_loss_percent: Decimal | None = None,
        max_positions: int | None = None,
    ) -> LimitChoice | Denial:
        """Choose what is given, and the rest as it is in force; a raise that waits is replaced.

        The person's accounts are held meanwhile, so that no order is approved by a limit that is no longer in force.

        Args:
            user_id: who.
            at: the desk's time, from which on what is lower holds; seconds since 1970 UTC.
            machine_at: the machine's, by which a raise waits.
            risk_percent: of a trade; None to keep it.
            daily_loss_percent: of a trading day; None to keep it.
            max_positions: open at once; None to keep it.

        Raises:
            InvalidInput: there is no such person, or a figure lies outside its hard bounds.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """

        def work(store: Repositories) -> LimitChoice | Denial:
            hold_with_accounts(store, user_id)
            person = _with_raise_applied(store, required(store, user_id), at, machine_at)
            in_force = person.limits.current
            wanted = UserLimits(
                in_force.risk_percent if risk_percent is None else risk_percent,
                in_force.daily_loss_percent if daily_loss_percent is None else daily_loss_percent,
                in_force.max_positions if max_positions is None else max_positions,
            )
            is_lower = lower_of(in_force, wanted) == wanted
            no = denied(store, person, Action.LOWER_LIMITS if is_lower else Action.RAISE_LIMITS, at)
            if no is not None:
                return no
            chosen = choose_limits(person.limits, wanted, machine_at, self.wait_seconds)
            if chosen != person.limits:
                store.people.put(replace(person, limits=chosen))
                raise_at = chosen.raise_at or None
                note(store, at, user_id, _CHOSEN, **_figures(wanted), raise_at=raise_at, **_before(person.limits))
            return chosen

        return await durably(self.unit_of_work, work)


@dataclass(frozen=True, slots=True)
class ApplyRaise:
    """Make somebody's raise current once it has waited long enough.

    Args:
        unit_of_work: the store.
    """

    unit_of_work: UnitOfWork

    async def __call__(self, user_id: UserId, at: int, machine_at: int) -> bool:
        """Make it current; say whether one was due.

        Args:
            user_id: who; somebody unknown has none.
            at: the desk's time, from which on it holds; seconds since 1970 UTC.
            machine_at: the machine's, by which it waited.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """

        def is_due(store: Repositories) -> bool:
            person = store.people.get(user_id)
            return person is not None and with_due_raise(person.limits, machine_at) != person.limits

        def work(store: Repositories) -> bool:
            if not is_due(store):
                return False
            _with_raise_applied(store, required(store, user_id), at, machine_at)
            return True

        # Asked for every second: only one that is due takes the store.
        return await self.unit_of_work.read(is_due) and await durably(self.unit_of_work, work)


def risk_percent_at(store: Repositories, person: Person, at: int) -> Decimal:
    """Read what somebody allowed themselves a trade at a moment, whatever has become current since.

    Args:
        store: of the transaction.
        person: who, as they are kept now.
        at: the desk's time, seconds since 1970 UTC.
    """
    percent = person.limits.current.risk_percent
    for entry in store.audit.recent(_MOST_CHOICES, person.user_id):
        if entry.action not in _CHANGES:
            # Consents and the like were stamped by the machine's clock.
            continue
        if entry.at <= at:
            break
        percent = Decimal(json.loads(entry.detail)["risk_percent_before"])
    return percent


def _with_raise_applied(store: Repositories, person: Person, at: int, machine_at: int) -> Person:
    """Keep somebody with a raise that is due made current."""
    limits = with_due_raise(person.limits, machine_at)
    if limits == person.limits:
        return person
    applied = replace(person, limits=limits)
    store.people.put(applied)
    note(store, at, person.user_id, _RAISED, **_figures(limits.current), **_before(person.limits))
    return applied


def _before(choice: LimitChoice) -> dict[str, str | int | None]:
    """Write down the risk a trade that a change ends: what was opened before is judged by it."""
    return {"risk_percent_before": str(choice.current.risk_percent)}


def _figures(limits: UserLimits) -> dict[str, str | int | None]:
    return {
        "risk_percent": str(limits.risk_percent),
        "daily_loss_percent": str(limits.daily_loss_percent),
        "max_positions": limits.max_positions,
    }
