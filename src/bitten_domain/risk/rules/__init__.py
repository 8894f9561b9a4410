"""Rules of risk, one a file; what they share is worked out once in `risk.workings`."""

from bitten_domain.risk.rules.daily_limit import daily_limit
from bitten_domain.risk.rules.drawdown import drawdown
from bitten_domain.risk.rules.emergency import emergency
from bitten_domain.risk.rules.exposure_limits import exposure_limits
from bitten_domain.risk.rules.levels import levels
from bitten_domain.risk.rules.lockouts import lockouts
from bitten_domain.risk.rules.margin import margin
from bitten_domain.risk.rules.market_hours import market_hours
from bitten_domain.risk.rules.news import news
from bitten_domain.risk.rules.open_risk import open_risk
from bitten_domain.risk.rules.positions import positions, positions_limit
from bitten_domain.risk.rules.size import size_fits

__all__ = [
    "daily_limit",
    "drawdown",
    "emergency",
    "exposure_limits",
    "levels",
    "lockouts",
    "margin",
    "market_hours",
    "news",
    "open_risk",
    "positions",
    "positions_limit",
    "size_fits",
]
