"""The catalogue: its parts fit together, and nothing in it can be come by through a trade but a badge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bitten_adapters.files.game.game_data import FileGameData
from bitten_domain.errors import InvalidInput
from bitten_domain.progression.catalogue import MOST_ACHIEVEMENT_POINTS
from bitten_domain.progression.challenges import ChallengeTheme
from bitten_domain.progression.gear import Unlock, UnlockKind
from bitten_domain.progression.naming import require_names

SHIPPED = FileGameData().catalogue()
LAUREL = next(item for item in SHIPPED.gear if item.code == "laurel")


def test_given_the_shipped_catalogue_when_added_up_then_what_needs_a_trade_is_worth_nothing() -> None:
    assert sum(one.xp for one in SHIPPED.achievements if one.needs) == 0
    assert sum(one.xp for one in SHIPPED.challenges if one.needs) == 0
    assert 0 < sum(one.xp for one in SHIPPED.achievements) <= MOST_ACHIEVEMENT_POINTS
    assert {one.theme for one in SHIPPED.challenges} == set(ChallengeTheme)


@pytest.mark.parametrize(
    ("unlock", "fault"),
    [
        (Unlock(UnlockKind.ACHIEVEMENT, "ten-sized-trades"), "needs a trade"),
        (Unlock(UnlockKind.ACHIEVEMENT, "sat-out-a-pause"), "needs a trade"),
        (Unlock(UnlockKind.ACHIEVEMENT, "lottery"), "no achievement lottery"),
        (Unlock(UnlockKind.SHOP, "looser-stop"), "sells no looser-stop"),
    ],
)
def test_given_gear_behind_a_trade_or_behind_nothing_when_put_together_then_it_is_refused(
    unlock: Unlock, fault: str
) -> None:
    with pytest.raises(InvalidInput, match=fault):
        replace(SHIPPED, gear=(*SHIPPED.gear, replace(LAUREL, code="new", unlock=unlock)))


def test_given_codes_twice_when_put_together_then_it_is_refused() -> None:
    with pytest.raises(InvalidInput, match="stands twice"):
        replace(SHIPPED, achievements=(*SHIPPED.achievements, SHIPPED.achievements[0]))
    with pytest.raises(InvalidInput, match="stands twice"):
        replace(SHIPPED, goods=(*SHIPPED.goods, replace(SHIPPED.goods[0], code="laurel")))


def test_given_too_few_themes_when_put_together_then_it_is_refused() -> None:
    patience = tuple(one for one in SHIPPED.challenges if one.theme is ChallengeTheme.PATIENCE)
    with pytest.raises(InvalidInput, match="3 themes"):
        replace(SHIPPED, challenges=patience)


def test_given_more_points_than_a_day_may_hold_when_put_together_then_it_is_refused() -> None:
    rich = next(one for one in SHIPPED.achievements if one.xp)
    many = tuple(replace(rich, code=f"rich-{number}", xp=500) for number in range(11))
    with pytest.raises(InvalidInput, match="5500 points"):
        replace(SHIPPED, achievements=many, gear=())


@pytest.mark.parametrize(
    ("code", "name", "text"),
    [("Upper", "N", "T."), ("", "N", "T."), ("a" * 41, "N", "T."), ("a--b", "N", "T."), ("a", " ", "T."),
     ("a", "n" * 41, "T."), ("a", "N", ""), ("a", "N", "t" * 201)],
)  # fmt: skip
def test_given_an_entry_without_a_proper_name_when_checked_then_it_is_refused(code: str, name: str, text: str) -> None:
    with pytest.raises(InvalidInput):
        require_names(code, name, text)
