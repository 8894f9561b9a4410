"""Challenges of a day: set as it begins, the same whoever asks, and judged when it is settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.progression.challenges import challenge_met, challenges_of, meet_challenge
from bitten_domain.progression.market_day import is_market_day
from bitten_domain.use_cases.game.recorded_facts import day_facts_of
from bitten_domain.use_cases.people.points import book_entry, hold_progress
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.events import ChallengeMet, MarketDayClosed
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.progression import Progress, XpEntry
    from bitten_domain.progression.challenges import DailyChallenge
    from bitten_domain.use_cases.game.game_rules import GameRules
    from bitten_domain.values import UserId

__all__ = ["SetChallenges", "judge_challenges"]


@dataclass(frozen=True, slots=True)
class SetChallenges:
    """Set somebody's challenges of a day.

    Args:
        unit_of_work: the store.
        rules: the game's.
    """

    unit_of_work: UnitOfWork
    rules: GameRules

    async def __call__(self, user_id: UserId, day: int) -> tuple[DailyChallenge, ...]:
        """Set them, once; gives the day's, by code. A day without trading, or one that is settled, gets none.

        Args:
            user_id: whose.
            day: trading day, days since 1970-01-01.

        Raises:
            InvalidInput: there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """

        def work(store: Repositories) -> tuple[DailyChallenge, ...]:
            progress = hold_progress(store, user_id)
            if is_market_day(day) and day > progress.settled_day:
                store.challenges.set(challenges_of(user_id, day, self.rules.catalogue.challenges))
            return store.challenges.of(user_id, day, day)

        return await durably(self.unit_of_work, work)


def judge_challenges(
    store: Repositories, closed: MarketDayClosed, progress: Progress, rules: GameRules, at: int
) -> tuple[tuple[ChallengeMet, ...], tuple[XpEntry, ...]]:
    """Find which challenges of a closed day are met, and book their points.

    One that the catalogue no longer knows is left as it is.

    Args:
        store: of the transaction.
        closed: the day, kept already.
        progress: after it; the person is held.
        rules: the game's.
        at: now, seconds since 1970 UTC.

    Returns:
        What was met just now, with the points that were booked for each, and those points.
    """
    known = {one.code: one for one in rules.catalogue.challenges}
    user_id, day = closed.user_id, closed.day
    is_set = [one for one in store.challenges.of(user_id, day, day) if one.met_at is None and one.code in known]
    if not is_set:
        return (), ()
    facts = day_facts_of(store, closed, rules.syllabus)
    met: list[ChallengeMet] = []
    entries: list[XpEntry] = []
    for challenge in (known[one.code] for one in is_set):
        if not challenge_met(challenge, facts) or not store.challenges.meet(user_id, day, challenge.code, at):
            continue
        event, entry = meet_challenge(challenge, day, progress, store.xp.of_day(user_id, day), rules.policy, at)
        if entry is not None and book_entry(store, entry):
            entries.append(entry)
            met.append(event)
        else:
            met.append(event._replace(xp=0))
    return tuple(met), tuple(entries)
