"""Promises about the XP ledger, progress and market days."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.bench import UnitOfWorkBench, each, expect, refused, rivals, told_apart
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.ports.repositories.progression import XpTotals
from bitten_domain.progression import Progress
from bitten_domain.values import UserId
from bitten_domain.vocabulary import XpKind

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work.bench import Check
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["PROGRESSION_PROMISES"]

_USER, _OTHER = UserId("user-1"), UserId("user-2")
_DAY = 19_724


async def _books_a_cause_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    entries = [s.xp("day:1"), s.xp("day:2", day=_DAY + 1), s.xp("day:1")._replace(user_id=_OTHER)]
    booked = await each(bench, lambda r, entry: r.xp.add(entry), [*entries, entries[0]._replace(amount=7)])
    expect(booked, [True, True, True, False], "whether entries were booked")
    spent = s.xp("prestige:1", -20, XpKind.PRESTIGE)
    await bench.store.run(lambda r: r.xp.add(spent))

    def read(r: Repositories) -> list[object]:
        return [
            r.xp.totals(_USER),
            r.xp.totals(_OTHER),
            r.xp.totals(UserId("nobody")),
            r.xp.of_day(_USER, _DAY),
            r.xp.recent(_USER, 2),
        ]

    expected = [XpTotals(60, 40), XpTotals(30, 30), XpTotals(0, 0), (entries[0], spent), (spent, entries[1])]
    expect(await bench.store.read(read), expected, "the ledger")


async def _books_one_of_many_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    entries = [s.xp("day:1", amount) for amount in range(1, 13)]
    booked, lost = told_apart(await rivals(bench, lambda r, entry: r.xp.add(entry), entries), Conflict)
    found = await bench.store.read(lambda r: r.xp.of_day(_USER, _DAY))
    expect((sum(booked), len(booked) + lost, len(found)), (1, 12, 1), "entries of twelve with one cause at once")


async def _stands_where_it_was_put(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    first, later = s.progress(_DAY), replace(s.progress(_DAY + 1), streak=0, is_game_off=True)
    expect(await bench.store.run(lambda r: r.progress.get(_USER)), None, "progress before any")
    for progress in (first, first, later):
        await bench.store.run(lambda r, one=progress: r.progress.put(one))  # type: ignore[misc]
        expect(await bench.store.read(lambda r: r.progress.get(_USER)), progress, "progress")
    await refused(bench, BrokenInvariant, lambda r: r.progress.put(first), "a settled day undone")
    expect(await bench.store.read(lambda r: r.progress.get(_USER)), later, "progress after a refusal")


async def _settles_once_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    await bench.store.run(lambda r: r.progress.put(Progress(_USER)))

    def counted(r: Repositories, _: int) -> None:
        progress = r.progress.get(_USER)
        if progress is not None:
            r.progress.put(replace(progress, closed_trades=progress.closed_trades + 1))

    kept, lost = told_apart(await rivals(bench, counted, range(12)), Conflict)
    found = await bench.store.read(lambda r: r.progress.get(_USER))
    expect(found, Progress(_USER, closed_trades=len(kept)), f"counts of twelve at once, {lost} of which lost")


async def _keeps_days_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    briefed = await each(bench, lambda r, at: r.market_days.brief(_USER, _DAY, at), (s.NOON, s.NOON + 9))
    expect(briefed, [True, False], "whether a briefing was new")
    closed, unprepared = s.market_day(_DAY), s.market_day(_DAY + 1)._replace(is_briefed=False)
    await each(bench, lambda r, one: r.market_days.close(one, s.NOON), (unprepared, closed))
    await refused(bench, Conflict, lambda r: r.market_days.close(closed, s.NOON), "a day closed twice")
    late = await bench.store.run(lambda r: r.market_days.brief(_USER, _DAY + 1, s.NOON))
    expect(late, False, "a briefing after the day was closed")

    def read(r: Repositories) -> list[object]:
        return [
            r.market_days.briefed_at(_USER, _DAY),
            r.market_days.briefed_at(_USER, _DAY + 2),
            r.market_days.closed(_USER, _DAY, _DAY),
            [day.day for day in r.market_days.closed(_USER, 0, 1 << 30)],
        ]

    expect(await bench.store.read(read), [s.NOON, None, (closed,), [_DAY, _DAY + 1]], "market days")


PROGRESSION_PROMISES: tuple[tuple[str, Check], ...] = (
    ("a person's cause is booked once, and a ledger adds up", _books_a_cause_once),
    ("of entries with one cause booked at once, one stands", _books_one_of_many_at_once),
    ("progress stands where it was put, and never goes back", _stands_where_it_was_put),
    ("of settlements at once, none is lost", _settles_once_at_once),
    ("a market day is prepared for once and closed once", _keeps_days_once),
)
"""Promises of `XpRepository`, `ProgressRepository` and `MarketDayRepository`."""
