"""The parts of the score: components, their rules and caps, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

__all__ = ["COMPONENTS", "FULL_CAP", "RULES", "RULE_COMPONENT", "Component", "EvidenceRule"]


class Component(Enum):
    """The eight additive components, in the order they are reported."""

    STRUCTURE = "market structure"
    ALIGNMENT = "timeframe alignment"
    MOMENTUM = "momentum"
    VOLATILITY = "volatility"
    SESSION = "session"
    LIQUIDITY = "liquidity"
    REWARD = "reward to risk"
    SENTIMENT = "sentiment"


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """One rule that gives evidence.

    Args:
        name: what it looks at.
        component: where its evidence is added.
        cap: most it can give, points.
    """

    name: str
    component: Component
    cap: int


RULES: tuple[EvidenceRule, ...] = (
    EvidenceRule("trend clarity", Component.STRUCTURE, 8),
    EvidenceRule("support and resistance", Component.STRUCTURE, 7),
    EvidenceRule("bar pattern", Component.STRUCTURE, 5),
    EvidenceRule("M15 trend", Component.ALIGNMENT, 2),
    EvidenceRule("H1 trend", Component.ALIGNMENT, 4),
    EvidenceRule("H4 trend", Component.ALIGNMENT, 5),
    EvidenceRule("D1 trend", Component.ALIGNMENT, 4),
    EvidenceRule("RSI zone", Component.MOMENTUM, 5),
    EvidenceRule("MACD", Component.MOMENTUM, 5),
    EvidenceRule("tick volume", Component.MOMENTUM, 5),
    EvidenceRule("ATR regime", Component.VOLATILITY, 5),
    EvidenceRule("spread", Component.VOLATILITY, 3),
    EvidenceRule("stable volatility", Component.VOLATILITY, 2),
    EvidenceRule("session", Component.SESSION, 10),
    EvidenceRule("depth of sweep or break", Component.LIQUIDITY, 5),
    EvidenceRule("nearest level", Component.LIQUIDITY, 2),
    EvidenceRule("stop run", Component.LIQUIDITY, 3),
    EvidenceRule("reward to risk", Component.REWARD, 10),
    EvidenceRule("sentiment", Component.SENTIMENT, 10),
)
"""Every rule, in the order of the evidence matrix's columns."""

COMPONENTS: tuple[Component, ...] = tuple(Component)

RULE_COMPONENT: tuple[int, ...] = tuple(COMPONENTS.index(rule.component) for rule in RULES)
"""For each rule the position of its component."""

FULL_CAP = sum(rule.cap for rule in RULES)
"""Points there are when everything is available: 100."""
