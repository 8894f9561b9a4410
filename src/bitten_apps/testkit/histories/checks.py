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


def harm_done(history: History, game: Game, chance: Chance) -> Iterator[tuple[str, str]]:
    """Compare a history with what harm would make of it; the promise that broke and the harm, for each.

    Nothing is bought in the histories that are compared: points not spent on one thing may be spent on another.
    """
    before = live(history, game)
    for name, harm in HARMS.items():
        at = chance.below(len(history))
        after = live(harm(history, at, chance), game)
        worse_off = all(
            other <= one
            for pair in zip(before.standings, after.standings, strict=True)
            for one, other in zip(*pair, strict=True)
        )
        if not worse_off:
            yield "harm", name
    for name, change in INDIFFERENT.items():
        after = live(change(history, 0, chance), game)
        if after.ledger.entries != before.ledger.entries:
            yield "indifferent", name


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
