"""The jobs of a centre's members, put together over a store and a home folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_apps.cli.people.for_person import time_of
from bitten_apps.container import Container
from bitten_apps.runtime.member_jobs import GatewayJobs, MemberJobs
from bitten_domain.use_cases.membership.collect_events import CollectEvents
from bitten_domain.use_cases.membership.pass_jobs import RemindPressPasses, ResetDayScores
from bitten_domain.use_cases.membership.surplus import GiveBackSurplus
from bitten_domain.use_cases.privacy.end_renewals import EndRenewals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bitten_apps.settings import Settings
    from bitten_apps.store import Store
    from bitten_domain.ports.membership.payments import Payments
    from bitten_domain.ports.unit_of_work import UnitOfWork

__all__ = ["end_renewals", "member_jobs"]


def member_jobs(store: UnitOfWork, settings: Settings, problem: Callable[[str], None]) -> MemberJobs:
    """Put the jobs together; the gateway is looked for each time, since a command may begin to use it meanwhile.

    Args:
        store: its tables are there.
        settings: whose home folder may hold a gateway.
        problem: told of what the gateway told and nobody can use.
    """

    def gateway(at: int) -> GatewayJobs | None:
        # Its clock stands at the moment the jobs run at: what it signs is read by the same time.
        found = Container.used_gateway(settings, Container.replay_clock(at))
        if found is None:
            return None
        return GatewayJobs(
            CollectEvents(store, found.payments, found.reader, found.name),
            GiveBackSurplus(store, found.payments, found.name),
        )

    return MemberJobs(ResetDayScores(store), RemindPressPasses(store), gateway, problem)


def end_renewals(store: Store, settings: Settings) -> EndRenewals:
    """Put together what tells the gateway of a home folder to collect nothing more from whoever leaves.

    Args:
        store: its tables are there.
        settings: whose home folder may hold a gateway.
    """

    async def gateways() -> Mapping[str, Payments]:
        # The gateway lives by the desk's time, as everything in the store does.
        found = Container.used_gateway(settings, Container.replay_clock(await time_of(store)))
        return {} if found is None else {found.name: found.payments}

    return EndRenewals(store, gateways)
