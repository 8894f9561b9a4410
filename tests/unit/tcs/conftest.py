"""Tables of one scored candidate, made by hand."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pytest

from bitten_domain.tcs.parts import COMPONENTS, RULES
from bitten_domain.tcs.scan import ScoredCandidates


class TableMaker(Protocol):
    def __call__(self, *, score: int, cost_share: float, veto: bool, coverage: int) -> ScoredCandidates: ...


@pytest.fixture(scope="session")
def table_of() -> TableMaker:
    """Give a table of one candidate by what the gate reads of it."""

    def make(*, score: int, cost_share: float, veto: bool, coverage: int) -> ScoredCandidates:
        whole, real = np.ones(1, dtype=np.int64), np.ones(1)
        parts = np.zeros((1, len(COMPONENTS)), dtype=np.int64)
        eight = np.zeros((1, len(COMPONENTS)))
        rules = np.zeros((1, len(RULES)))
        return ScoredCandidates(
            at=whole, pair=whole, strategy=whole, timeframe=whole, direction=whole, entry=real, stop=real, target=real,
            flat_at=whole, score=whole * score, parts=parts, context=whole, caps=eight, raw=eight,
            evidence=rules, measures=rules, coverage=whole * coverage, veto=np.array([veto]), strength=real, peers=real,
            cost_share=real * cost_share, reward_net=real, spread_pips=real, atr=real, atr_h1=real, volatility=real,
        )  # fmt: skip

    return make
