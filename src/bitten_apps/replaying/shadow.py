"""The shadow: a paper broker that lives through the recording beside the recorded answers.

It is what answers once decisions differ from the recorded ones, and it says whether this version's broker would have
answered what was recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bitten_apps.container import Container
from bitten_apps.replaying.stage import finished
from bitten_apps.runtime.paper_desk import PaperVenue
from bitten_domain.errors import BittenError
from bitten_domain.ports.broker import Broker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.record.inputs.entries import BrokerAnswered
    from bitten_domain.use_cases.trading.backtest import BacktestPlan

__all__ = ["Shadow", "asked"]

_MOST_IN_DOUBT = 3
"""A moment and an order are the most that a crash can leave undecided, and one entry more proves an absence."""


class _Paper(Broker, PaperVenue, Protocol):
    """A paper broker, asked and shown."""


class Shadow:
    """A paper broker that can be killed and started again.

    Args:
        plan: its contracts, costs and deposit.
    """

    def __init__(self, plan: BacktestPlan) -> None:
        self._plan = plan
        self._ledger = Container.memory_ledger()
        self.broker: _Paper = Container.paper_broker(self._ledger, plan.terms, plan.deposit)

    def start_again(self, plan: BacktestPlan, first_answers: Sequence[BrokerAnswered]) -> None:
        """Start from the ledger, as after a restart of the process.

        Args:
            plan: of the new run.
            first_answers: what the recorded broker said first. A crash may have come before its ledger took the last
                of what had been recorded as asked; these answers say how far it had come.
        """
        self._plan = plan
        entries = self._ledger.entries()
        for dropped in range(min(_MOST_IN_DOUBT, len(entries) - 1) + 1):
            kept = entries[: len(entries) - dropped]
            broker = self._from(kept)
            if all(asked(each, broker) for each in first_answers):
                break
        else:
            kept = entries
        self.broker = self._from(kept)

    def _from(self, entries: Sequence[str]) -> _Paper:
        self._ledger = Container.memory_ledger()
        for entry in entries:
            self._ledger.append(entry)
        broker: _Paper = Container.paper_broker(self._ledger, self._plan.terms, self._plan.deposit)
        return broker


def asked(recorded: BrokerAnswered, broker: Broker) -> bool:
    """Ask a broker what was asked, and say whether it answers what was answered."""
    method = getattr(broker, recorded.verb)
    try:
        answer = finished(method(recorded.question))
    except BittenError as error:
        return recorded.failure == (type(error).__name__, str(error))
    return recorded.failure is None and answer == recorded.answer
