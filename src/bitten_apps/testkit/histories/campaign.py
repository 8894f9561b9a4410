"""A campaign: many histories, each drawn from a seed, lived, harmed and compared."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import TYPE_CHECKING, NamedTuple

from bitten_adapters.files.education.syllabus_files import read_syllabus
from bitten_adapters.files.game.game_data import FileGameData
from bitten_apps.testkit.histories.checks import broken_promises, harm_done
from bitten_apps.testkit.histories.days import drawn_history
from bitten_apps.testkit.histories.life import Game, live
from bitten_apps.testkit.histories.stored import difference, live_in_memory
from bitten_apps.testkit.simulation.chance import Chance
from bitten_domain.progression.xp import XpPolicy

if TYPE_CHECKING:
    from bitten_apps.testkit.histories.days import History
    from bitten_domain.progression.catalogue import GameCatalogue

__all__ = ["Campaign", "Drawn", "Fault", "drawn", "looked_at", "run_campaign"]

_COMPARED_DAYS, _LIVED_DAYS = 90, 60
_BATCH = 500
# Of so many histories these are lived in a store as well: one of each kind.
_STORED_EVERY, _STORED_OF_THEM = 20, (7, 10)
# A prestige that can be reached within the days of a history; the real one takes years.
_CHEAP_PRESTIGE = XpPolicy(prestige_price=400)
_TIGHT_CAPS = XpPolicy(prestige_price=400, most_a_day=120, most_an_action=60)


class Drawn(NamedTuple):
    """A history that was drawn, and how it is looked at.

    Args:
        seed: of it.
        history: day by day.
        policy: the figures it is lived by.
        is_compared: it is compared with what harm makes of it; otherwise it is held against tight caps and buys.
    """

    seed: int
    history: History
    policy: XpPolicy
    is_compared: bool


class Fault(NamedTuple):
    """A broken promise.

    Args:
        seed: of the history.
        promise: its name.
        by: the harm that broke it; empty for none.
    """

    seed: int
    promise: str
    by: str


@dataclass(slots=True)
class Campaign:
    """What many histories came to.

    Args:
        counts: histories, days, trades, and histories that were lived in a store as well.
        compared: histories that were compared with one that harm or a change made different, by its name.
        faults: promises that broke.
    """

    counts: Counter[str] = field(default_factory=Counter)
    compared: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)


def drawn(seed: int, catalogue: GameCatalogue) -> Drawn:
    """Draw a history; every second one is compared."""
    chance = Chance(seed)
    if seed % 2:
        return Drawn(seed, drawn_history(chance, _COMPARED_DAYS), _CHEAP_PRESTIGE, is_compared=True)
    goods = tuple(one.code for one in catalogue.goods)
    return Drawn(seed, drawn_history(chance, _LIVED_DAYS, goods), _TIGHT_CAPS, is_compared=False)


def looked_at(one: Drawn, game: Game, counts: Counter[str] | None = None) -> list[Fault]:
    """Check a history against every promise that can be checked of it.

    Args:
        one: the history.
        game: what is played.
        counts: counts comparisons, by harm; None for nobody who counts.
    """
    if not one.is_compared:
        return [Fault(one.seed, promise, "") for promise in broken_promises(one.history, game)]
    faults: list[Fault] = []
    for by, promise in harm_done(one.history, game, Chance(-one.seed)):
        if counts is not None:
            counts[by] += 1
        if promise is not None:
            faults.append(Fault(one.seed, promise, by))
    return faults


def _told(batch: tuple[int, int]) -> Campaign:
    count, first_seed = batch
    catalogue = FileGameData().catalogue()
    campaign = Campaign()
    syllabus = read_syllabus()
    compared, lived = Game(catalogue, syllabus, _CHEAP_PRESTIGE), Game(catalogue, syllabus, _TIGHT_CAPS)
    for seed in range(first_seed, first_seed + count):
        one = drawn(seed, catalogue)
        campaign.faults += looked_at(one, compared if one.is_compared else lived, campaign.compared)
        if seed % _STORED_EVERY in _STORED_OF_THEM:
            game = compared if one.is_compared else lived
            if difference(live_in_memory(one.history, game), live(one.history, game)):
                campaign.faults.append(Fault(seed, "stored", ""))
            campaign.counts["stored"] += 1
        campaign.counts["histories"] += 1
        campaign.counts["days"] += len(one.history)
        campaign.counts["trades"] += sum(len(day.trades) for day in one.history)
    return campaign


def run_campaign(histories: int, first_seed: int = 1, processes: int = 1) -> Campaign:
    """Draw and check many histories.

    Args:
        histories: how many.
        first_seed: of the first; the others follow it.
        processes: how many work side by side.
    """
    batches = [(min(_BATCH, histories - begun), first_seed + begun) for begun in range(0, histories, _BATCH)]
    whole = Campaign()
    if processes == 1:
        parts = [_told(batch) for batch in batches]
    else:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            parts = list(pool.map(_told, batches))
    for part in parts:
        whole.counts += part.counts
        whole.compared += part.compared
        whole.faults += part.faults
    return whole
