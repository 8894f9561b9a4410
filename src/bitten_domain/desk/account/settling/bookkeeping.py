"""Bookkeeping: an account's books, worked forward by deals and evidence, and the changes that come of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.desk.account.account_desk import desk_of, session_of
from bitten_domain.desk.account.adherence import AT_BROKER
from bitten_domain.desk.account.happenings import (
    AttemptMoved,
    IntentReserved,
    PositionChanged,
    ReservationReleased,
    StandingMoved,
)
from bitten_domain.desk.account.settling.changes import AccountChanges, EndedTrade, LevelsMoved, NewErrand, Notice
from bitten_domain.desk.account.settling.verdict import verdict
from bitten_domain.desk.account.trading_account import AccountStanding
from bitten_domain.desk.events import AccountMarked
from bitten_domain.desk.step import step_account
from bitten_domain.execution import DealReason, PositionState, to_ticks
from bitten_domain.execution.lifecycle import TERMINAL_STATES, position_transition
from bitten_domain.execution.protocol import Attempt, CloseIntent, Errand, FireIntent, LevelsIntent, next_attempt
from bitten_domain.execution.protocol.reservation import cents_up
from bitten_domain.market.clocks.fx_week import day_ending_at
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from bitten_domain.desk.account.account_books import AccountBooks
    from bitten_domain.desk.account.happenings import AccountHappening
    from bitten_domain.desk.account.held_position import HeldPosition
    from bitten_domain.desk.events import AccountEvent
    from bitten_domain.desk.step import DeskRules
    from bitten_domain.execution import BrokerTerms, Position
    from bitten_domain.execution.protocol import Evidence, Intent, Reservation
    from bitten_domain.values import IntentId, Money

__all__ = ["Bookkeeping"]

_ZERO = Decimal(0)
_CLOSE_TRIES = 6
_REFUSED_AGAIN_SECONDS = 60
_OPENS = (OrderState.RESERVED, OrderState.SENDING, OrderState.UNKNOWN)


class Bookkeeping:
    """One account's books while a decision is made; nothing leaves it but `changes`.

    Args:
        books: as they were read.
        rules: the desk's policies for the account's owner.
        terms: the broker's contracts and costs.
        now: the moment of the decision, seconds since 1970 UTC.
    """

    def __init__(self, books: AccountBooks, rules: DeskRules, terms: BrokerTerms, now: int) -> None:
        self.books, self.rules, self.terms, self.now = books, rules, terms, now
        self.account = books.account
        self.state = desk_of(books)
        self.positions = {held.position.ticket: held for held in books.positions}
        self.errands = dict(books.errands)
        self.reservations = {reservation.intent_id: reservation for reservation in books.reservations}
        self.happenings: list[AccountHappening] = []
        self.notices: list[Notice] = []
        self.trades: list[EndedTrade] = []
        self._marked: tuple[Money, int] | None = None
        self._touched: dict[int, HeldPosition] = {}
        self._attempts: list[tuple[Attempt, OrderState]] = []
        self._levels: list[LevelsMoved] = []
        self._lowered: dict[IntentId, Reservation] = {}
        self._released: list[IntentId] = []
        self._new: list[NewErrand] = []
        self._finished: list[int] = []
        self._begin_day()

    def tell(self, event: AccountEvent) -> None:
        """Let the desk take an event in."""
        self.state = step_account(self.state, event, self.rules)

    def mark(self, balance: Money, equity: Money) -> None:
        """Value the account now."""
        self.tell(AccountMarked(self.now, day_ending_at(self.now), balance.amount, equity.amount))
        self._marked = equity, self.now

    def refresh(self, held: HeldPosition) -> None:
        """Keep what the broker reckons about a position from day to day; nothing happened to it."""
        self.positions[held.position.ticket] = held
        self._touched[held.position.ticket] = held

    def follow_stop(self, held: HeldPosition, stop_ticks: int) -> None:
        """Take over a tighter stop that the broker shows: its plan led it there, or its owner."""
        position = replace(held.position, stop_ticks=stop_ticks)
        self.note_levels(held.position, position, AT_BROKER)
        self.put(replace(held, position=position), "STOP_TIGHTENED")

    def follow_levels(self, held: HeldPosition, stop_ticks: int | None, target_ticks: int | None) -> None:
        """Take over the levels the broker shows of a position that is its owner's to lead, whatever they are."""
        position = replace(held.position, stop_ticks=stop_ticks, target_ticks=target_ticks)
        self.note_levels(held.position, position, AT_BROKER)
        self.put(replace(held, position=position), "LEVELS_MOVED")

    def note_levels(self, before: Position, after: Position, reason: str) -> None:
        """Have a change of levels recorded."""
        self._levels.append(LevelsMoved(before.ticket, before.stop, after.stop, before.target, after.target, reason))

    def say(self, topic: str, cause: str, text: str) -> None:
        """Have the owner told."""
        self.notices.append(Notice(f"{self.account.account_id}:{cause}", topic, text))

    def put(self, held: HeldPosition, reason: str) -> None:
        """Keep a position as it is now."""
        ticket = held.position.ticket
        if held.position.state is PositionState.CLOSED:
            self.positions.pop(ticket, None)
        else:
            self.positions[ticket] = held
        self._touched[ticket] = held
        self.happenings.append(PositionChanged(self.now, held, reason))

    def stand(self, standing: AccountStanding, reason: str) -> None:
        """Change the account's standing; a frozen account stays frozen, with its first reason."""
        account = self.account
        if account.standing is AccountStanding.FROZEN or (account.standing, account.standing_reason) == (
            standing,
            reason,
        ):
            return
        self.account = replace(account, standing=standing, standing_reason=reason)
        self.happenings.append(StandingMoved(self.now, standing, reason))
        if standing is AccountStanding.FROZEN:
            self.say("standing", f"frozen:{self.now}", f"Opening is frozen: {reason}. Closing works.")

    def order(self, intent: Intent, due_at: int | None = None) -> None:
        """Write an intent down with its first attempt."""
        self.account, order_id = self.account.numbered()
        self._hand(Errand(intent, Attempt(intent.intent_id, 1, order_id, OrderState.RESERVED, self.now)), due_at)
        if isinstance(intent, CloseIntent):
            held = self.positions.get(intent.ticket)
            if held is not None and held.position.state is PositionState.OPEN:
                state = position_transition(PositionState.OPEN, PositionState.CLOSING)
                self.put(replace(held, position=replace(held.position, state=state)), intent.reason.value)

    def is_led(self, ticket: int) -> bool:
        """Say whether an order about a position is on its way."""
        return any(
            not isinstance(errand.intent, FireIntent)
            and errand.intent.ticket == ticket
            and errand.attempt.state not in TERMINAL_STATES
            for errand in self.errands.values()
        )

    def is_closing(self, ticket: int) -> bool:
        """Say whether a close of a position is on its way."""
        return any(
            isinstance(errand.intent, CloseIntent)
            and errand.intent.ticket == ticket
            and errand.attempt.state not in TERMINAL_STATES
            for errand in self.errands.values()
        )

    def decide(self, errand: Errand, evidence: Evidence | None) -> None:
        """Move an attempt to where the evidence puts it, with all that follows."""
        intent = errand.intent
        filled = self._filled(errand)
        wanted = intent.lots.value if isinstance(intent, FireIntent | CloseIntent) and intent.lots is not None else None
        complete = filled == wanted
        if isinstance(intent, CloseIntent) and wanted is None:
            complete = filled > 0 and intent.ticket not in self.positions
        moves = verdict(
            errand.attempt.state,
            evidence,
            filled=filled,
            wanted=wanted,
            is_complete=complete,
            moves_levels=isinstance(intent, LevelsIntent),
        )
        if not moves:
            return
        answer = None if evidence is None else evidence.answer
        reason = "" if answer is None else answer.code
        for to in moves:
            errand = self._moved(errand, to, reason)
        self._follow_up(errand, filled, "" if answer is None else answer.detail)

    def changes(self) -> AccountChanges:
        """Read off what is to be written."""
        return AccountChanges(
            at=self.now,
            account=self.account,
            session=session_of(self.account, self.state, self.books.session, self._marked),
            attempts=tuple(self._attempts),
            positions=tuple(self._touched.values()),
            trades=tuple(self.trades),
            levels=tuple(self._levels),
            lowered=tuple(self._lowered.values()),
            released=tuple(self._released),
            errands=tuple(self._new),
            finished=tuple(self._finished),
            happenings=tuple(self.happenings),
            notices=tuple(self.notices),
        )

    def _begin_day(self) -> None:
        # A day begins with what the last one left: a gap at its open is this day's loss.
        session, day = self.books.session, day_ending_at(self.now)
        if session is not None and session.day.day < day:
            self.tell(AccountMarked(self.now, day, self.account.balance.amount, session.marked_equity))

    def _filled(self, errand: Errand) -> Decimal:
        order_id, opens = errand.attempt.client_order_id, isinstance(errand.intent, FireIntent)
        return sum(
            (
                deal.lots.value
                for deals in self.books.deals.values()
                for deal in deals
                if deal.client_order_id == order_id and deal.reason.opens is opens
            ),
            _ZERO,
        )

    def _hand(self, errand: Errand, due_at: int | None) -> None:
        self.errands[errand.attempt.client_order_id] = errand
        self._new.append(NewErrand(errand, self.now if due_at is None else due_at))
        self.happenings.append(IntentReserved(errand.intent, errand.attempt, None))

    def _moved(self, errand: Errand, to: OrderState, reason: str) -> Errand:
        was = errand.attempt.state
        attempt = errand.attempt.moved(to, self.now)
        self._attempts.append((attempt, was))
        self.happenings.append(AttemptMoved(attempt, was, reason))
        moved = replace(errand, attempt=attempt)
        self.errands[attempt.client_order_id] = moved
        return moved

    def _follow_up(self, errand: Errand, filled: Decimal, detail: str) -> None:
        intent, attempt = errand.intent, errand.attempt
        if attempt.state not in _OPENS:
            self._finished.append(attempt.client_order_id)
        if attempt.state is OrderState.DISPUTED:
            self.stand(AccountStanding.FROZEN, f"evidence about order {attempt.client_order_id} contradicts itself")
        if isinstance(intent, FireIntent):
            self._reserve(intent, attempt, filled)
            if attempt.state in (OrderState.REJECTED, OrderState.NOT_EXECUTED):
                self.say("refused", f"not-sent:{attempt.client_order_id}", f"{intent.symbol} was not opened: {detail}")
        elif isinstance(intent, CloseIntent):
            if attempt.state in TERMINAL_STATES:
                self._after_close(intent, attempt, detail)
        elif attempt.state is OrderState.FILLED:
            self._levels_stand(intent)

    def _reserve(self, intent: FireIntent, attempt: Attempt, filled: Decimal) -> None:
        held = self.reservations.get(intent.intent_id)
        if held is None:
            return
        if attempt.state in TERMINAL_STATES:
            del self.reservations[intent.intent_id]
            self._lowered.pop(intent.intent_id, None)
            self._released.append(intent.intent_id)
            self.happenings.append(ReservationReleased(self.now, held))
        elif attempt.state is OrderState.PARTIAL:
            share = (intent.lots.value - filled) / intent.lots.value
            lowered = replace(held, risk=cents_up(held.risk * share), margin=cents_up(held.margin * share))
            self.reservations[intent.intent_id] = self._lowered[intent.intent_id] = lowered

    def _after_close(self, intent: CloseIntent, attempt: Attempt, detail: str) -> None:
        held = self.positions.get(intent.ticket)
        if held is None:
            return
        if held.position.state is PositionState.CLOSING and not self.is_closing(intent.ticket):
            state = position_transition(PositionState.CLOSING, PositionState.OPEN)
            held = replace(held, position=replace(held.position, state=state))
            self.put(held, "CLOSE_ENDED")
        if attempt.state is OrderState.FILLED:
            return
        refused = attempt.state is OrderState.REJECTED
        insists = intent.reason is DealReason.EMERGENCY
        if attempt.number >= _CLOSE_TRIES or (refused and not insists):
            self.say("close", f"not-closed:{attempt.client_order_id}", f"Position {intent.ticket} is open: {detail}")
            return
        self.account, order_id = self.account.numbered()
        again = next_attempt(attempt, order_id, self.now, self.now)
        if again is not None:
            wait = _REFUSED_AGAIN_SECONDS if refused else 1 << attempt.number
            self._hand(Errand(intent, again), self.now + wait)

    def _levels_stand(self, intent: LevelsIntent) -> None:
        held = self.positions.get(intent.ticket)
        if held is None:
            return
        position = held.position
        instrument = position.instrument
        moved = replace(
            position,
            stop_ticks=None if intent.stop is None else to_ticks(instrument, intent.stop),
            target_ticks=None if intent.target is None else to_ticks(instrument, intent.target),
        )
        self.note_levels(position, moved, intent.reason)
        self.put(replace(held, position=moved, stop_confirmed_at=None), intent.reason)
