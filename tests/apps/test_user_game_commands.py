"""The parts of ``bitten user`` about the game: what each shows, does and refuses, in words and as JSON."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.sql.schema import upgrade
from bitten_adapters.sql.sqlite.unit_of_work import SqliteUnitOfWork
from bitten_adapters.system.salt import os_salt
from bitten_apps.cli.exit_codes import BAD_INPUT, DONE, PROBLEMS
from bitten_apps.cli.main import main
from bitten_apps.container import Container
from bitten_apps.testkit.unit_of_work.samples import NOON, add_accounts, outcome, person, signal, signal_desk, xp
from bitten_domain.values import INSTRUMENTS, UserId
from bitten_domain.vocabulary import Board, Rank, Tier

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any, TypeVar

    from bitten_domain.ports.unit_of_work import Repositories

    T = TypeVar("T")

USER = UserId("user-1")


def run(path: Path, work: Callable[[Repositories], T]) -> T:
    opened = SqliteUnitOfWork(path, INSTRUMENTS, os_salt)
    try:
        return asyncio.run(opened.run(work))
    finally:
        opened.close()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a store with one person, their account, points to spend and a signal that is alive."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("BITTEN_HOME", str(home))
    path = home / "bitten.sqlite3"
    upgrade(f"sqlite:///{path}")
    run(path, add_accounts)
    run(path, lambda r: r.people.put(replace(person(), rank=Rank.AUTHORIZED, tier=Tier.PRESS_PASS)))
    run(path, lambda r: r.signals.put_desk(signal_desk(NOON)))
    run(path, lambda r: r.xp.add(xp("gift", 600)))
    run(path, lambda r: r.signals.add(signal(1, NOON)))
    Container.settings.reset()
    return path


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = DONE) -> Any:
    capsys.readouterr()
    assert main(["user", *words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = DONE) -> str:
    capsys.readouterr()
    assert main(["user", *words]) == code
    return capsys.readouterr().out


@pytest.mark.usefixtures("store")
def test_given_somebody_when_achievements_are_asked_for_then_each_says_how_far_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["learn", "basics", "next"])

    rows = {row["code"]: row for row in told(capsys, "achievements")["achievements"]}
    words = said(capsys, "achievements")

    assert len(rows) == 33
    assert (rows["ten-lessons"]["count"], rows["ten-lessons"]["least"], rows["ten-lessons"]["earned_at"]) == (
        1,
        10,
        None,
    )
    assert rows["first-lesson"]["earned_at"] == "2024-01-02T12:00:00Z"
    assert (rows["ten-sized-trades"]["needs"], rows["ten-sized-trades"]["xp"]) == (["trade"], 0)
    assert "[x] First lesson: 1 of 1 lessons read (5 points)" in words
    assert "trades in a row with a stop and within the risk chosen (badge)" in words


def test_given_a_day_when_challenges_are_asked_for_twice_then_the_same_three_are_set_and_kept(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = told(capsys, "challenges"), told(capsys, "challenges")

    kept = run(store, lambda r: r.challenges.of(USER, 0, 99_999))
    assert first == second
    assert [row["code"] for row in first["challenges"]] == [one.code for one in kept]
    assert {(row["day"], row["met_at"]) for row in first["challenges"]} == {("2024-01-02", None)}
    assert "judged when the day is over" in said(capsys, "challenges")


@pytest.mark.usefixtures("store")
def test_given_gear_when_put_on_exchanged_and_taken_off_then_it_is_worn_and_what_is_locked_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    on = told(capsys, "gear", "equip", "day", "theme")
    second = told(capsys, "gear", "equip", "session-bands", "indicator-2")
    worn = {row["code"]: row["worn_in_place"] for row in told(capsys, "gear")["gear"]}
    locked = told(capsys, "gear", "equip", "marshals-baton", "theme", code=PROBLEMS)
    off = said(capsys, "gear", "take-off", "theme")
    nothing = said(capsys, "gear", "take-off", "theme", code=PROBLEMS)

    assert on == {"is_on": True, "code": "day", "slot": "THEME", "place": 1}
    assert second["place"] == 2
    assert {code: place for code, place in worn.items() if place} == {"day": 1, "session-bands": 2}
    assert "not unlocked" in locked["refused"]
    assert "day is off" in off
    assert "nothing in place 1" in nothing
    assert main(["user", "gear", "equip", "day", "theme-2"]) == BAD_INPUT
    assert main(["user", "gear", "wear", "day"]) == BAD_INPUT


def test_given_points_when_something_is_bought_then_it_is_paid_once_and_worn(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bought = told(capsys, "shop", "buy", "ocean-theme")
    again = told(capsys, "shop", "buy", "ocean-theme", code=PROBLEMS)
    short = said(capsys, "shop", "buy", "r-histogram-panel", code=PROBLEMS)
    goods = {row["code"]: row["is_owned"] for row in told(capsys, "shop")["goods"]}

    # 600 points are a PRIVATE's and a CORPORAL's, which unlock gear of their own.
    assert (bought["bought"], bought["balance"]) == ("ocean-theme", 100)
    assert "ocean" in bought["unlocked"]
    assert "yours already" in again["refused"]
    assert "1,400 more points are needed" in short
    assert goods == {code: code == "ocean-theme" for code in goods}
    assert run(store, lambda r: r.xp.totals(USER)) == (600, 100)
    assert said(capsys, "gear", "equip", "ocean", "theme") == "ocean is on: theme, place 1\n"
    assert main(["user", "shop", "buy", "more-risk"]) == BAD_INPUT


def test_given_a_board_when_joined_then_only_with_a_yes_and_left_at_once(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = told(capsys, "board", "join", "adherence", "Ann", code=PROBLEMS)
    nobody = run(store, lambda r: r.boards.members(Board.ADHERENCE))
    joined = told(capsys, "board", "join", "adherence", "Ann", "--agree")
    shown = told(capsys, "board")
    left = [told(capsys, "board", "leave", "adherence")["left"] for _ in range(2)]

    assert "agree" in refused["remedy"]
    assert nobody == ()
    assert (joined["board"], joined["pseudonym"]) == ("ADHERENCE", "Ann")
    assert joined["achievements"] == [{"code": "on-a-board", "xp": 0}]
    # Sixty market days are needed before anybody is shown.
    assert (shown["board"], shown["rows"]) == ("ADHERENCE", [])
    assert left == [True, False]
    assert main(["user", "board", "profit"]) == BAD_INPUT
    assert main(["user", "board", "join", "adherence", "no spaces", "--agree"]) == BAD_INPUT


def test_given_a_signal_when_a_chance_is_stated_then_it_stays_and_its_end_is_shown(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alive = told(capsys, "forecast")
    stated = told(capsys, "forecast", "signal-1", "40%")
    again = told(capsys, "forecast", "signal-1", "60", code=PROBLEMS)
    run(store, lambda r: r.outcomes.add(outcome(1, NOON + 60)))
    after = told(capsys, "forecast")

    assert alive == {"alive": ["signal-1"], "forecasts": []}
    assert stated == {"signal": "signal-1", "percent": 40}
    assert "40 %" in again["refused"]
    assert after == {
        "alive": [],
        "forecasts": [{"signal": "signal-1", "percent": 40, "is_known": True, "net_r": "-1.0213"}],
    }
    assert "came to -1.0213 R" in said(capsys, "forecast")
    for words in (["signal-1"], ["signal-1", "much"], ["signal-1", "0"], ["signal-9", "40"]):
        assert main(["user", "forecast", *words]) == BAD_INPUT
