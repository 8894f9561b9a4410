"""Holding: somebody with all their accounts, so that whatever narrows what they may do waits for orders under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bitten_domain.membership import Person
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import AccountId, UserId

__all__ = ["hold_accounts", "hold_with_accounts"]


def hold_accounts(store: Repositories, user_id: UserId) -> frozenset[AccountId]:
    """Hold all accounts of a person until the transaction ends, in the order of their ids.

    Whoever fires or sends holds the account and reads its owner without holding them. So what takes something from the
    owner holds the accounts first and the person then, everywhere in this order: an order that was claimed before is
    on its way before, and one that is claimed afterwards sees the owner as they are now.

    Returns:
        Accounts that are held.
    """
    theirs = [account.account_id for account in store.accounts.of(user_id)]
    return frozenset(one for one in theirs if store.accounts.lock(one) is not None)


def hold_with_accounts(store: Repositories, user_id: UserId) -> Person | None:
    """Hold all accounts of a person, then the person; None when there is no such person."""
    held = hold_accounts(store, user_id)
    person = store.people.lock(user_id)
    # Whoever opens an account holds its owner: one that was opened in between is seen now, and no other can be.
    if any(account.account_id not in held for account in store.accounts.of(user_id)):
        hold_accounts(store, user_id)
    return person
