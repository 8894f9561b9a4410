"""Promote: give rank ELITE to whoever kept to the rules long enough, practised, and took the risk course."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bitten_domain.events import RankEarned
from bitten_domain.membership.education import is_completed
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.ports.repositories.messages import OutboxMessage, Priority
from bitten_domain.progression import Progress
from bitten_domain.progression.promotion import elite_lacks
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.values import UserId
from bitten_domain.vocabulary import AccountStatus, Rank

if TYPE_CHECKING:
    from bitten_domain.membership.education import Course
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

__all__ = ["PromoteWhenDue", "lacks_of"]

_SYSTEM = UserId("system")
_GIVEN = "RANK_GIVEN"
_MANY = 10_000


def lacks_of(store: Repositories, user_id: UserId, risk_course: Course) -> tuple[str, ...]:
    """Say what somebody still lacks for rank ELITE, in words, from what is kept of them."""
    has_course = is_completed(risk_course, store.lessons.of(user_id), store.quizzes.passed(user_id))
    return elite_lacks(store.progress.get(user_id) or Progress(user_id), has_risk_course=has_course)


@dataclass(frozen=True, slots=True)
class PromoteWhenDue:
    """Promote somebody of rank AUTHORIZED when nothing is lacking, once: who lost the rank gets it from an ADMIN.

    Args:
        unit_of_work: the store.
        risk_course: whose completion the rank asks for.
    """

    unit_of_work: UnitOfWork
    risk_course: Course

    async def __call__(self, user_id: UserId, at: int) -> bool:
        """Promote; gives whether it was done now.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """

        def work(store: Repositories) -> bool:
            person = store.people.lock(user_id)
            if person is None or person.rank is not Rank.AUTHORIZED or person.status is not AccountStatus.ACTIVE:
                return False
            if lacks_of(store, user_id, self.risk_course) or _is_decided(store, user_id):
                return False
            store.people.put(replace(person, rank=Rank.ELITE))
            _keep(store, RankEarned(user_id, Rank.ELITE, at))
            return True

        return await durably(self.unit_of_work, work)


def _is_decided(store: Repositories, user_id: UserId) -> bool:
    """Say whether the newest rank that was given was given by itself, or was lower and by an ADMIN."""
    newest = next((one for one in store.audit.recent(_MANY, user_id) if one.action == _GIVEN), None)
    if newest is None or newest.actor == _SYSTEM:
        return newest is not None
    detail = json.loads(newest.detail)
    ranks = [rank.value for rank in Rank]
    return ranks.index(detail["rank"]) < ranks.index(detail["before"])


def _keep(store: Repositories, earned: RankEarned) -> None:
    """Write a rank into the audit, and leave a message for its owner."""
    user_id, rank = earned.user_id, earned.rank.value
    body = json.dumps({"rank": rank})
    store.audit.add(AuditEntry(earned.at, _SYSTEM, _GIVEN, user_id, body))
    key = f"rank:{user_id}:{rank}:{earned.at}"
    store.outbox.add(OutboxMessage(key, user_id, "rank", Priority.REST, body, earned.at))
