"""The store's commands, on a SQLite store whose records were put there one by one."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.sql.schema import upgrade
from bitten_adapters.sql.sqlite.unit_of_work import SqliteUnitOfWork
from bitten_adapters.system.salt import os_salt
from bitten_apps.cli.exit_codes import BAD_INPUT, DONE, PROBLEMS
from bitten_apps.cli.main import main
from bitten_apps.container import Container
from bitten_apps.testkit.unit_of_work.samples import (
    NOON,
    closed_trade,
    deal,
    held,
    outcome,
    person,
    signal,
    signal_desk,
)
from bitten_domain.desk.account import AccountStanding, TradingAccount
from bitten_domain.execution.protocol import CloseIntent
from bitten_domain.use_cases.trading.paper_plan import paper_plan
from bitten_domain.values import INSTRUMENTS, AccountId, Money, UserId
from bitten_domain.vocabulary import Rank

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeVar

    from bitten_domain.ports.unit_of_work import Repositories

    T = TypeVar("T")

PAPER = paper_plan().desk
ACCOUNT = AccountId("paper-1")
HOUR = 3_600


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the home folder that the commands use; nothing is in it, and it is not there yet."""
    folder = tmp_path / "home"
    monkeypatch.setenv("BITTEN_HOME", str(folder))
    return folder


@pytest.fixture
def store(home: Path) -> Path:
    """Give a store with two open positions of the local user, a closed one, and two signals of which one has ended."""
    home.mkdir(mode=0o700)
    upgrade(f"sqlite:///{home / 'bitten.sqlite3'}")
    change(home, filled)
    return home


def filled(store: Repositories) -> None:
    opening = Money(paper_plan().deposit.amount, "USD")
    store.people.add(replace(person(1), user_id=UserId("you")))
    store.people.add(replace(person(2), user_id=UserId("chief"), rank=Rank.ADMIN))
    store.accounts.add(
        TradingAccount(
            ACCOUNT, UserId("you"), "paper", is_live=False, is_netting=False, opening=opening, balance=opening,
            leverage=paper_plan().terms.leverage, opened_at=NOON, standing=AccountStanding.READY, next_sequence=10,
        )
    )  # fmt: skip
    for ticket in (1, 2, 3):
        store.positions.put(replace(held(ticket), account=ACCOUNT))
    store.deals.book(ACCOUNT, deal(3, 3))
    store.trades.add(replace(closed_trade(9, NOON + HOUR), account=ACCOUNT))
    for number in (1, 2):
        store.signals.add(signal(number, NOON + number))
    store.outcomes.add(outcome(1, NOON + 900))
    store.signals.put_desk(signal_desk(NOON + HOUR))
    store.journal.append("system", [b"one"])


def change(home: Path, work: Callable[[Repositories], T]) -> T:
    """Write to the store as another process would."""
    opened = SqliteUnitOfWork(home / "bitten.sqlite3", INSTRUMENTS, os_salt)
    try:
        return asyncio.run(_run(opened, work))
    finally:
        opened.close()


async def _run(opened: SqliteUnitOfWork, work: Callable[[Repositories], T]) -> T:
    return await opened.run(work)


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = DONE) -> dict[str, object]:
    capsys.readouterr()
    assert main([*arguments, "--json"]) == code
    document: dict[str, object] = json.loads(capsys.readouterr().out)
    return document


def rows(document: dict[str, object], name: str) -> list[dict[str, object]]:
    found = document[name]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    "command", ["positions", "trades", "signals", "db check", "emergency status", "emergency halt", "emergency release"]
)
def test_given_no_store_when_read_then_none_is_made_and_the_remedy_is_told(
    home: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert main(command.split()) == BAD_INPUT

    answer = capsys.readouterr().err
    assert answer.count("\n") == 1
    assert "there is no store yet (run `bitten run`" in answer
    assert not home.exists()


def test_given_an_empty_store_when_read_then_it_says_so(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "upgrade"]) == DONE
    assert home.stat().st_mode & 0o777 == 0o700
    capsys.readouterr()

    for command, answer in (
        ("positions", "no open positions"),
        ("trades", "no closed trades"),
        ("signals", "no signals"),
    ):
        assert main([command]) == DONE
        assert capsys.readouterr().out == f"{answer}\n"
        assert told(capsys, command) in ({command: []}, {"label": "PAPER", command: []})


def test_given_open_positions_when_listed_then_amounts_are_the_decimals_that_were_kept(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *others = rows(told(capsys, "positions"), "positions")

    assert len(others) == 2
    assert first == {
        "label": "PAPER", "account": "paper-1", "ticket": 1, "pair": "EURUSD", "direction": "BUY", "lots": "0.10",
        "entry": "1.10000", "stop": "1.09500", "target": None, "initial_risk": "51.234", "currency": "USD",
        "opened_at": "2024-01-02T12:00:00Z", "state": "OPEN", "signal_id": None,
    }  # fmt: skip
    assert main(["positions"]) == DONE
    table = capsys.readouterr().out
    assert table.startswith("PAPER account paper-1, balance 10000")
    assert table.count("EURUSD") == 3


def test_given_closed_trades_when_listed_then_the_newest_come_first_and_no_more_than_asked(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(store, lambda each: each.trades.add(replace(closed_trade(8, NOON + 2 * HOUR), account=ACCOUNT)))

    both = rows(told(capsys, "trades"), "trades")
    one = rows(told(capsys, "trades", "--limit", "1"), "trades")

    assert [each["position"] for each in both] == [8, 9]
    assert one == both[:1]
    # -51.20 of profit, -0.70 of commission.
    assert (both[0]["net"], both[0]["net_r"], both[0]["label"]) == ("-51.90", "-1.0000", "PAPER")
    assert main(["trades"]) == DONE
    assert "PAPER paper-1" in capsys.readouterr().out


def test_given_signals_when_listed_then_limit_and_day_choose_and_the_outcome_is_told(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Far behind the last scan, so that it takes several looks back.
    change(store, lambda each: each.signals.add(signal(3, NOON - 40 * 86_400)))

    every = rows(told(capsys, "signals"), "signals")

    assert [each["signal_id"] for each in every] == ["signal-2", "signal-1", "signal-3"]
    assert every[1]["outcome"] == {"ended_at": "2024-01-02T12:15:00Z", "net_r": "-1.0213", "gross_r": "-1"}
    assert rows(told(capsys, "signals", "--limit", "1"), "signals") == every[:1]
    assert rows(told(capsys, "signals", "--since", "2024-01-02"), "signals") == every[:2]
    assert rows(told(capsys, "signals", "--since", "2024-01-03"), "signals") == []
    assert main(["signals"]) == DONE
    assert "-1.02" in capsys.readouterr().out


def test_given_control_characters_in_the_store_when_shown_then_they_are_written_out(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(store, lambda each: each.signals.add(signal(5, NOON + 5)._replace(strategy="\x1b[b]")))

    assert main(["signals"]) == DONE

    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\\x1b[b]" in shown


def test_given_a_store_whose_guard_was_dropped_when_checked_then_it_is_named(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys, "db", "check")["differences"] == []
    with sqlite3.connect(store / "bitten.sqlite3") as connection:
        (name,) = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name").fetchone()
        connection.execute(f"DROP TRIGGER {name}")
    connection.close()

    differences = told(capsys, "db", "check", code=PROBLEMS)["differences"]

    assert isinstance(differences, list)
    assert [name in each for each in differences] == [True]


def test_given_a_file_that_is_no_store_when_read_then_one_line_says_so(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.mkdir()
    (home / "bitten.sqlite3").write_bytes(b"not a database at all, but long enough to be read as one" * 20)

    for command in ("positions", "db check", "db upgrade"):
        assert main(command.split()) == BAD_INPUT
        answer = capsys.readouterr().err
        assert answer.count("\n") == 1
        assert "the store cannot be used" in answer


def test_given_a_database_nobody_answers_at_when_checked_then_the_secret_is_not_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BITTEN_DATABASE_URL", "postgresql://me:hush-hush@127.0.0.1:1/bitten")

    for command in ("db check", "db upgrade", "positions", "emergency halt"):
        assert main(command.split()) in {2, 3}
        answer = "".join(capsys.readouterr())
        assert "hush" not in answer
        assert answer.count("\n") == 1


def test_given_an_address_that_is_none_when_checked_then_the_secret_is_not_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BITTEN_DATABASE_URL", "postgresql://me:hush@hush:port/bitten")

    assert main(["db", "check"]) == BAD_INPUT
    answer = "".join(capsys.readouterr())
    assert "hush" not in answer
    assert answer.count("\n") == 1


def test_given_a_pause_when_an_hour_of_the_desk_has_passed_then_and_not_before_it_is_released(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_at = told(capsys, "emergency", "pause")["stop"]
    assert set_at == {
        "scope": "USER", "subject": "you", "kind": "PAUSE", "set_by": "you", "set_at": "2024-01-02T13:00:00Z",
        "release_from": "2024-01-02T14:00:00Z",
    }  # fmt: skip

    change(store, lambda each: each.signals.put_desk(signal_desk(NOON + 2 * HOUR - 1)))
    early = told(capsys, "emergency", "release", code=BAD_INPUT)
    assert (early["released"], len(rows(early, "refused"))) == ([], 1)
    assert main(["emergency", "release"]) == BAD_INPUT
    answer = capsys.readouterr().err
    assert "it may be released from 2024-01-02 14:00 UTC" in answer
    assert "let `bitten run` take the market past that" in answer

    change(store, lambda each: each.signals.put_desk(signal_desk(NOON + 2 * HOUR)))
    assert len(rows(told(capsys, "emergency", "release"), "released")) == 1
    assert rows(told(capsys, "emergency", "status"), "stops") == []
    assert main(["emergency", "release"]) == DONE
    assert capsys.readouterr().out == "nothing to release\n"


def test_given_open_positions_when_halted_then_a_close_of_each_waits_and_is_due_by_the_desk_s_time(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["emergency", "halt"]) == DONE
    assert "3 closes written: a running `bitten run` sends them" in capsys.readouterr().out

    due = change(store, lambda each: each.dispatches.due(NOON + HOUR, 10))
    written = change(store, lambda each: each.intents.unfinished(ACCOUNT))

    assert [each.opens for each in due] == [False] * 3
    assert {each.intent.ticket for each in written if isinstance(each.intent, CloseIntent)} == {1, 2, 3}
    standing = told(capsys, "emergency", "status")
    assert (standing["open_positions"], standing["closes_under_way"]) == (3, 3)
    # Asked for again, nothing is closed twice.
    assert told(capsys, "emergency", "halt")["closes_written"] == 0


def test_given_settings_that_fit_no_run_when_halted_then_it_works(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BITTEN_TIER", "none")
    monkeypatch.setenv("BITTEN_FIRE", "auto")
    Container.settings.reset()

    assert told(capsys, "emergency", "halt")["closes_written"] == 3


def test_given_a_stop_for_everybody_when_asked_for_then_only_an_admin_may(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, answer in (
        (("--global",), "say whose: --as ADMIN_ID"),
        (("--as", "chief"), "add --global"),
        (("--global", "--as", "you"), "ask an ADMIN"),
    ):
        assert main(["emergency", "pause", *arguments]) == BAD_INPUT
        assert answer in capsys.readouterr().err

    chief = ("--global", "--as", "chief")
    assert told(capsys, "emergency", "halt", *chief)["closes_written"] == 3
    assert rows(told(capsys, "emergency", "release", "--global", "--as", "you", code=BAD_INPUT), "released") == []
    assert len(rows(told(capsys, "emergency", "release", *chief), "released")) == 1


def test_given_a_store_in_which_nothing_trades_when_stopped_then_the_remedy_is_told(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["db", "upgrade"])
    assert main(["emergency", "status"]) == DONE
    capsys.readouterr()

    assert main(["emergency", "pause"]) == BAD_INPUT
    assert "no account trades in this store yet (run `bitten run` first)" in capsys.readouterr().err


def findings(document: dict[str, object]) -> dict[str, bool]:
    """Say of each thing the doctor looked at whether all that was found of it is well."""
    seen: dict[str, bool] = {}
    for each in rows(document, "findings"):
        name = str(each["name"])
        seen[name] = seen.get(name, True) and each["is_well"] is True
    return seen


def test_given_a_machine_before_its_first_run_when_examined_then_nothing_is_wrong_and_nothing_is_made(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(findings(told(capsys, "doctor"))) == {"settings", "home", "key", "anchor file", "store"}
    assert not home.exists()


def test_given_a_sound_home_when_examined_then_each_thing_has_its_line_and_the_ledger_stays_as_it_is(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Container.new_anchor_key(store / "anchors.key")
    ledger = store / "paper-paper-1.ledger"
    Container.paper_ledger(ledger).append("{}")
    torn = ledger.read_bytes() + b"0000"
    ledger.write_bytes(torn)

    seen = findings(told(capsys, "doctor"))

    assert set(seen) == {
        "settings", "home", "key", "anchor file", "store", "account", "orders", "reservations", "stops", "journal",
        "anchors", "ledger",
    }  # fmt: skip
    assert all(seen.values())
    # A line that is being written by `bitten run` is not ours to cut off.
    assert ledger.read_bytes() == torn
    assert main(["doctor"]) == DONE
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("ok    ") for line in lines)
    assert any("PAPER paper-1: 10000.00 USD, READY" in line for line in lines)
    assert any("system: 1 rows, head " in line for line in lines)


def test_given_faults_when_examined_then_each_is_named_with_its_remedy_and_the_others_are_looked_at_too(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.chmod(0o755)
    Container.new_anchor_key(store / "anchors.key")
    (store / "anchors.key").chmod(0o644)
    (store / "anchors.jsonl").write_text("no anchor\n", "utf-8")
    (store / "paper-paper-1.ledger").write_text("00000000 damaged\nmore\n", "utf-8")

    def freeze(each: Repositories) -> None:
        account = each.accounts.lock(ACCOUNT)
        assert account is not None
        each.accounts.put(replace(account, standing=AccountStanding.FROZEN, standing_reason="a deal\x07 is missing"))

    change(store, freeze)

    seen = findings(told(capsys, "doctor", code=PROBLEMS))

    assert {name for name, is_well in seen.items() if not is_well} == {
        "home", "key", "anchor file", "account", "ledger",
    }  # fmt: skip
    assert seen["store"]
    assert main(["doctor"]) == PROBLEMS
    shown = capsys.readouterr().out
    assert "\x07" not in shown
    for remedy in ("chmod 700", "chmod 600", "FROZEN: a deal\\x07 is missing", "does not match its checksum"):
        assert remedy in shown


def test_given_settings_that_cannot_be_read_when_examined_then_that_is_the_answer(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BITTEN_TIER", "gold")

    assert main(["doctor"]) == PROBLEMS
    assert capsys.readouterr().out.startswith("FAIL  settings      BITTEN_TIER: ")


def test_given_a_store_that_is_none_when_examined_then_one_line_says_so(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.mkdir(mode=0o700)
    (home / "bitten.sqlite3").write_bytes(b"not a database at all, but long enough to be read as one" * 20)

    assert findings(told(capsys, "doctor", code=PROBLEMS))["store"] is False


def test_given_settings_from_three_places_when_checked_then_each_says_where_it_is_from_and_no_secret_is_told(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bitten.toml"
    file.write_text('tier = "fang"\nseed = 11\n', "utf-8")
    monkeypatch.setenv("BITTEN_CONFIG", str(file))
    monkeypatch.setenv("BITTEN_SEED", "12")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hush@host/bitten")

    settings = told(capsys, "config", "check")["settings"]

    assert isinstance(settings, dict)
    assert settings["seed"] == {"value": "12", "origin": "BITTEN_SEED"}
    assert settings["tier"] == {"value": "FANG", "origin": f"{file}: tier"}
    assert settings["fire"] == {"value": "confirm", "origin": "default"}
    assert settings["database_url"] == {"value": "***", "origin": "DATABASE_URL"}
    assert main(["config", "check"]) == DONE
    shown = capsys.readouterr().out
    assert "hush" not in shown
    assert "database_url          ***  [DATABASE_URL]\n" in shown
    assert not home.exists()
