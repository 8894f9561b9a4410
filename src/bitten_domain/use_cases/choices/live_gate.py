"""The gate of live trading, asked at every fire and once more before an order leaves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bitten_domain.membership.education import RISK_QUIZ
from bitten_domain.membership.privacy import LiveFacts, LivePolicy, live_consent_holds
from bitten_domain.risk.policy import TIER_LIMITS
from bitten_domain.use_cases.membership.tier_at import tier_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.membership import Denial, Person
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.risk.policy import TierLimits
    from bitten_domain.values import UserId
    from bitten_domain.vocabulary import Tier

__all__ = ["LiveGate"]


@dataclass(frozen=True, slots=True)
class LiveGate:
    """Whether somebody may trade real money, worked out from what is kept whenever it is asked.

    Args:
        version: of the live consent's text, as it stands now.
        quiz: name of the risk quiz.
        policy: the figures.
        tiers: what each tier includes.
    """

    version: int
    quiz: str = RISK_QUIZ
    policy: LivePolicy = field(default_factory=LivePolicy)
    tiers: Mapping[Tier, TierLimits] = field(default_factory=lambda: TIER_LIMITS)

    def facts(self, store: Repositories, person: Person, now: int) -> LiveFacts:
        """Read what the gate looks at, besides the consent, at a moment (seconds since 1970 UTC)."""
        return LiveFacts(
            status=person.status,
            rank=person.rank,
            tier=self.tiers[tier_at(store, person, now)],
            has_quiz=any(result.quiz == self.quiz for result in store.quizzes.passed(person.user_id)),
            has_set_limits=person.limits.chosen_at is not None,
            paper_trades=self._paper_trades(store, person.user_id),
        )

    def lacks(self, store: Repositories, person: Person, now: int) -> Denial | None:
        """Say what stands against live trading at a moment (seconds since 1970 UTC); None for nothing."""
        consents = store.consents.of(person.user_id)
        return live_consent_holds(consents, self.facts(store, person, now), self.policy, version=self.version, now=now)

    def seen(self, store: Repositories, person: Person, now: int) -> Person:
        """Give somebody as the fire checks are to see them: with a live consent only while the whole gate is open."""
        is_open = person.has_live_consent and self.lacks(store, person, now) is None
        return replace(person, has_live_consent=is_open)

    def _paper_trades(self, store: Repositories, user_id: UserId) -> int:
        # No more of each account than are asked for: how many more there are changes nothing.
        return sum(
            len(store.trades.recent(account.account_id, self.policy.paper_trades))
            for account in store.accounts.of(user_id)
            if not account.is_live
        )
