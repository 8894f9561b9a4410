"""Market days settled on every store: each once, whoever asks, how often and how late."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import pytest

from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.desk.account.happenings import PositionChanged
from bitten_domain.errors import Conflict, InvalidInput
from bitten_domain.execution.lifecycle import PositionState
from bitten_domain.market.clocks.fx_week import day_ending_at
from bitten_domain.membership.education import Syllabus
from bitten_domain.ports.repositories.books import LevelsChange
from bitten_domain.ports.repositories.progression import XpTotals
from bitten_domain.progression.catalogue import GameCatalogue
from bitten_domain.progression.challenges import Challenge, ChallengeTheme
from bitten_domain.record.account_payloads import account_payload_of
from bitten_domain.use_cases.choices.limits import ChooseLimits
from bitten_domain.use_cases.game.game_rules import GameRules
from bitten_domain.use_cases.people.confirm_briefing import ConfirmBriefing
from bitten_domain.use_cases.people.settle_days import SettleDays
from bitten_domain.use_cases.people.take_prestige import TakePrestige
from bitten_domain.values import UserId
from bitten_domain.vocabulary import Breach, XpKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_apps.testkit.unit_of_work_contract import UnitOfWorkBench
    from bitten_domain.ports.repositories.books import ClosedTrade
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.use_cases.people.settle_days import DayOfSomebody

USER = UserId("user-1")
TUESDAY = day_ending_at(s.NOON)
DAY = 86_400
LATER = s.NOON + 30 * DAY
# Days alone: nothing is earned beside them. What the game adds is in test_game_on_every_store.
LESSONS = tuple(
    Challenge(f"challenge-{number}", "A lesson", "Read a lesson.", theme, "lessons", 1)
    for number, theme in enumerate(ChallengeTheme)
)
RULES = GameRules(GameCatalogue((), LESSONS, (), ()), Syllabus((), (), (), ()))


def prepared(store: UnitOfWork, *works: Callable[[Repositories], object]) -> None:
    """Make a person with an account, and do some more."""

    async def made() -> None:
        await store.run(s.add_accounts)
        for work in works:
            await store.run(work)

    asyncio.run(made())


def briefed(store: UnitOfWork, *days: int) -> None:
    for number in days:
        asyncio.run(ConfirmBriefing(store)(USER, s.NOON + number * DAY))


def settled(store: UnitOfWork, until: int = TUESDAY) -> tuple[DayOfSomebody, ...]:
    return asyncio.run(SettleDays(store, RULES)(USER, until, LATER))


def totals(store: UnitOfWork) -> XpTotals:
    return asyncio.run(store.read(lambda r: r.xp.totals(USER)))


def trade(ticket: int, *, by_hand: bool = False) -> ClosedTrade:
    closed = s.closed_trade(ticket, s.NOON + 60)
    return replace(closed, known=None) if by_hand else closed


def added(closed: ClosedTrade, repositories: Repositories) -> None:
    repositories.trades.add(closed)


def adopted(ticket: int, reason: str) -> Callable[[Repositories], object]:
    """Write down why a position was adopted, as the desk does."""
    held = s.held(ticket, PositionState.ADOPTED)
    payload = account_payload_of(PositionChanged(s.NOON, held, reason))
    return lambda r: r.journal.append("account:account-1", [payload])


def test_I14_given_many_who_settle_at_once_and_again_when_done_then_each_day_is_awarded_once(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    prepared(store)
    briefed(store, 0, 1, 2)

    async def at_once() -> list[object]:
        asked = [SettleDays(store, RULES)(USER, TUESDAY + 2, LATER) for _ in range(8)]
        return list(await asyncio.gather(*asked, return_exceptions=True))

    results = asyncio.run(at_once())
    again = settled(store, TUESDAY + 2)
    late = settled(store, TUESDAY + 3)

    assert all(isinstance(one, tuple | Conflict) for one in results)
    # Three days of 30: nothing more whoever asked, and a day nobody prepared for adds none.
    assert totals(store) == XpTotals(90, 90)
    assert again == ()
    assert [(one.closed.day, one.entries) for one in late] == [(TUESDAY + 3, ())]


def test_given_days_that_were_missed_when_settled_late_then_each_counts_as_it_was_and_weekends_are_left_out(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    prepared(store)
    briefed(store, 0, 1, 3, 6)

    days = settled(store, TUESDAY + 7)

    # Tuesday, Wednesday, Thursday (no briefing), Friday; Monday, Tuesday.
    assert [one.closed.day - TUESDAY for one in days] == [0, 1, 2, 3, 6, 7]
    assert [one.closed.is_adherent for one in days] == [True, True, False, True, True, False]
    assert [one.progress.streak for one in days] == [1, 2, 0, 1, 2, 0]
    assert totals(store).lifetime == 4 * 30


@pytest.mark.parametrize("count", [0, 1, 5])
def test_given_a_prepared_day_when_its_trades_kept_the_rules_then_their_number_does_not_matter(
    store_bench: UnitOfWorkBench, count: int
) -> None:
    store = store_bench.store
    closed = [trade(ticket) for ticket in range(1, count + 1)]
    prepared(store, *(partial(added, one) for one in closed))
    briefed(store, 0)

    (day,) = settled(store)

    assert len(day.closed.trades) == count
    assert day.closed.breaches == frozenset()
    assert [(entry.kind, entry.amount) for entry in day.entries] == [(XpKind.ADHERENT_DAY, 30)]


def test_given_a_stop_that_was_loosened_when_the_day_is_settled_then_it_earns_nothing_and_says_why(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    closed = trade(1)
    sign = closed.trade.direction.sign
    stop = closed.trade.initial_stop or Decimal("1.1")
    change = LevelsChange(closed.account, 1, s.NOON, stop, stop - sign * Decimal("0.0010"), None, None, "MANUAL")
    prepared(store, lambda r: r.trades.add(closed), lambda r: r.trades.add_change(change))
    briefed(store, 0)

    (day,) = settled(store)
    kept = asyncio.run(store.read(lambda r: r.market_days.closed(USER, TUESDAY, TUESDAY)))

    assert day.closed.breaches == {Breach.STOP_LOOSENED}
    assert day.entries == ()
    assert kept == (day.closed,)
    assert totals(store).lifetime == 0


def test_given_a_loosened_stop_when_the_position_stays_open_then_every_day_is_broken_until_it_is_closed(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    open_position = replace(s.held(1), known=trade(1).known)
    change = LevelsChange(
        open_position.account, 1, s.NOON + DAY, Decimal("1.0950"), Decimal("1.0900"), None, None, "MANUAL"
    )
    prepared(store, lambda r: r.positions.put(open_position), lambda r: r.trades.add_change(change))
    briefed(store, 0, 1, 2, 3)

    before, loosened, kept_open = settled(store, TUESDAY + 2)
    asyncio.run(store.run(lambda r: r.trades.add(s.closed_trade(1, s.NOON + 2 * DAY + 1))))
    gone = replace(open_position, position=replace(open_position.position, state=PositionState.CLOSED))
    asyncio.run(store.run(lambda r: r.positions.put(gone)))
    (after,) = settled(store, TUESDAY + 3)

    assert before.closed.breaches == frozenset()
    assert loosened.closed.still_broken == kept_open.closed.still_broken == {Breach.STOP_LOOSENED}
    assert loosened.entries == kept_open.entries == ()
    assert asyncio.run(store.read(lambda r: r.market_days.closed(USER, TUESDAY + 1, TUESDAY + 1))) == (loosened.closed,)
    assert after.closed.still_broken == frozenset()


def test_given_a_day_that_is_settled_late_when_its_position_was_closed_since_then_the_breach_still_counts_on_it(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    closed = s.closed_trade(1, s.NOON + DAY)
    change = LevelsChange(closed.account, 1, s.NOON, Decimal("1.0950"), Decimal("1.0900"), None, None, "MANUAL")
    prepared(store, lambda r: r.trades.add(closed), lambda r: r.trades.add_change(change))
    briefed(store, 0, 1, 2)

    tuesday, wednesday, thursday = settled(store, TUESDAY + 2)

    assert tuesday.closed.still_broken == {Breach.STOP_LOOSENED}
    assert wednesday.closed.still_broken == frozenset()
    assert wednesday.closed.breaches == {Breach.STOP_LOOSENED}
    assert thursday.closed.breaches == frozenset()


@pytest.mark.parametrize(
    ("reason", "broken"),
    [("ADOPTED", False), ("ADOPTED_IN_PAUSE", True), ("LATE_FILL", False)],
)
def test_given_a_position_that_was_adopted_when_the_day_is_settled_then_only_an_ignored_pause_is_a_breach(
    store_bench: UnitOfWorkBench, reason: str, broken: bool
) -> None:
    store = store_bench.store
    closed = trade(1, by_hand=True)
    small = replace(closed, trade=closed.trade._replace(initial_risk=s.usd("0.10")))
    prepared(store, lambda r: r.trades.add(small), adopted(1, reason))
    briefed(store, 0)

    (day,) = settled(store)

    assert (Breach.PAUSE_IGNORED in day.closed.breaches) is broken


def test_given_a_trade_that_is_booked_after_its_day_was_settled_when_the_next_day_is_then_it_counts_there_once(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    late, usual = trade(1, by_hand=True), replace(trade(2), trade=s.closed_trade(2, s.NOON + DAY).trade)
    prepared(store, lambda r: r.trades.add(trade(3)))
    briefed(store, 0, 1, 2)
    settled(store, TUESDAY)
    asyncio.run(store.run(lambda r: r.trades.add(late)))
    asyncio.run(store.run(lambda r: r.trades.add(usual)))
    asyncio.run(store.run(adopted(1, "ADOPTED_IN_PAUSE")))

    wednesday, thursday = settled(store, TUESDAY + 2)

    assert {one.position for one in wednesday.closed.trades} == {1, 2}
    assert Breach.PAUSE_IGNORED in wednesday.closed.breaches
    assert thursday.closed.trades == ()
    assert thursday.progress.closed_trades == 3


def test_given_a_trade_that_is_booked_months_late_when_the_next_day_is_settled_then_its_breach_counts_on_that_day_once(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    prepared(store)
    asyncio.run(SettleDays(store, RULES)(USER, TUESDAY + 90, s.NOON + 120 * DAY))
    asyncio.run(store.run(lambda r: r.trades.add(trade(1, by_hand=True))))
    asyncio.run(store.run(adopted(1, "ADOPTED_IN_PAUSE")))

    days = asyncio.run(SettleDays(store, RULES)(USER, TUESDAY + 94, s.NOON + 120 * DAY))

    judged = [trade for day in days for trade in day.closed.trades]
    assert [one.position for one in judged] == [1]
    assert days[0].closed.trades == tuple(judged)
    assert Breach.PAUSE_IGNORED in days[0].closed.breaches


def test_given_a_position_by_hand_that_got_a_very_wide_stop_later_when_its_day_is_settled_then_its_risk_is_judged(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    position = replace(
        s.held(1).position, initial_stop_ticks=None, initial_risk=None, stop_ticks=None, state=PositionState.CLOSED
    )
    closed = trade(1, by_hand=True)
    naked = replace(closed, trade=closed.trade._replace(initial_stop=None, initial_risk=None, net_r=None))
    change = LevelsChange(closed.account, 1, s.NOON, None, Decimal("1.0000"), None, None, "BROKER")
    prepared(
        store,
        lambda r: r.positions.put(replace(s.held(1), position=position)),
        lambda r: r.trades.add(naked),
        lambda r: r.trades.add_change(change),
    )
    briefed(store, 0)

    (day,) = settled(store)

    # A tenth of a lot from 1.10000 to 1.00000 is 1,000 USD: all there is.
    assert day.closed.breaches == {Breach.RISK_EXCEEDED}


def test_given_limits_that_were_lowered_after_a_trade_by_hand_when_it_is_judged_then_by_those_it_was_opened_under(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    closed = trade(1, by_hand=True)
    # The trade risked 0.8 % of 1,000; one percent was allowed as it was opened, and half of that later on.
    small = replace(closed, trade=closed.trade._replace(initial_risk=s.usd("8.00"), opened_at=s.NOON + 1))
    late = replace(s.closed_trade(2, s.NOON + 60), known=None)
    late = replace(late, trade=late.trade._replace(initial_risk=s.usd("8.00"), opened_at=s.NOON + 40))
    prepared(store)
    asyncio.run(ChooseLimits(store, DAY)(USER, s.NOON + 30, s.NOON + 30, risk_percent=Decimal("0.5")))
    for one in (small, late):
        asyncio.run(store.run(partial(added, one)))

    (day,) = settled(store)

    assert {one.position: one.breaches for one in day.closed.trades} == {1: frozenset(), 2: {Breach.RISK_EXCEEDED}}


def test_given_enough_points_when_prestige_is_taken_many_times_at_once_then_it_is_paid_once(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    prepared(store, lambda r: [r.xp.add(s.xp(f"gift:{number}", 1_000)) for number in range(75)])

    async def at_once() -> list[object]:
        asked = [TakePrestige(store, RULES)(USER, s.NOON) for _ in range(6)]
        return list(await asyncio.gather(*asked, return_exceptions=True))

    taken = asyncio.run(at_once())

    assert any(one is not None for one in taken)
    assert totals(store) == XpTotals(75_000, 25_000)
    assert asyncio.run(TakePrestige(store, RULES)(USER, s.NOON)) is None


def test_given_nobody_when_a_day_is_confirmed_or_settled_then_it_is_said(store_bench: UnitOfWorkBench) -> None:
    with pytest.raises(InvalidInput):
        asyncio.run(ConfirmBriefing(store_bench.store)(USER, s.NOON))
    with pytest.raises(InvalidInput):
        settled(store_bench.store)


def test_given_a_message_of_points_when_a_title_is_reached_then_it_is_named_and_none_comes_when_the_game_is_off(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    prepared(store, lambda r: r.xp.add(s.xp("gift", 80)))
    briefed(store, 0, 1)
    settled(store, TUESDAY)

    def switch(r: Repositories) -> None:
        progress = r.progress.get(USER)
        assert progress is not None
        r.progress.put(replace(progress, is_game_off=True))

    asyncio.run(store.run(switch))
    settled(store, TUESDAY + 1)
    messages = asyncio.run(store.read(lambda r: r.outbox.waiting(LATER, 99)))

    assert [message.topic for message in messages] == ["xp"]
    assert '"title": "PRIVATE"' in messages[0].body
    assert totals(store).lifetime == 140
