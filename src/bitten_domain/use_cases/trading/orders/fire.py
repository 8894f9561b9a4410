"""Fire: check a wish under the account's lock, and write the order down before anything leaves."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bitten_domain.desk.account.account_desk import desk_of, session_of
from bitten_domain.desk.account.fires.approved_fire import approved_fire
from bitten_domain.desk.account.fires.facts_of_account import FireWish, equity_of, facts_of_account, request_of
from bitten_domain.desk.account.happenings import IntentReserved
from bitten_domain.desk.account.settling.changes import NewErrand
from bitten_domain.desk.decisions import OrderApproved, OrderRefused
from bitten_domain.desk.events import AccountMarked, FireAsked
from bitten_domain.desk.step import decide, step_account
from bitten_domain.errors import Conflict, InvalidInput
from bitten_domain.execution.protocol import Errand
from bitten_domain.market.clocks.fx_week import day_ending_at
from bitten_domain.ports.repositories.messages import Processed
from bitten_domain.record.account_payloads import account_payload_of
from bitten_domain.risk.decision import Reason
from bitten_domain.use_cases.membership.tier_at import tier_at
from bitten_domain.use_cases.trading.orders.account_records import books_of, keep_errand, locked, rules_of_owner
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.values import IntentId, Money
from bitten_domain.vocabulary import FireMode, RefusalCode

if TYPE_CHECKING:
    from bitten_domain.desk.account import TradingAccount
    from bitten_domain.desk.account.fires.facts_of_account import MarketFacts
    from bitten_domain.desk.signal import Signal
    from bitten_domain.desk.step import DeskRules
    from bitten_domain.execution import BrokerTerms
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.identity import Identity
    from bitten_domain.ports.market_now import MarketNow
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.use_cases.choices.live_gate import LiveGate
    from bitten_domain.values import AccountId, UserId

__all__ = ["Fire", "FireAnswer", "FireCommand"]


@dataclass(frozen=True, slots=True)
class FireCommand:
    """Somebody, or a mandate, wants to fire.

    Args:
        account: where.
        user_id: who asks; only the account's owner may.
        key: idempotency key, unique among the account's fires for ever.
        signal: what is fired; one made by hand is scored like any other and kept with the fire.
        wish: how.
    """

    account: AccountId
    user_id: UserId
    key: str
    signal: Signal
    wish: FireWish

    def body_hash(self) -> bytes:
        """Digest what is asked, 32 bytes: another wish under the same key is another body."""
        wish = self.wish
        parts = (
            self.account,
            self.user_id,
            self.signal.signal_id,
            wish.fire_mode.value,
            str(wish.is_confirmed),
            str(wish.proposed_at),
            str(wish.lots_ceiling),
        )
        return hashlib.sha256("\n".join(parts).encode()).digest()


@dataclass(frozen=True, slots=True)
class FireAnswer:
    """What became of a fire.

    Args:
        client_order_id: the order that was written down; None when it was refused.
        intent_id: its intent; None when it was refused.
        reasons: every rule it broke; empty when it was approved.
    """

    client_order_id: int | None
    intent_id: IntentId | None
    reasons: tuple[Reason, ...] = ()

    def to_json(self) -> str:
        """Write it as it is stored under the fire's key."""
        reasons = [[one.code.value, one.limit, one.actual, one.remedy] for one in self.reasons]
        return json.dumps({"order": self.client_order_id, "intent": self.intent_id, "reasons": reasons})

    @classmethod
    def from_json(cls, text: str) -> FireAnswer:
        """Read it back."""
        row = json.loads(text)
        intent = row["intent"]
        return cls(
            row["order"],
            None if intent is None else IntentId(intent),
            tuple(Reason(RefusalCode(code), *texts) for code, *texts in row["reasons"]),
        )


@dataclass(frozen=True, slots=True)
class Fire:
    """Decide a fire and write it down, in one transaction.

    Args:
        unit_of_work: the store.
        clock, identity: time and ids.
        market: the market as it is now.
        rules: the desk's policies.
        terms: the broker's contracts and costs.
        live_gate: asked about the owner of a live account; without one nothing is fired on it.
    """

    unit_of_work: UnitOfWork
    clock: Clock
    identity: Identity
    market: MarketNow
    rules: DeskRules
    terms: BrokerTerms
    live_gate: LiveGate | None = None

    async def __call__(self, command: FireCommand) -> FireAnswer:
        """Fire; the same command again gives the stored answer.

        Raises:
            Conflict: the key was used for another fire.
            InvalidInput: no such account, another person's, or a pair its broker does not trade.
            Unavailable: nothing was written.
            OutcomeUnknown: it may have been written; ask again with the same key.
        """
        if command.signal.symbol not in self.terms.instruments:
            raise InvalidInput(f"{command.signal.symbol} is not traded on {command.account}", where="signal")
        now = int(self.clock.now().timestamp())
        intent_id = IntentId(self.identity.new_id())
        market = self.market.facts(command.signal, now)
        return await durably(self.unit_of_work, lambda store: self._decided(store, command, market, intent_id, now))

    def _decided(
        self, store: Repositories, command: FireCommand, market: MarketFacts, intent_id: IntentId, now: int
    ) -> FireAnswer:
        account = locked(store, command.account)
        scope = f"fire:{command.account}"
        stored = store.processed.get(scope, command.key)
        if stored is not None:
            if stored.body_hash != command.body_hash():
                raise Conflict(f"key {command.key} was used for another fire")
            return FireAnswer.from_json(stored.answer)
        decision = self._checked(store, account, command, market, now)
        answer = FireAnswer(None, None)
        if isinstance(decision, OrderRefused):
            store.journal.append(account.stream, [account_payload_of(decision)])
            answer = FireAnswer(None, None, decision.refusal.reasons)
        elif isinstance(decision, OrderApproved):
            written = approved_fire(account, command.signal, decision.order, intent_id, now)
            store.accounts.put(written.account)
            if store.signals.get(command.signal.signal_id) is None:
                store.signals.add(command.signal)
            keep_errand(store, NewErrand(Errand(written.intent, written.attempt), now), opens=True)
            store.reservations.hold(written.reservation)
            reserved = IntentReserved(written.intent, written.attempt, written.reservation)
            store.journal.append(account.stream, [account_payload_of(decision), account_payload_of(reserved)])
            answer = FireAnswer(written.attempt.client_order_id, intent_id)
        store.processed.add(Processed(scope, command.key, command.body_hash(), answer.to_json(), now))
        return answer

    def _checked(
        self, store: Repositories, account: TradingAccount, command: FireCommand, market: MarketFacts, now: int
    ) -> OrderApproved | OrderRefused:
        person = store.people.get(account.user_id)
        if person is None or command.user_id != account.user_id:
            raise InvalidInput(f"account {account.account_id} is not {command.user_id}'s", where="account")
        person = replace(person, tier=tier_at(store, person, now))
        if account.is_live:
            is_open = self.live_gate is not None and self.live_gate.seen(store, person, now).has_live_consent
            person = replace(person, has_live_consent=is_open)
        signal, wish = command.signal, command.wish
        rules = rules_of_owner(person, self.rules)
        books = books_of(store, account)
        equity = equity_of(books, market, self.terms)
        state = desk_of(books)
        if equity is not None:
            balance = account.balance.amount
            state = step_account(state, AccountMarked(now, day_ending_at(now), balance, equity), rules)
            marked = session_of(account, state, books.session, (Money(equity, account.currency), now))
            if marked is not None:
                store.sessions.put(marked)
        granted = store.mandates.standing(account.account_id) if wish.fire_mode is FireMode.AUTO else None
        fired = store.intents.has_fired(account.account_id, signal.signal_id)
        facts = facts_of_account(
            books,
            state,
            person,
            signal,
            wish,
            market,
            equity,
            terms=self.terms,
            now=now,
            stops=store.stops.in_force(),
            mandate=None if granted is None else granted.mandate,
            fired=frozenset({signal.signal_id}) if fired else frozenset(),
            last_fires=store.intents.last_fires(account.account_id, now - rules.risk.fire.same_side_seconds),
        )
        request = request_of(signal, wish, facts, market, self.terms)
        return decide(FireAsked(signal, request, facts), rules)
