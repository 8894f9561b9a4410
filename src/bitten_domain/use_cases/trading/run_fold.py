"""The fold: a desk and its simulated account taken through moments, with everything that happened kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import numpy as np

from bitten_domain.desk.news_facts import news_facts
from bitten_domain.desk.run.desk_run import DeskRun
from bitten_domain.market.clocks.fx_week import open_seconds
from bitten_domain.record.journal import Journal
from bitten_domain.record.payloads import payload_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bitten_domain.desk.run.desk_run import Happening, Moment
    from bitten_domain.desk.run.pair_columns import PairColumns
    from bitten_domain.desk.state import DeskState
    from bitten_domain.execution import SimulatedAccount
    from bitten_domain.use_cases.trading.backtest import BacktestPlan

__all__ = ["Folded", "RunFold"]


class Folded(TypedDict):
    """What a fold came to; the fields are those of `Backtest`."""

    happenings: Sequence[Happening]
    equity_at: NDArray[np.int64]
    equity: NDArray[np.float64]
    state: DeskState
    account: SimulatedAccount
    journal: Journal


class RunFold:
    """A run while it goes on.

    Args:
        plan: what is run.
        columns: the pairs it runs on.
        start: where trading begins, seconds since 1970 UTC.
    """

    def __init__(self, plan: BacktestPlan, columns: Mapping[str, PairColumns], start: int) -> None:
        self.run = DeskRun(
            plan.rules,
            plan.desk,
            plan.terms,
            plan.deposit,
            int(open_seconds(np.array([start], dtype=np.int64))[0]),
            lambda symbol, at: news_facts(plan.news, symbol, at, confirm_uncovered=True),
            lambda symbol, at: columns[symbol].atr_at(at),
        )
        self.happenings: list[Happening] = []
        self._journal = Journal()
        self._equity_at: list[int] = []
        self._equity: list[float] = []

    def take(self, moment: Moment) -> list[Happening]:
        """Move on to the next moment; say what happened, in order."""
        happened = self.run.take(moment)
        for happening in happened:
            self._journal.append(payload_of(happening))
        self.happenings += happened
        self._equity_at.append(moment.at)
        self._equity.append(float(self.run.equity))
        return happened

    def folded(self) -> Folded:
        """Give what it came to so far."""
        return Folded(
            happenings=self.happenings,
            equity_at=np.array(self._equity_at, dtype=np.int64),
            equity=np.array(self._equity),
            state=self.run.state,
            account=self.run.account,
            journal=self._journal,
        )
