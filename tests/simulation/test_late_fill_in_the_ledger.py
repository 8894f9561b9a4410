"""The counterfactual ledger of an order that was executed after all: fired, whatever was proven before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bitten_adapters.system.dice import SystemDice
from bitten_domain.analytics.counterfactual import Fate
from bitten_domain.execution.protocol import FireIntent
from bitten_domain.ports.broker import Evidence, Trace
from bitten_domain.risk.policy import RiskPolicy
from bitten_domain.use_cases.trading.signal_ledger import LedgerCommand, SignalLedger
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from bitten_apps.testkit.simulation.calm import CalmWorld
    from bitten_domain.execution.order import MarketOrder
    from bitten_domain.ports.unit_of_work import Repositories

EVER = 1 << 40


def sent_and_proven_absent(peace: CalmWorld) -> MarketOrder:
    """Fire, claim the order, and prove that it never reached its broker; give what was to be sent."""
    command = peace.command("one")
    peace.world.store.prepare(lambda store: store.signals.add(command.signal))
    order_id = peace.wait_for(peace.router.fire(command)).client_order_id
    assert order_id is not None

    def claimed(store: Repositories) -> MarketOrder:
        errand = store.intents.by_order(order_id)
        assert errand is not None
        assert isinstance(errand.intent, FireIntent)
        store.dispatches.claim(order_id, "router-1", 0)
        store.intents.move(errand.attempt.moved(OrderState.SENDING, 0), OrderState.RESERVED)
        return errand.intent.order(order_id)

    order = peace.world.store.prepare(claimed)
    peace.wait_for(peace.router.dispatch.settle(peace.account, {order_id: Evidence(Trace.ABSENT)}, None, 0))
    return order


@pytest.mark.parametrize(("comes_late", "fate"), [(False, Fate.DECLINED), (True, Fate.FIRED)])
def test_given_an_order_proven_absent_when_it_is_filled_after_all_then_its_signal_was_fired(
    peace: CalmWorld, *, comes_late: bool, fate: Fate
) -> None:
    order = sent_and_proven_absent(peace)
    peace.tick()
    if comes_late:
        peace.world.store.outside(peace.world.brokers[peace.account].paper.place(order))
    peace.wait_for(peace.router.reconcile(peace.account))

    ledger = peace.wait_for(
        SignalLedger(peace.world.store, SystemDice(1), RiskPolicy())(LedgerCommand(peace.account, 0, EVER))
    )

    assert [line.fate for line in ledger.fates if line.signals] == [fate]
