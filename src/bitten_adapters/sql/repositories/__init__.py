"""Repositories: the ports' tables in domain words, over one wire to one connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_adapters.sql.repositories.accounts import SqlAccounts, SqlRiskSessions
from bitten_adapters.sql.repositories.books import SqlDeals, SqlPositions
from bitten_adapters.sql.repositories.earned.education import SqlDiary, SqlLessons, SqlMissions, SqlQuizzes
from bitten_adapters.sql.repositories.earned.game import (
    SqlAchievements,
    SqlBoards,
    SqlChallenges,
    SqlForecasts,
    SqlGear,
)
from bitten_adapters.sql.repositories.earned.progression import SqlMarketDays, SqlProgress, SqlXp
from bitten_adapters.sql.repositories.errands import SqlDispatches, SqlReservations
from bitten_adapters.sql.repositories.housekeeping import SqlAudit, SqlJobs
from bitten_adapters.sql.repositories.intents import SqlIntents
from bitten_adapters.sql.repositories.members.gateway_events import SqlGatewayEvents, SqlPlans
from bitten_adapters.sql.repositories.members.onboarding import SqlConsents, SqlOnboardings
from bitten_adapters.sql.repositories.members.press_passes import SqlPressPassDays, SqlPressPasses, SqlTrials
from bitten_adapters.sql.repositories.members.privacy import SqlDeletions, SqlErasures, SqlExports
from bitten_adapters.sql.repositories.members.sealed import SqlEmails, SqlPersonKeys
from bitten_adapters.sql.repositories.members.subscriptions import SqlPayments, SqlSubscriptions
from bitten_adapters.sql.repositories.messages import SqlInbox, SqlOutbox, SqlProcessed
from bitten_adapters.sql.repositories.news import SqlNews
from bitten_adapters.sql.repositories.people import SqlMandates, SqlPeople, SqlStops
from bitten_adapters.sql.repositories.record import SqlAnchors, SqlJournal
from bitten_adapters.sql.repositories.signals import SqlOutcomes, SqlSignals, SqlThresholds
from bitten_adapters.sql.repositories.trades import SqlTrades
from bitten_domain.ports.unit_of_work import Repositories

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bitten_adapters.sql.statements import Wire
    from bitten_domain.values import Instrument

__all__ = ["repositories_on"]


def repositories_on(wire: Wire, instruments: Mapping[str, Instrument], salt: Callable[[], bytes]) -> Repositories:
    """Put every repository on a wire.

    Args:
        wire: to the connection that runs their statements.
        instruments: contracts of every pair the store may hold positions in.
        salt: gives 16 random bytes for each journal row.
    """
    return Repositories(
        accounts=SqlAccounts(wire),
        sessions=SqlRiskSessions(wire),
        people=SqlPeople(wire),
        mandates=SqlMandates(wire),
        stops=SqlStops(wire),
        intents=SqlIntents(wire, instruments),
        reservations=SqlReservations(wire),
        dispatches=SqlDispatches(wire),
        positions=SqlPositions(wire, instruments),
        deals=SqlDeals(wire, instruments),
        trades=SqlTrades(wire, instruments),
        signals=SqlSignals(wire, instruments),
        outcomes=SqlOutcomes(wire),
        thresholds=SqlThresholds(wire),
        news=SqlNews(wire),
        journal=SqlJournal(wire, salt),
        anchors=SqlAnchors(wire),
        outbox=SqlOutbox(wire),
        inbox=SqlInbox(wire),
        processed=SqlProcessed(wire),
        audit=SqlAudit(wire),
        jobs=SqlJobs(wire),
        xp=SqlXp(wire),
        progress=SqlProgress(wire),
        market_days=SqlMarketDays(wire),
        lessons=SqlLessons(wire),
        quizzes=SqlQuizzes(wire),
        missions=SqlMissions(wire),
        diary=SqlDiary(wire),
        press_pass_days=SqlPressPassDays(wire),
        press_passes=SqlPressPasses(wire),
        plans=SqlPlans(wire),
        gateway_events=SqlGatewayEvents(wire),
        subscriptions=SqlSubscriptions(wire),
        payments=SqlPayments(wire),
        trials=SqlTrials(wire),
        onboardings=SqlOnboardings(wire),
        consents=SqlConsents(wire),
        achievements=SqlAchievements(wire),
        challenges=SqlChallenges(wire),
        gear=SqlGear(wire),
        boards=SqlBoards(wire),
        forecasts=SqlForecasts(wire),
        deletions=SqlDeletions(wire),
        exports=SqlExports(wire),
        erasures=SqlErasures(wire),
        person_keys=SqlPersonKeys(wire),
        emails=SqlEmails(wire),
    )
