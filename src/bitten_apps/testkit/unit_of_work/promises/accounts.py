"""Promises about accounts and their trading days."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.bench import (
    UnitOfWorkBench,
    each,
    each_refused,
    expect,
    refused,
    rivals,
    told_apart,
)
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.values import AccountId, UserId

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work.bench import Check
    from bitten_domain.desk.account import RiskSession, TradingAccount
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["ACCOUNT_PROMISES"]


def _replaced(r: Repositories, account: TradingAccount) -> None:
    r.accounts.lock(account.account_id)
    r.accounts.put(account)


async def _adds_an_account_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    await refused(bench, Conflict, lambda r: r.accounts.add(replace(s.account(), epoch=5)), "the same account id")
    await bench.store.run(lambda r: r.people.add(s.person(2)))
    await refused(bench, Conflict, lambda r: r.accounts.add(replace(s.account(2), epoch=1)), "another account's epoch")
    expect(await bench.store.read(lambda r: r.accounts.all()), (s.account(),), "accounts")


async def _knows_no_strangers(bench: UnitOfWorkBench) -> None:
    def work(r: Repositories) -> list[object]:
        stranger = AccountId("nobody")
        return [r.accounts.get(stranger), r.accounts.lock(stranger), r.sessions.latest(stranger), r.accounts.all()]

    expect(await bench.store.run(work), [None, None, None, ()], "what is known of an account that is not there")


async def _replaces_under_the_lock_only(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    changed = replace(s.account(), balance=s.usd("1.00"), next_sequence=7, standing_reason="käme Ω")
    await refused(bench, BrokenInvariant, lambda r: r.accounts.put(changed), "replacing what is not locked")

    def wrong_lock(r: Repositories) -> None:
        r.accounts.lock(s.account_id(2))
        r.accounts.put(changed)

    await refused(bench, BrokenInvariant, wrong_lock, "replacing under another account's lock")
    await refused(bench, BrokenInvariant, lambda r: _replaced(r, s.account(3)), "replacing what is not there")
    await bench.store.run(lambda r: _replaced(r, changed))
    expect(await bench.store.read(lambda r: r.accounts.get(s.account_id())), changed, "the account")
    again = replace(changed, balance=s.usd("2.00"))
    await refused(bench, BrokenInvariant, lambda r: r.accounts.put(again), "a lock ends with its transaction")

    def add_and_replace(r: Repositories) -> None:
        r.people.add(s.person(3))
        r.accounts.add(s.account(3))
        r.accounts.put(replace(s.account(3), last_deal=4))

    await bench.store.run(add_and_replace)


async def _keeps_what_an_account_is(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    euros = replace(s.usd("1000.00"), currency="EUR")
    wrong = (
        replace(s.account(), user_id=UserId("user-2")),
        replace(s.account(), broker="other"),
        replace(s.account(), opening=s.usd("1000.01")),
        replace(s.account(), opening=euros, balance=euros),
    )
    await each_refused(bench, BrokenInvariant, _replaced, wrong, "turning it into another")
    expect(await bench.store.read(lambda r: r.accounts.get(s.account_id())), s.account(), "the account")


async def _keeps_epochs_apart(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    await refused(bench, Conflict, lambda r: _replaced(r, replace(s.account(), epoch=2)), "another account's epoch")
    await bench.store.run(lambda r: _replaced(r, replace(s.account(), epoch=3)))
    found = await bench.store.read(lambda r: [account.epoch for account in r.accounts.all()])
    expect(found, [3, 2], "epochs")


async def _gives_each_account_an_epoch(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: r.people.add(s.person()))
    expect(await bench.store.run(lambda r: r.accounts.next_epoch()), 2, "the first epoch that is given")
    await bench.store.run(lambda r: r.accounts.add(replace(s.account(), epoch=7)))

    def numbered(r: Repositories, number: int) -> int:
        epoch = r.accounts.next_epoch()
        for _ in range(20):  # Time for somebody else to be given the same one.
            r.accounts.all()
        r.accounts.add(replace(s.account(), account_id=s.account_id(number), epoch=epoch))
        return epoch

    kept, refusals = told_apart(await rivals(bench, numbered, range(2, 14)), Conflict)
    expect((sorted(kept), refusals), (list(range(8, 20)), 0), "epochs given at once")


async def _lists_accounts_by_code_point(bench: UnitOfWorkBench) -> None:
    names = ["a-1", "B", "a_1", "ä", "a1", "Z", "z", "a 1", "10", "9"]

    def work(r: Repositories) -> list[str]:
        r.people.add(s.person())
        for epoch, name in enumerate(names, start=1):
            r.accounts.add(replace(s.account(), account_id=AccountId(name), epoch=epoch))
        return [account.account_id for account in r.accounts.all()]

    expect(await bench.store.run(work), sorted(names), "accounts in order")


async def _lists_what_somebody_owns(bench: UnitOfWorkBench) -> None:
    theirs = ["b", "B", "a", "ä"]

    def work(r: Repositories) -> None:
        s.add_accounts(r, 2)
        for epoch, name in enumerate(theirs, start=3):
            r.accounts.add(replace(s.account(2), account_id=AccountId(name), epoch=epoch))

    await bench.store.run(work)
    users = [UserId(name) for name in ("user-1", "user-2", "user-3", "USER-1", "user-")]
    found = await bench.store.read(lambda r: [[one.account_id for one in r.accounts.of(user)] for user in users])
    expect(found, [["account-1"], sorted(["account-2", *theirs]), [], [], []], "accounts of each person, in order")
    expect(await bench.store.read(lambda r: r.accounts.of(users[0])), (s.account(),), "somebody's account")
    moved = replace(s.account(), balance=s.usd("7.00"))
    await bench.store.run(lambda r: _replaced(r, moved))
    expect(await bench.store.read(lambda r: r.accounts.of(users[0])), (moved,), "it after it was replaced")


async def _keeps_the_newest_day(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    sessions = (s.session(19_724), s.session(19_725), s.session(19_723, 3), s.session(19_725, 1))

    def work(r: Repositories, session: RiskSession) -> RiskSession | None:
        r.sessions.put(session)
        return r.sessions.latest(s.account_id())

    latest = await each(bench, work, sessions)
    newer, changed = s.session(19_725), s.session(19_725, 1)
    expect(latest, [s.session(19_724), newer, newer, changed], "the newest day after each one was put")
    other = replace(s.session(19_000, of=2), marked_equity=Decimal("0.1234567891234"))
    await bench.store.run(lambda r: r.sessions.put(other))
    days = await bench.store.read(
        lambda r: [r.sessions.of_days(s.account_id(), *span) for span in ((19_723, 19_724), (19_725, 99_999), (0, 9))]
    )
    expect(days, [(sessions[2], sessions[0]), (sessions[3],), ()], "days of an account, oldest first")
    found = await bench.store.read(lambda r: [r.sessions.latest(s.account_id(n)) for n in (1, 2)])
    expect(found, [changed, other], "the newest day of each account")


ACCOUNT_PROMISES: tuple[tuple[str, Check], ...] = (
    ("an account is added once, with an epoch of its own", _adds_an_account_once),
    ("an account that is not there reads as nothing", _knows_no_strangers),
    ("an account is replaced only by a transaction that has locked it", _replaces_under_the_lock_only),
    ("owner, broker, currency and opening of an account never change", _keeps_what_an_account_is),
    ("two accounts never share an epoch, as order ids are unique among all", _keeps_epochs_apart),
    ("accounts that are opened at once each get the next epoch", _gives_each_account_an_epoch),
    ("accounts are listed in the order of code points", _lists_accounts_by_code_point),
    ("somebody's accounts are theirs alone, in the order of code points", _lists_what_somebody_owns),
    ("a trading day is kept or replaced, and the newest one is found", _keeps_the_newest_day),
)
"""Promises of `AccountRepository` and `RiskSessionRepository`."""
