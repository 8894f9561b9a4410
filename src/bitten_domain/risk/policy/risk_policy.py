"""The risk policy: every figure the decision uses, with its default and its hard bounds.

The same policy type decides in backtest, paper, live and what-if. A default is the rule; a configuration may be
stricter, never looser than the bounds, and one outside them refuses to start.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.risk.policy.bounds import require_bounds
from bitten_domain.risk.policy.tiers import TIER_LIMITS
from bitten_domain.vocabulary import FireMode, Tier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.risk.policy.tiers import TierLimits

__all__ = ["BehaviourPolicy", "CostPolicy", "ExposurePolicy", "FirePolicy", "RiskPolicy", "max_positions_for"]

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class CostPolicy:
    """Costs a position is sized with.

    Args:
        entry_slippage_pips: how far beyond the quote a market entry fills.
        stop_slippage_pips: how far beyond its trigger a stop fills.
        high_window_factor: what both are multiplied by around a HIGH release.
        commission_per_lot: round trip, in `commission_currency`.
        commission_currency: three letters.
    """

    entry_slippage_pips: Decimal = Decimal("0.2")
    stop_slippage_pips: Decimal = Decimal("0.5")
    high_window_factor: Decimal = Decimal(3)
    commission_per_lot: Decimal = Decimal(7)
    commission_currency: str = "USD"

    def __post_init__(self) -> None:
        require_bounds(
            self,
            {
                "entry_slippage_pips": ("0", "20"),
                "stop_slippage_pips": ("0", "20"),
                "high_window_factor": ("1", "20"),
                "commission_per_lot": ("0", "100"),
            },
        )


@dataclass(frozen=True, slots=True)
class ExposurePolicy:
    """How much risk may hang together.

    One *risk unit* is the risk the user allows one trade, in money, before medic and step-back reduce it.

    Args:
        currency_units: most net exposure of one currency, in risk units.
        cluster_correlation: signed correlation from which two positions are one bet.
        cluster_units: risk units all positions of one cluster share.
        per_pair: most positions on one pair, hedging accounts.
        per_pair_netting: the same on netting accounts.
        manual_margin_percent, auto_margin_percent: least margin level once the order is on.
        least_margin_percent: margin level below which nothing opens.
    """

    currency_units: Decimal = Decimal(2)
    cluster_correlation: Decimal = Decimal("0.7")
    cluster_units: Decimal = Decimal("1.5")
    per_pair: int = 2
    per_pair_netting: int = 1
    manual_margin_percent: Decimal = Decimal(300)
    auto_margin_percent: Decimal = Decimal(500)
    least_margin_percent: Decimal = Decimal(200)

    def __post_init__(self) -> None:
        require_bounds(
            self,
            {
                "currency_units": ("1", "2"),
                "cluster_correlation": ("0", "0.7"),
                "cluster_units": ("1", "1.5"),
                "per_pair": ("1", "2"),
                "per_pair_netting": ("1", "1"),
                "manual_margin_percent": ("300", "10000"),
                "auto_margin_percent": ("500", "10000"),
                "least_margin_percent": ("200", "10000"),
            },
        )


@dataclass(frozen=True, slots=True)
class BehaviourPolicy:
    """When trading pauses because of how it goes.

    Args:
        loss_r, win_r: net R from which a trade counts as a loss or a win; between them it is neither.
        tilt_warn_losses, tilt_lock_losses, tilt_day_losses: losses in a row for a warning, a lockout, the day's end.
        tilt_lock_seconds: length of the lockout.
        tilt_clear_wins: wins that clear the tilt.
        cool_down_seconds: pause after any loss.
        large_risk_percent: risk of a trade above which its loss is a large one.
        large_losses: large losses that cap the risk at `large_risk_percent`.
        step_back_seconds: how long that cap holds.
        medic_share: share of the daily cap at which medic begins.
        medic_factor: what medic multiplies the risk by.
        drawdown_warn_percent, drawdown_stop_percent: fall from the equity peak.
        release_delay_seconds: how long a drawdown stop holds after the user asked for its release; 0 only where no
            money is at stake (backtest).
        raise_wait_seconds: how long a raised limit waits.
    """

    loss_r: Decimal = Decimal("-0.1")
    win_r: Decimal = Decimal("0.1")
    tilt_warn_losses: int = 3
    tilt_lock_losses: int = 4
    tilt_day_losses: int = 6
    tilt_lock_seconds: int = 3_600
    tilt_clear_wins: int = 2
    cool_down_seconds: int = 300
    large_risk_percent: Decimal = Decimal(1)
    large_losses: int = 2
    step_back_seconds: int = 86_400
    medic_share: Decimal = Decimal("0.5")
    medic_factor: Decimal = Decimal("0.5")
    drawdown_warn_percent: Decimal = Decimal(10)
    drawdown_stop_percent: Decimal = Decimal(15)
    release_delay_seconds: int = 86_400
    raise_wait_seconds: int = 86_400

    def __post_init__(self) -> None:
        require_bounds(
            self,
            {
                "loss_r": ("-0.1", "0"),
                "win_r": ("0", "1"),
                "tilt_warn_losses": ("1", "3"),
                "tilt_lock_losses": ("2", "4"),
                "tilt_day_losses": ("3", "6"),
                "tilt_lock_seconds": ("3600", "86400"),
                "tilt_clear_wins": ("1", "10"),
                "cool_down_seconds": ("300", "86400"),
                "large_risk_percent": ("0.1", "1"),
                "large_losses": ("1", "2"),
                "step_back_seconds": ("86400", "2592000"),
                "medic_share": ("0.1", "0.5"),
                "medic_factor": ("0.1", "0.5"),
                "drawdown_warn_percent": ("1", "10"),
                "drawdown_stop_percent": ("2", "15"),
                "release_delay_seconds": ("0", "2592000"),
                "raise_wait_seconds": ("86400", "2592000"),
            },
        )
        if not self.tilt_warn_losses < self.tilt_lock_losses < self.tilt_day_losses:
            raise InvalidInput("tilt steps must rise: warning, lockout, day's end", where="BehaviourPolicy")
        if self.drawdown_warn_percent > self.drawdown_stop_percent:
            raise InvalidInput("drawdown_warn_percent is above drawdown_stop_percent", where="BehaviourPolicy")


@dataclass(frozen=True, slots=True)
class FirePolicy:
    """What a signal and the moment of firing must show.

    Args:
        quote_age_seconds: oldest usable quote.
        entry_drift_r: how far the quote may be from the signal's entry, in R.
        reward_kept: share of the net reward to risk at emission that must be left at the quote.
        semi_floor, auto_floor: least scores of the two fire modes (SINGLE has none of its own).
        sniper_floor: least score in the sniper sub-mode.
        medium_surcharge: points the gate rises by in a MEDIUM news window.
        confirm_below: score below which a fire by hand asks for confirmation.
        proposal_seconds: how long a SEMI proposal may be confirmed.
        auto_coverage: least coverage of the score for AUTO.
        auto_cost_share: greatest cost share for AUTO.
        auto_without_calendar: let AUTO fire when the news calendar is unknown and that was knowingly confirmed;
            only where no money is at stake (backtest).
        same_side_seconds: how long the same account, pair and side may not fire again.
        mandate_days: furthest end date of a mandate.
    """

    quote_age_seconds: int = 5
    entry_drift_r: Decimal = Decimal("0.25")
    reward_kept: Decimal = Decimal("0.8")
    semi_floor: Decimal = Decimal(75)
    auto_floor: Decimal = Decimal(85)
    sniper_floor: Decimal = Decimal(90)
    medium_surcharge: Decimal = Decimal(5)
    confirm_below: Decimal = Decimal(76)
    proposal_seconds: int = 60
    auto_coverage: Decimal = Decimal("0.85")
    auto_cost_share: Decimal = Decimal("0.15")
    auto_without_calendar: bool = False
    same_side_seconds: int = 60
    mandate_days: int = 30

    def __post_init__(self) -> None:
        require_bounds(
            self,
            {
                "quote_age_seconds": ("1", "5"),
                "entry_drift_r": ("0.01", "0.25"),
                "reward_kept": ("0.8", "1"),
                "semi_floor": ("75", "100"),
                "auto_floor": ("85", "100"),
                "sniper_floor": ("90", "100"),
                "medium_surcharge": ("5", "30"),
                "confirm_below": ("76", "100"),
                "proposal_seconds": ("5", "60"),
                "auto_coverage": ("0.85", "1"),
                "auto_cost_share": ("0.01", "0.15"),
                "same_side_seconds": ("60", "86400"),
                "mandate_days": ("1", "30"),
            },
        )

    def mode_floor(self, fire_mode: FireMode) -> Decimal:
        """Give the least score a fire mode needs by itself."""
        if fire_mode is FireMode.AUTO:
            return self.auto_floor
        return self.semi_floor if fire_mode is FireMode.SEMI else _ZERO


_POSITION_STEPS = (
    (Decimal(1_000), 1),
    (Decimal(2_000), 2),
    (Decimal(5_000), 3),
    (Decimal(10_000), 5),
)


@dataclass(frozen=True, slots=True)
class RiskPolicy:
    """All figures of the decision.

    Args:
        max_risk_percent: hard ceiling of one trade's risk, percent of the sizing balance (the smaller of balance and
            equity).
        max_total_risk_percent: hard ceiling of open and reserved risk together, percent of the same.
        max_daily_loss_percent: hard ceiling of a trading day's loss, percent of the equity it started with.
        position_steps: (balance below, open positions), rising.
        max_positions: open positions from the last step on.
        tiers: what each tier allows.
        costs, exposure, behaviour, fire: the figures of those concepts.

    Raises:
        InvalidInput: names the field, its value and its bounds.
    """

    max_risk_percent: Decimal = Decimal(2)
    max_total_risk_percent: Decimal = Decimal(6)
    max_daily_loss_percent: Decimal = Decimal(6)
    position_steps: tuple[tuple[Decimal, int], ...] = _POSITION_STEPS
    max_positions: int = 10
    tiers: Mapping[Tier, TierLimits] = field(default_factory=lambda: TIER_LIMITS)
    costs: CostPolicy = field(default_factory=CostPolicy)
    exposure: ExposurePolicy = field(default_factory=ExposurePolicy)
    behaviour: BehaviourPolicy = field(default_factory=BehaviourPolicy)
    fire: FirePolicy = field(default_factory=FirePolicy)

    def __post_init__(self) -> None:
        require_bounds(
            self,
            {
                "max_risk_percent": ("0.1", "2"),
                "max_total_risk_percent": ("0.1", "6"),
                "max_daily_loss_percent": ("0.5", "6"),
                "max_positions": ("1", "10"),
            },
        )
        missing = [tier.value for tier in Tier if tier not in self.tiers]
        if missing:
            raise InvalidInput(f"tiers lacks {', '.join(missing)}", where="RiskPolicy.tiers")
        below, count = _ZERO, 0
        for limit, positions in (*self.position_steps, (Decimal("Infinity"), self.max_positions)):
            # Both must rise: a richer account may hold more, and never more than the documented steps allow.
            if limit <= below or positions < count:
                raise InvalidInput("position_steps must rise", where="RiskPolicy.position_steps")
            below, count = limit, positions

    @classmethod
    def for_backtest(cls) -> RiskPolicy:
        """Give the documented policy with the two waits that only protect a person with money at stake taken out.

        A drawdown stop is released at once when asked (the fold counts it), and AUTO may fire where the run has no
        news calendar (the run is labelled so).
        """
        return cls(
            behaviour=BehaviourPolicy(release_delay_seconds=0),
            fire=FirePolicy(auto_without_calendar=True),
        )


def max_positions_for(policy: RiskPolicy, balance: Decimal) -> int:
    """Count the positions a balance may hold open.

    Args:
        policy: the steps.
        balance: balance the trading day started with, account currency.
    """
    steps = policy.position_steps
    if steps and balance >= steps[-1][0]:
        return policy.max_positions
    for below, positions in steps:
        if balance < below:
            return positions
    return policy.max_positions
