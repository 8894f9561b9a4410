"""The commands of one's own data over a folder that `bitten run` filled: a copy, an address, and the end of it all."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import shutil
import stat
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from dependency_injector import providers

from bitten_adapters.sql.sqlite.unit_of_work import SqliteUnitOfWork
from bitten_adapters.system.clock import SystemClock
from bitten_adapters.system.salt import os_salt
from bitten_apps.cli.exit_codes import BAD_INPUT, DONE, PROBLEMS
from bitten_apps.cli.main import main
from bitten_apps.container import Container
from bitten_apps.testkit.privacy.planted import ANN
from bitten_apps.testkit.privacy.traces import files_under, needles, traces
from bitten_domain.membership import Profile
from bitten_domain.ports.repositories.messages import InboxUpdate, OutboxMessage, Priority
from bitten_domain.values import INSTRUMENTS, UserId
from bitten_domain.vocabulary import AccountStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import TypeVar

    from bitten_domain.ports.unit_of_work import Repositories

    T = TypeVar("T")

RUN = ("run", "--json", "--brief", "--seed", "5", "--days")
YOU = UserId("you")
START = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Clock(SystemClock):
    """The machine's clock, set by hand."""

    now_is = START

    def now(self) -> datetime:
        return self.now_is


@pytest.fixture
def clock() -> Iterator[Clock]:
    clock = Clock()
    clock.now_is = START
    with Container.clock.override(providers.Object(clock)):
        yield clock


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a run over two days, with something personal planted wherever it may lie."""
    folder = tmp_path_factory.mktemp("filled") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BITTEN_HOME", str(folder))
        forget()
        assert main([*RUN, "2"]) == DONE
        in_store(folder, planted)
        assert main(["diary", ANN.diary, "--mood", "calm"]) == DONE
        assert main(["user", "email", ANN.email]) == DONE
    forget()
    return folder


@pytest.fixture
def home(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[Path]:
    """Give a copy of the filled folder, as the one that commands use."""
    folder = tmp_path / "home"
    shutil.copytree(filled, folder)
    monkeypatch.setenv("BITTEN_HOME", str(folder))
    forget()
    yield folder
    forget()


def forget() -> None:
    Container.settings.reset()
    Container.unit_of_work.reset()


def in_store(home: Path, work: Callable[[Repositories], T]) -> T:
    store = SqliteUnitOfWork(home / "bitten.sqlite3", INSTRUMENTS, os_salt)
    try:
        return asyncio.run(store.run(work))
    finally:
        store.close()


def planted(r: Repositories) -> None:
    person = r.people.lock(YOU)
    assert person is not None
    profile = Profile(ANN.callsign, ANN.language, ANN.zone)
    r.people.put(replace(person, telegram_id=ANN.telegram_id, profile=profile))
    said = {"message": {"from": {"id": ANN.telegram_id}, "text": ANN.said}}
    others = {"message": {"from": {"id": 5}, "text": "somebody else's words"}}
    answered = {"message": {"from": {"id": 5}, "text": "an answer to you", "reply_to_message": said["message"]}}
    for number, body in enumerate((said, others, answered)):
        r.inbox.add(InboxUpdate("bot", number, json.dumps(body), 1))
    r.outbox.add(OutboxMessage("hello", YOU, "hello", Priority.REST, json.dumps({"text": ANN.told}), 1))


def found(home: Path) -> dict[str, list[str]]:
    wanted = needles(ANN, is_binary_store=True)
    return {name: hits for name, content in files_under(home) if (hits := traces(content, wanted))}


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = main([*words, "--json"])
    output = capsys.readouterr().out
    return code, json.loads(output) if output else {}


def test_given_a_run_when_ones_data_is_exported_then_the_file_holds_all_of_it_and_nothing_of_others(
    home: Path, tmp_path: Path
) -> None:
    target = tmp_path / "mine.zip"

    assert main(["user", "export", "--to", str(target)]) == DONE

    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with zipfile.ZipFile(target) as archive:
        names = archive.namelist()
        data = json.loads(archive.read("data.json"))
        trades = list(csv.DictReader(io.StringIO(archive.read("tables/trades.csv").decode())))
        whole = b"".join(archive.read(name) for name in names)
    tables = data["tables"]
    assert (data["user"], data["email"], data["read_at"]) == ("you", ANN.email, "2026-03-02T12:00:00Z")
    (account,) = in_store(home, lambda r: r.accounts.all())
    kept = in_store(home, lambda r: r.trades.recent(account.account_id, 999))
    assert len(tables["trades"]) == len(trades) == len(kept) > 0
    assert {row["symbol"] for row in trades} == {one.trade.symbol for one in kept}
    assert sum(1 for _ in tables["journal"]) == sum(
        head.rows for head in in_store(home, lambda r: r.journal.heads()) if head.stream.startswith("account:")
    )
    assert [json.loads(row["body"])["message"]["text"] for row in tables["inbox_updates"]] == [ANN.said]
    assert tables["users"][0]["telegram_id"] == ANN.telegram_id
    assert tables["user_profiles"] == [{"callsign": ANN.callsign, "language": "mi", "zone": ANN.zone}]
    assert [(row["text"], row["mood"]) for row in tables["diary_entries"]] == [(ANN.diary, "CALM")]
    assert b"somebody else's words" not in whole
    assert b"an answer to you" not in whole
    assert {"signals", "subscription_plans", "news_events"} & set(tables) == set()


def test_given_an_export_when_fetched_by_its_token_then_it_works_once_and_the_next_is_for_tomorrow(
    home: Path, tmp_path: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    code, answer = told(capsys, "user", "export")
    token = str(answer["token"])
    assert code == DONE
    # What waits is sealed, and the token is nowhere.
    assert [name for name, content in files_under(home) if token.encode() in content] == []
    assert [name for name, content in files_under(home / "exports") if traces(content, needles(ANN))] == []

    codes = [
        main(["user", "export", "--token", given, "--to", str(tmp_path / name)])
        for given, name in ((token + "x", "wrong.zip"), (token, "first.zip"), (token, "second.zip"))
    ]
    again, denied = told(capsys, "user", "export")
    clock.now_is = START + timedelta(days=1)
    tomorrow, _ = told(capsys, "user", "export")

    assert codes == [PROBLEMS, DONE, PROBLEMS]
    assert [(tmp_path / name).exists() for name in ("wrong.zip", "first.zip", "second.zip")] == [False, True, False]
    assert list((home / "exports").iterdir()) != []
    assert again == PROBLEMS
    assert denied["denied"][0]["code"] == "ONCE_A_DAY"  # type: ignore[index]
    assert tomorrow == DONE


def test_given_an_export_when_its_day_is_over_then_the_link_works_no_more(
    home: Path, tmp_path: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    _, answer = told(capsys, "user", "export")
    clock.now_is = START + timedelta(days=1)

    assert main(["user", "export", "--token", str(answer["token"]), "--to", str(tmp_path / "late.zip")]) == PROBLEMS
    assert not (tmp_path / "late.zip").exists()


def test_given_a_run_when_its_person_leaves_then_a_week_later_nothing_of_them_is_in_the_folder(
    home: Path, tmp_path: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    assert found(home) != {}
    told(capsys, "user", "export")
    before = in_store(home, lambda r: [(one.balance, r.deals.total(one.account_id)) for one in r.accounts.all()])
    first = [told(capsys, "user", "delete", *words) for words in ((), ("--confirm",), ("--undo",), ("--status",))]
    second = [told(capsys, "user", "delete", *words) for words in ((), ("--confirm",))]
    clock.now_is = START + timedelta(days=7, seconds=-1)
    forget()
    assert main([*RUN, "3"]) == DONE
    paused = in_store(home, lambda r: r.people.get(YOU))
    balances = in_store(home, lambda r: [(one.balance, r.deals.total(one.account_id)) for one in r.accounts.all()])

    clock.now_is = START + timedelta(days=7)
    forget()
    code = main([*RUN, "4"])

    assert [(answer, body["state"]) for answer, body in first] == [
        (DONE, "ASKED"), (DONE, "CONFIRMED"), (DONE, "WITHDRAWN"), (DONE, "WITHDRAWN"),
    ]  # fmt: skip
    assert [(answer, body["state"]) for answer, body in second] == [(DONE, "ASKED"), (DONE, "CONFIRMED")]
    assert paused is not None
    assert paused.status is AccountStatus.ACTIVE
    assert code == BAD_INPUT
    assert found(home) == {}
    gone = in_store(home, lambda r: r.people.get(YOU))
    assert gone is not None
    assert (gone.status, gone.telegram_id, gone.profile) == (AccountStatus.DELETED, None, Profile())
    after = in_store(home, lambda r: [(one.balance, r.deals.total(one.account_id)) for one in r.accounts.all()])
    assert after == balances
    assert all(balance - total == before[0][0] - before[0][1] for balance, total in after)  # type: ignore[operator]
    assert (home / "bitten.sqlite3.erasures").read_text("ascii").startswith('["you",')
    journal, key, anchors = tmp_path / "journal", home / "anchors.key.pub", home / "anchors.jsonl"
    assert main(["verify", "--export", str(journal)]) == DONE
    assert main(["verify", str(journal), "--key", str(key), "--anchors", str(anchors)]) == DONE
    assert found(journal) == {}
    assert told(capsys, "user", "delete", "--status")[1]["state"] == "DONE"
    assert [main(["user", *words]) for words in (("delete",), ("email", ANN.email), ("export",), ("brief",))] == [
        BAD_INPUT
    ] * 4
    assert found(home) == {}


def test_given_an_address_when_set_shown_and_removed_then_it_is_readable_by_its_person_only(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = told(capsys, "user", "email")
    stored = [name for name, content in files_under(home) if ANN.email.encode() in content]
    wrong = main(["user", "email", "no address"])
    removed = [told(capsys, "user", "email", "--remove") for _ in range(2)]

    assert shown == (DONE, {"email": ANN.email})
    assert stored == []
    assert wrong == BAD_INPUT
    assert removed == [(DONE, {"removed": True}), (DONE, {"removed": False})]
    assert told(capsys, "user", "email") == (DONE, {"email": None})
    assert [stat.S_IMODE((home / name).stat().st_mode) for name in ("vault.keys", "index.key")] == [0o600, 0o600]
