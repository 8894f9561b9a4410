"""Events: what happened, in the past tense, for rings that must not know how it happened."""

from bitten_domain.events.closed import MarketDayClosed, TradeJudged
from bitten_domain.events.earned import (
    AchievementEarned,
    ChallengeMet,
    PrestigeTaken,
    RankEarned,
    TitleReached,
)

__all__ = [
    "AchievementEarned",
    "ChallengeMet",
    "MarketDayClosed",
    "PrestigeTaken",
    "RankEarned",
    "TitleReached",
    "TradeJudged",
]
