"""The desk's time: the clock that a store was kept by.

`bitten run` shows the desk a recording, and everything in its store carries the recording's time, be that years ago. A
stop set by the machine's clock would lie in the desk's future: the closes it writes would not be due before the
recording got there, the account's day would begin at a date the desk has not reached, and no release would ever come
early enough. So a stop is set at the last moment the store knows, and the hour it holds at least is an hour of the
market the desk follows. An account of real money has no other time than the machine's. An account that no desk has
looked at yet, as one has after the onboarding, says nothing about a desk's time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.desk.account import AccountStanding
from bitten_domain.errors import InvalidInput

if TYPE_CHECKING:
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["desk_time"]


def desk_time(store: Repositories) -> int | None:
    """Find the last moment a store knows, seconds since 1970 UTC; None when the machine's clock is the desk's.

    Raises:
        InvalidInput: there is no account, so nothing is traded yet.
    """
    accounts = store.accounts.all()
    if not accounts:
        raise InvalidInput("no account trades in this store yet", remedy="run `bitten run` first")
    if any(account.is_live for account in accounts):
        return None
    traded = [one for one in accounts if one.standing is not AccountStanding.COLD or one.standing_reason]
    known = [account.opened_at for account in traded]
    sessions = (store.sessions.latest(account.account_id) for account in traded)
    known += [session.marked_at for session in sessions if session is not None]
    desk = store.signals.desk()
    known += [] if desk is None else [desk.scanned_to]
    return max(known, default=None)
