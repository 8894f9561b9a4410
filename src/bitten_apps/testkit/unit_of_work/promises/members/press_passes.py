"""Promises about press passes, the days they are given on, and trials."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import member_samples as m
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
from bitten_domain.membership.press_pass import DayScore, PressPassDay
from bitten_domain.membership.subscription import TrialMark
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work.bench import Check
    from bitten_domain.membership.press_pass import PressPass
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["PRESS_PASS_PROMISES"]

_DAY, _DAY_SECONDS = 19_724, 86_400
_USER, _OTHER = UserId("user-1"), UserId("user-2")


def _claim(r: Repositories, one: PressPass) -> None:
    r.press_pass_days.lock(one.claimed_at // _DAY_SECONDS, 2)
    r.press_passes.add(one)


async def _counts_a_day_from_its_rows(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 4))
    expect(await bench.store.read(lambda r: r.press_pass_days.get(_DAY)), None, "a day nobody asked for")
    first = await bench.store.run(lambda r: r.press_pass_days.lock(_DAY, 2))
    expect(first, PressPassDay(_DAY, 2, 0), "a new day")
    again = await bench.store.run(lambda r: r.press_pass_days.lock(_DAY, 99))
    expect(again, first, "a day whose limit was asked to change")
    tomorrow = m.press_pass(3, s.NOON + _DAY_SECONDS)
    await each(bench, _claim, (m.press_pass(1), tomorrow, m.press_pass(2)))
    await refused(bench, Conflict, lambda r: _claim(r, m.press_pass(4)), "a claim beyond the limit")
    await bench.store.run(lambda r: r.press_passes.put(replace(m.press_pass(1), user_id=None, revoked_at=s.NOON)))
    days = await bench.store.read(lambda r: [r.press_pass_days.get(day) for day in (_DAY, _DAY + 1)])
    expect(days, [PressPassDay(_DAY, 2, 2), PressPassDay(_DAY + 1, 2, 1)], "days after three claims")
    gone = await each(bench, lambda r, day: r.press_pass_days.drop_before(day), (_DAY, _DAY + 1, _DAY + 1))
    left = await bench.store.read(lambda r: [r.press_pass_days.get(day) for day in (_DAY, _DAY + 1)])
    expect((gone, left), ([0, 1, 0], [None, PressPassDay(_DAY + 1, 2, 1)]), "days dropped, and what is left")
    expect(await bench.store.read(lambda r: len(r.press_passes.held())), 2, "passes of days that were dropped")


async def _gives_as_many_as_its_limit_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 40))
    # A day that is there already: whoever claims on a new one waits for the other who begins it.
    await bench.store.run(lambda r: r.press_pass_days.lock(_DAY, 2))
    passes = [m.press_pass(number) for number in range(1, 41)]
    kept, lost = told_apart(await rivals(bench, _claim, passes), Conflict)
    found = await bench.store.read(lambda r: (r.press_pass_days.get(_DAY), len(r.press_passes.held())))
    expect((len(kept), lost, *found), (2, 38, PressPassDay(_DAY, 2, 2), 2), "forty claims of two at once")


async def _gives_a_key_one_pass_for_ever(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 3))
    first = m.press_pass(1)
    await bench.store.run(lambda r: _claim(r, first))
    later = s.NOON + 400 * _DAY_SECONDS
    again = [
        m.press_pass(1, later),
        replace(m.press_pass(2, later), telegram_key=first.telegram_key),
        replace(first, telegram_key=m.telegram_key(9), claimed_at=later, ends_at=later + 1),
    ]
    await each_refused(bench, Conflict, _claim, again, "a second pass of a Telegram id or a person")
    await bench.store.run(lambda r: r.press_passes.put(replace(first, user_id=None)))
    await each_refused(bench, Conflict, _claim, again[:2], "a second pass after its person was erased")
    found = await bench.store.read(lambda r: (r.press_passes.by_key(first.telegram_key), r.press_passes.of(_USER)))
    expect(found, (replace(first, user_id=None), None), "the pass of somebody who was erased")


async def _gives_a_key_one_pass_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 12))
    # On days of their own, so that nobody waits for a day.
    rivals_for_it = [
        replace(m.press_pass(number, s.NOON + number * _DAY_SECONDS), telegram_key=m.telegram_key(99))
        for number in range(1, 13)
    ]
    kept, lost = told_apart(await rivals(bench, _claim, rivals_for_it), Conflict)
    expect((len(kept), lost), (1, 11), "claims of twelve with one Telegram id at once")


async def _keeps_a_pass_under_its_day_only(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    await bench.store.run(lambda r: r.press_pass_days.lock(_DAY, 2))
    await refused(bench, BrokenInvariant, lambda r: r.press_passes.add(m.press_pass()), "a claim without its day")

    def of_another_day(r: Repositories) -> None:
        r.press_pass_days.lock(_DAY + 1, 2)
        r.press_passes.add(m.press_pass())

    await refused(bench, BrokenInvariant, of_another_day, "a claim under another day")
    await refused(bench, BrokenInvariant, lambda r: _claim(r, replace(m.press_pass(), user_id=None)), "nobody's claim")


async def _changes_a_pass_but_not_its_end(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 3))
    first, second = m.press_pass(1), m.press_pass(2)
    await refused(bench, BrokenInvariant, lambda r: r.press_passes.put(first), "changing a pass that is not there")
    await each(bench, _claim, (second, first))
    others = [
        replace(first, ends_at=first.ends_at + 1),
        replace(first, claimed_at=first.claimed_at + 1),
        replace(first, user_id=UserId("user-3")),
        replace(first, user_id=UserId("nobody")),
    ]
    await each_refused(bench, BrokenInvariant, lambda r, one: r.press_passes.put(one), others, "a change of a pass")
    used = replace(first, activated_at=s.NOON + 1, reminders_sent=2, wants_reminders=False, score=DayScore(_DAY + 1, 7))
    await bench.store.run(lambda r: r.press_passes.put(used))
    expect(await bench.store.read(lambda r: r.press_passes.of(_USER)), used, "a pass after a change")
    await bench.store.run(lambda r: r.press_passes.put(replace(used, converted_at=s.NOON + 2)))
    expect(await bench.store.read(lambda r: r.press_passes.held()), (second,), "passes that are held")
    await bench.store.run(lambda r: r.press_passes.put(replace(second, user_id=None)))
    await refused(bench, BrokenInvariant, lambda r: r.press_passes.put(second), "a pass given its person back")
    await bench.store.run(lambda r: r.press_passes.put(replace(second, user_id=None, revoked_at=s.NOON)))
    expect(await bench.store.read(lambda r: r.press_passes.held()), (), "passes that are held by nobody")


async def _holds_a_pass(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    await bench.store.run(lambda r: _claim(r, m.press_pass()))
    expect(await bench.store.run(lambda r: r.press_passes.lock(_OTHER)), None, "holding no pass")

    def counted(r: Repositories, _: int) -> None:
        found = r.press_passes.lock(_USER)
        if found is not None:
            r.press_passes.put(replace(found, score=DayScore(_DAY, found.score.points + 1)))

    kept, _ = told_apart(await rivals(bench, counted, range(12)), Conflict)
    found = await bench.store.read(lambda r: r.press_passes.of(_USER))
    points = None if found is None else found.score.points
    expect(points, 45 + len(kept), "points of twelve counted at once")


async def _lists_passes_by_their_end(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 3))
    early, late = m.press_pass(3, s.NOON - 1), m.press_pass(1, s.NOON + _DAY_SECONDS)
    middle = m.press_pass(2)
    await each(bench, _claim, (late, early, middle))
    expect(await bench.store.read(lambda r: r.press_passes.held()), (early, middle, late), "passes by their end")


async def _gives_a_key_one_trial_for_ever(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 3))
    mark, theirs = m.trial_mark(1), m.trial_mark(2)
    again = TrialMark(mark.telegram_key, _OTHER, s.NOON + 9)
    kept = await each(bench, lambda r, one: r.trials.add(one), (mark, again, theirs))
    expect(kept, [True, False, True], "whether trials were new")
    forgotten = [await bench.store.run(lambda r: r.trials.forget(_USER)) for _ in range(2)]
    expect(forgotten, [1, 0], "marks that lost their person")
    expect(await bench.store.run(lambda r: r.trials.add(again)), False, "a trial after its person was erased")
    found = await bench.store.read(lambda r: [r.trials.by_key(m.telegram_key(number)) for number in (1, 2, 3)])
    expect(found, [replace(mark, user_id=None), theirs, None], "trials by key")


async def _gives_one_trial_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 12))
    marks = [TrialMark(m.telegram_key(), UserId(f"user-{number}"), s.NOON) for number in range(1, 13)]
    kept, _ = told_apart(await rivals(bench, lambda r, one: r.trials.add(one), marks), Conflict)
    expect(sum(kept), 1, "trials of one Telegram id that were kept, of twelve at once")


PRESS_PASS_PROMISES: tuple[tuple[str, Check], ...] = (
    ("a day's press passes are counted from their rows, and its limit stays", _counts_a_day_from_its_rows),
    ("of claims at once, as many as the limit stand", _gives_as_many_as_its_limit_at_once),
    ("a Telegram id has one press pass for ever, erased or not", _gives_a_key_one_pass_for_ever),
    ("of claims with one Telegram id at once, one stands", _gives_a_key_one_pass_at_once),
    ("a press pass is kept only by whoever holds its day", _keeps_a_pass_under_its_day_only),
    ("a press pass changes, but its claim, its end and its person do not", _changes_a_pass_but_not_its_end),
    ("whoever changes a press pass by what it is holds it meanwhile", _holds_a_pass),
    ("passes that are held are listed by their end", _lists_passes_by_their_end),
    ("a Telegram id has one trial for ever, erased or not", _gives_a_key_one_trial_for_ever),
    ("of trials with one Telegram id at once, one stands", _gives_one_trial_at_once),
)
"""Promises of `PressPassDayRepository`, `PressPassRepository` and `TrialRepository`."""
