"""Settle market days: judge what was closed on them or open at their end, and book what they earned, exactly once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.desk.account.adherence import ADOPTED_IN_PAUSE, LATE_FILL, StopMove, breaches_of, breaches_so_far
from bitten_domain.errors import InvalidInput
from bitten_domain.events import MarketDayClosed, TradeJudged
from bitten_domain.market.clocks.fx_week import day_ending_at, trading_day_at
from bitten_domain.ports.repositories.messages import OutboxMessage, Priority
from bitten_domain.progression import Progress, XpPolicy, title_of
from bitten_domain.progression.market_day import is_market_day, settle_day, week_of
from bitten_domain.risk.policy.limits import limits_in_force
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.vocabulary import Breach

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bitten_domain.desk.account import TradingAccount
    from bitten_domain.membership import Person
    from bitten_domain.ports.repositories.books import ClosedTrade
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.progression import XpEntry
    from bitten_domain.values import AccountId, UserId

__all__ = ["DayOfSomebody", "SettleDays"]

_MOST_TRADES = 10_000
_LOOK_BACK_DAYS = 7
_PAGE = 4_096


class DayOfSomebody(NamedTuple):
    """A settled day.

    Args:
        closed: the day, with its trades judged.
        entries: points that were booked for it.
        progress: after it.
    """

    closed: MarketDayClosed
    entries: tuple[XpEntry, ...]
    progress: Progress


@dataclass(frozen=True, slots=True)
class SettleDays:
    """Settle every market day of somebody that is over and was not settled.

    Args:
        unit_of_work: the store.
        policy: the figures of the XP ledger.
    """

    unit_of_work: UnitOfWork
    policy: XpPolicy = field(default_factory=XpPolicy)

    async def __call__(self, user_id: UserId, until: int, at: int) -> tuple[DayOfSomebody, ...]:
        """Settle; days that were settled before change nothing.

        Args:
            user_id: whose.
            until: last trading day to settle, days since 1970-01-01; one that is not over is left alone.
            at: now, seconds since 1970 UTC.

        Returns:
            Days settled by this call, oldest first.

        Raises:
            InvalidInput: there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again, nothing is booked twice.
        """
        until = min(until, trading_day_at(at) - 1)
        first = await self.unit_of_work.read(lambda store: _first_open(store, user_id))
        settled: list[DayOfSomebody] = []
        for day in range(first, until + 1):
            if not is_market_day(day):
                continue
            done = await durably(self.unit_of_work, lambda store, day=day: self._settled(store, user_id, day, at))  # type: ignore[misc]
            if done is not None:
                settled.append(done)
        return tuple(settled)

    def _settled(self, store: Repositories, user_id: UserId, day: int, at: int) -> DayOfSomebody | None:
        progress = store.progress.get(user_id) or Progress(user_id)
        if progress.settled_day >= day:
            return None
        person = _person(store, user_id)
        briefed_at = store.market_days.briefed_at(user_id, day)
        accounts = [account for account in store.accounts.all() if account.user_id == user_id]
        week = store.market_days.closed(user_id, day - _LOOK_BACK_DAYS, day - 1)
        trades = tuple(judged for account in accounts for judged in _judged(store, account, person, day, week))
        standing = (_still_broken(store, account, person, day) for account in accounts)
        still_broken = frozenset[Breach]().union(*standing)
        closed = MarketDayClosed(user_id, day, briefed_at is not None, trades, still_broken)
        adherent = [one.day for one in week if one.is_adherent and week_of(one.day) == week_of(day)]
        today = store.xp.of_day(user_id, day)
        result = settle_day(closed, progress, adherent, today, self.policy, at)
        before = store.xp.totals(user_id).lifetime
        store.market_days.close(closed, at)
        store.progress.put(result.progress)
        booked = tuple(entry for entry in result.entries if store.xp.add(entry))
        if booked and not result.progress.is_game_off:
            store.outbox.add(_message(user_id, day, booked, before, at))
        return DayOfSomebody(closed, booked, result.progress)


def _first_open(store: Repositories, user_id: UserId) -> int:
    progress = store.progress.get(user_id)
    if progress is not None and progress.settled_day >= 0:
        return progress.settled_day + 1
    return day_ending_at(_person(store, user_id).joined_at)


def _person(store: Repositories, user_id: UserId) -> Person:
    person = store.people.get(user_id)
    if person is None:
        raise InvalidInput(f"there is no person {user_id}", where="user")
    return person


def _judged(
    store: Repositories, account: TradingAccount, person: Person, day: int, week: Sequence[MarketDayClosed]
) -> list[TradeJudged]:
    """Judge the trades of a day, and those of the week before it that were booked after their own day was settled."""
    account_id = account.account_id
    known = {(trade.account, trade.position) for one in week for trade in one.trades}
    first = min((one.day for one in week), default=day)
    found: list[ClosedTrade] = []
    for closed in store.trades.recent(account_id, _MOST_TRADES):
        its_day = day_ending_at(closed.trade.closed_at)
        if its_day < first:
            break
        is_ours = closed.trade.closed_at >= account.opened_at
        if its_day <= day and is_ours and (account_id, closed.trade.position) not in known:
            found.append(closed)
    reasons = _reasons(store, account) if any(closed.known is None for closed in found) else {}
    return [_trade_judged(store, person, closed, reasons) for closed in reversed(found)]


def _still_broken(store: Repositories, account: TradingAccount, person: Person, day: int) -> frozenset[Breach]:
    """Find the rules that positions broke which were open at a day's end, whether or not they were closed since."""
    account_id = account.account_id
    held = [one for one in store.positions.open(account_id) if day_ending_at(one.position.opened_at) <= day]
    since: list[ClosedTrade] = []
    for closed in store.trades.recent(account_id, _MOST_TRADES):
        if day_ending_at(closed.trade.closed_at) <= day:
            break
        if day_ending_at(closed.trade.opened_at) <= day:
            since.append(closed)
    is_adopted = any(one.known is None for one in held) or any(one.known is None for one in since)
    reasons = _reasons(store, account) if is_adopted else {}
    found = [_trade_judged(store, person, closed, reasons, day).breaches for closed in since]
    for one in held:
        position = one.position
        reason = reasons.get(position.ticket, "")
        found.append(
            breaches_so_far(
                position,
                _moves(store, account_id, position.ticket, day),
                is_own=one.known is not None or reason == LATE_FILL,
                balance=account.balance.amount,
                most_risk_percent=limits_in_force(person.limits, position.opened_at).risk_percent,
                was_paused=reason == ADOPTED_IN_PAUSE,
            )
        )
    return frozenset[Breach]().union(*found)


def _moves(store: Repositories, account_id: AccountId, ticket: int, until: int | None) -> list[StopMove]:
    """List a position's changes of its stop; up to the end of a trading day, or all."""
    return [
        StopMove(move.stop_before, move.stop_after)
        for move in store.trades.changes(account_id, ticket)
        if until is None or day_ending_at(move.at) <= until
    ]


def _trade_judged(
    store: Repositories, person: Person, closed: ClosedTrade, reasons: Mapping[int, str], until: int | None = None
) -> TradeJudged:
    trade, known = closed.trade, closed.known
    reason = reasons.get(trade.position, "")
    breaches = breaches_of(
        trade,
        _moves(store, closed.account, trade.position, until),
        is_own=known is not None or reason == LATE_FILL,
        balance_before=closed.balance_after.amount - trade.net.amount,
        most_risk_percent=limits_in_force(person.limits, trade.opened_at).risk_percent,
        was_paused=reason == ADOPTED_IN_PAUSE,
    )
    strategy = "" if known is None else known.strategy
    return TradeJudged(closed.account, trade.position, strategy, trade.closed_at, breaches)


def _reasons(store: Repositories, account: TradingAccount) -> dict[int, str]:
    """Read why positions were adopted, by ticket; only a day on which one was closed asks."""
    reasons: dict[int, str] = {}
    after = 0
    while rows := store.journal.rows(account.stream, after, _PAGE):
        for row in rows:
            if row.payload is not None and row.payload.startswith(b'["position"') and b'"ADOPTED"' in row.payload:
                body = json.loads(row.payload)[1]
                reasons.setdefault(body["ticket"], body["reason"])
        after = rows[-1].number
    return reasons


def _message(user_id: UserId, day: int, booked: tuple[XpEntry, ...], before: int, at: int) -> OutboxMessage:
    earned = sum(entry.amount for entry in booked)
    body = {"xp": earned, "for": ", ".join(entry.kind.value for entry in booked)}
    title = title_of(before + earned)
    if title is not title_of(before):
        body["title"] = title.value
    return OutboxMessage(f"xp:{user_id}:{day}", user_id, "xp", Priority.REST, json.dumps(body), at)
