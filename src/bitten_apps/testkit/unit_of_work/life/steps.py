"""Steps that are taken on a store and on the model of it, each with what the model says it answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.life.model import ModelRefusal
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.execution.lifecycle import TRANSITIONS, PositionState
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work.life.model import Model
    from bitten_domain.errors import BittenError
    from bitten_domain.execution import Deal
    from bitten_domain.execution.protocol import Attempt, Dispatch, FireIntent
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = [
    "AddErrand",
    "Append",
    "Claim",
    "Erase",
    "Finish",
    "Fire",
    "Hold",
    "Move",
    "PutPosition",
    "Release",
    "Settle",
    "TakeNumber",
    "TakeOver",
]

_PROVEN = (OrderState.NOT_EXECUTED, OrderState.REJECTED)


@dataclass(frozen=True, slots=True)
class TakeNumber:
    """Take an account's next order id under its lock."""

    of: int

    def on_store(self, r: Repositories) -> object:
        """Do it."""
        account = r.accounts.lock(s.account_id(self.of))
        if account is None:
            return None
        account, number = account.numbered()
        r.accounts.put(account)
        return number

    def on_model(self, m: Model) -> object:
        """Say what it answers."""
        name = s.account_id(self.of)
        m.accounts[name], number = m.accounts[name].numbered()
        return number


@dataclass(frozen=True, slots=True)
class Fire:
    """Keep a fire with an attempt, new or next."""

    of: int
    number: int
    order: int
    nth: int

    def _made(self) -> tuple[FireIntent, Attempt]:
        intent = s.fire(self.number, self.of)
        return intent, s.attempt(intent, self.order, nth=self.nth)

    def on_store(self, r: Repositories) -> None:
        """Do it."""
        r.intents.add(*self._made())

    def on_model(self, m: Model) -> None:
        """Say whether it is refused."""
        intent, attempt = self._made()
        before = m.attempts_of(intent.intent_id)
        faults: list[type[BittenError]] = []
        if attempt.client_order_id in m.attempts or self.nth <= len(before):
            faults.append(Conflict)
        if self.nth > len(before) + 1 or (before and before[-1].state not in _PROVEN):
            faults.append(BrokenInvariant)
        if faults:
            raise ModelRefusal(*faults)
        m.intents[intent.intent_id] = intent
        m.attempts[attempt.client_order_id] = attempt


@dataclass(frozen=True, slots=True)
class Move:
    """Move an attempt by the transition table, from the state it is believed to be in."""

    of: int
    order: int
    was: OrderState
    to: OrderState

    def _after(self, found: Attempt) -> Attempt:
        return replace(found, state=self.to, since=s.NOON + 7)

    def on_store(self, r: Repositories) -> object:
        """Do it, where the table has such a move."""
        errand = r.intents.by_order(s.order_id(self.order, self.of))
        if errand is None or self.to not in TRANSITIONS[self.was]:
            return "nothing to move"
        r.intents.move(self._after(errand.attempt), self.was)
        return None

    def on_model(self, m: Model) -> object:
        """Say whether it is refused."""
        number = s.order_id(self.order, self.of)
        found = m.attempts.get(number)
        if found is None or self.to not in TRANSITIONS[self.was]:
            return "nothing to move"
        if found.state is not self.was:
            raise ModelRefusal(Conflict)
        m.attempts[number] = self._after(found)
        return None


@dataclass(frozen=True, slots=True)
class Hold:
    """Reserve risk for a fire that is there, or change what it holds."""

    of: int
    number: int
    risk: int

    def on_store(self, r: Repositories) -> object:
        """Do it."""
        intent = s.fire(self.number, self.of)
        if not r.intents.attempts(intent.intent_id):
            return "nothing to hold"
        r.reservations.hold(s.reservation(intent, f"{self.risk}.5"))
        return None

    def on_model(self, m: Model) -> object:
        """Say whether it is refused."""
        intent = s.fire(self.number, self.of)
        if intent.intent_id not in m.intents:
            return "nothing to hold"
        wanted, held = s.reservation(intent, f"{self.risk}.5"), m.held.get(intent.intent_id)
        if intent.intent_id in m.released or (held is not None and wanted.risk > held.risk):
            raise ModelRefusal(BrokenInvariant)
        m.held[intent.intent_id] = wanted
        return None


@dataclass(frozen=True, slots=True)
class Release:
    """Release what a fire holds."""

    of: int
    number: int

    def on_store(self, r: Repositories) -> object:
        """Do it."""
        return r.reservations.release(s.fire(self.number, self.of).intent_id, s.NOON)

    def on_model(self, m: Model) -> object:
        """Say what was held, or that it is refused."""
        intent_id = s.fire(self.number, self.of).intent_id
        if intent_id not in m.held:
            raise ModelRefusal(BrokenInvariant)
        m.released[intent_id] = m.released.get(intent_id, 0) + 1
        return m.held.pop(intent_id).risk


@dataclass(frozen=True, slots=True)
class AddErrand:
    """Keep the errand of an attempt that is there."""

    of: int
    order: int
    due_at: int
    opens: bool

    def on_store(self, r: Repositories) -> object:
        """Do it."""
        if r.intents.by_order(s.order_id(self.order, self.of)) is None:
            return "nothing to send"
        r.dispatches.add(s.dispatch(self.order, s.NOON + self.due_at, opens=self.opens, of=self.of))
        return None

    def on_model(self, m: Model) -> object:
        """Say whether it is refused."""
        number = s.order_id(self.order, self.of)
        if number not in m.attempts:
            return "nothing to send"
        if number in m.errands or number in m.finished:
            raise ModelRefusal(Conflict)
        m.errands[number] = s.dispatch(self.order, s.NOON + self.due_at, opens=self.opens, of=self.of)
        return None


def _handed(errand: Dispatch, owner: str, until: int) -> Dispatch:
    return replace(errand, claimed_by=owner, lease_until=s.NOON + until, fence=errand.fence + 1)


@dataclass(frozen=True, slots=True)
class Claim:
    """Claim an errand."""

    of: int
    order: int
    owner: str
    until: int

    def on_store(self, r: Repositories) -> object:
        """Do it."""
        return r.dispatches.claim(s.order_id(self.order, self.of), self.owner, s.NOON + self.until)

    def on_model(self, m: Model) -> object:
        """Say what is given."""
        errand = m.errands.get(s.order_id(self.order, self.of))
        if errand is None or errand.claimed_by:
            return None
        m.errands[errand.client_order_id] = _handed(errand, self.owner, self.until)
        return m.errands[errand.client_order_id]


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Take an errand over."""

    of: int
    order: int
    owner: str
    now: int
    until: int

    def on_store(self, r: Repositories) -> object:
        """Do it."""
        number = s.order_id(self.order, self.of)
        return r.dispatches.take_over(number, self.owner, s.NOON + self.now, s.NOON + self.until)

    def on_model(self, m: Model) -> object:
        """Say what is given."""
        errand = m.errands.get(s.order_id(self.order, self.of))
        if errand is None or not errand.claimed_by:
            return None
        if errand.claimed_by != self.owner and errand.lease_until > s.NOON + self.now:
            return None
        m.errands[errand.client_order_id] = _handed(errand, self.owner, self.until)
        return m.errands[errand.client_order_id]


@dataclass(frozen=True, slots=True)
class Finish:
    """End an errand."""

    of: int
    order: int

    def on_store(self, r: Repositories) -> None:
        """Do it."""
        r.dispatches.finish(s.order_id(self.order, self.of))

    def on_model(self, m: Model) -> None:
        """End it."""
        number = s.order_id(self.order, self.of)
        if m.errands.pop(number, None) is not None:
            m.finished.add(number)


@dataclass(frozen=True, slots=True)
class Settle:
    """Book a deal, and its amount to the account's balance when it is new."""

    of: int
    ticket: int
    position: int
    cents: int

    def _deal(self) -> Deal:
        return s.deal(self.ticket, self.position, f"{self.cents}.07", self.of)

    def on_store(self, r: Repositories) -> object:
        """Do it."""
        account = r.accounts.lock(s.account_id(self.of))
        is_new = r.deals.book(s.account_id(self.of), self._deal())
        if is_new and account is not None:
            r.accounts.put(replace(account, balance=account.balance + self._deal().net, last_deal=self.ticket))
        return is_new

    def on_model(self, m: Model) -> object:
        """Say whether it is new, or refused."""
        name, deal = s.account_id(self.of), self._deal()
        stored = m.deals.setdefault((name, self.ticket), deal)
        if stored is not deal and stored != deal:
            raise ModelRefusal(BrokenInvariant)
        if stored is deal:
            balance = m.accounts[name].balance + deal.net
            m.accounts[name] = replace(m.accounts[name], balance=balance, last_deal=self.ticket)
        return stored is deal


@dataclass(frozen=True, slots=True)
class PutPosition:
    """Keep a position or its next state."""

    of: int
    ticket: int
    state: PositionState

    def on_store(self, r: Repositories) -> None:
        """Do it."""
        r.positions.put(s.held(self.ticket, self.state, self.of))

    def on_model(self, m: Model) -> None:
        """Say whether it is refused."""
        key = (s.account_id(self.of), self.ticket)
        if key in m.positions and m.positions[key].position.state is PositionState.CLOSED is not self.state:
            raise ModelRefusal(BrokenInvariant)
        m.positions[key] = s.held(self.ticket, self.state, self.of)


@dataclass(frozen=True, slots=True)
class Append:
    """Add payloads to a stream."""

    stream: str
    payloads: tuple[bytes, ...]

    def on_store(self, r: Repositories) -> object:
        """Do it."""
        return r.journal.append(self.stream, self.payloads).rows

    def on_model(self, m: Model) -> object:
        """Say how long the stream is now."""
        stream = [*m.streams.get(self.stream, []), *self.payloads]
        if stream:
            m.streams[self.stream] = stream
        return len(stream)


@dataclass(frozen=True, slots=True)
class Erase:
    """Destroy the content of a row."""

    stream: str
    number: int

    def on_store(self, r: Repositories) -> None:
        """Do it."""
        r.journal.erase(self.stream, self.number)

    def on_model(self, m: Model) -> None:
        """Destroy it."""
        stream = m.streams.get(self.stream, [])
        if self.number <= len(stream):
            stream[self.number - 1] = None
