"""Settle market days: judge what was closed on them or open at their end, and book what they earned, exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import InvalidInput
from bitten_domain.events import MarketDayClosed
from bitten_domain.market.clocks.fx_week import day_ending_at, trading_day_at
from bitten_domain.progression.market_day import is_market_day, settle_day, week_of
from bitten_domain.use_cases.game.awarding import Given, award_due, titles_since
from bitten_domain.use_cases.game.day_challenges import judge_challenges
from bitten_domain.use_cases.game.telling import tell_given
from bitten_domain.use_cases.people.judged_trades import still_broken, trades_judged
from bitten_domain.use_cases.people.points import book_entry, hold_progress
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.vocabulary import AccountStatus, Breach

if TYPE_CHECKING:
    from bitten_domain.events import ChallengeMet
    from bitten_domain.membership import Person
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.progression import Progress, XpEntry
    from bitten_domain.use_cases.game.game_rules import GameRules
    from bitten_domain.values import UserId

__all__ = ["DayOfSomebody", "SettleDays"]


class DayOfSomebody(NamedTuple):
    """A settled day.

    Args:
        closed: the day, with its trades judged.
        entries: points that were booked for the day and its challenges.
        progress: after it.
        met: its challenges that were met.
        given: achievements and gear that came with it.
    """

    closed: MarketDayClosed
    entries: tuple[XpEntry, ...]
    progress: Progress
    met: tuple[ChallengeMet, ...]
    given: Given


@dataclass(frozen=True, slots=True)
class SettleDays:
    """Settle every market day of somebody that is over and was not settled.

    Args:
        unit_of_work: the store.
        rules: the game's.
    """

    unit_of_work: UnitOfWork
    rules: GameRules

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
        progress = hold_progress(store, user_id)
        if progress.settled_day >= day:
            return None
        before = store.xp.totals(user_id).lifetime
        earlier = store.market_days.closed(user_id, 0, day - 1)
        closed = _closed(store, _person(store, user_id), day, earlier)
        adherent = [one.day for one in earlier if one.is_adherent and week_of(one.day) == week_of(day)]
        result = settle_day(closed, progress, adherent, store.xp.of_day(user_id, day), self.rules.policy, at)
        store.market_days.close(closed, at)
        store.progress.put(result.progress)
        booked = tuple(entry for entry in result.entries if book_entry(store, entry))
        # In this order: a challenge is multiplied by the streak with the day in it, and an achievement may count both.
        met, points = judge_challenges(store, closed, result.progress, self.rules, at)
        given = award_due(store, result.progress, self.rules, day=day, at=at)
        entries = (*booked, *points)
        titles = titles_since(store, result.progress, before, at)
        tell_given(
            store, result.progress, f"xp:{user_id}:{day}", self.rules, given,
            booked=entries, met=met, titles=titles, at=at,
        )  # fmt: skip
        return DayOfSomebody(closed, entries, result.progress, met, given)


def _first_open(store: Repositories, user_id: UserId) -> int:
    progress = store.progress.get(user_id)
    if progress is not None and progress.settled_day >= 0:
        return progress.settled_day + 1
    return day_ending_at(_person(store, user_id).joined_at)


def _person(store: Repositories, user_id: UserId) -> Person:
    person = store.people.get(user_id)
    if person is None or person.status is AccountStatus.DELETED:
        raise InvalidInput(f"there is no person {user_id}", where="user")
    return person


def _closed(store: Repositories, person: Person, day: int, earlier: tuple[MarketDayClosed, ...]) -> MarketDayClosed:
    """Hold a day's trades and positions against the rules."""
    user_id = person.user_id
    briefed_at = store.market_days.briefed_at(user_id, day)
    accounts = store.accounts.of(user_id)
    judged = [trade for account in accounts for trade in trades_judged(store, account, person, day, earlier)]
    # What is kept in a row is counted over all accounts, whatever they are called.
    trades = tuple(sorted(judged, key=lambda trade: trade.closed_at))
    standing = (still_broken(store, account, person, day) for account in accounts)
    return MarketDayClosed(user_id, day, briefed_at is not None, trades, frozenset[Breach]().union(*standing))
