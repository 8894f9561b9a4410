"""A trading account as the desk keeps it: its books, how they are settled and compared, and the day's limits."""

from bitten_domain.desk.account.held_position import HeldPosition
from bitten_domain.desk.account.risk_session import RiskSession
from bitten_domain.desk.account.trading_account import AccountStanding, TradingAccount

__all__ = ["AccountStanding", "HeldPosition", "RiskSession", "TradingAccount"]
