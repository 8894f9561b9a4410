"""Trade a moment: the market moves on, the books follow, signals are emitted, and whoever fires, fires."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.desk.account.fires.facts_of_account import FireWish
from bitten_domain.desk.firing import asked_from
from bitten_domain.market.clocks.fx_week import day_ending_at
from bitten_domain.use_cases.trading.orders.dispatch import snapshot_of
from bitten_domain.use_cases.trading.orders.fire import FireCommand
from bitten_domain.vocabulary import FireMode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bitten_domain.desk.idea_outcome import IdeaOutcome
    from bitten_domain.desk.run.desk_run import Moment
    from bitten_domain.desk.run.market_board import MarketBoard
    from bitten_domain.desk.signal import Signal
    from bitten_domain.ports.broker import Broker
    from bitten_domain.ports.unit_of_work import UnitOfWork
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.use_cases.trading.emit_signals import EmitSignals
    from bitten_domain.use_cases.trading.orders.dispatch import Dispatch
    from bitten_domain.use_cases.trading.orders.fire import Fire, FireAnswer
    from bitten_domain.use_cases.trading.orders.settle import Settle
    from bitten_domain.values import AccountId, Instrument, UserId

__all__ = ["KeepBooks", "MomentTraded", "TradeMoment", "Trigger"]


class Trigger(NamedTuple):
    """Somebody who fires every signal they may, at once.

    Args:
        account, user_id: where, and whose it is.
        fire_mode: AUTO for a mandate; SEMI or SINGLE for a person who confirms everything without thinking, as runs
            over recorded days assume.
    """

    account: AccountId
    user_id: UserId
    fire_mode: FireMode


class MomentTraded(NamedTuple):
    """What a moment came to.

    Args:
        signals: emitted.
        answers: to each fire, in order, with its signal.
    """

    signals: tuple[Signal, ...]
    answers: tuple[tuple[Signal, FireAnswer], ...]


@dataclass(frozen=True, slots=True)
class KeepBooks:
    """Bring an account's books up to its broker's, as of now: deals, swaps, stops, the day's equity.

    Args:
        unit_of_work: the store.
        brokers: each account's broker.
        settle: books what there is.
    """

    unit_of_work: UnitOfWork
    brokers: Mapping[AccountId, Broker]
    settle: Settle

    async def __call__(self, account_id: AccountId, at: int) -> None:
        """Keep an account's books at a moment, seconds since 1970 UTC; does nothing when nothing can have changed.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        account, session = await self.unit_of_work.read(
            lambda store: (store.accounts.get(account_id), store.sessions.latest(account_id))
        )
        if account is None:
            return
        snapshot = await snapshot_of(self.brokers[account_id], account.last_deal)
        if snapshot is None:
            return
        is_new_day = session is None or session.day.day != day_ending_at(at)
        if snapshot.deals or snapshot.positions or is_new_day:
            await self.settle(account_id, {}, snapshot, account.last_deal)


@dataclass(frozen=True, slots=True)
class TradeMoment:
    """Take one moment of the market through the whole desk.

    Args:
        board: shows the market to the checks.
        keep_books: brings accounts up to date.
        emit: decides on the candidates.
        fire, dispatch: check and send.
        policy: the risk policy, for the score a fire mode asks for.
        instruments: contracts by symbol.
        triggers: who fires.
    """

    board: MarketBoard
    keep_books: KeepBooks
    emit: EmitSignals
    fire: Fire
    dispatch: Dispatch
    policy: RiskPolicy
    instruments: Mapping[str, Instrument]
    triggers: Sequence[Trigger]

    async def __call__(self, moment: Moment, outcomes: Sequence[IdeaOutcome] = ()) -> MomentTraded:
        """Trade a moment that the accounts' brokers have seen; one that was traded before changes nothing.

        Args:
            moment: later than all before, or the last one again.
            outcomes: of signals that ended by now.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store failed; give the same moment again.
        """
        self.board.take(moment)
        for account in dict.fromkeys(trigger.account for trigger in self.triggers):
            await self.keep_books(account, moment.at)
        signals = await self.emit(moment, outcomes)
        answers = [
            (signal, await self._fired(signal, trigger))
            for signal in signals
            for trigger in self.triggers
            if signal.score * 10 >= asked_from(self.policy, trigger.fire_mode, self.instruments[signal.symbol])
        ]
        return MomentTraded(signals, tuple(answers))

    async def _fired(self, signal: Signal, trigger: Trigger) -> FireAnswer:
        mode = trigger.fire_mode
        wish = FireWish(
            fire_mode=mode,
            is_confirmed=mode is not FireMode.AUTO,
            proposed_at=signal.at if mode is FireMode.SEMI else None,
        )
        key = f"{mode.value}:{signal.signal_id}"
        answer = await self.fire(FireCommand(trigger.account, trigger.user_id, key, signal, wish))
        if answer.client_order_id is not None:
            await self.dispatch(answer.client_order_id)
        return answer
