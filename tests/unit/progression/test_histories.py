"""Histories: a slice of what `nox -s histories` draws, every planted bug told, and the histories that once broke it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.files.education.syllabus_files import read_syllabus
from bitten_adapters.files.game.game_data import FileGameData
from bitten_apps.testkit.histories.campaign import drawn, looked_at, run_campaign
from bitten_apps.testkit.histories.days import Day, Traded
from bitten_apps.testkit.histories.harm import HARMS, INDIFFERENT
from bitten_apps.testkit.histories.life import USER, Game, live, market_day
from bitten_apps.testkit.histories.planted_bugs import PLANTED_BUGS, PlantedBug
from bitten_apps.testkit.histories.stored import difference, live_in_memory
from bitten_domain.events import MarketDayClosed, TradeJudged
from bitten_domain.execution import DealReason
from bitten_domain.progression import Progress, XpPolicy
from bitten_domain.progression.market_day import settle_day
from bitten_domain.values import AccountId
from bitten_domain.vocabulary import Breach

if TYPE_CHECKING:
    from bitten_domain.progression.catalogue import GameCatalogue

# A history each planted bug is told by: the first that a search from seed 1 finds.
TOLD_BY = {
    "pays per trade": 1,
    "live pays double": 1,
    "forgives winners": 1,
    "forgives size": 73,
    "freezes by tens": 5145,
    "freezes outlive breaches": 9,
    "multiplies achievements": 9,
    "pays for openings": 3,
    "knows no caps": 12,
    "forgets causes": 2,
    "spends lifetime XP": 2,
    "prestige on credit": 2,
    "pays for badges": 2,
}
KEPT, AWAY = Day(is_briefed=True), Day(is_briefed=False)
LOOSENED = Traded(1, 0, False, True, True, 1, 20, -5, False, DealReason.STOP, -100)
BROKEN = Day(is_briefed=True, trades=(LOOSENED,))


@pytest.fixture(scope="module")
def catalogue() -> GameCatalogue:
    return FileGameData().catalogue()


def test_I14_given_histories_drawn_when_lived_harmed_and_told_again_then_no_promise_breaks() -> None:
    campaign = run_campaign(100, first_seed=1)

    assert campaign.faults == []
    assert campaign.counts["histories"] == 100
    assert campaign.counts["stored"] == 10
    assert min(campaign.compared[name] for name in (*HARMS, *INDIFFERENT)) > 20


@pytest.mark.parametrize("seed", range(1, 31))
def test_I14_given_a_history_when_lived_by_the_use_cases_in_a_store_then_it_is_the_life_the_model_lives(
    seed: int, catalogue: GameCatalogue
) -> None:
    one = drawn(seed, catalogue)
    game = Game(catalogue, read_syllabus(), one.policy)

    assert difference(live_in_memory(one.history, game), live(one.history, game)) == ""


def test_given_a_life_of_other_figures_when_compared_with_the_models_then_it_is_told(catalogue: GameCatalogue) -> None:
    history = drawn(9, catalogue).history
    game, other = (Game(catalogue, read_syllabus(), XpPolicy(streak_step_days=step)) for step in (5, 2))
    stored = live_in_memory(history, game)
    life = live(history, game)

    assert "in the model" in difference(stored, live(history, other))
    assert "elsewhere" in difference(stored._replace(standings=stored.standings[1:]), life)
    assert "what somebody has" in difference(stored._replace(achievements=frozenset()), life)


@pytest.mark.parametrize("bug", PLANTED_BUGS, ids=lambda bug: bug.name.replace(" ", "_"))
def test_given_a_planted_bug_when_its_history_is_lived_then_a_promise_breaks_that_holds_without_it(
    bug: PlantedBug, catalogue: GameCatalogue
) -> None:
    one = drawn(TOLD_BY[bug.name], catalogue)

    assert looked_at(one, Game(bug.catalogue(catalogue), read_syllabus(), one.policy, bug.rules))
    assert looked_at(one, Game(catalogue, read_syllabus(), one.policy)) == []


@pytest.mark.parametrize(("kept", "gap"), [(41, 8), (38, 5), (53, 2)])
def test_given_a_rule_broken_early_when_freeze_days_run_out_later_then_nothing_is_gained_by_it(
    kept: int, gap: int, catalogue: GameCatalogue
) -> None:
    # While freeze days were earned at every tenth day of a streak, the first of these gained 435 points by the breach.
    history = (*[KEPT] * kept, AWAY, *[KEPT] * gap, *[AWAY] * 3, *[KEPT] * 50)
    game = Game(catalogue, read_syllabus(), XpPolicy())

    plain = live(history, game)
    for place in range(1, 16):
        broken = live((*history[:place], BROKEN, *history[place + 1 :]), game)
        assert broken.ledger.lifetime < plain.ledger.lifetime


def test_given_any_two_people_when_one_is_behind_then_no_day_puts_them_ahead() -> None:
    # Exhaustive over streaks and days put by, and over all sorts of days: with this, no history can reward harm.
    policy = XpPolicy(freeze_every_days=3, most_freezes=2)
    fault = TradeJudged(AccountId("a"), 1, "s", 0, frozenset({Breach.NO_STOP}))
    sorts = [
        MarketDayClosed(USER, market_day(0), is_briefed, trades)
        for is_briefed, trades in product((True, False), ((), (fault,)))
    ]

    def after(streak: int, banked: int, closed: MarketDayClosed) -> tuple[int, int]:
        progress = Progress(USER, streak=streak, best_streak=streak, adherent_days=streak, banked_days=banked)
        settled = settle_day(closed, progress, [], [], policy, 0).progress
        return settled.streak, settled.banked_days

    for closed in sorts:
        harmed = replace_breach(closed, fault)
        for streak, banked in product(range(12), range(7)):
            best = after(streak, banked, closed)
            for behind in ((streak, banked), (max(streak - 1, 0), banked), (streak, max(banked - 1, 0))):
                assert all(worse <= better for worse, better in zip(after(*behind, closed), best, strict=True))
                assert all(worse <= better for worse, better in zip(after(*behind, harmed), best, strict=True))


def replace_breach(closed: MarketDayClosed, fault: TradeJudged) -> MarketDayClosed:
    return closed._replace(trades=(*closed.trades, fault))


def test_given_prestige_and_goods_when_wanted_then_they_are_had_only_for_points(catalogue: GameCatalogue) -> None:
    wants = replace(KEPT, wants_prestige=True, wants=("course-workbook",))
    game = Game(catalogue, read_syllabus(), XpPolicy(prestige_price=1_000))

    life = live((wants,) * 12, game)

    # The workbook costs 300; each spending leaves the ledger at nothing or more.
    assert life.owned >= {"course-workbook", "night"}
    assert min(life.ledger.balances) >= 0
    assert live((wants,), game).bought == set()
