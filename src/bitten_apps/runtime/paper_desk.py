"""A paper desk: one account of one person, traded moment by moment through the durable core."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from bitten_domain.desk.account import AccountStanding, TradingAccount
from bitten_domain.desk.run.market_board import MarketBoard
from bitten_domain.errors import InvalidInput
from bitten_domain.market.clocks.fx_week import open_seconds
from bitten_domain.membership import Person
from bitten_domain.ports.repositories.people import GrantedMandate
from bitten_domain.risk.policy.limits import LimitChoice
from bitten_domain.use_cases.trading.emit_signals import EmitSignals
from bitten_domain.use_cases.trading.orders.dispatch import Dispatch, Dispatched, snapshot_of
from bitten_domain.use_cases.trading.orders.fire import Fire
from bitten_domain.use_cases.trading.orders.reconcile import Reconcile
from bitten_domain.use_cases.trading.orders.settle import Settle
from bitten_domain.use_cases.trading.orders.start_up import StartUp
from bitten_domain.use_cases.trading.trade_moment import KeepBooks, TradeMoment, Trigger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from bitten_domain.desk.idea_outcome import IdeaOutcome
    from bitten_domain.desk.run.desk_run import Moment
    from bitten_domain.execution import Deal, TickBar
    from bitten_domain.execution.protocol import Dispatch as Waiting
    from bitten_domain.ports.broker import Broker
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.identity import Identity
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.use_cases.trading.backtest import BacktestPlan
    from bitten_domain.use_cases.trading.trade_moment import MomentTraded
    from bitten_domain.values import AccountId

__all__ = ["PaperDesk", "PaperVenue", "ReplayedTime", "paper_desk"]

_BAR_SECONDS = 900
_THIRTY_DAYS = 30 * 86_400


class ReplayedTime(Protocol):
    """A clock that is moved by whoever shows the market."""

    def move_to(self, at: int) -> None:
        """Move on, seconds since 1970 UTC."""
        ...


class PaperVenue(Protocol):
    """A broker that is shown the market."""

    def observe(
        self,
        bars: Mapping[str, TickBar],
        opened_at: int,
        at: int | None = None,
        high_windows: AbstractSet[str] = frozenset(),
        quote_spread: Mapping[str, int] | None = None,
    ) -> tuple[Deal, ...]:
        """Show it bars of one time."""
        ...


@dataclass(frozen=True, slots=True)
class PaperDesk:
    """The desk, ready to be shown moments.

    Args:
        unit_of_work: the store.
        plan: what is traded by which policies; its desk names the account and who fires.
        time: the replay's clock.
        venue: the broker, as what is shown the market.
        start_up: compares the books before anything is opened.
        trade: takes a moment through the desk.
    """

    unit_of_work: UnitOfWork
    plan: BacktestPlan
    time: ReplayedTime
    venue: PaperVenue
    start_up: StartUp
    trade: TradeMoment

    async def open(self, at: int) -> int | None:
        """Make the person and the account where they are missing, and compare the books with the broker's.

        Args:
            at: where the replay begins, seconds since 1970 UTC.

        Returns:
            The last moment the store or the broker knows; None when neither has seen any.

        Raises:
            InvalidInput: the store's account is another one, or its books contradict the broker's.
        """
        scanned = await self.unit_of_work.read(lambda store: store.signals.desk())
        self.time.move_to(at if scanned is None else max(at, scanned.scanned_to))
        await self.unit_of_work.run(lambda store: self._made(store, at))
        account_id = self.plan.desk.account_id
        standing = (await self.start_up())[account_id]
        if standing is not AccountStanding.READY:
            account = await self.unit_of_work.read(lambda store: store.accounts.get(account_id))
            reason = "its books were not compared" if account is None else account.standing_reason
            raise InvalidInput(
                f"account {account_id} may not open positions: {reason}",
                where="store and paper ledger",
                remedy="use the ledger that belongs to this store, or a fresh home folder",
            )
        return await self._known(account_id, None if scanned is None else scanned.scanned_to)

    async def _known(self, account_id: AccountId, scanned_to: int | None) -> int | None:
        """Say where the market goes on.

        A crash may have come after a moment was shown to the broker, and before the store took it in. The moments
        before were traded to their end then, and a broker is never shown an earlier one again.
        """
        account = await self.unit_of_work.read(lambda store: store.accounts.get(account_id))
        since = 0 if account is None else account.last_deal
        snapshot = await snapshot_of(self.trade.keep_books.brokers[account_id], since)
        if snapshot is None or snapshot.at <= (scanned_to or 0):
            return scanned_to
        self.time.move_to(snapshot.at)
        return snapshot.at

    async def take(self, moment: Moment, outcomes: Sequence[IdeaOutcome] = ()) -> MomentTraded:
        """Show a moment to the broker, then trade it."""
        self.time.move_to(moment.at)
        self.venue.observe(moment.bars, moment.at - _BAR_SECONDS, moment.at, moment.high_windows, moment.quote_spread)
        return await self.trade(moment, outcomes)

    async def due(self, limit: int) -> tuple[Waiting, ...]:
        """List orders that wait to be sent: left by a crash, or asked for by another process."""
        now = int(self.trade.dispatch.clock.now().timestamp())
        return await self.unit_of_work.read(lambda store: store.dispatches.due(now, limit))

    async def send(self, client_order_id: int) -> Dispatched:
        """Send an order that waits."""
        return await self.trade.dispatch(client_order_id)

    def _made(self, store: Repositories, at: int) -> None:
        desk, deposit = self.plan.desk, self.plan.deposit
        facts = desk.person
        person = Person(
            facts.user_id, at, status=facts.status, rank=facts.rank, tier=facts.tier, mode=facts.mode,
            is_sniper=facts.is_sniper, limits=LimitChoice(facts.limits),
        )  # fmt: skip
        if store.people.get(facts.user_id) is None:
            store.people.add(person)
        account = store.accounts.get(desk.account_id)
        if account is None:
            store.accounts.add(
                TradingAccount(
                    account_id=desk.account_id,
                    user_id=facts.user_id,
                    broker=desk.broker,
                    is_live=False,
                    is_netting=False,
                    opening=deposit,
                    balance=deposit,
                    leverage=self.plan.terms.leverage,
                    opened_at=at,
                )
            )
        elif (account.opening, account.user_id) != (deposit, facts.user_id):
            raise InvalidInput(
                f"the store's account {account.account_id} opened with {account.opening}, not {deposit}",
                where="account",
                remedy="ask for the deposit it was opened with, or use a fresh home folder",
            )
        if desk.mandate is not None and store.mandates.standing(desk.account_id) is None:
            mandate = desk.mandate.renewed_at(at)
            store.mandates.add(GrantedMandate(f"mandate-{mandate.granted_at}", facts.user_id, mandate))


def paper_desk(
    unit_of_work: UnitOfWork,
    plan: BacktestPlan,
    broker: Broker,
    venue: PaperVenue,
    clock: Clock,
    time: ReplayedTime,
    identity: Identity,
    start: int,
) -> PaperDesk:
    """Put a paper desk together.

    Args:
        unit_of_work: the store.
        plan: what is traded by which policies.
        broker, venue: the paper broker, as a port and as what is shown the market.
        clock, time: the replay's clock, as a port and as what is moved.
        identity: ids of intents.
        start: when the first scan ever begins, seconds since 1970 UTC.
    """
    desk = plan.desk
    brokers = {desk.account_id: broker}
    sending: set[int] = set()
    settle = Settle(unit_of_work, clock, plan.rules, plan.terms)
    dispatch = Dispatch(unit_of_work, clock, brokers, settle, "desk", sending)
    reconcile = Reconcile(unit_of_work, clock, brokers, plan.rules, plan.terms, "desk", sending)
    board = MarketBoard(plan.news, plan.terms.instruments, confirm_uncovered=True)
    started_clock = int(open_seconds(np.array([start], dtype=np.int64))[0])
    return PaperDesk(
        unit_of_work=unit_of_work,
        plan=plan,
        time=time,
        venue=venue,
        start_up=StartUp(unit_of_work, clock, reconcile),
        trade=TradeMoment(
            board=board,
            keep_books=KeepBooks(unit_of_work, brokers, settle),
            emit=EmitSignals(unit_of_work, plan.rules, started_clock),
            fire=Fire(unit_of_work, clock, identity, board, plan.rules, plan.terms),
            dispatch=dispatch,
            policy=plan.rules.risk,
            instruments=plan.terms.instruments,
            triggers=(Trigger(desk.account_id, desk.person.user_id, desk.fire_mode),),
        ),
    )
