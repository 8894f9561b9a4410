"""Columns of made-up signals and trades, plain but for what a test spoils."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bitten_domain.analytics.idea_columns import SignalColumns, cost_share_names
from bitten_domain.analytics.trade_columns import TradeColumns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray


@pytest.fixture(scope="session")
def draws() -> NDArray[np.float64]:
    """Numbers for two hundred resamples of up to a hundred days."""
    return np.random.default_rng(7).random((200, 100))


@dataclass(frozen=True)
class SignalMaker:
    """Make signals from their results; everything else has a default."""

    def __call__(
        self,
        net_r: Sequence[float],
        days: Sequence[int],
        *,
        gross_r: Sequence[float] | None = None,
        scores: Sequence[float] | None = None,
        bands: Sequence[str] | None = None,
        pairs: Sequence[str] | None = None,
        cost_shares: Sequence[float] | None = None,
    ) -> SignalColumns:
        n = len(net_r)
        day = np.array(days, dtype=np.int64)
        shares = np.array(cost_shares or [0.1] * n)
        return SignalColumns(
            at=day * 86_400 + 43_200,
            day=day,
            pair=np.array(pairs or ["EURUSD"] * n, dtype=np.str_),
            session=np.array(["LONDON"] * n, dtype=np.str_),
            strategy=np.array(["mean_reversion"] * n, dtype=np.str_),
            band=np.array(bands or ["STANDARD"] * n, dtype=np.str_),
            timeframe=np.array(["M15"] * n, dtype=np.str_),
            cost_class=cost_share_names(shares),
            score=np.array(scores or [75.0] * n),
            cost_share=shares,
            net_r=np.array(net_r, dtype=np.float64),
            gross_r=np.array(net_r if gross_r is None else gross_r, dtype=np.float64),
            hit_target=np.array(net_r, dtype=np.float64) > 1.0,
            ambiguous=np.zeros(n, dtype=np.bool_),
        )


@dataclass(frozen=True)
class TradeMaker:
    """Make trades of 100 of risk from their net results in money."""

    risk: float = 100.0

    def __call__(
        self,
        net: Sequence[float],
        days: Sequence[int],
        *,
        spread: float = 0.0,
        slippage: float = 0.0,
        commission: float = 0.0,
        swap_paid: float = 0.0,
        swap_received: float = 0.0,
    ) -> TradeColumns:
        n = len(net)
        day = np.array(days, dtype=np.int64)
        money = np.array(net, dtype=np.float64)
        opened = day * 86_400 + 43_200

        def label(name: str) -> NDArray[np.str_]:
            return np.array([name] * n, dtype=np.str_)

        return TradeColumns(
            opened_at=opened,
            closed_at=opened + 3_600,
            day=day,
            pair=label("EURUSD"),
            session=label("LONDON"),
            strategy=label("mean_reversion"),
            band=label("STANDARD"),
            timeframe=label("M15"),
            cost_class=label("up to 0.06"),
            reason=label("STOP"),
            net=money,
            net_r=money / self.risk,
            risk=np.full(n, self.risk),
            spread=np.full(n, spread),
            slippage=np.full(n, slippage),
            commission=np.full(n, commission),
            swap_paid=np.full(n, swap_paid),
            swap_received=np.full(n, swap_received),
            favourable_r=np.full(n, 0.5),
            adverse_r=np.full(n, 1.0),
            ambiguous=np.zeros(n, dtype=np.bool_),
        )


@pytest.fixture(scope="session")
def signals_of() -> Callable[..., SignalColumns]:
    """Make signals."""
    return SignalMaker()


@pytest.fixture(scope="session")
def trades_of() -> Callable[..., TradeColumns]:
    """Make trades."""
    return TradeMaker()
