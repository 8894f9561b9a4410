"""The game's files: what is wrong in one is said with file, entry and remedy, and nothing wrong is loaded."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.files.game.game_data import GAME_DATA, FileGameData
from bitten_domain.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(GAME_DATA, tmp_path / "data")


def changed(folder: Path, file: str, old: str, new: str) -> FileGameData:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return FileGameData(folder)


def test_given_the_shipped_files_when_read_twice_then_it_is_the_same_catalogue() -> None:
    assert FileGameData().catalogue() == FileGameData().catalogue()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("achievements.toml", "least = 1\n", "lest = 1\n", r"achievements.toml: entry 1, first-kept-day: .*least"),
        ("achievements.toml", 'group = "ADHERENCE"', 'group = "LUCK"', r"entry 1, first-kept-day: group: .*ADHERENCE"),
        ("achievements.toml", "xp = 20", 'xp = "many"', r"entry 1, first-kept-day: xp: .*integer"),
        ("achievements.toml", "xp = 20", "xp = 600", r"entry 1, first-kept-day: points must be 0 to 500, got 600"),
        (
            "achievements.toml",
            '"adherent-days"',
            '"profit"',
            r"no condition 'profit' \(use one of ",
        ),
        ("challenges.toml", "figure = 10\n", "figure = 0\n", r"challenges.toml: entry 1, ten-minutes-first: figure"),
        ("gear.toml", '{ kind = "FREE" }', '{ kind = "TITLE", subject = "EMPEROR" }', r"gear.toml: entry 1, .*EMPEROR"),
        ("gear.toml", 'slot = "INDICATOR"', 'slot = "ENGINE"', r"gear.toml: entry 1, session-bands: slot"),
        ("goods.toml", "price = 500", "price = 0", r"goods.toml: entry 1, ocean-theme: a price must be"),
        ("goods.toml", 'kind = "COSMETIC"', 'kind = "LIMIT"', r"goods.toml: entry 1, ocean-theme: kind"),
        ("goods.toml", "[[goods]]", "[[god]]", r"goods.toml: .*god"),
        ("goods.toml", "price = 500", "price = = 500", r"goods.toml: this is not TOML"),
        ("goods.toml", 'code = "ocean-theme"', 'code = "sea-theme"', r"ocean: the shop sells no ocean-theme"),
    ],
)
def test_given_a_fault_in_a_file_when_read_then_it_says_where_and_what(
    folder: Path, file: str, old: str, new: str, said: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        changed(folder, file, old, new).catalogue()

    assert re.search(said, str(refused.value))


def test_given_points_for_trades_when_read_then_they_are_refused_with_the_remedy(folder: Path) -> None:
    data = changed(folder, "achievements.toml", 'condition = "sized-trades"\nleast = 10\n',
                   'condition = "sized-trades"\nleast = 10\nxp = 100\n')  # fmt: skip

    with pytest.raises(InvalidInput, match=r"ten-sized-trades: its condition needs a trade.*\(set xp to 0\)"):
        data.catalogue()


def test_given_a_file_that_is_gone_when_read_then_it_is_said(folder: Path) -> None:
    (folder / "gear.toml").unlink()

    with pytest.raises(Unavailable, match=r"gear\.toml"):
        FileGameData(folder).catalogue()
