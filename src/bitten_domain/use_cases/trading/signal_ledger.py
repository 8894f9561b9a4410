"""The counterfactual ledger of a store: what its signals came to, fired or not, and what each rule saved or cost."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bitten_domain.analytics.counterfactual import Fate, SignalFate, counterfactual_ledger, unasked_fate
from bitten_domain.errors import InvalidInput
from bitten_domain.execution.lifecycle import TERMINAL_STATES
from bitten_domain.market.clocks.fx_week import trading_day
from bitten_domain.vocabulary import OrderState, RefusalCode

if TYPE_CHECKING:
    from bitten_domain.analytics.counterfactual import CounterfactualLedger
    from bitten_domain.desk.signal import Signal
    from bitten_domain.ports.dice import Dice
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.values import AccountId

__all__ = ["RESAMPLES", "LedgerCommand", "SignalLedger"]

RESAMPLES = 1_000
"""Resampled weeks and months an interval rests on."""

_PAGE = 4_096
_MOST_TRADES = 1_000_000
_DECLINED = frozenset({OrderState.REJECTED.value, OrderState.NOT_EXECUTED.value})
_FILLED = frozenset({OrderState.FILLED.value, OrderState.PARTIAL.value})
_ENDED = frozenset(state.value for state in TERMINAL_STATES)


class LedgerCommand(NamedTuple):
    """Whose ledger, and of which signals.

    Args:
        account: whose fires.
        start, stop: signals emitted in ``[start, stop)``, seconds since 1970 UTC.
    """

    account: AccountId
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class SignalLedger:
    """Read an account's ledger.

    Args:
        unit_of_work: the store.
        dice: seeded, so that the same store gives the same intervals.
        policy: the risk policy, for the score from which a signal is proposed.
    """

    unit_of_work: UnitOfWork
    dice: Dice
    policy: RiskPolicy

    async def __call__(self, command: LedgerCommand) -> CounterfactualLedger:
        """Add the fates of the signals up, from one committed state.

        Raises:
            InvalidInput: there is no such account.
        """
        fates = await self.unit_of_work.read(lambda store: _fates(store, command, self.policy))
        days = max(1, len({fate.day for fate in fates}))
        draws = np.array(self.dice.draw(RESAMPLES * days), dtype=np.float64).reshape(RESAMPLES, days)
        return counterfactual_ledger(fates, draws)


@dataclass(slots=True)
class _Told:
    """What an account's journal says of signals: refusals, approvals and when, and how each order of theirs stands."""

    refused: dict[str, tuple[RefusalCode, ...]] = field(default_factory=dict)
    approved: set[str] = field(default_factory=set)
    orders: dict[int, str] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    states: dict[str, set[str]] = field(default_factory=dict)

    def take(self, payload: bytes) -> None:
        """Take a row in."""
        kind, body = json.loads(payload)
        if kind == "refused":
            self.refused[body["signal"]] = tuple(dict.fromkeys(RefusalCode(code) for code, *_ in body["reasons"]))
        elif kind == "approved":
            self.approved.add(body["signal"])
        elif kind == "intent" and body["kind"] == "fire" and body["signal"] is not None:
            self.orders[body["order"]] = body["signal"]
            self.asked.setdefault(body["signal"], body["at"])
        elif kind == "attempt" and body["order"] in self.orders:
            self.states.setdefault(self.orders[body["order"]], set()).add(body["state"])
        elif kind == "deal" and body["order"] in self.orders:
            # One that was executed after it was proven absent stays NOT_EXECUTED, and was fired all the same.
            self.states.setdefault(self.orders[body["order"]], set()).add(OrderState.FILLED.value)

    def fate(self, signal: Signal, policy: RiskPolicy) -> Fate:
        """Say what was done about a signal; one that was approved after a refusal was fired."""
        signal_id = signal.signal_id
        if signal_id not in self.approved:
            return Fate.REFUSED if signal_id in self.refused else unasked_fate(signal, policy)
        states = self.states.get(signal_id, set())
        if states & _FILLED:
            return Fate.FIRED
        if states & _DECLINED:
            return Fate.DECLINED
        return Fate.LAPSED if states & _ENDED else Fate.FIRED


def _fates(store: Repositories, command: LedgerCommand, policy: RiskPolicy) -> tuple[SignalFate, ...]:
    account = store.accounts.get(command.account)
    if account is None:
        raise InvalidInput(f"there is no account {command.account}", where="account")
    told = _Told()
    after = 0
    while rows := store.journal.rows(account.stream, after, _PAGE):
        for row in rows:
            if row.payload is not None:
                told.take(row.payload)
        after = rows[-1].number
    trades = {
        closed.known.signal_id: float(closed.trade.net_r)
        for closed in store.trades.recent(command.account, _MOST_TRADES)
        if closed.known is not None and closed.trade.net_r is not None
    }
    signals = store.signals.between(command.start, command.stop)
    days = trading_day(np.array([signal.at - 1 for signal in signals], dtype=np.int64)).tolist()
    fates = []
    for signal, day in zip(signals, days, strict=True):
        signal_id, outcome = signal.signal_id, store.outcomes.get(signal.signal_id)
        fate = told.fate(signal, policy)
        fates.append(
            SignalFate(
                signal_id,
                day,
                fate,
                told.refused[signal_id] if fate is Fate.REFUSED else (),
                None if outcome is None or outcome.net_r is None else float(outcome.net_r),
                trades.get(signal_id) if fate is Fate.FIRED else None,
                max(0, told.asked.get(signal_id, signal.at) - signal.at),
            )
        )
    return tuple(fates)
