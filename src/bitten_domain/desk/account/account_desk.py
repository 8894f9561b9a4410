"""The account's part of a desk's state, for one step of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.desk.account.risk_session import RiskSession
from bitten_domain.desk.state import AccountDesk, open_account_desk
from bitten_domain.values import Money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.desk.account.account_books import AccountBooks
    from bitten_domain.desk.account.trading_account import TradingAccount
    from bitten_domain.desk.state import OpenTrade

__all__ = ["desk_of", "session_of"]


def desk_of(books: AccountBooks) -> AccountDesk:
    """Put together what the desk remembers of an account.

    Fires are remembered by the store for ever, so the desk's own memory of them stays empty too.
    """
    session = books.session
    trades: Mapping[int, OpenTrade] = {
        held.position.ticket: held.known for held in books.positions if held.known is not None
    }
    if session is None:
        return open_account_desk(books.account.opening)._replace(trades=trades)
    return AccountDesk(session.behaviour, session.day, trades)


def session_of(
    account: TradingAccount, state: AccountDesk, before: RiskSession | None, marked: tuple[Money, int] | None
) -> RiskSession | None:
    """Write down the trading day a step left behind.

    Args:
        account: whose.
        state: after the step.
        before: the newest session so far; None before the first.
        marked: equity and the moment the account was valued; None when it was not.

    Returns:
        The session; None before the first valuation, when there is no day yet.
    """
    if marked is None and before is not None:
        marked = Money(before.marked_equity, account.currency), before.marked_at
    if marked is None or state.day.day < 0:
        return None
    equity, at = marked
    return RiskSession(account.account_id, state.day, state.behaviour, equity.amount, at)
