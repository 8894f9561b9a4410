"""A run's market days: settled as they end, once, and shown by the commands."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.sql.sqlite.unit_of_work import SqliteUnitOfWork
from bitten_adapters.system.salt import os_salt
from bitten_apps.cli.exit_codes import BAD_INPUT, DONE, PROBLEMS
from bitten_apps.cli.main import main
from bitten_apps.container import Container
from bitten_domain.values import INSTRUMENTS, UserId

if TYPE_CHECKING:
    from pathlib import Path

    from bitten_domain.ports.unit_of_work import Repositories

RUN = ("run", "--json", "--brief", "--days", "2", "--seed", "5")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home folder whose run was started twice: two days, and then nothing new."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BITTEN_HOME", str(folder))
        for _ in range(2):
            Container.settings.reset()
            Container.unit_of_work.reset()
            assert main([*RUN]) == DONE
    Container.settings.reset()
    Container.unit_of_work.reset()
    return folder


@pytest.fixture
def asked(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BITTEN_HOME", str(home))
    Container.settings.reset()


@pytest.mark.usefixtures("asked")
def test_given_a_run_that_was_started_twice_when_its_person_is_shown_then_the_day_that_ended_counts_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    capsys.readouterr()

    assert main(["user", "show", "--json"]) == DONE

    told = json.loads(capsys.readouterr().out)
    # 30 for the day, 20 for the first kept one, 10 for the one of its challenges that was met: ten minutes first.
    assert (told["adherent_days"], told["streak"], told["lifetime_xp"]) == (1, 1, 60)
    assert sorted(entry["cause"] for entry in told["newest"]) == [
        "achievement:first-kept-day",
        "challenge:20143:ten-minutes-first",
        "day:20143",
    ]
    assert told["settled_to"] == "2025-02-24"
    assert told["title"] == "RECRUIT"
    assert told["closed_trades"] > 0
    assert "29 more adherent market days" in told["elite_lacks"]


@pytest.mark.usefixtures("asked")
def test_given_the_commands_of_a_person_when_asked_then_each_says_what_it_did(
    capsys: pytest.CaptureFixture[str],
) -> None:
    capsys.readouterr()
    codes = [
        main(["user", *words]) for words in (("show",), ("brief",), ("prestige",), ("game", "off"), ("game", "on"))
    ]

    told = capsys.readouterr().out
    assert codes == [DONE, DONE, PROBLEMS, DONE, DONE]
    assert "1 adherent market days, 1 in a row" in told
    # The run ended at 17:00 New York sharp, when the next day begins.
    assert "briefing of 2025-02-26 confirmed" in told
    assert "60 of 50,000 points" in told


@pytest.mark.usefixtures("asked")
def test_given_somebody_who_is_not_there_when_asked_about_then_those_who_are_get_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["user", "show", "--user", "nobody"]) == BAD_INPUT

    assert "you" in capsys.readouterr().err


def started(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "bitten_apps.cli", "run", "--json", "--brief", "--days", "3", "--seed", "5"],
        env={**os.environ, "BITTEN_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def earned(home: Path) -> dict[str, object]:
    """Read what a run's person has, but for the moments it was noted at."""
    store = SqliteUnitOfWork(home / "bitten.sqlite3", INSTRUMENTS, os_salt)

    def read(r: Repositories) -> dict[str, object]:
        user = UserId("you")
        entries = {entry.cause: entry.amount for entry in r.xp.recent(user, 999)}
        # When a briefing is confirmed moves with a restart, and whether it was early enough with it.
        kept = {cause: amount for cause, amount in entries.items() if not cause.startswith("challenge:")}
        return {
            "entries": kept,
            "days": [(day.day, day.is_adherent, len(day.trades)) for day in r.market_days.closed(user, 0, 99_999)],
            "achievements": sorted(one.code for one in r.achievements.of(user)),
            "challenges": [(one.day, one.code) for one in r.challenges.of(user, 0, 99_999)],
            "gear": sorted(one.code for one in r.gear.owned(user)),
        }

    try:
        return asyncio.run(store.read(read))
    finally:
        store.close()


def test_I14_given_a_run_that_is_killed_again_and_again_when_it_is_done_then_its_person_has_earned_the_same(
    tmp_path: Path,
) -> None:
    clean, killed = tmp_path / "clean", tmp_path / "killed"
    for home in (clean, killed):
        home.mkdir(mode=0o700)
    assert started(clean).wait(300) == DONE

    kills = 0
    for tenths in range(16, 36, 4):
        running = started(killed)
        try:
            running.wait(tenths / 10)
        except subprocess.TimeoutExpired:
            running.kill()
            kills += running.wait() == -signal.SIGKILL
    assert started(killed).wait(300) == DONE

    assert kills >= 2
    found = earned(killed)
    assert found == earned(clean)
    assert len(found["days"]) == 2  # type: ignore[arg-type]
