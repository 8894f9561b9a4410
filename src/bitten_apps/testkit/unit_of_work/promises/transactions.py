"""Promises of the unit of work itself: whole or not at all, one after the other, and reading beside writing."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

from bitten_apps.testkit.contract_broken import ContractBroken
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.bench import UnitOfWorkBench, at_once, expect, refused, told_apart
from bitten_apps.testkit.unit_of_work.whole_store import (
    READS,
    WRITES,
    add_everything,
    change_everything,
    read_everything,
)
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.values import Money

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_apps.testkit.unit_of_work.bench import Check
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import AccountId

__all__ = ["TRANSACTION_PROMISES"]

_MANY = 48
_PATIENCE = 10.0


class _Quarrel(Exception):
    """Raised by a work, to be told from everything a store raises."""


async def _keeps_what_it_answered(bench: UnitOfWorkBench) -> None:
    def work(r: Repositories) -> str:
        add_everything(r)
        return "answer"

    expect(await bench.store.run(work), "answer", "run gives what the work returned")
    before = await bench.store.read(read_everything)
    await bench.reopen()
    expect(await bench.store.read(read_everything), before, "what is there after opening the store again")
    await bench.store.run(change_everything)
    before = await bench.store.read(read_everything)
    await bench.reopen()
    expect(await bench.store.read(read_everything), before, "what is there after changes and opening again")


async def _keeps_nothing_of_a_failure(bench: UnitOfWorkBench) -> None:
    quarrel = _Quarrel("no")
    for stage in (add_everything, change_everything):

        def work(r: Repositories, stage: Callable[[Repositories], None] = stage) -> None:
            stage(r)
            raise quarrel

        before = await bench.store.read(read_everything)
        try:
            await bench.store.run(work)
        except _Quarrel as caught:
            expect(caught is quarrel, True, "the exception that comes out is the one the work raised")
        else:
            raise ContractBroken("what a work raises comes out")
        after = await bench.store.read(read_everything)
        for name, found in after.items():
            expect(found, before[name], f"{name} after {stage.__name__} that failed")
        await bench.store.run(stage)


async def _keeps_nothing_of_a_refusal(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)

    def work(r: Repositories) -> None:
        r.people.add(s.person(2))
        r.journal.append("system", [b"two"])
        r.people.add(s.person(1))

    await refused(bench, Conflict, work, "a person who is there already")
    expect(await bench.store.read(lambda r: r.people.get(s.person(2).user_id)), None, "what went before the refusal")
    expect(await bench.store.read(lambda r: r.journal.heads()), (), "streams")


async def _sees_its_own_writes(bench: UnitOfWorkBench) -> None:
    def work(r: Repositories) -> None:
        add_everything(r)
        inside.update(read_everything(r))

    inside: dict[str, object] = {}
    await bench.store.run(work)
    expect(await bench.store.read(read_everything), inside, "what a transaction reads of its own writes")


async def _loses_no_update(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)

    def work(r: Repositories) -> int:
        account = r.accounts.lock(s.account_id())
        if account is None:
            raise ContractBroken("an account that was kept can be locked")
        account, order_id = account.numbered()
        r.accounts.put(replace(account, balance=account.balance + s.usd("0.01")))
        return order_id

    numbers = await at_once(bench, [work] * _MANY)
    kept, lost = told_apart(numbers, Conflict)
    expect(lost, 0, "works that gave up on a short queue")
    expect(sorted(kept), [s.order_id(n) for n in range(1, _MANY + 1)], "order ids given under the lock")
    account = await bench.store.read(lambda r: r.accounts.get(s.account_id()))
    balance = None if account is None else account.balance
    expect(balance, s.usd("1000.00") + Money(Decimal("0.01") * _MANY, "USD"), f"balance after {_MANY} works at once")


def _transfer(giver: AccountId, taker: AccountId, amount: Money) -> Callable[[Repositories], None]:
    def work(r: Repositories) -> None:
        one, other = r.accounts.lock(giver), r.accounts.lock(taker)
        if one is None or other is None:
            raise ContractBroken("accounts that were kept can be locked")
        r.accounts.put(replace(one, balance=one.balance - amount))
        r.accounts.put(replace(other, balance=other.balance + amount))

    return work


async def _calls_a_work_again(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    there = _transfer(s.account_id(1), s.account_id(2), s.usd("3.00"))
    back = _transfer(s.account_id(2), s.account_id(1), s.usd("1.00"))
    told_apart(await at_once(bench, [there, back, there, back]), BrokenInvariant)
    balances = [account.balance for account in await bench.store.read(lambda r: r.accounts.all())]
    expect(balances, [s.usd("996.00"), s.usd("1004.00")], "balances after works that lock in opposite orders")


async def _reads_one_state(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    transfer = _transfer(s.account_id(1), s.account_id(2), s.usd("0.01"))

    def total(r: Repositories) -> list[Money]:
        sums = []
        for _ in range(3):
            first, second = r.accounts.get(s.account_id(1)), r.accounts.get(s.account_id(2))
            if first is not None and second is not None:
                sums.append((first.balance, first.balance + second.balance))
        expect(len(set(sums)), 1, "states one reading saw")
        return [both for _, both in sums]

    readings = asyncio.gather(*(bench.store.read(total) for _ in range(_MANY)))
    await asyncio.gather(*(bench.store.run(transfer) for _ in range(_MANY // 2)))
    expect({both for sums in await readings for both in sums}, {s.usd("2000.00")}, "money there is, at any moment")


async def _reads_beside_a_writer(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    here = threading.get_ident()
    entered, go_on = threading.Event(), threading.Event()

    def work(r: Repositories) -> None:
        account = r.accounts.lock(s.account_id())
        if account is not None:
            r.accounts.put(replace(account, balance=s.usd("5.00")))
        entered.set()
        # A work in the caller's own thread leaves nobody to read meanwhile: then there is nothing to wait for.
        if threading.get_ident() != here and not go_on.wait(_PATIENCE):
            raise ContractBroken("a reading waits for a writer")

    writing = asyncio.ensure_future(bench.store.run(work))
    await asyncio.to_thread(entered.wait, _PATIENCE)
    if not writing.done():
        seen = await asyncio.wait_for(bench.store.read(lambda r: r.accounts.get(s.account_id())), _PATIENCE)
        expect(seen, s.account(), "what a reading sees of a transaction that has not ended")
    go_on.set()
    await writing
    after = await bench.store.read(lambda r: r.accounts.get(s.account_id()))
    expect(after, replace(s.account(), balance=s.usd("5.00")), "what it sees after the commit")


async def _refuses_writes_in_a_reading(bench: UnitOfWorkBench) -> None:
    await bench.store.run(add_everything)
    before = await bench.store.read(read_everything)
    for name, write in WRITES.items():
        try:
            await bench.store.read(write)
        except BrokenInvariant:
            continue
        raise ContractBroken(f"{name} in a reading is refused")
    try:
        await bench.store.read(lambda r: r.accounts.lock(s.account_id()))
    except BrokenInvariant:
        expect(await bench.store.read(read_everything), before, "the store after refused writes")
        return
    raise ContractBroken("locking in a reading is refused")


async def _passes_on_what_a_reading_raises(bench: UnitOfWorkBench) -> None:
    quarrel = _Quarrel("no")

    def work(r: Repositories) -> None:
        r.accounts.all()
        raise quarrel

    try:
        await bench.store.read(work)
    except _Quarrel as caught:
        expect(caught is quarrel, True, "the exception that comes out is the one the work raised")
        return
    raise ContractBroken("what a reading raises comes out")


async def _ends_repositories_with_their_transaction(bench: UnitOfWorkBench) -> None:
    await bench.store.run(add_everything)
    before = await bench.store.read(read_everything)
    leaked = [await bench.store.run(lambda r: r), await bench.store.read(lambda r: r)]
    for repositories, (name, use) in product(leaked, [*READS.items(), *WRITES.items()]):
        try:
            use(repositories)
        except BrokenInvariant:
            continue
        raise ContractBroken(f"{name} after the transaction has ended is refused")
    expect(await bench.store.read(read_everything), before, "the store after repositories were used too late")


TRANSACTION_PROMISES: tuple[tuple[str, Check], ...] = (
    ("what run answered is there, also after the store is opened again", _keeps_what_it_answered),
    ("nothing is kept of a work that raises, and its own exception comes out", _keeps_nothing_of_a_failure),
    ("nothing is kept of a work that a repository refuses", _keeps_nothing_of_a_refusal),
    ("a transaction sees its own writes, in every repository", _sees_its_own_writes),
    ("works that lock one account lose no update, however many run at once", _loses_no_update),
    ("works that lock in opposite orders all end, called again where they must", _calls_a_work_again),
    ("a reading sees one committed state throughout", _reads_one_state),
    ("a reading neither waits for a writer nor sees what it has not committed", _reads_beside_a_writer),
    ("every write in a reading is refused and changes nothing", _refuses_writes_in_a_reading),
    ("what a reading raises comes out as it is", _passes_on_what_a_reading_raises),
    ("repositories end with their transaction", _ends_repositories_with_their_transaction),
)
"""Promises of `bitten_domain.ports.unit_of_work.UnitOfWork`."""
