"""Events: what happened, in the past tense, for rings that must not know how it happened."""

from bitten_domain.events.closed import MarketDayClosed, TradeJudged

__all__ = ["MarketDayClosed", "TradeJudged"]
