"""``bitten user pass``, ``plan`` and ``pay``: from the command line to the store and back, with no real money."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import stat
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bitten_adapters.sql.schema import upgrade
from bitten_adapters.sql.sqlite.unit_of_work import SqliteUnitOfWork
from bitten_adapters.system.salt import os_salt
from bitten_apps.cli.exit_codes import BAD_INPUT, DONE, PROBLEMS
from bitten_apps.cli.main import main
from bitten_apps.container import Container
from bitten_apps.testkit.unit_of_work.samples import NOON, account, add_accounts, person, signal_desk, usd
from bitten_domain.membership.subscription import Plan
from bitten_domain.values import INSTRUMENTS, UserId
from bitten_domain.vocabulary import Rank, Tier

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeVar

    from bitten_domain.ports.unit_of_work import Repositories

    T = TypeVar("T")

DAY, MONTH = 86_400, 30 * 86_400
USER = UserId("user-1")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a store with one person, who has a Telegram id, and their account."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("BITTEN_HOME", str(home))
    path = home / "bitten.sqlite3"
    upgrade(f"sqlite:///{path}")
    run(path, add_accounts)
    run(path, lambda r: r.people.put(person(1, telegram_id=11)))
    Container.settings.reset()
    at(path, 0)
    return path


def run(path: Path, work: Callable[[Repositories], T]) -> T:
    opened = SqliteUnitOfWork(path, INSTRUMENTS, os_salt)
    try:
        return asyncio.run(opened.run(work))
    finally:
        opened.close()


def at(path: Path, after: int) -> None:
    """Move the desk's time on."""
    run(path, lambda r: r.signals.put_desk(signal_desk(NOON + after)))


class Asked:
    """The command line, asked for JSON."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str, code: int = DONE) -> Any:
        self._capsys.readouterr()
        assert main(["user", *words, "--json"]) == code
        return json.loads(self._capsys.readouterr().out)

    def words(self, *words: str, code: int = DONE) -> str:
        self._capsys.readouterr()
        assert main(["user", *words]) == code
        return self._capsys.readouterr().out


@pytest.fixture
def asked(capsys: pytest.CaptureFixture[str]) -> Asked:
    return Asked(capsys)


def codes(told: Any) -> list[str]:
    return [one["code"] for one in told["denied"]]


def subscribed(asked: Asked, plan: str = "fang_monthly") -> Any:
    return asked("pay", asked("plan", "subscribe", plan)["checkout"])


# Press pass


def test_given_a_press_pass_when_claimed_activated_and_shown_then_each_step_says_the_truth(
    store: Path, asked: Asked
) -> None:
    before = asked("pass", "show")
    claimed = asked("pass", "claim")
    active = asked("pass", "activate")
    tier = asked("show")["tier"]
    after = asked("pass", "show")
    at(store, 60)
    again = asked("pass", "claim", code=PROBLEMS)
    at(store, 7 * DAY)

    assert before == {"left_today": 10, "a_day": 10, "state": "OFFERED"}
    assert (claimed["state"], claimed["ends_at"]) == ("CLAIMED", "2024-01-09T12:00:00Z")
    assert (active["state"], tier) == ("ACTIVE", "PRESS_PASS")
    assert (after["left_today"], after["state"]) == (9, "ACTIVE")
    assert codes(again) == ["PASS_USED"]
    assert (asked("pass", "show")["state"], asked("show")["tier"]) == ("EXPIRED", "NONE")
    assert "press pass EXPIRED" in asked.words("pass", "show")


def test_given_somebody_without_a_telegram_id_when_they_claim_then_they_are_told_and_may_name_one(
    store: Path, asked: Asked
) -> None:
    run(store, lambda r: r.people.put(person(1)))
    denied = asked("pass", "claim", code=PROBLEMS)
    words = asked.words("pass", "claim", code=PROBLEMS)
    claimed = asked("pass", "claim", "--telegram-id", "77")

    kept = run(store, lambda r: r.people.get(USER))
    assert codes(denied) == ["NO_TELEGRAM_ID"]
    assert words.startswith("no: a Telegram id")
    assert claimed["state"] == "CLAIMED"
    assert kept is not None
    assert kept.telegram_id == 77
    assert [one.action for one in run(store, lambda r: r.audit.recent(9))] == ["TELEGRAM_ID_NAMED"]


@pytest.mark.parametrize("number", ["12", "0", "22"])
def test_given_a_telegram_id_that_is_not_theirs_when_named_then_nothing_is_claimed(
    number: str, store: Path, asked: Asked
) -> None:
    run(store, lambda r: r.people.add(person(2, telegram_id=22)))

    assert main(["user", "pass", "claim", "--telegram-id", number]) == BAD_INPUT
    assert asked("pass", "show")["state"] == "OFFERED"


def test_given_reminders_when_turned_off_and_on_then_it_is_kept(store: Path, asked: Asked) -> None:
    nothing = asked("pass", "reminders", "off", code=PROBLEMS)
    asked("pass", "claim")

    assert codes(nothing) == ["NO_PRESS_PASS"]
    assert [asked("pass", "reminders", one)["reminders"] for one in ("off", "on")] == ["off", "on"]
    assert store.exists()


def test_given_an_admin_when_they_revoke_a_pass_then_it_is_revoked_and_others_cannot(store: Path, asked: Asked) -> None:
    def admins(r: Repositories) -> None:
        r.people.add(replace(person(2), rank=Rank.ADMIN))
        r.people.add(person(3))

    run(store, admins)
    asked("pass", "claim")
    denied = asked("pass", "revoke", "--as", "user-3", code=PROBLEMS)
    revoked = asked("pass", "revoke", "--as", "user-2")

    assert codes(denied) == ["RANK"]
    assert revoked["state"] == "REVOKED"


# Subscriptions


def test_given_a_trial_when_begun_and_renewed_then_it_is_tried_and_then_paid_and_everything_says_test(
    store: Path, asked: Asked
) -> None:
    opened = asked("plan", "subscribe", "fang_monthly")
    trial = asked("pay", opened["checkout"])
    at(store, 7 * DAY)
    ended = asked("plan", "show")
    paid = asked("pay", "--due")

    assert (opened["label"], opened["trial_days"]) == ("TEST: no real money", 7)
    assert "TEST" in opened["url"]
    assert (trial["tier"], trial["subscriptions"][0]["state"], trial["payments"]) == ("FANG", "TRIALING", [])
    assert (ended["tier"], ended["subscriptions"][0]["state"]) == ("NONE", "EXPIRED")
    assert (paid["tier"], [one["amount"] for one in paid["payments"]]) == ("FANG", ["89.00 USD"])
    assert "TEST: no real money" in asked.words("plan", "show")


def test_given_a_member_when_they_change_cancel_resume_and_renew_then_each_holds_when_it_should(
    store: Path, asked: Asked
) -> None:
    run(store, lambda r: r.people.put(person(1)))  # without a Telegram id there is no trial
    begun = subscribed(asked)
    at(store, 10 * DAY)
    up = asked("plan", "change", "apex_monthly")
    down = asked("plan", "change", "nibbler_monthly")
    taken_back = asked("plan", "change", "apex_monthly")
    down = asked("plan", "change", "nibbler_monthly")
    cancelled = asked("plan", "cancel")
    resumed = asked("plan", "resume")
    at(store, MONTH)
    renewed = asked("pay", "--due")
    at(store, 2 * MONTH)
    refused = asked("pay", "--due", "--refused")
    at(store, 2 * MONTH + 3 * DAY)
    over = asked("plan", "show")

    assert (begun["tier"], begun["payments"][0]["amount"]) == ("FANG", "89.00 USD")
    # 99 USD more a month, for 20 of 30 days.
    assert (up["tier"], up["payments"][1]["amount"], up["subscriptions"][0]["plan"]) == (
        "APEX",
        "66.00 USD",
        "apex_monthly",
    )
    assert taken_back["subscriptions"][0]["next_plan"] == "apex_monthly"
    assert (down["tier"], down["subscriptions"][0]["next_plan"]) == ("APEX", "nibbler_monthly")
    assert (cancelled["subscriptions"][0]["state"], cancelled["tier"]) == ("CANCELLED", "APEX")
    assert resumed["subscriptions"][0]["state"] == "ACTIVE"
    assert (renewed["tier"], renewed["payments"][2]["amount"]) == ("NIBBLER", "39.00 USD")
    assert (refused["tier"], refused["subscriptions"][0]["state"]) == ("NIBBLER", "PAST_DUE")
    assert (over["tier"], over["subscriptions"][0]["state"]) == ("NONE", "EXPIRED")


def test_given_a_cancelled_subscription_when_its_period_is_over_then_nothing_is_left_nor_collected(
    store: Path, asked: Asked
) -> None:
    run(store, lambda r: r.people.put(person(1)))
    subscribed(asked)
    asked("plan", "cancel")
    words = asked.words("plan", "show")
    at(store, MONTH - 1)
    last = asked("plan", "show")["tier"]
    at(store, MONTH)
    after = asked("pay", "--due")

    assert "ends then" in words
    assert (last, after["tier"], len(after["payments"])) == ("FANG", "NONE", 1)
    assert codes(asked("plan", "resume", code=PROBLEMS)) == ["NO_SUBSCRIPTION"]


def test_given_a_first_payment_when_the_refund_is_asked_for_then_it_goes_back_once(store: Path, asked: Asked) -> None:
    run(store, lambda r: r.people.put(person(1)))
    subscribed(asked)
    back = asked("plan", "refund")
    again = asked("plan", "refund", code=PROBLEMS)

    assert (back["tier"], back["payments"][0]["refunded"]) == ("NONE", "89.00 USD")
    assert codes(again) == ["NOTHING_TO_REFUND"]
    assert store.exists()


def test_given_two_checkouts_that_are_paid_when_done_then_the_second_is_given_back_at_once(
    store: Path, asked: Asked
) -> None:
    run(store, lambda r: r.people.put(person(1)))
    first, second = (asked("plan", "subscribe", f"{name}_monthly")["checkout"] for name in ("fang", "apex"))
    asked("pay", first)
    at(store, 60)
    told = asked("pay", second)

    assert told["tier"] == "FANG"
    assert [(one["amount"], one["refunded"]) for one in told["payments"]] == [
        ("89.00 USD", "0.00 USD"),
        ("188.00 USD", "188.00 USD"),
    ]


def test_given_what_cannot_be_had_when_asked_for_then_it_is_denied_with_its_reason(store: Path, asked: Asked) -> None:
    answers = [
        asked("plan", "subscribe", "major_monthly", code=PROBLEMS),
        asked("plan", "change", "apex_monthly", code=PROBLEMS),
        asked("plan", "cancel", code=PROBLEMS),
    ]
    subscribed(asked)
    answers.append(asked("plan", "subscribe", "apex_monthly", code=PROBLEMS))
    answers.append(asked("plan", "change", "fang_monthly", code=PROBLEMS))

    assert [codes(one) for one in answers] == [
        ["NOT_OFFERED"],
        ["NO_SUBSCRIPTION"],
        ["NO_SUBSCRIPTION"],
        ["ALREADY_MEMBER"],
        ["SAME_PLAN"],
    ]
    assert store.exists()


@pytest.mark.parametrize("words", [(), ("--refused",), ("checkout", "--due"), ("nothing",)])
def test_given_a_payment_that_is_not_clear_or_not_there_when_asked_for_then_it_is_bad_input(
    words: tuple[str, ...], store: Path
) -> None:
    assert main(["user", "pay", *words]) == BAD_INPUT
    assert store.exists()


def test_given_a_plan_nobody_knows_any_more_when_paid_then_it_is_told_and_nothing_is_lost(
    store: Path, asked: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    run(store, lambda r: r.people.put(person(1)))
    run(store, lambda r: r.plans.put(Plan("early_monthly", Tier.FANG, usd("9.00"))))
    checkout = asked("plan", "subscribe", "early_monthly")["checkout"]
    forget_plan(store)
    capsys.readouterr()
    assert main(["user", "pay", checkout, "--json"]) == PROBLEMS
    err = capsys.readouterr().err
    run(store, lambda r: r.plans.put(Plan("early_monthly", Tier.FANG, usd("9.00"))))
    told = asked("pay", "--due")

    assert "early_monthly" in err
    assert run(store, lambda r: len(r.audit.recent(9))) == 1
    assert (told["tier"], told["payments"][0]["amount"]) == ("FANG", "9.00 USD")
    assert run(store, lambda r: r.gateway_events.unfolded()) == ()


def admin(store: Path) -> None:
    run(store, lambda r: r.people.add(replace(person(9), rank=Rank.ADMIN)))


def test_given_events_that_wait_when_an_admin_offers_their_plan_then_they_are_worked_in_and_the_doctor_is_content(
    store: Path, asked: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    admin(store)
    run(store, lambda r: r.people.put(person(1)))
    run(store, lambda r: r.plans.put(Plan("early_monthly", Tier.FANG, usd("9.00"))))
    checkout = asked("plan", "subscribe", "early_monthly")["checkout"]
    forget_plan(store)
    assert main(["user", "pay", checkout]) == PROBLEMS
    capsys.readouterr()
    main(["doctor"])
    doctors = [capsys.readouterr().out]
    offered = asked("plan", "offer", "early_monthly", "fang", "9.00", "--as", "user-9")
    capsys.readouterr()
    main(["doctor"])
    doctors.append(capsys.readouterr().out)

    assert offered == {"plan": "early_monthly", "tier": "FANG", "price": "9.00 USD", "waiting": []}
    assert ["1 subscriptions have events that wait" in one for one in doctors] == [True, False]
    assert asked("plan", "show")["tier"] == "FANG"


def test_given_an_admin_when_they_price_and_withdraw_a_plan_then_it_is_audited_and_what_was_sold_stays(
    store: Path, asked: Asked
) -> None:
    admin(store)
    run(store, lambda r: r.people.put(person(1)))
    subscribed(asked)
    for words in (("95.00",), ("95.00",), ("95.00", "--withdrawn")):
        asked("plan", "offer", "fang_monthly", "FANG", *words, "--as", "user-9")
    shown = asked("plan", "show")

    actions = [one.action for one in run(store, lambda r: r.audit.recent(9))]
    # The second time it was so already.
    assert actions == ["PLAN_OFFERED", "PLAN_OFFERED"]
    assert (shown["tier"], shown["payments"][0]["amount"]) == ("FANG", "89.00 USD")
    assert "fang_monthly" not in [one["plan"] for one in shown["plans"]]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("fang_monthly", "APEX", "95.00", "--as", "user-9"), BAD_INPUT),  # a plan keeps its tier
        (("new_monthly", "APEX", "0", "--as", "user-9"), BAD_INPUT),
        (("new_monthly", "APEX", "1.005", "--as", "user-9"), BAD_INPUT),
        (("new_monthly", "NONE", "1.00", "--as", "user-9"), BAD_INPUT),
        (("new_monthly", "APEX", "1.00", "--as", "nobody"), BAD_INPUT),
        (("new_monthly", "APEX", "1.00", "--as", "user-1"), PROBLEMS),  # no ADMIN
    ],
)
def test_given_an_offer_that_cannot_be_when_made_then_no_plan_changes(
    words: tuple[str, ...], code: int, store: Path, asked: Asked
) -> None:
    admin(store)
    before = asked("plan", "show")["plans"]

    assert main(["user", "plan", "offer", *words]) == code
    assert asked("plan", "show")["plans"] == before


def forget_plan(store: Path) -> None:
    with sqlite3.connect(store) as connection:
        connection.execute("DELETE FROM subscription_plans WHERE plan_id = 'early_monthly'")
    connection.close()


@pytest.mark.skipif(os.name != "posix", reason="files have no such modes")
def test_given_keys_when_first_needed_then_they_are_random_and_their_owners_alone(store: Path, asked: Asked) -> None:
    asked("pass", "claim")
    run(store, lambda r: r.people.add(person(2, telegram_id=22)))
    run(store, lambda r: r.accounts.add(account(2)))
    asked("plan", "subscribe", "fang_monthly", "--user", "user-2")

    files = [store.parent / name for name in ("index.key", "local-gateway.key", "local-gateway.json")]
    secrets = {one.read_bytes() for one in files}
    assert [stat.S_IMODE(one.stat().st_mode) for one in files] == [0o600] * 3
    assert len(secrets) == 3
    assert all(len(bytes.fromhex(one.read_text("ascii"))) == 32 for one in files[:2])


def test_given_a_gateway_key_that_is_spoilt_when_used_then_it_is_bad_input(store: Path, asked: Asked) -> None:
    key = store.parent / "local-gateway.key"
    key.write_text("no key")
    key.chmod(0o600)

    assert main(["user", "plan", "subscribe", "fang_monthly"]) == BAD_INPUT
    assert asked("plan", "show")["subscriptions"] == []
