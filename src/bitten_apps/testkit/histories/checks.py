"""Checks of a history: what must hold of every one, each giving what it found wrong, or nothing."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from bitten_apps.testkit.histories.harm import HARMS, INDIFFERENT
from bitten_apps.testkit.histories.life import live
from bitten_domain.progression.titles import TITLE_FROM, title_of
from bitten_domain.progression.xp import balance_of, lifetime_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bitten_apps.testkit.histories.days import History
    from bitten_apps.testkit.histories.life import Game, Life
    from bitten_apps.testkit.simulation.chance import Chance

__all__ = ["PROMISES", "broken_promises", "harm_done"]

PROMISES = {
    "ledger": "the ledger's sum is the balance, which is never negative; lifetime XP never falls",
    "titles": "titles only rise",
    "caps": "an action, a day and a multiplier stay within their caps",
    "once": "told again, everything is booked once",
    "badges": "what needs a trade, a loss or a lockout gives no points",
    "harm": "no added trade, size, risk, looser stop or revenge entry raises XP, streak or prestige on any day",
    "stored": "lived by the use cases in a store, a history comes to the same entries, standings, badges and gear",
    "indifference": "results and accounts, live or paper, change no entry",
}
"""What is promised of every history, by name."""


def broken_promises(history: History, game: Game) -> Iterator[str]:
    """Live a history and name what broke, but for what compares it with another."""
    life = live(history, game)
    entries = life.ledger.entries
    if (
        balance_of(entries) != life.ledger.balance
        or lifetime_of(entries) != life.ledger.lifetime
        or min(life.ledger.balances, default=0) < 0
        or any(later < earlier for earlier, later in pairwise(life.ledger.lifetimes))
    ):
        yield "ledger"
    if any(
        TITLE_FROM[title_of(later)] < TITLE_FROM[title_of(earlier)]
        for earlier, later in pairwise([standing.lifetime for standing in life.standings])
    ):
        yield "titles"
    if not _within_caps(life, game):
        yield "caps"
    if live(history, game, repeats=3).ledger.entries != entries or len({one.cause for one in entries}) != len(entries):
        yield "once"
    needy = {f"achievement:{one.code}" for one in game.catalogue.achievements if one.needs}
    needy |= {one.code for one in game.catalogue.challenges if one.needs}
    if any(entry.cause in needy or entry.cause.rpartition(":")[2] in needy for entry in entries):
        yield "badges"


def harm_done(history: History, game: Game, chance: Chance) -> Iterator[tuple[str, str | None]]:
    """Compare a history with what harm would make of it, each harm on a day that has something to make worse.

    Nothing is bought in the histories that are compared: points not spent on one thing may be spent on another.

    Yields:
        The harm or change, and the promise it broke; None when it broke none. One that changes nothing is left out.
    """
    before = live(history, game)
    traded = [number for number, day in enumerate(history) if day.trades] or [0]
    for name, harm in HARMS.items():
        harmed = harm(history, chance.pick(traded), chance)
        if harmed != history:
            yield name, None if _is_behind(live(harmed, game), before) else "harm"
    for name, change in INDIFFERENT.items():
        changed = change(history, 0, chance)
        if changed != history:
            is_same = live(changed, game).ledger.entries == before.ledger.entries
            yield name, None if is_same else "indifferent"


def _is_behind(one: Life, other: Life) -> bool:
    return all(
        worse <= better
        for pair in zip(one.standings, other.standings, strict=True)
        for worse, better in zip(*pair, strict=True)
    )


def _within_caps(life: Life, game: Game) -> bool:
    policy = game.policy
    by_day: dict[int, int] = {}
    for entry in life.ledger.entries:
        if entry.kind.spends:
            continue
        by_day[entry.day] = by_day.get(entry.day, 0) + entry.amount
        if entry.amount > policy.most_an_action or entry.amount * 100 > entry.base * policy.most_multiplier_percent:
            return False
    return max(by_day.values(), default=0) <= policy.most_a_day
