"""Emit signals: take a scanned moment in, once, and keep what was decided in one transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.desk.decisions import SignalEmitted, ThresholdEvaluated
from bitten_domain.desk.events import CandidatesFound, IdeasEnded, ThresholdDue
from bitten_domain.desk.state import open_signal_desk
from bitten_domain.desk.step import step_signals
from bitten_domain.ports.repositories.messages import OutboxMessage, Priority
from bitten_domain.record.payloads import payload_of
from bitten_domain.tcs.threshold import due_at
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.desk.decisions import Decision
    from bitten_domain.desk.events import SignalEvent
    from bitten_domain.desk.idea_outcome import IdeaOutcome
    from bitten_domain.desk.run.desk_run import Moment
    from bitten_domain.desk.signal import Signal
    from bitten_domain.desk.step import DeskRules
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.record.journal_row import StreamHead

__all__ = ["EmitSignals"]

_SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class EmitSignals:
    """Decide on a moment's candidates.

    Signals are in the journal before anybody can act on them: this transaction is committed first.

    Args:
        unit_of_work: the store.
        rules: the desk's policies.
        started_clock: reading of the market-open clock when the first scan ever begins, seconds.
    """

    unit_of_work: UnitOfWork
    rules: DeskRules
    started_clock: int

    async def __call__(self, moment: Moment, outcomes: Sequence[IdeaOutcome] = ()) -> tuple[Signal, ...]:
        """Take a moment in; one that was taken in before gives its signals again.

        Args:
            moment: with its candidates.
            outcomes: of the signals that ended by now.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store failed; give the same moment again.
        """
        return await durably(self.unit_of_work, lambda store: self._taken(store, moment, outcomes))

    def _taken(self, store: Repositories, moment: Moment, outcomes: Sequence[IdeaOutcome]) -> tuple[Signal, ...]:
        desk = store.signals.desk() or open_signal_desk(self.started_clock)
        if desk.scanned_to >= moment.at:
            return store.signals.between(moment.at, moment.at + 1)
        decisions: list[Decision] = []
        events: list[SignalEvent] = []
        if moment.ended:
            events.append(IdeasEnded(moment.ended))
        if moment.open_clock >= due_at(desk.threshold, self.rules.threshold):
            events.append(ThresholdDue(moment.open_clock, moment.condition()))
        if moment.first < moment.stop:
            events.append(CandidatesFound(moment.rows, moment.first, moment.stop, moment.open_clock, moment.day))
        for event in events:
            desk, decided = step_signals(desk, event, self.rules)
            decisions += decided
        signals: list[Signal] = []
        for decision in decisions:
            if isinstance(decision, SignalEmitted):
                signals.append(decision.signal)
                store.signals.add(decision.signal)
            elif isinstance(decision, ThresholdEvaluated):
                store.thresholds.add(moment.at, decision)
        for outcome in outcomes:
            store.outcomes.add(outcome)
        if decisions:
            head = store.journal.append(_SYSTEM, [payload_of(decision) for decision in decisions])
            for signal in signals:
                store.outbox.add(_message(signal, head))
        store.signals.put_desk(desk._replace(scanned_to=moment.at))
        return tuple(signals)


def _message(signal: Signal, head: StreamHead) -> OutboxMessage:
    body = {
        "signal": signal.signal_id,
        "strategy": signal.strategy,
        "score": f"{signal.score / 100:.2f}",
        "entry": str(signal.entry),
        "stop": str(signal.stop),
        "target": str(signal.target),
        # Whoever keeps it can show later that this signal was written down by now: `bitten verify --receipt`.
        "receipt": f"{head.stream}@{head.rows}:{head.head.hex()}",
    }
    return OutboxMessage(f"signal:{signal.signal_id}", None, "signal", Priority.SIGNALS, json.dumps(body), signal.at)
