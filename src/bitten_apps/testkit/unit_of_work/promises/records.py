"""Promises about records whatever their kind: what they belong to is there, and figures keep their digits."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import game_samples as g
from bitten_apps.testkit.unit_of_work import member_samples as m
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.bench import UnitOfWorkBench, expect, refused
from bitten_apps.testkit.unit_of_work.whole_store import LEVELS
from bitten_domain.errors import BrokenInvariant
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bitten_apps.testkit.unit_of_work.bench import Check
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["RECORD_KEEPING_PROMISES"]


def _claimed_by_nobody(r: Repositories) -> None:
    r.press_pass_days.lock(19_724, 10)
    r.press_passes.add(m.press_pass(77))


_ORPHANS: Mapping[str, Callable[[Repositories], object]] = {
    "a day of no account": lambda r: r.sessions.put(s.session(19_724, of=2)),
    "a mandate of no account": lambda r: r.mandates.add(s.mandate("mandate", of=2)),
    "an intent of no account": lambda r: r.intents.add(s.fire(1, of=2), s.attempt(s.fire(1, of=2), 1)),
    "a position of no account": lambda r: r.positions.put(s.held(1, of=2)),
    "a deal of no account": lambda r: r.deals.book(s.account_id(2), s.deal(1, 1, of=2)),
    "a trade of no account": lambda r: r.trades.add(s.closed_trade(1, s.NOON, of=2)),
    "a change of no account": lambda r: r.trades.add_change(replace(LEVELS, account=s.account_id(2))),
    "a reservation of no intent": lambda r: r.reservations.hold(s.reservation(s.fire(7))),
    "an errand of no attempt": lambda r: r.dispatches.add(s.dispatch(7)),
    "an outcome of no signal": lambda r: r.outcomes.add(s.outcome(7, s.NOON)),
    "a lesson of nobody": lambda r: r.lessons.done(replace(s.lesson("pips", 1), user_id=UserId("nobody"))),
    "a try of nobody": lambda r: r.quizzes.add(replace(s.quiz_result("try", right=1), user_id=UserId("nobody"))),
    "a mission of nobody": lambda r: r.missions.done(replace(s.mission("calm"), user_id=UserId("nobody"))),
    "an entry of nobody": lambda r: r.diary.add(replace(s.diary_entry("entry", 1), user_id=UserId("nobody"))),
    "an onboarding of nobody": lambda r: r.onboardings.put(s.onboarding(7)),
    "a consent of nobody": lambda r: r.consents.add(replace(s.consent("yes"), user_id=UserId("nobody"))),
    "challenges of nobody": lambda r: r.challenges.set(g.challenges(1, "a", of=UserId("nobody"))),
    "gear of nobody": lambda r: r.gear.own(g.owned("grid", by=UserId("nobody"))),
    "a member who is nobody": lambda r: r.boards.join(g.member("Ann", of=UserId("nobody"))),
    "a forecast of no signal": lambda r: r.forecasts.add(g.forecast(7)),
    "an achievement that is not published": lambda r: r.achievements.earn(g.earned("none")),
    "points of nobody": lambda r: r.xp.add(s.xp("day:1")._replace(user_id=UserId("nobody"))),
    "progress of nobody": lambda r: r.progress.put(replace(s.progress(1), user_id=UserId("nobody"))),
    "a briefing of nobody": lambda r: r.market_days.brief(UserId("nobody"), 1, s.NOON),
    "a press pass of nobody": _claimed_by_nobody,
    "a trial of nobody": lambda r: r.trials.add(replace(m.trial_mark(), user_id=UserId("nobody"))),
    "a subscription of nobody": lambda r: r.subscriptions.put(m.subscription("one", of=77)),
    "a payment of nobody": lambda r: r.payments.put(m.payment("one", of=77)),
    "a market day of nobody": lambda r: r.market_days.close(s.market_day(1)._replace(user_id=UserId("nobody")), 1),
}


async def _keeps_no_orphans(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    for name, write in _ORPHANS.items():
        await refused(bench, BrokenInvariant, write, name)


async def _keeps_how_figures_are_written(bench: UnitOfWorkBench) -> None:
    intent, held, closed = s.fire(1), s.held(1), s.closed_trade(9, s.NOON)
    session, deal = s.session(19_724), s.deal(1, 1, "5.10")

    def add(r: Repositories) -> None:
        s.add_accounts(r)
        s.add_fire(r, 1)
        r.sessions.put(session)
        r.positions.put(held)
        r.deals.book(s.account_id(), deal)
        r.trades.add(closed)

    def read(r: Repositories) -> list[object]:
        of, total = s.account_id(), r.deals.total(s.account_id())
        return [
            r.accounts.get(of),
            r.sessions.latest(of),
            *(errand.intent for errand in r.intents.attempts(intent.intent_id)),
            *r.reservations.held(of),
            *(held.position for held in r.positions.open(of)),
            *r.deals.of_position(of, 1),
            *(closed.trade for closed in r.trades.recent(of, 1)),
            None if total is None else total.amount,
        ]

    await bench.store.run(add)
    await bench.reopen()
    expected = [s.account(), session, intent, s.reservation(intent), held.position, deal, closed.trade, Decimal("4.57")]
    found = await bench.store.read(read)
    expect([repr(one) for one in found], [repr(one) for one in expected], "records, written out")


RECORD_KEEPING_PROMISES: tuple[tuple[str, Check], ...] = (
    ("nothing is kept for an account, person, intent, attempt or signal that is not there", _keeps_no_orphans),
    ("amounts, volumes and prices come back written as they were", _keeps_how_figures_are_written),
)
"""Promises of every repository."""
