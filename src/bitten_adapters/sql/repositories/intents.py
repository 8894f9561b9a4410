"""Intents with their attempts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, update
from sqlalchemy import text as sql

from bitten_adapters.sql.repositories.decoding import DIRECTIONS, lots_of, on_tick, plan_of
from bitten_adapters.sql.repositories.keys import account_key, intent_key
from bitten_adapters.sql.statements import Statement, adding_once
from bitten_adapters.sql.tables.accounts import ACCOUNTS
from bitten_adapters.sql.tables.books import POSITIONS
from bitten_adapters.sql.tables.fires import FIRE_ATTEMPTS, FIRE_INTENTS, UNFINISHED
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.execution import DealReason
from bitten_domain.execution.protocol import Attempt, CloseIntent, FireIntent, LevelsIntent
from bitten_domain.execution.protocol.intent import Errand
from bitten_domain.values import AccountId, IntentId, SignalId
from bitten_domain.vocabulary import FireMode, OrderState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_adapters.sql.statements import Row, Value, Wire
    from bitten_domain.execution.protocol.intent import Intent
    from bitten_domain.values import Direction, Instrument

__all__ = ["SqlIntents"]

_I, _T, _A = FIRE_INTENTS.c, FIRE_ATTEMPTS.c, ACCOUNTS.c
_STATES = {state.value: state for state in OrderState}
_FIRE_MODES = {mode.value: mode for mode in FireMode}
_AGAIN = (OrderState.NOT_EXECUTED, OrderState.REJECTED)

_ERRAND = (
    select(
        _T.number,
        _T.client_order_id,
        _T.state,
        _T.since,
        _I.public_id,
        _A.public_id,
        _I.kind,
        _I.signal,
        _I.fire_mode,
        func.coalesce(_I.symbol, POSITIONS.c.symbol),
        _I.direction,
        _I.lots,
        _I.stop,
        _I.target,
        _I.plan,
        _I.flat_at,
        _I.time_stop_seconds,
        _I.risk_percent,
        _I.strategy,
        _I.score,
        _I.cost_share,
        _I.ticket,
        _I.reason,
        _I.created_at,
        _I.not_after,
    )
    .select_from(FIRE_ATTEMPTS)
    .join(FIRE_INTENTS, _I.id == _T.intent_id)
    .join(ACCOUNTS, _A.id == _I.account_id)
    # Levels are told without a pair; the position knows it, and with it the decimals of its prices.
    .outerjoin(POSITIONS, (POSITIONS.c.account_id == _I.account_id) & (POSITIONS.c.ticket == _I.ticket))
)
_ATTEMPTS = Statement(_ERRAND.where(_I.public_id == bindparam("intent")).order_by(_T.number))
_BY_ORDER = Statement(_ERRAND.where(_T.client_order_id == bindparam("order")))
_UNFINISHED = Statement(
    _ERRAND.where(
        _T.account_id == account_key(),
        sql(f"fire_attempts.{UNFINISHED}"),
    ).order_by(_T.client_order_id)
)
_ADD_INTENT = adding_once(FIRE_INTENTS, account_id=account_key())
_ADD_ATTEMPT = adding_once(FIRE_ATTEMPTS, intent_id=intent_key(), account_id=account_key())
_MOVE = Statement(
    update(FIRE_ATTEMPTS).where(_T.client_order_id == bindparam("order"), _T.state == bindparam("was")),
    ("state", "since"),
)
_HAS_FIRED = Statement(select(_I.id).where(_I.account_id == account_key(), _I.signal == bindparam("of_signal")))
_LAST_FIRES = Statement(
    select(_I.symbol, _I.direction, func.max(_I.created_at))
    .where(_I.account_id == account_key(), sql("fire_intents.kind = 'FIRE'"), _I.created_at >= bindparam("since"))
    .group_by(_I.symbol, _I.direction)
)
_NOTHING: Mapping[str, Value] = dict.fromkeys(
    (
        "signal", "fire_mode", "symbol", "direction", "lots", "stop", "target", "plan", "flat_at", "time_stop_seconds",
        "risk_percent", "strategy", "score", "cost_share", "ticket", "reason", "not_after",
    )
)  # fmt: skip


class SqlIntents:
    """Intents and attempts."""

    def __init__(self, wire: Wire, instruments: Mapping[str, Instrument]) -> None:
        self._wire = wire
        self._instruments = instruments

    def add(self, intent: Intent, attempt: Attempt) -> None:
        """Keep a new intent with its first attempt, or a known intent's next attempt."""
        if attempt.intent_id != intent.intent_id:
            raise BrokenInvariant(f"an attempt at {attempt.intent_id} is none at {intent.intent_id}")
        if attempt.number == 1:
            columns = _columns(intent)
            self._wire.add(
                _ADD_INTENT,
                f"intent {intent.intent_id}, or a fire of its signal,",
                public_id=intent.intent_id,
                account=intent.account,
                created_at=intent.created_at,
                **columns,
            )
        else:
            self._require_proof(intent, attempt)
        self._wire.add(
            _ADD_ATTEMPT,
            f"attempt {attempt.number} of {intent.intent_id}, or order {attempt.client_order_id},",
            intent=intent.intent_id,
            account=intent.account,
            number=attempt.number,
            client_order_id=attempt.client_order_id,
            state=attempt.state.value,
            since=attempt.since,
        )

    def attempts(self, intent_id: IntentId) -> tuple[Errand, ...]:
        """Read an intent with all its attempts, oldest first; empty when there is no such intent."""
        return tuple(map(self._errand, self._wire.all(_ATTEMPTS, intent=intent_id)))

    def by_order(self, client_order_id: int) -> Errand | None:
        """Find an attempt by its id at the broker."""
        row = self._wire.one(_BY_ORDER, order=client_order_id)
        return None if row is None else self._errand(row)

    def move(self, attempt: Attempt, was: OrderState) -> None:
        """Store an attempt's new state."""
        moved = self._wire.write(
            _MOVE, order=attempt.client_order_id, was=was.value, state=attempt.state.value, since=attempt.since
        )
        if not moved:
            raise Conflict(f"order {attempt.client_order_id} is not {was.value}")

    def unfinished(self, account: AccountId) -> tuple[Errand, ...]:
        """List an account's attempts that are not in a terminal state, by client order id."""
        return tuple(map(self._errand, self._wire.all(_UNFINISHED, account=account)))

    def has_fired(self, account: AccountId, signal: SignalId) -> bool:
        """Say whether the account ever fired the signal, whatever became of it."""
        return self._wire.one(_HAS_FIRED, account=account, of_signal=signal) is not None

    def last_fires(self, account: AccountId, since: int) -> Mapping[tuple[str, Direction], int]:
        """Say when the account last fired each pair and side, from ``since`` on."""
        rows = self._wire.all(_LAST_FIRES, account=account, since=since)
        return {(symbol, DIRECTIONS[direction]): at for symbol, direction, at in rows}

    def _require_proof(self, intent: Intent, attempt: Attempt) -> None:
        before = self.attempts(attempt.intent_id)
        if len(before) >= attempt.number >= 1:
            return  # Its number is given; adding it says so.
        if len(before) != attempt.number - 1 or before[-1].attempt.state not in _AGAIN:
            raise BrokenInvariant(f"attempt {attempt.number} of {attempt.intent_id} follows none that did not execute")
        if before[0].intent != intent:
            raise BrokenInvariant(f"intent {intent.intent_id} is not the one that was kept")

    def _errand(self, row: Row) -> Errand:
        number, order, state, since, name = row[:5]
        attempt = Attempt(IntentId(name), number, order, _STATES[state], since)
        return Errand(self._intent(row[4:]), attempt)

    def _intent(self, row: Row) -> Intent:
        name, account, kind, signal, fire_mode, symbol, direction, lots, stop, target, plan, flat_at, *rest = row
        time_stop, risk_percent, strategy, score, cost_share, ticket, reason, created_at, not_after = rest
        instrument = self._instruments.get(symbol)
        intent_id, account_id = IntentId(name), AccountId(account)
        stop = None if stop is None else on_tick(stop, instrument)
        target = None if target is None else on_tick(target, instrument)
        volume = None if lots is None else lots_of(lots)
        if kind == "CLOSE":
            return CloseIntent(intent_id, account_id, ticket, volume, DealReason(reason), created_at)
        if kind == "LEVELS":
            return LevelsIntent(intent_id, account_id, ticket, stop, target, reason, created_at)
        if volume is None or stop is None:
            raise BrokenInvariant(f"intent {name} opens nothing")
        return FireIntent(
            intent_id,
            account_id,
            None if signal is None else SignalId(signal),
            _FIRE_MODES[fire_mode],
            symbol,
            DIRECTIONS[direction],
            volume,
            stop,
            target,
            plan_of(plan, flat_at, time_stop),
            risk_percent,
            strategy,
            score,
            cost_share,
            created_at,
            not_after,
        )


def _columns(intent: Intent) -> Mapping[str, Value]:
    if isinstance(intent, FireIntent):
        return {
            "kind": "FIRE",
            "signal": intent.signal,
            "fire_mode": intent.fire_mode.value,
            "symbol": intent.symbol,
            "direction": intent.direction.value,
            "lots": intent.lots.value,
            "stop": intent.stop,
            "target": intent.target,
            "plan": intent.plan.kind.value,
            "flat_at": intent.plan.flat_at,
            "time_stop_seconds": intent.plan.time_stop_seconds,
            "risk_percent": intent.risk_percent,
            "strategy": intent.strategy,
            "score": intent.score,
            "cost_share": intent.cost_share,
            "ticket": None,
            "reason": None,
            "not_after": intent.not_after,
        }
    if isinstance(intent, CloseIntent):
        lots = None if intent.lots is None else intent.lots.value
        return {**_NOTHING, "kind": "CLOSE", "ticket": intent.ticket, "lots": lots, "reason": intent.reason.value}
    levels: Mapping[str, Value] = {"stop": intent.stop, "target": intent.target}
    return {**_NOTHING, "kind": "LEVELS", "ticket": intent.ticket, "reason": intent.reason, **levels}
