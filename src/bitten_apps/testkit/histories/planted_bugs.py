"""Planted bugs: the ways a game can pay for harm, each put in place of the real function, to see that it is told.

None of them exists in production code.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from bitten_apps.testkit.histories.campaign import drawn, looked_at
from bitten_apps.testkit.histories.days import judged
from bitten_apps.testkit.histories.life import USER, Game, Ledger, Rules
from bitten_domain.progression.achievements import EarnedNow, earn_achievements
from bitten_domain.progression.challenges import challenge_met
from bitten_domain.progression.market_day import DaySettled, settle_day
from bitten_domain.progression.xp import XpEntry, award, multiplier_of
from bitten_domain.vocabulary import Breach, XpKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bitten_apps.testkit.histories.days import Traded
    from bitten_domain.events import MarketDayClosed, TradeJudged
    from bitten_domain.membership.education import Syllabus
    from bitten_domain.progression.achievements import Achievement, Facts
    from bitten_domain.progression.catalogue import GameCatalogue
    from bitten_domain.progression.challenges import Challenge, DayFacts
    from bitten_domain.progression.xp import Progress, XpPolicy

__all__ = ["PLANTED_BUGS", "Catch", "PlantedBug", "catch"]

_Entries: TypeAlias = "Sequence[XpEntry]"


def _pays_per_trade(
    closed: MarketDayClosed,
    progress: Progress,
    kept: Sequence[int],
    today: Sequence[XpEntry],
    policy: XpPolicy,
    at: int,
) -> DaySettled:
    settled = settle_day(closed, progress, kept, today, policy, at)
    paid = tuple(
        XpEntry(USER, f"trade:{trade.account}:{trade.position}", XpKind.ADHERENT_DAY, 1, 1, closed.day, at)
        for trade in closed.trades
    )
    return settled._replace(entries=(*settled.entries, *paid))


def _pays_live_double(
    closed: MarketDayClosed,
    progress: Progress,
    kept: Sequence[int],
    today: Sequence[XpEntry],
    policy: XpPolicy,
    at: int,
) -> DaySettled:
    settled = settle_day(closed, progress, kept, today, policy, at)
    if not any(trade.account.startswith("live") for trade in closed.trades):
        return settled
    return settled._replace(entries=tuple(entry._replace(amount=entry.amount * 2) for entry in settled.entries))


def _freezes_by_tens(
    closed: MarketDayClosed,
    progress: Progress,
    kept: Sequence[int],
    today: Sequence[XpEntry],
    policy: XpPolicy,
    at: int,
) -> DaySettled:
    """Earn a freeze day at every tenth day of a streak, as it once was; three are kept."""
    settled = settle_day(closed, progress, kept, today, policy, at)
    if not closed.is_adherent:
        return settled
    every = policy.freeze_every_days
    earned = every if settled.progress.streak % every == 0 else 0
    banked = min(progress.banked_days + earned, policy.most_freezes * every)
    return settled._replace(progress=replace(settled.progress, banked_days=banked))


def _freezes_outlive_breaches(
    closed: MarketDayClosed,
    progress: Progress,
    kept: Sequence[int],
    today: Sequence[XpEntry],
    policy: XpPolicy,
    at: int,
) -> DaySettled:
    settled = settle_day(closed, progress, kept, today, policy, at)
    if not closed.breaches:
        return settled
    return settled._replace(progress=replace(settled.progress, banked_days=progress.banked_days))


def _forgives_winners(traded: Traded) -> TradeJudged:
    one = judged(traded)
    return one._replace(breaches=frozenset()) if traded.result_cents > 0 else one


def _forgives_size(traded: Traded) -> TradeJudged:
    one = judged(traded)
    return one._replace(breaches=one.breaches - {Breach.RISK_EXCEEDED}) if traded.lots > 100 else one


def _multiplies_achievements(
    achievements: Iterable[Achievement],
    have: frozenset[str],
    facts: Facts,
    today: Iterable[XpEntry],
    policy: XpPolicy,
    *,
    day: int,
    at: int,
) -> EarnedNow:
    earned = earn_achievements(achievements, have, facts, today, policy, day=day, at=at)
    times = multiplier_of(facts.progress, policy)
    more = tuple(entry._replace(amount=entry.amount * times // 10_000) for entry in earned.entries)
    return earned._replace(entries=more)


def _knows_no_caps(
    kind: XpKind, cause: str, day: int, at: int, progress: Progress, today: Iterable[XpEntry], policy: XpPolicy
) -> XpEntry | None:
    return award(kind, cause, day, at, progress, today, replace(policy, most_an_action=10**6, most_a_day=10**6))


def _prestige_on_credit(progress: Progress, _: int, day: int, at: int, policy: XpPolicy) -> DaySettled | None:
    entry = XpEntry(USER, f"prestige:{progress.prestige + 1}", XpKind.PRESTIGE, 0, -policy.prestige_price, day, at)
    return DaySettled(replace(progress, prestige=progress.prestige + 1), (entry,))


def _pays_for_openings(challenge: Challenge, facts: DayFacts) -> bool:
    if challenge.condition == "few-openings":
        return facts.is_adherent and facts.opened >= challenge.figure
    return challenge_met(challenge, facts)


class _ForgetsCauses(Ledger):
    def book(self, entry: XpEntry | None) -> bool:
        if entry is not None:
            self.keep(entry)
        return entry is not None


class _SpendsLifetime(Ledger):
    def keep(self, entry: XpEntry) -> None:
        super().keep(entry)
        self.lifetime += min(entry.amount, 0)
        self.lifetimes[-1] = self.lifetime


def _pays_for_badges(catalogue: GameCatalogue) -> GameCatalogue:
    """Pay for an achievement that needs trades, past the check that refuses it."""

    def paid(achievement: Achievement) -> Achievement:
        if not achievement.needs:
            return achievement
        changed = copy(achievement)
        object.__setattr__(changed, "xp", 100)
        return changed

    return replace(catalogue, achievements=tuple(map(paid, catalogue.achievements)))


def _as_it_is(catalogue: GameCatalogue) -> GameCatalogue:
    return catalogue


@dataclass(frozen=True, slots=True)
class PlantedBug:
    """A way to pay for harm.

    Args:
        name: in a word or three.
        what: what it does wrong.
        rules: the functions with the wrong one among them.
        catalogue: makes the catalogue wrong, where that is the bug.
    """

    name: str
    what: str
    rules: Rules = Rules()
    catalogue: Callable[[GameCatalogue], GameCatalogue] = _as_it_is


PLANTED_BUGS = (
    PlantedBug("pays per trade", "a point for every closed trade", Rules(settle=_pays_per_trade)),
    PlantedBug("live pays double", "twice the points for a day with live trades", Rules(settle=_pays_live_double)),
    PlantedBug("forgives winners", "a rule broken with profit is not broken", Rules(judge=_forgives_winners)),
    PlantedBug("forgives size", "large trades are not measured", Rules(judge=_forgives_size)),
    PlantedBug("freezes by tens", "a freeze day at each tenth day of a streak", Rules(settle=_freezes_by_tens)),
    PlantedBug("freezes outlive breaches", "a broken rule leaves freeze days", Rules(settle=_freezes_outlive_breaches)),
    PlantedBug("multiplies achievements", "one earned later is worth more", Rules(earn=_multiplies_achievements)),
    PlantedBug("pays for openings", "a challenge is met by opening more", Rules(met=_pays_for_openings)),
    PlantedBug("knows no caps", "learning is paid beyond the day's cap", Rules(award=_knows_no_caps)),
    PlantedBug("forgets causes", "what is told twice is booked twice", Rules(ledger=_ForgetsCauses)),
    PlantedBug("spends lifetime XP", "a prestige or a purchase lowers the title", Rules(ledger=_SpendsLifetime)),
    PlantedBug("prestige on credit", "a prestige is taken without the points", Rules(prestige=_prestige_on_credit)),
    PlantedBug("pays for badges", "points for what needs trades", catalogue=_pays_for_badges),
)
"""The bugs, each to be caught."""


class Catch(NamedTuple):
    """Who told of a bug.

    Args:
        bug: which.
        promise: the first promise that was seen broken; empty when none was.
        histories: how many it took.
    """

    bug: PlantedBug
    promise: str
    histories: int


def catch(bug: PlantedBug, catalogue: GameCatalogue, syllabus: Syllabus, most: int = 10_000) -> Catch:
    """Draw histories until a promise breaks, or so many were drawn."""
    wrong = bug.catalogue(catalogue)

    for seed in range(1, most + 1):
        one = drawn(seed, catalogue)
        faults = looked_at(one, Game(wrong, syllabus, one.policy, bug.rules))
        if faults:
            return Catch(bug, faults[0].promise, seed)
    return Catch(bug, "", most)
