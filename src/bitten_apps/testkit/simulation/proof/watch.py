"""The watch: sees what is written while it is written, and counts for itself.

It is independent of what it watches: its limits are worked out by hand, and its transition table is its own copy of the
protocol's.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant
from bitten_domain.execution.protocol import FireIntent
from bitten_domain.risk.emergency_stop import applies_to
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bitten_domain.execution import Position
    from bitten_domain.execution.protocol import Attempt, Errand, Intent, Reservation
    from bitten_domain.ports.repositories.fires import IntentRepository, ReservationRepository
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import AccountId, Direction, IntentId, Money, SignalId

__all__ = ["Violation", "Watch"]

_MOST_PERCENT = Decimal(6)
# A fill may lie a little beyond the quote it was approved at.
_TOLERANCE = Decimal("1.02")
_MOST_ON_PAIR = 2
_ENDS = {"FILLED", "NOT_EXECUTED", "REJECTED", "EXPIRED", "CANCELLED"}
_TABLE = {
    "RESERVED": {"SENDING", "REJECTED", "EXPIRED", "CANCELLED"},
    "SENDING": {"FILLED", "PARTIAL", "WORKING", "REJECTED", "NOT_EXECUTED", "UNKNOWN"},
    "WORKING": {"FILLED", "PARTIAL", "REJECTED", "CANCELLED", "EXPIRED", "UNKNOWN", "DISPUTED"},
    "PARTIAL": {"FILLED", "CANCELLED", "EXPIRED", "UNKNOWN", "DISPUTED"},
    "UNKNOWN": {*_ENDS, "PARTIAL", "WORKING", "DISPUTED"},
    "DISPUTED": {*_ENDS, "PARTIAL", "WORKING"},
}


class Violation(str):
    """One broken invariant: its id, a colon, and what was found."""

    __slots__ = ()


class Watch:
    """Collects violations and counts, of committed transactions only.

    Args:
        most_positions: positions an account may hold or have reserved, by its owner's limit.
    """

    def __init__(self, most_positions: Mapping[AccountId, int]) -> None:
        self.violations: list[Violation] = []
        self.releases: dict[IntentId, int] = {}
        self.reserved: set[IntentId] = set()
        self._most_positions = most_positions
        self._pending: list[Callable[[], object]] = []
        self._over: tuple[Repositories, Repositories] | None = None

    def say(self, invariant: str, found: str) -> None:
        """Note a violation for good."""
        self.violations.append(Violation(f"{invariant}: {found}"))

    def begin(self) -> None:
        """Forget what an unfinished transaction did."""
        self._pending.clear()

    def keep(self) -> None:
        """Count what a transaction did, now that it is committed."""
        for step in self._pending:
            step()
        self._pending.clear()

    def later(self, step: Callable[[], object]) -> None:
        """Do something once the transaction is committed."""
        self._pending.append(step)

    def over(self, store: Repositories) -> Repositories:
        """Give repositories that are watched."""
        if self._over is None or self._over[0] is not store:
            watched = replace(
                store,
                intents=_WatchedIntents(self, store),
                reservations=_WatchedReservations(self, store),
            )
            self._over = store, watched
        return self._over[1]

    def check_move(self, store: Repositories, attempt: Attempt, was: OrderState) -> None:
        """Check one attempt's move: the table, and that nothing opens under an emergency stop or without consent."""
        if attempt.state.value not in _TABLE.get(was.value, set()):
            self.later(
                lambda: self.say("I8", f"order {attempt.client_order_id} went {was.value} to {attempt.state.value}")
            )
        if attempt.state is not OrderState.SENDING:
            return
        errand = store.intents.by_order(attempt.client_order_id)
        if errand is None or not isinstance(errand.intent, FireIntent):
            return
        account = store.accounts.get(errand.intent.account)
        if account is None:
            return
        if any(applies_to(stop, account.broker, account.user_id) for stop in store.stops.in_force()):
            self.later(lambda: self.say("I12", f"order {attempt.client_order_id} was sent under an emergency stop"))
        person = store.people.get(account.user_id)
        if account.is_live and (person is None or not person.has_live_consent):
            self.later(lambda: self.say("I17", f"order {attempt.client_order_id} was sent without consent"))

    def check_limits(self, store: Repositories, added: Reservation) -> None:
        """Check what an account holds and has reserved, the new reservation in it, against its limits."""
        account = store.accounts.get(added.account)
        if account is None:
            return
        held = store.positions.open(added.account)
        reserved = store.reservations.held(added.account)
        count = len(held) + len(reserved)
        on_pair = sum(one.position.symbol == added.symbol for one in held)
        on_pair += sum(one.symbol == added.symbol for one in reserved)
        risk = sum((one.risk.amount for one in reserved), Decimal(0))
        risk += sum((_at_stop(one.position) for one in held), Decimal(0))
        most = account.balance.amount * _MOST_PERCENT / 100
        allowed = self._most_positions[added.account]
        session = store.sessions.latest(added.account)
        started = account.opening.amount if session is None else session.day.start_equity
        lost = started - account.balance.amount + risk
        for broken, found in (
            (count > allowed, f"{count} positions and reservations, {allowed} allowed"),
            (on_pair > _MOST_ON_PAIR, f"{on_pair} on {added.symbol}, {_MOST_ON_PAIR} allowed"),
            (risk > most * _TOLERANCE, f"{risk} at risk, {most} allowed"),
            (lost > started * _MOST_PERCENT / 100 * _TOLERANCE, f"{lost} lost today if every stop is hit"),
        ):
            if broken:
                self.later(lambda found=found: self.say("I4", f"account {added.account}: {found}"))  # type: ignore[misc]


def _at_stop(position: Position) -> Decimal:
    """Work out what a position loses at its stop: what it risked at first, less what its stop was tightened by."""
    initial, stop, first = position.initial_risk, position.stop_ticks, position.initial_stop_ticks
    if initial is None or stop is None or first is None:
        return Decimal(0)
    tightened = position.sign * (stop - first) * position.tick_worth * position.conversion
    return max(Decimal(0), initial.amount * position.lots.value / position.filled_lots.value - tightened)


class _WatchedIntents:
    def __init__(self, watch: Watch, store: Repositories) -> None:
        self._watch, self._store = watch, store
        self._inner: IntentRepository = store.intents

    def add(self, intent: Intent, attempt: Attempt) -> None:
        self._inner.add(intent, attempt)

    def attempts(self, intent_id: IntentId) -> tuple[Errand, ...]:
        return self._inner.attempts(intent_id)

    def by_order(self, client_order_id: int) -> Errand | None:
        return self._inner.by_order(client_order_id)

    def move(self, attempt: Attempt, was: OrderState) -> None:
        self._inner.move(attempt, was)
        self._watch.check_move(self._store, attempt, was)

    def unfinished(self, account: AccountId) -> tuple[Errand, ...]:
        return self._inner.unfinished(account)

    def has_fired(self, account: AccountId, signal: SignalId) -> bool:
        return self._inner.has_fired(account, signal)

    def last_fires(self, account: AccountId, since: int) -> Mapping[tuple[str, Direction], int]:
        return self._inner.last_fires(account, since)


class _WatchedReservations:
    def __init__(self, watch: Watch, store: Repositories) -> None:
        self._watch, self._store = watch, store
        self._inner: ReservationRepository = store.reservations

    def hold(self, reservation: Reservation) -> None:
        is_new = all(held.intent_id != reservation.intent_id for held in self._inner.held(reservation.account))
        self._inner.hold(reservation)
        if is_new:
            self._watch.check_limits(self._store, reservation)
            self._watch.later(lambda: self._watch.reserved.add(reservation.intent_id))

    def held(self, account: AccountId) -> tuple[Reservation, ...]:
        return self._inner.held(account)

    def release(self, intent_id: IntentId, at: int) -> Money:
        releases = self._watch.releases
        self._watch.later(lambda: releases.__setitem__(intent_id, releases.get(intent_id, 0) + 1))
        try:
            return self._inner.release(intent_id, at)
        except BrokenInvariant as error:
            self._watch.say("I7", str(error))
            raise
