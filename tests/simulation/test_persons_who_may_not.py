"""Persons who are locked or banned: nothing is opened for them or by them, everything of theirs can be closed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bitten_domain.errors import InvalidInput
from bitten_domain.risk.emergency_stop import StopKind, StopScope
from bitten_domain.use_cases.trading.orders.close import CloseCommand
from bitten_domain.use_cases.trading.orders.dispatch import Dispatched
from bitten_domain.use_cases.trading.orders.emergency import EmergencyCommand
from bitten_domain.values import UserId
from bitten_domain.vocabulary import AccountStatus, OrderState, RefusalCode

if TYPE_CHECKING:
    from bitten_apps.testkit.simulation.calm import CalmWorld
    from bitten_domain.ports.unit_of_work import Repositories

NOT_ACTIVE = [AccountStatus.LOCKED, AccountStatus.BANNED, AccountStatus.DELETED]
ADMIN = UserId("admin")


def give_status(peace: CalmWorld, user_id: UserId, status: AccountStatus) -> None:
    def work(store: Repositories) -> None:
        person = store.people.lock(user_id)
        assert person is not None
        store.people.put(replace(person, status=status))

    peace.world.store.prepare(work)


@pytest.mark.parametrize("status", NOT_ACTIVE)
def test_given_a_person_who_is_not_active_when_they_fire_then_it_is_refused(
    peace: CalmWorld, status: AccountStatus
) -> None:
    give_status(peace, peace.user, status)

    assert RefusalCode.ACCOUNT_NOT_ACTIVE in [reason.code for reason in peace.fired().reasons]


@pytest.mark.parametrize("status", NOT_ACTIVE)
def test_given_a_fire_on_its_way_when_its_person_is_no_longer_active_then_nothing_is_sent(
    peace: CalmWorld, status: AccountStatus
) -> None:
    order_id = peace.fired().client_order_id
    assert order_id is not None
    give_status(peace, peace.user, status)

    assert peace.wait_for(peace.router.dispatch(order_id)) is Dispatched.ENDED

    errand = peace.world.store.look(lambda store: store.intents.by_order(order_id))
    assert errand is not None
    assert errand.attempt.state is OrderState.CANCELLED
    assert peace.world.brokers[peace.account].handed[order_id] == 0
    assert peace.world.store.look(lambda store: store.reservations.held(peace.account)) == ()


@pytest.mark.parametrize("status", NOT_ACTIVE)
def test_i11_given_a_person_who_is_not_active_when_they_close_then_it_closes(
    peace: CalmWorld, status: AccountStatus
) -> None:
    peace.opened()
    give_status(peace, peace.user, status)
    (held,) = peace.world.store.look(lambda store: store.positions.open(peace.account))

    command = CloseCommand(peace.account, peace.user, "close", held.position.ticket)
    peace.wait_for(peace.router.dispatch(peace.wait_for(peace.router.close(command))))

    assert peace.world.store.look(lambda store: store.positions.open(peace.account)) == ()


@pytest.mark.parametrize("status", NOT_ACTIVE)
def test_given_an_admin_who_is_not_active_when_they_stop_then_only_their_own_trading_stops(
    peace: CalmWorld, status: AccountStatus
) -> None:
    give_status(peace, ADMIN, status)
    own = EmergencyCommand(StopScope.USER, ADMIN, StopKind.PAUSE, ADMIN)

    peace.wait_for(peace.router.set_emergency(own))
    with pytest.raises(InvalidInput, match="may not set"):
        peace.wait_for(peace.router.set_emergency(EmergencyCommand(StopScope.GLOBAL, "", StopKind.PAUSE, ADMIN)))
    with pytest.raises(InvalidInput, match="may not thaw"):
        peace.wait_for(peace.router.thaw(peace.account, ADMIN))

    in_force = peace.world.store.look(lambda store: store.stops.in_force())
    assert [(stop.scope, stop.subject) for stop in in_force] == [(StopScope.USER, ADMIN)]
