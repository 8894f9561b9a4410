"""The unit of work: everything that must happen together, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_domain.ports.repositories.accounts import AccountRepository, RiskSessionRepository
    from bitten_domain.ports.repositories.books import DealRepository, PositionRepository, TradeRepository
    from bitten_domain.ports.repositories.education import (
        DiaryRepository,
        LessonRepository,
        MissionRepository,
        QuizRepository,
    )
    from bitten_domain.ports.repositories.fires import DispatchRepository, IntentRepository, ReservationRepository
    from bitten_domain.ports.repositories.game import (
        AchievementRepository,
        BoardRepository,
        ChallengeRepository,
        ForecastRepository,
        GearRepository,
    )
    from bitten_domain.ports.repositories.housekeeping import AuditRepository, JobRepository
    from bitten_domain.ports.repositories.membership import (
        GatewayEventRepository,
        OnboardingRepository,
        PaymentRepository,
        PlanRepository,
        PressPassDayRepository,
        PressPassRepository,
        SubscriptionRepository,
        TrialRepository,
    )
    from bitten_domain.ports.repositories.messages import InboxRepository, OutboxRepository, ProcessedRepository
    from bitten_domain.ports.repositories.news import NewsRepository
    from bitten_domain.ports.repositories.people import MandateRepository, PersonRepository, StopRepository
    from bitten_domain.ports.repositories.privacy import (
        ConsentRepository,
        DeletionRepository,
        EmailRepository,
        ErasureRepository,
        ExportRepository,
        PersonKeyRepository,
    )
    from bitten_domain.ports.repositories.progression import (
        MarketDayRepository,
        ProgressRepository,
        XpRepository,
    )
    from bitten_domain.ports.repositories.record import AnchorRepository, JournalRepository
    from bitten_domain.ports.repositories.signals import OutcomeRepository, SignalRepository, ThresholdRepository

__all__ = ["Repositories", "UnitOfWork"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Repositories:
    """What a transaction may read and write, inside it only: using it later is `BrokenInvariant`."""

    accounts: AccountRepository
    sessions: RiskSessionRepository
    people: PersonRepository
    mandates: MandateRepository
    stops: StopRepository
    intents: IntentRepository
    reservations: ReservationRepository
    dispatches: DispatchRepository
    positions: PositionRepository
    deals: DealRepository
    trades: TradeRepository
    signals: SignalRepository
    outcomes: OutcomeRepository
    thresholds: ThresholdRepository
    news: NewsRepository
    journal: JournalRepository
    anchors: AnchorRepository
    outbox: OutboxRepository
    inbox: InboxRepository
    processed: ProcessedRepository
    audit: AuditRepository
    jobs: JobRepository
    xp: XpRepository
    progress: ProgressRepository
    market_days: MarketDayRepository
    lessons: LessonRepository
    quizzes: QuizRepository
    missions: MissionRepository
    diary: DiaryRepository
    press_pass_days: PressPassDayRepository
    press_passes: PressPassRepository
    plans: PlanRepository
    gateway_events: GatewayEventRepository
    subscriptions: SubscriptionRepository
    payments: PaymentRepository
    trials: TrialRepository
    onboardings: OnboardingRepository
    consents: ConsentRepository
    achievements: AchievementRepository
    challenges: ChallengeRepository
    gear: GearRepository
    boards: BoardRepository
    forecasts: ForecastRepository
    deletions: DeletionRepository
    exports: ExportRepository
    erasures: ErasureRepository
    person_keys: PersonKeyRepository
    emails: EmailRepository


class UnitOfWork(Protocol):
    """Run transactions.

    Promises, each checked by the contract suite:

    - `run` gives what `work` returned only after its writes are durable. When `work` raises, nothing of it is kept and
      the same exception comes out; other transactions are not touched.
    - Two transactions that lock the same account behave as if one came after the other. On a conflict `work` is called
      again from the start, so it draws no ids, numbers or times of its own and does nothing but read and write.
    - `work` awaits nothing and sends nothing; it runs in a thread of the adapter's. What a repository raises it lets
      through: nothing is promised of a work that catches it and goes on.
    - `read` sees one committed state throughout, never waits for a writer, and writes nothing: trying is
      `BrokenInvariant`.
    - `Unavailable`: nothing was kept (locked, full, down), try later. `OutcomeUnknown`: the commit's answer was lost,
      it may have been kept; repeat the work only if it is idempotent. `Conflict`: it lost against others too often.
    """

    async def run(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that writes."""
        ...

    async def read(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that only reads, on a snapshot."""
        ...
