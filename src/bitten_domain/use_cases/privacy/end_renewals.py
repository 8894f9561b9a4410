"""End renewals: before somebody is erased, their gateway is told to collect nothing more from them.

Afterwards nobody could: whoever is erased has no command left to cancel with.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import Conflict, InvalidInput, OutcomeUnknown, Unavailable
from bitten_domain.membership.denial import Denial, DenialCode, DenialReason
from bitten_domain.membership.subscription import GatewayEventKind
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.ports.repositories.messages import Processed
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bitten_domain.membership.privacy import DeletionRequest
    from bitten_domain.membership.subscription import Subscription
    from bitten_domain.ports.membership.payments import Payments
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

__all__ = ["EndRenewals", "Renewal", "renewal_runs", "renewals_of"]

_SYSTEM = UserId("system")
_SCOPE = "deletion_end"


class Renewal(NamedTuple):
    """A subscription that may still be collected for.

    Args:
        gateway, subscription_ref: which.
        events: how many events of it are known; whoever lets it go on after all adds one.
    """

    gateway: str
    subscription_ref: str
    events: int


def renewals_of(store: Repositories, user_id: UserId, at: int) -> frozenset[Renewal]:
    """Find what a gateway may still collect for from somebody, at a moment, seconds since 1970 UTC.

    That is every subscription but one that has ended, and one that was to end with a period that is over. Events that
    wait, for a plan or a person, count too.
    """
    found = {(one.gateway, one.subscription_ref) for one in store.subscriptions.of(user_id) if not _is_over(one, at)}
    for gateway, ref in store.gateway_events.unfolded():
        if store.gateway_events.of_subscription(gateway, ref)[0].user_id == user_id:
            found.add((gateway, ref))
    renewals: set[Renewal] = set()
    for gateway, ref in found:
        events = store.gateway_events.of_subscription(gateway, ref)
        if all(event.kind is not GatewayEventKind.ENDED for event in events):
            renewals.add(Renewal(gateway, ref, len(events)))
    return frozenset(renewals)


def _is_over(one: Subscription, at: int) -> bool:
    return one.cancelled_at is not None and all(period.end <= at for period in one.periods)


def renewal_runs(renewal: Renewal, why: str) -> Denial:
    """Say that an erasure waits for a gateway."""
    actual = f"{renewal.gateway} subscription {renewal.subscription_ref}: {why}"
    remedy = "it is asked again with the next turn; an ADMIN can end it at the gateway"
    return Denial((DenialReason(DenialCode.RENEWAL_RUNS, "no subscription that renews", actual, remedy),))


@dataclass(frozen=True, slots=True)
class EndRenewals:
    """Tell gateways that what somebody subscribed to ends with its period, and go on until they have said so.

    Args:
        unit_of_work: the store.
        gateways: gives the gateways there are now, by their names in events.
    """

    unit_of_work: UnitOfWork
    gateways: Callable[[], Awaitable[Mapping[str, Payments]]]

    async def __call__(self, request: DeletionRequest, at: int) -> frozenset[Renewal] | Denial:
        """Ask for all of somebody's; asked again, nothing more happens.

        Args:
            request: the deletion, which names the wishes.
            at: now, seconds since 1970 UTC.

        Returns:
            What the gateways were told to end, also where they know of no such thing; or why that is not so yet.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        found = await self.unit_of_work.read(lambda store: renewals_of(store, request.user_id, at))
        if not found:
            return found
        try:
            gateways = await self.gateways()
        except (InvalidInput, Unavailable) as error:
            return renewal_runs(min(found), str(error))
        for one in sorted(found):
            payments = gateways.get(one.gateway)
            if payments is None:
                return renewal_runs(one, "this gateway is not used here")
            try:
                is_known = await _told(payments, request, one)
            except (Unavailable, OutcomeUnknown, Conflict) as error:
                return renewal_runs(one, str(error))
            note = _Note(request.user_id, _key(request, one), one, is_known=is_known)
            await durably(self.unit_of_work, lambda store, note=note: note(store, at))  # type: ignore[misc]
        return found


def _key(request: DeletionRequest, one: Renewal) -> str:
    # With the number of events: what was let go on meanwhile is another wish.
    return f"deletion-end:{request.request_id}:{one.gateway}:{one.subscription_ref}:{one.events}"


async def _told(payments: Payments, request: DeletionRequest, one: Renewal) -> bool:
    try:
        await payments.set_renewal(_key(request, one), one.subscription_ref, renews=False)
    except InvalidInput:
        # The gateway knows of none, or it is over: nothing is collected.
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Note:
    user_id: UserId
    key: str
    renewal: Renewal
    is_known: bool

    def __call__(self, store: Repositories, at: int) -> None:
        if store.processed.get(_SCOPE, self.key) is not None:
            return
        one = self.renewal
        detail = {"gateway": one.gateway, "subscription": one.subscription_ref, "is_known_there": self.is_known}
        store.processed.add(Processed(_SCOPE, self.key, hashlib.sha256(self.key.encode()).digest(), "{}", at))
        store.audit.add(AuditEntry(at, _SYSTEM, "RENEWAL_ENDED", self.user_id, json.dumps(detail)))
