"""The unit of work in memory: one transaction at a time, each kept whole or not at all."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, TypeVar

from bitten_adapters.memory.accounts import MemoryAccounts, MemoryRiskSessions
from bitten_adapters.memory.books import MemoryDeals, MemoryPositions, MemoryTrades
from bitten_adapters.memory.earned.education import MemoryDiary, MemoryLessons, MemoryMissions, MemoryQuizzes
from bitten_adapters.memory.earned.game import (
    MemoryAchievements,
    MemoryBoards,
    MemoryChallenges,
    MemoryForecasts,
    MemoryGear,
)
from bitten_adapters.memory.earned.progression import MemoryMarketDays, MemoryProgress, MemoryXp
from bitten_adapters.memory.fires import MemoryDispatches, MemoryIntents, MemoryReservations
from bitten_adapters.memory.housekeeping import MemoryAudit, MemoryJobs
from bitten_adapters.memory.members.gateway_events import MemoryGatewayEvents, MemoryPlans
from bitten_adapters.memory.members.onboarding import MemoryConsents, MemoryOnboardings
from bitten_adapters.memory.members.press_passes import MemoryPressPasses, MemoryTrials
from bitten_adapters.memory.members.privacy import (
    MemoryDeletions,
    MemoryEmails,
    MemoryErasures,
    MemoryExports,
    MemoryPersonKeys,
)
from bitten_adapters.memory.members.subscriptions import MemoryPayments, MemorySubscriptions
from bitten_adapters.memory.messages import MemoryInbox, MemoryOutbox, MemoryProcessed
from bitten_adapters.memory.news import MemoryNews
from bitten_adapters.memory.people import MemoryMandates, MemoryPersons, MemoryStops
from bitten_adapters.memory.record import MemoryAnchors, MemoryJournal
from bitten_adapters.memory.signals import MemoryOutcomes, MemorySignals, MemoryThresholds
from bitten_adapters.memory.transaction import Access, Transaction
from bitten_domain.errors import Conflict
from bitten_domain.ports.unit_of_work import Repositories

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_adapters.memory.commit_faults import CommitFaults

__all__ = ["MemoryUnitOfWork"]

T = TypeVar("T")

_MOST_CALLS = 8


class MemoryUnitOfWork:
    """A store that lives as long as this object.

    A work runs in the caller's thread and `run` hands nothing to the event loop, so that in one thread every schedule
    is the caller's and nobody ever waits; threads wait for each other. What a simulated process leaves behind is this
    object: give it to the next one.

    Args:
        salts: makes the 16 random bytes that hide a journal's payload.
        faults: what goes wrong around commits; None for nothing.
    """

    def __init__(self, salts: Callable[[], bytes], faults: CommitFaults | None = None) -> None:
        self._lock = RLock()
        self._transaction = Transaction()
        self._repositories = _repositories(self._transaction, salts)
        self._faults = faults

    async def run(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that writes."""
        with self._lock:
            for _ in range(_MOST_CALLS):
                try:
                    return self._attempted(work)
                except _LostRace:
                    continue
        raise Conflict(f"a transaction lost against others {_MOST_CALLS} times")

    async def read(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that only reads."""
        with self._lock:
            if self._faults is not None:
                self._faults.before_work()
            self._transaction.begin(Access.READING)
            try:
                return work(self._repositories)
            finally:
                self._transaction.keep()

    def _attempted(self, work: Callable[[Repositories], T]) -> T:
        if self._faults is not None:
            self._faults.before_work()
        self._transaction.begin(Access.WRITING)
        try:
            result = work(self._repositories)
            if self._faults is not None:
                self._before_commit(self._faults)
        except BaseException:
            self._transaction.take_back()
            raise
        self._transaction.keep()
        if self._faults is not None:
            self._faults.after_commit()
        return result

    def _before_commit(self, faults: CommitFaults) -> None:
        try:
            faults.before_commit()
        except Conflict as lost:
            raise _LostRace from lost


class _LostRace(Exception):
    """Somebody else was faster: the work is to be called again."""


def _repositories(transaction: Transaction, salts: Callable[[], bytes]) -> Repositories:
    accounts, signals = MemoryAccounts(transaction), MemorySignals(transaction)
    intents, persons = MemoryIntents(transaction, accounts), MemoryPersons(transaction)
    press_passes, subscriptions = MemoryPressPasses(transaction, persons), MemorySubscriptions(transaction, persons)
    outcomes = MemoryOutcomes(transaction, signals)
    return Repositories(
        accounts=accounts,
        sessions=MemoryRiskSessions(transaction, accounts),
        people=persons,
        mandates=MemoryMandates(transaction, accounts),
        stops=MemoryStops(transaction),
        intents=intents,
        reservations=MemoryReservations(transaction, intents),
        dispatches=MemoryDispatches(transaction, intents),
        positions=MemoryPositions(transaction, accounts),
        deals=MemoryDeals(transaction, accounts),
        trades=MemoryTrades(transaction, accounts),
        signals=signals,
        outcomes=outcomes,
        thresholds=MemoryThresholds(transaction),
        news=MemoryNews(transaction),
        journal=MemoryJournal(transaction, salts),
        anchors=MemoryAnchors(transaction),
        outbox=MemoryOutbox(transaction),
        inbox=MemoryInbox(transaction),
        processed=MemoryProcessed(transaction),
        audit=MemoryAudit(transaction),
        jobs=MemoryJobs(transaction),
        xp=MemoryXp(transaction, persons),
        progress=MemoryProgress(transaction, persons),
        market_days=MemoryMarketDays(transaction, persons),
        lessons=MemoryLessons(transaction, persons),
        quizzes=MemoryQuizzes(transaction, persons),
        missions=MemoryMissions(transaction, persons),
        diary=MemoryDiary(transaction, persons),
        press_pass_days=press_passes.days,
        press_passes=press_passes,
        plans=MemoryPlans(transaction),
        gateway_events=MemoryGatewayEvents(transaction, subscriptions),
        subscriptions=subscriptions,
        payments=MemoryPayments(transaction, persons),
        trials=MemoryTrials(transaction, persons),
        onboardings=MemoryOnboardings(transaction, persons),
        consents=MemoryConsents(transaction, persons),
        achievements=MemoryAchievements(transaction, persons),
        challenges=MemoryChallenges(transaction, persons),
        gear=MemoryGear(transaction, persons),
        boards=MemoryBoards(transaction, persons),
        forecasts=MemoryForecasts(transaction, persons, signals, outcomes),
        deletions=MemoryDeletions(transaction, persons),
        exports=MemoryExports(transaction, persons),
        erasures=MemoryErasures(transaction),
        person_keys=MemoryPersonKeys(transaction, persons),
        emails=MemoryEmails(transaction, persons),
    )
