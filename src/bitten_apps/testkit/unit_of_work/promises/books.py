"""Promises about positions, deals and trades."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.bench import (
    UnitOfWorkBench,
    at_once,
    each,
    each_refused,
    expect,
    refused,
    told_apart,
)
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.execution.lifecycle import PositionState
from bitten_domain.ports.repositories.books import LevelsChange

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work.bench import Check
    from bitten_domain.ports.repositories.books import ClosedTrade
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["BOOK_PROMISES"]

_ACCOUNT = s.account_id()
_P = PositionState


async def _keeps_positions(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    kept = [s.held(12, _P.CLOSING), s.held(3, _P.ADOPTED), s.held(7), s.held(5, _P.CLOSED), s.held(3, of=2)]
    await each(bench, lambda r, held: r.positions.put(held), kept)
    changed = replace(s.held(7), stop_confirmed_at=s.NOON + 4, stop_tries=2)
    await bench.store.run(lambda r: r.positions.put(changed))

    def work(r: Repositories) -> list[object]:
        return [r.positions.open(_ACCOUNT), r.positions.get(_ACCOUNT, 5), r.positions.get(_ACCOUNT, 99)]

    expect(await bench.store.read(work), [(kept[1], changed, kept[0]), kept[3], None], "open, by ticket; one; none")
    expect(await bench.store.read(lambda r: r.positions.open(s.account_id(2))), (kept[4],), "another account's")


async def _closes_a_position_for_ever(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    await bench.store.run(lambda r: r.positions.put(s.held(1)))
    await bench.store.run(lambda r: r.positions.put(s.held(1, _P.CLOSED)))
    await each_refused(
        bench,
        BrokenInvariant,
        lambda r, state: r.positions.put(s.held(1, state)),
        (_P.OPEN, _P.CLOSING, _P.ADOPTED),
        "opening again",
    )
    later = replace(s.held(1, _P.CLOSED), stop_tries=1)
    await bench.store.run(lambda r: r.positions.put(later))
    found = await bench.store.read(lambda r: (r.positions.get(_ACCOUNT, 1), r.positions.open(_ACCOUNT)))
    expect(found, (later, ()), "the closed position")


async def _forgets_rows_of_scans(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    closed = s.closed_trade(1, s.NOON)
    held = replace(s.held(1), known=closed.known, intent_id=s.fire(1).intent_id)
    await bench.store.run(lambda r: r.intents.add(s.fire(1), s.attempt(s.fire(1), 1)))
    await bench.store.run(lambda r: r.positions.put(held))
    await bench.store.run(lambda r: r.trades.add(closed))
    known = None if closed.known is None else replace(closed.known, row=-1)
    found = await bench.store.read(lambda r: (r.positions.get(_ACCOUNT, 1), r.trades.recent(_ACCOUNT, 1)))
    expect(found, (replace(held, known=known), (replace(closed, known=known),)), "what was known at the fire")


async def _books_a_deal_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    expect(await bench.store.run(lambda r: r.deals.book(_ACCOUNT, s.deal(5, 1))), True, "a new deal is booked")
    expect(await bench.store.run(lambda r: r.deals.book(_ACCOUNT, s.deal(5, 1))), False, "the same deal again")
    await each_refused(
        bench,
        BrokenInvariant,
        lambda r, wrong: r.deals.book(_ACCOUNT, wrong),
        (s.deal(5, 2), s.deal(5, 1, "0.01"), s.deal(5, 1)._replace(price=Decimal("1.10013"))),
        "another deal",
    )
    other = s.account_id(2)
    expect(await bench.store.run(lambda r: r.deals.book(other, s.deal(5, 1, of=2))), True, "another account's ticket")
    found = await bench.store.read(lambda r: [r.deals.of_position(of, 1) for of in (_ACCOUNT, other)])
    expect(found, [(s.deal(5, 1),), (s.deal(5, 1, of=2),)], "deals")


async def _books_a_deal_once_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    results = await at_once(bench, [lambda r: r.deals.book(_ACCOUNT, s.deal(1, 1, "7.00"))] * 12)
    expect(sum(told_apart(results, Conflict)[0]), 1, "bookings of one deal, of twelve at once")
    expect(await bench.store.read(lambda r: r.deals.total(_ACCOUNT)), s.usd("6.47"), "sum of deals")


async def _adds_deals_up(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    expect(await bench.store.read(lambda r: r.deals.total(_ACCOUNT)), None, "the sum of no deals")
    deals = [s.deal(30, 1, "-51.20"), s.deal(4, 1), s.deal(12, 1, "99999999999.99"), s.deal(11, 2, "0.30")]
    await each(bench, lambda r, deal: r.deals.book(_ACCOUNT, deal), deals)
    await bench.store.run(lambda r: r.deals.book(s.account_id(2), s.deal(1, 1, "5.00", of=2)))
    # -51.20 + 99999999999.99 + 0.30, and four times 0.17 + 0.35 + 0.01 of charges.
    expect(await bench.store.read(lambda r: r.deals.total(_ACCOUNT)), s.usd("99999999946.97"), "sum of deals")
    found = await bench.store.read(lambda r: [r.deals.of_position(_ACCOUNT, number) for number in (1, 2, 3)])
    expect(found, [(deals[1], deals[2], deals[0]), (deals[3],), ()], "deals of positions, oldest first")


def _numbers(trades: tuple[ClosedTrade, ...]) -> list[int]:
    return [closed.trade.position for closed in trades]


async def _lists_recent_trades(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    trades = [s.closed_trade(position, s.NOON + at) for position, at in ((1, 50), (2, 10), (3, 90), (4, 50), (5, 70))]
    await each(bench, lambda r, trade: r.trades.add(trade), trades)
    await bench.store.run(lambda r: r.trades.add(s.closed_trade(1, s.NOON + 60, of=2)))
    await refused(bench, Conflict, lambda r: r.trades.add(s.closed_trade(3, s.NOON + 99)), "closing a position twice")

    def work(r: Repositories) -> list[list[int]]:
        asked = ((99, None), (3, None), (99, s.NOON + 70), (1, s.NOON + 51), (0, None), (9, s.NOON + 10))
        return [_numbers(r.trades.recent(_ACCOUNT, limit, before)) for limit, before in asked]

    expected = [[3, 5, 4, 1, 2], [3, 5, 4], [4, 1, 2], [4], [], []]
    expect(await bench.store.read(work), expected, "trades, newest first; of one moment, the last added first")
    expect(_numbers(await bench.store.read(lambda r: r.trades.recent(s.account_id(2), 9))), [1], "another account's")


async def _lists_changes_of_levels(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    first = LevelsChange(_ACCOUNT, 1, s.NOON + 9, Decimal("1.095"), Decimal("1.1"), None, None, "BREAK_EVEN")
    earlier = replace(first, at=s.NOON, stop_before=None, target_after=Decimal("1.2"), reason="MANUAL")
    later = replace(first, stop_after=Decimal("1.101"), reason="ATR_TRAIL")
    await each(
        bench,
        lambda r, change: r.trades.add_change(change),
        (first, earlier, later, replace(first, ticket=2), replace(first, account=s.account_id(2))),
    )
    found = await bench.store.read(lambda r: [r.trades.changes(_ACCOUNT, ticket) for ticket in (1, 3)])
    expect(found, [(earlier, first, later), ()], "changes, oldest first; of one moment, the first added first")


BOOK_PROMISES: tuple[tuple[str, Check], ...] = (
    ("positions are kept and replaced; those that are not closed are listed by ticket", _keeps_positions),
    ("a closed position is never opened again", _closes_a_position_for_ever),
    ("what was known at the fire comes back, without its row in a scan", _forgets_rows_of_scans),
    ("a deal is booked once, and its ticket never stands for another", _books_a_deal_once),
    ("of bookings of one deal at once, one counts", _books_a_deal_once_at_once),
    ("deals add up to the cent and are listed by position, oldest first", _adds_deals_up),
    ("a position is closed once; trades are listed newest first, before a moment", _lists_recent_trades),
    ("changes of levels are listed by position, oldest first", _lists_changes_of_levels),
)
"""Promises of `PositionRepository`, `DealRepository` and `TradeRepository`."""
