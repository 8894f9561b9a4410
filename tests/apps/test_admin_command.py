"""``bitten admin``: the first ADMIN, ranks, statuses and tiers, and the audit log that tells of them."""

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
from bitten_apps.container import GATEWAY_FILE, Container
from bitten_apps.testkit.unit_of_work.member_samples import press_pass
from bitten_apps.testkit.unit_of_work.samples import NOON, account_id, add_accounts, add_fire, person, signal_desk
from bitten_domain.desk.account import AccountStanding
from bitten_domain.execution.lifecycle import TERMINAL_STATES
from bitten_domain.membership.access import StatusReason
from bitten_domain.membership.privacy import DeletionRequest
from bitten_domain.values import INSTRUMENTS, UserId
from bitten_domain.vocabulary import OrderState, Rank, Tier

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeVar

    from bitten_domain.ports.unit_of_work import Repositories

    T = TypeVar("T")


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a store with three people, whose third has a Telegram id."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("BITTEN_HOME", str(home))
    monkeypatch.setenv("BITTEN_ADMIN", "telegram:77")
    path = home / "bitten.sqlite3"
    upgrade(f"sqlite:///{path}")

    def work(r: Repositories) -> None:
        add_accounts(r, 3)
        r.people.put(replace(person(3, 77), rank=Rank.AUTHORIZED))
        r.people.put(replace(person(2), rank=Rank.AUTHORIZED))
        r.signals.put_desk(signal_desk(NOON))

    opened = SqliteUnitOfWork(path, INSTRUMENTS, os_salt)
    asyncio.run(opened.run(work))
    opened.close()
    Container.settings.reset()


def answered(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = DONE) -> dict[str, object]:
    capsys.readouterr()
    assert main(["admin", *arguments, "--json"]) == code
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def test_given_the_configured_person_when_made_first_then_they_promote_others_and_all_of_it_is_noted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert answered(capsys, "first") == {"admin": "user-3", "is_admin": True}
    assert answered(capsys, "rank", "user-2", "elite", "--as", "user-3")["rank"] == "ELITE"
    assert answered(capsys, "tier", "user-2", "FANG", "--as", "user-3")["granted_tier"] == "FANG"
    assert answered(capsys, "ban", "user-1", "--reason", "abuse", "--as", "user-3")["status"] == "BANNED"
    assert answered(capsys, "unlock", "user-1", "--reason", "mistake", "--as", "user-3")["status"] == "ACTIVE"

    entries = answered(capsys, "audit")["entries"]
    about = answered(capsys, "audit", "--about", "user-2", "--last", "1")["entries"]

    assert isinstance(entries, list)
    assert isinstance(about, list)
    assert [(one["actor"], one["action"], one["subject"]) for one in reversed(entries)] == [
        ("system", "FIRST_ADMIN", "user-3"),
        ("user-3", "RANK_GIVEN", "user-2"),
        ("user-3", "TIER_GRANTED", "user-2"),
        ("user-3", "STATUS_CHANGED", "user-1"),
        ("user-3", "STATUS_CHANGED", "user-1"),
    ]
    assert [one["detail"] for one in about] == [{"tier": "FANG", "before": "NONE"}]


def test_given_people_when_listed_by_rank_then_those_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    people = answered(capsys, "people", "--rank", "authorized")["people"]

    assert isinstance(people, list)
    assert [one["user"] for one in people] == ["user-2", "user-3"]
    assert main(["admin", "people"]) == DONE
    assert capsys.readouterr().out.splitlines()[0].startswith("user-1: rank RECRUIT, granted tier NONE, ACTIVE")


def test_given_somebody_who_is_no_admin_when_they_decide_then_it_is_denied_with_reason_and_remedy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["admin", "rank", "user-3", "admin", "--as", "user-2"]) == PROBLEMS
    assert "rank ADMIN is asked for, found rank AUTHORIZED" in capsys.readouterr().out
    denied = answered(capsys, "lock", "user-3", "--reason", "abuse", "--as", "user-2", code=PROBLEMS)["denied"]

    assert isinstance(denied, list)
    assert [one["code"] for one in denied] == ["RANK"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("rank", "nobody", "elite", "--as", "user-3"), "there is no person nobody"),
        (("rank", "user-1", "elite", "--as", "nobody"), "there is no person nobody"),
        (("rank", "user-1", "KING", "--as", "user-3"), "RANK cannot be 'KING'"),
        (("lock", "user-1", "--as", "user-3"), "--reason"),
        (("rank", "user-1", "elite"), "--as"),
        (("audit", "--last", "0"), "--last"),
    ],
)
def test_given_what_cannot_be_used_when_asked_then_it_says_what(
    arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["admin", *arguments]) == BAD_INPUT
    assert told in capsys.readouterr().err


def test_given_nobody_configured_when_the_first_admin_is_asked_for_then_it_says_how_to_name_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("BITTEN_ADMIN")
    Container.settings.reset()

    assert main(["admin", "first"]) == BAD_INPUT
    assert "BITTEN_ADMIN=telegram:ID" in capsys.readouterr().err


@pytest.mark.parametrize("named", ["77", "telegram:0", "telegram:x", "user:", "admin:1"])
def test_given_a_name_that_is_none_when_the_settings_are_read_then_it_is_refused(
    named: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BITTEN_ADMIN", named)
    Container.settings.reset()

    assert main(["admin", "first"]) == BAD_INPUT
    assert "BITTEN_ADMIN" in capsys.readouterr().err


def in_store(work: Callable[[Repositories], T]) -> T:
    opened = SqliteUnitOfWork(Container.settings().store_file, INSTRUMENTS, os_salt)
    try:
        return asyncio.run(opened.run(work))
    finally:
        opened.close()


def test_given_a_frozen_account_when_an_admin_thaws_it_then_it_is_to_be_compared_anew_and_noted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def frozen(r: Repositories) -> None:
        account = r.accounts.lock(account_id())
        assert account is not None
        r.accounts.put(replace(account, standing=AccountStanding.FROZEN, standing_reason="books differ"))

    in_store(frozen)
    answered(capsys, "first")
    assert main(["doctor"]) == PROBLEMS
    assert "bitten admin thaw account-1 --as ADMIN_ID" in capsys.readouterr().out

    assert main(["admin", "thaw", "account-1", "--as", "user-2"]) == BAD_INPUT
    assert "may not thaw" in capsys.readouterr().err
    assert answered(capsys, "thaw", "account-1", "--as", "user-3") == {"account": "account-1", "standing": "COLD"}

    entries = answered(capsys, "audit", "--about", "account-1")["entries"]
    assert isinstance(entries, list)
    assert [(one["actor"], one["action"]) for one in entries] == [("user-3", "THAWED")]


def test_given_a_disputed_order_when_an_admin_resolves_it_then_its_risk_is_released(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def disputed(r: Repositories) -> int:
        first = add_fire(r, 1)
        sent = first.moved(OrderState.SENDING, NOON + 1)
        doubted = sent.moved(OrderState.UNKNOWN, NOON + 2)
        r.intents.move(sent, OrderState.RESERVED)
        r.intents.move(doubted, OrderState.SENDING)
        r.intents.move(doubted.moved(OrderState.DISPUTED, NOON + 3), OrderState.UNKNOWN)
        return first.client_order_id

    order = in_store(disputed)
    answered(capsys, "first")
    assert main(["doctor"]) == PROBLEMS
    assert f"compare {order} with the broker's statement" in capsys.readouterr().out

    told = answered(capsys, "resolve", str(order), "not_executed", "--as", "user-3")

    assert told == {"order": order, "state": "NOT_EXECUTED"}
    assert in_store(lambda r: r.reservations.held(account_id())) == ()
    assert main(["admin", "resolve", str(order), "filled", "--as", "user-3"]) == BAD_INPUT
    assert "is NOT_EXECUTED, not disputed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("thaw", "nowhere", "--as", "user-3"), "there is no account nowhere"),
        (("resolve", "17", "FILLED", "--as", "user-3"), "there is no order 17"),
        (("resolve", "x", "FILLED", "--as", "user-3"), "ORDER"),
        (("resolve", "9" * 30, "FILLED", "--as", "user-3"), "ORDER"),
        (("resolve", "17", "WORKING", "--as", "user-3"), "STATE cannot be 'WORKING'"),
    ],
)
def test_given_what_is_not_there_when_thawed_or_resolved_then_it_says_so(
    arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answered(capsys, "first")

    assert main(["admin", *arguments]) == BAD_INPUT
    assert told in capsys.readouterr().err


def test_given_keys_when_added_rotated_and_dropped_then_what_was_sealed_still_opens_and_all_is_noted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answered(capsys, "first")
    assert main(["user", "email", "ann@example.org", "--user", "user-1"]) == DONE
    before = Container.vault().key_id

    newer = answered(capsys, "keys", "add", "--as", "user-3")["key"]
    assert main(["admin", "keys", "drop", before, "--as", "user-3"]) == BAD_INPUT
    assert "1 persons' keys are sealed by it" in capsys.readouterr().err
    assert answered(capsys, "keys", "rotate", "--as", "user-3") == {"resealed": 1}
    assert answered(capsys, "keys", "drop", before, "--as", "user-3") == {"dropped": before}

    assert Container.vault().key_id == newer
    capsys.readouterr()
    assert main(["user", "email", "--user", "user-1"]) == DONE
    assert "ann@example.org" in capsys.readouterr().out
    entries = answered(capsys, "audit")["entries"]
    assert isinstance(entries, list)
    assert {one["action"] for one in entries} >= {"KEY_ADDED", "KEYS_ROTATED", "KEY_DROPPED"}


def test_given_a_deletion_that_is_due_when_an_admin_erases_then_they_are_gone_and_nobody_else_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = int(Container.clock().now().timestamp())
    answered(capsys, "first")
    wish = DeletionRequest("wish", UserId("user-1"), now - 800_000, now - 799_000, now - 1)
    in_store(lambda r: r.deletions.add(wish))
    assert main(["admin", "erase", "--as", "user-2"]) == PROBLEMS
    capsys.readouterr()

    assert answered(capsys, "erase", "--as", "user-3") == {"erased": ["user-1"], "erased_again": [], "waiting": []}
    assert answered(capsys, "erase", "--as", "user-3") == {"erased": [], "erased_again": [], "waiting": []}

    statuses = in_store(lambda r: [(one.user_id, one.status.value) for one in r.people.all()])
    assert statuses == [("user-1", "DELETED"), ("user-2", "ACTIVE"), ("user-3", "ACTIVE")]


def test_given_a_member_who_is_due_when_an_admin_erases_then_the_gateway_collects_nothing_more(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def asked(*words: str) -> dict[str, object]:
        capsys.readouterr()
        assert main(["user", *words, "--user", "user-1", "--json"]) == DONE
        told: dict[str, object] = json.loads(capsys.readouterr().out)
        return told

    now = int(Container.clock().now().timestamp())
    answered(capsys, "first")
    asked("pay", str(asked("plan", "subscribe", "fang_monthly")["checkout"]))
    wish = DeletionRequest("wish", UserId("user-1"), now - 800_000, now - 799_000, now - 1)
    in_store(lambda r: r.deletions.add(wish))
    books = Container.settings().home / "gateway.away"
    (Container.settings().home / GATEWAY_FILE).rename(books)
    assert answered(capsys, "erase", "--as", "user-3")["waiting"] == ["user-1"]
    assert main(["admin", "erase", "--as", "user-3"]) == DONE
    assert "user-1 waits for no subscription that renews" in capsys.readouterr().out
    books.rename(Container.settings().home / GATEWAY_FILE)

    assert answered(capsys, "erase", "--as", "user-3")["erased"] == ["user-1"]

    at = in_store(lambda r: r.subscriptions.of(UserId("user-1")))[0].periods[-1].end
    gateway = Container.used_gateway(Container.settings(), Container.replay_clock(at))
    assert gateway is not None
    gateway.payments.collect()
    told = [gateway.reader(raw, at) for raw in asyncio.run(gateway.payments.events_since(0))]
    kinds = [one.kind.value for one in told if one is not None]
    assert kinds[-2:] == ["CANCEL_REQUESTED", "ENDED"]


def test_given_a_press_pass_when_an_admin_takes_it_back_then_it_is_revoked_and_noted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answered(capsys, "first")

    def given(r: Repositories) -> None:
        r.press_pass_days.lock(NOON // 86_400, 10)
        r.press_passes.add(press_pass())

    in_store(given)

    assert answered(capsys, "pass", "user-1", "--as", "user-3") == {"user": "user-1", "state": "REVOKED"}
    assert main(["admin", "pass", "user-2", "--as", "user-3"]) == PROBLEMS
    entries = answered(capsys, "audit", "--about", "user-1")["entries"]
    assert isinstance(entries, list)
    assert [one["action"] for one in entries] == ["PRESS_PASS_REVOKED"]


def test_given_several_people_when_one_stops_and_releases_their_own_trading_then_it_is_theirs_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["emergency", "pause", "--user", "user-2", "--json"]) == DONE
    assert json.loads(capsys.readouterr().out)["stop"]["subject"] == "user-2"
    in_force = in_store(lambda r: r.stops.in_force())
    assert [(stop.subject, stop.set_by) for stop in in_force] == [("user-2", "user-2")]

    in_store(lambda r: r.signals.put_desk(signal_desk(NOON + 7_200)))
    assert main(["emergency", "release", "--user", "user-1"]) == DONE
    assert in_store(lambda r: r.stops.in_force()) == in_force
    assert main(["emergency", "release", "--user", "user-2"]) == DONE
    assert in_store(lambda r: r.stops.in_force()) == ()
    capsys.readouterr()
    assert main(["emergency", "pause", "--user", "nobody"]) == BAD_INPUT
    assert "there is no person nobody" in capsys.readouterr().err


def test_given_json_wanted_when_the_words_are_wrong_then_standard_output_is_json_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["admin", "tier", "user-1", "GOLD", "--as", "user-3", "--json"]) == BAD_INPUT

    told = json.loads(capsys.readouterr().out)
    assert told["exit_code"] == BAD_INPUT
    assert "TIER cannot be 'GOLD'" in told["error"]


@pytest.mark.parametrize("figure", [("--risk", "0"), ("--daily-loss", "0")])
def test_given_a_limit_of_nought_when_chosen_then_it_is_refused_and_not_passed_over(
    figure: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["user", "limits", *figure, "--user", "user-2"]) == BAD_INPUT
    assert capsys.readouterr().out == ""


def test_given_a_plan_whose_name_is_none_when_offered_then_it_is_refused_without_an_echo(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answered(capsys, "first")

    assert main(["user", "plan", "offer", "x\x1b[31m", "FANG", "5", "--as", "user-3"]) == BAD_INPUT
    assert "\x1b" not in capsys.readouterr().err


def test_given_control_characters_in_an_id_when_it_is_not_there_then_they_are_shown_and_not_obeyed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answered(capsys, "first")

    assert main(["admin", "lock", "x\x1b[31m", "--reason", "abuse", "--as", "user-3"]) == BAD_INPUT
    told = capsys.readouterr().err
    assert "there is no person x\\x1b[31m" in told
    assert "\x1b" not in told


@pytest.mark.parametrize(
    "words",
    [
        *(("rank", "nobody", rank.value) for rank in Rank),
        *(("tier", "nobody", tier.value) for tier in Tier),
        *(("ban", "nobody", "--reason", reason.value) for reason in StatusReason),
        *(("resolve", "1", state.value) for state in OrderState if state in TERMINAL_STATES),
    ],
    ids=" ".join,
)
def test_given_every_word_of_the_domain_when_a_command_is_given_then_it_is_known(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    answered(capsys, "first")

    assert main(["admin", *words, "--as", "user-3"]) == BAD_INPUT
    # Refused for who or what is not there, and not for the word.
    assert "there is no" in capsys.readouterr().err
