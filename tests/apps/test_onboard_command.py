"""``bitten user onboard`` and what one chooses afterwards: by a script and at a terminal."""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.sql.sqlite.unit_of_work import SqliteUnitOfWork
from bitten_adapters.system.salt import os_salt
from bitten_apps.cli.exit_codes import BAD_INPUT, DONE, PROBLEMS
from bitten_apps.cli.main import main
from bitten_apps.cli.store.plain_text import iso
from bitten_apps.container import Container
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.membership.education import RISK_QUIZ
from bitten_domain.membership.onboarding import LIFE_SECONDS, Step
from bitten_domain.membership.privacy import LIVE_PHRASE
from bitten_domain.risk.policy import LimitChoice
from bitten_domain.values import INSTRUMENTS, UserId
from bitten_domain.vocabulary import Rank, SystemMode, Tier

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeVar

    from bitten_domain.membership import Person
    from bitten_domain.ports.unit_of_work import Repositories

    T = TypeVar("T")

ANN = UserId("ann")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the home folder that the commands use; it is not there yet."""
    folder = tmp_path / "home"
    monkeypatch.setenv("BITTEN_HOME", str(folder))
    monkeypatch.setenv("COLUMNS", "200")
    Container.settings.reset()
    Container.unit_of_work.reset()
    return folder


def run(home: Path, work: Callable[[Repositories], T]) -> T:
    opened = SqliteUnitOfWork(home / "bitten.sqlite3", INSTRUMENTS, os_salt)
    try:
        return asyncio.run(opened.run(work))
    finally:
        opened.close()


def person_of(r: Repositories, user: UserId = ANN) -> Person:
    person = r.people.get(user)
    assert person is not None
    return person


def changed(home: Path, **changes: object) -> None:
    run(home, lambda r: r.people.put(replace(person_of(r), **changes)))  # type: ignore[arg-type]


def quiz_letters() -> list[str]:
    quiz = Container.syllabus().quiz(RISK_QUIZ)
    assert quiz is not None
    return ["".join(sorted(question.right)) for question in quiz.questions]


def answers(*texts: str) -> list[str]:
    return [word for text in texts for word in ("--answer", text)]


def onboard(*words: str) -> int:
    return main(["user", "onboard", *words])


def onboarded(home: Path, *, tier: Tier = Tier.NONE) -> None:
    """Walk Ann in, and give her a tier."""
    letters = ",".join(quiz_letters())
    road = answers("ok", "some", "yes", "yes", letters, "Night_Owl7", "paper", "ok")
    assert onboard("--new", "--user", "ann", "--language", "de", "--zone", "Europe/Berlin", *road) == DONE
    changed(home, tier=tier)


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = DONE) -> dict[str, object]:
    capsys.readouterr()
    assert main(["user", *words, "--json"]) == code
    document: dict[str, object] = json.loads(capsys.readouterr().out)
    return document


def test_given_no_store_when_somebody_new_answers_everything_then_they_are_in_with_a_paper_account(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    onboarded(home)

    said = capsys.readouterr().out
    person = run(home, person_of)
    (account,) = run(home, lambda r: r.accounts.all())
    profile = person.profile
    assert (person.rank, person.tier) == (Rank.AUTHORIZED, Tier.NONE)
    assert (profile.callsign, profile.language, profile.zone) == ("Night_Owl7", "de", "Europe/Berlin")
    assert (account.user_id, account.balance, account.is_live) == (ANN, s.usd("10000.00"), False)
    # Both texts were shown before they were agreed to.
    assert said.index("You can lose money quickly") < said.index("[CONSENT]")
    assert said.index("What is not asked for") < said.index("[RISK_QUIZ]")
    assert "the onboarding is done" in said
    assert [main(["doctor"]), main(["user", "show"])] == [DONE, DONE]


def test_given_somebody_at_a_terminal_when_they_leave_and_come_back_then_it_goes_on_where_it_was(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def typed(*lines: str) -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        assert onboard(*(["--new", "--user", "ann"] if not home.exists() else [])) == DONE
        return capsys.readouterr().out

    first = typed("hello", "a lot", "/skip", "/back", "years", "/skip", "no")
    second = typed("yes 7", "yes", "yes")
    third = typed("", *quiz_letters(), "no spaces", "Night_Owl7", "paper", "")

    assert "left here" in first
    assert "that does not answer what is asked" in first
    assert "a step that may be left out" in first
    assert "not an adult" in first
    assert "Before you begin: the risks" in second
    assert "[WELCOME]" not in second
    assert "version 1 is asked for, found version 7" in second
    assert "13 of 13 right (100 %): passed" in third
    assert "9 characters" in third
    assert run(home, person_of).rank is Rank.AUTHORIZED
    assert "the onboarding is done" in typed()


def test_given_the_quiz_not_passed_when_answered_then_the_step_stays_and_a_kept_pass_counts_later(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    onboard("--new", "--user", "ann", *answers("ok", "some", "yes", "yes"))
    wrong = ",".join("" for _ in quiz_letters())

    failed = onboard(*answers(wrong))
    said = capsys.readouterr().out
    asked = told(capsys, "onboard")
    main(["learn", RISK_QUIZ, "--quiz", "--answers", ",".join(quiz_letters())])
    passed = onboard(*answers("go on"))

    assert (failed, passed) == (PROBLEMS, DONE)
    assert "read the explanations and try again" in said
    assert (asked["step"], asked["done"]) == ("RISK_QUIZ", False)
    questions = asked["quiz"]
    assert isinstance(questions, list)
    assert len(questions) == len(quiz_letters())
    assert told(capsys, "onboard")["step"] == "CALLSIGN"


def test_given_an_onboarding_of_last_week_when_taken_up_then_it_begins_anew(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    onboard("--new", "--user", "ann", *answers("ok", "some"))

    def aged(r: Repositories) -> None:
        session = r.onboardings.of(ANN)
        assert session is not None
        assert session.step is Step.AGE_AND_RISK
        r.onboardings.put(replace(session, started_at=session.started_at - LIFE_SECONDS))

    run(home, aged)

    assert told(capsys, "onboard")["step"] == "WELCOME"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("onboard",), "add --new"),
        (("onboard", "--telegram", "7"), "add --new"),
        (("onboard", "--new", "--user", "system"), "no name to be known by"),
        (("onboard", "--new", "--zone", "Europe/Nowhere"), "no time zone"),
        (("limits", "--risk", "1"), "there is no store yet"),
    ],
)
def test_given_what_cannot_be_when_asked_for_then_nobody_is_made_and_it_is_said(
    home: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert main(["user", *words]) == BAD_INPUT

    assert said in capsys.readouterr().err
    assert not home.exists() or run(home, lambda r: r.people.all()) == ()


def test_given_two_newcomers_when_nobody_is_named_then_both_are_listed(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    onboard("--new", "--user", "ann", "--json")
    onboard("--new", "--telegram", "77", "--json")
    onboard("--new", "--telegram", "77", "--json")
    capsys.readouterr()

    assert main(["user", "callsign", "Owl_7"]) == BAD_INPUT

    said = capsys.readouterr().err
    people = run(home, lambda r: r.people.all())
    assert [person.telegram_id for person in people].count(77) == 1
    assert len(people) == 2
    assert all(person.user_id in said for person in people)


def test_given_consents_when_given_and_taken_back_then_the_list_says_so(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    onboarded(home)
    monkeypatch.setattr("sys.stdin", io.StringIO("no\nyes\n"))

    codes = [main(["user", "consent", "give", "messages"]) for _ in range(2)]
    given = consents_of(capsys)
    codes.append(main(["user", "consent", "withdraw", "messages"]))
    left = consents_of(capsys)
    codes.append(main(["user", "consent"]))
    said = capsys.readouterr().out

    assert codes == [PROBLEMS, DONE, DONE, DONE]
    assert given == {"messages": 1, "privacy": 1, "risk_disclosure": 1}
    assert left == {"privacy": 1, "risk_disclosure": 1}
    assert "live trading: closed" in said
    assert main(["user", "consent", "give", "gold"]) == BAD_INPUT
    assert main(["user", "consent", "withdraw"]) == BAD_INPUT
    assert main(["user", "consent", "give", "messages", "--answer", "yes 7"]) == PROBLEMS


def consents_of(capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    rows = told(capsys, "consent")["consents"]
    assert isinstance(rows, list)
    return {row["purpose"]: row["agreed_to"] for row in rows if row["agreed_to"] is not None}


def test_given_a_text_that_changed_when_consents_are_listed_then_it_asks_again(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    onboarded(home)
    main(["user", "consent", "give", "messages", "--answer", "yes"])
    syllabus = Container.syllabus()
    texts = tuple(replace(one, version=2) if one.purpose == "messages" else one for one in syllabus.texts)
    capsys.readouterr()

    with Container.syllabus.override(replace(syllabus, texts=texts)):
        main(["user", "consent"])
        old = main(["user", "consent", "give", "messages", "--answer", "yes 1"])
        new = main(["user", "consent", "give", "messages", "--answer", "yes"])

    said = capsys.readouterr().out
    assert "given to version 1; the text is now version 2, and asks again" in said
    assert (old, new) == (PROBLEMS, DONE)
    assert [one.version for one in run(home, lambda r: r.consents.of(ANN)) if one.purpose.value == "messages"] == [1, 2]


def test_given_all_that_live_trading_asks_for_when_the_phrase_is_typed_then_only_the_waiting_is_left(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    onboarded(home, tier=Tier.NIBBLER)
    give = ["user", "consent", "give", "live_trading", "--answer"]
    denied = main([*give, LIVE_PHRASE])
    said = capsys.readouterr().out
    main(["user", "limits", "--risk", "1"])

    def practised(r: Repositories) -> None:
        (account,) = r.accounts.all()
        for ticket in range(1, 21):
            r.trades.add(replace(s.closed_trade(ticket, s.NOON), account=account.account_id))

    run(home, practised)
    codes = [main([*give, words]) for words in ("yes", LIVE_PHRASE)]
    lacks = told(capsys, "consent")["live_trading_lacks"]
    main(["user", "consent", "withdraw", "live_trading"])

    assert denied == PROBLEMS
    assert "20 closed paper trades is asked for, found 0" in said
    assert "limits you chose yourself" in said
    assert codes == [PROBLEMS, DONE]
    assert isinstance(lacks, list)
    assert len(lacks) == 1
    assert "24 h since the consent" in lacks[0]
    assert not run(home, person_of).has_live_consent


def test_given_limits_mode_and_callsign_when_chosen_then_they_hold_as_far_as_they_may(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    onboarded(home, tier=Tier.NIBBLER)
    before = told(capsys, "limits")
    lowered = told(capsys, "limits", "--risk", "0.5", "--positions", "2")
    raised = told(capsys, "limits", "--daily-loss", "6")
    mode = told(capsys, "mode", "commander")
    denied = told(capsys, "mode", "tactical", code=PROBLEMS)
    profile = told(capsys, "callsign", "Owl_8", "--zone", "Asia/Tokyo")
    taken_up = told(capsys, "callsign", "a b", code=PROBLEMS)

    lower = {"risk_percent": "0.5", "daily_loss_percent": "4", "max_positions": 2}
    assert (before["chosen_by_yourself"], lowered["chosen_by_yourself"]) == (False, True)
    assert (lowered["in_force"], lowered["raise"]) == (lower, None)
    assert raised["in_force"] == lower
    assert isinstance(raised["raise"], dict)
    assert raised["raise"]["daily_loss_percent"] == "6"
    assert mode == {"mode": "COMMANDER"}
    assert "denied" in denied
    assert "denied" in taken_up
    assert profile == {"callsign": "Owl_8", "language": "de", "zone": "Asia/Tokyo"}
    assert run(home, person_of).mode is SystemMode.COMMANDER
    assert main(["user", "limits", "--risk", "much"]) == BAD_INPUT
    assert main(["user", "limits", "--risk", "3"]) == BAD_INPUT


def test_given_a_raise_when_days_of_a_market_are_run_then_it_waits_24_hours_by_the_machines_clock_all_the_same(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = ["--pairs", "EURUSD", "--strategy", "momentum_continuation", "--json"]
    assert main(["run", "--days", "2", *few]) == DONE
    (account,) = run(home, lambda r: r.accounts.all())
    you = account.user_id
    raised = told(capsys, "limits", "--risk", "2")
    asked_at = run(home, lambda r: person_of(r, you)).limits.raise_at - 86_400
    Container.unit_of_work.reset()
    assert main(["run", "--days", "5", *few]) == DONE
    waiting = told(capsys, "limits")
    kept = run(home, lambda r: person_of(r, you)).limits

    assert abs(asked_at - Container.clock().now().timestamp()) < 600
    assert raised == waiting
    assert waiting["in_force"] == {"risk_percent": "1", "daily_loss_percent": "4", "max_positions": 10}
    assert isinstance(waiting["raise"], dict)
    assert waiting["raise"]["risk_percent"] == "2"
    assert kept.raised is not None

    # A day of the machine later it is in force, and a run that begins then takes it without being asked.
    run(home, lambda r: r.people.put(replace(person_of(r, you), limits=replace(kept, raise_at=asked_at))))
    Container.unit_of_work.reset()
    assert main(["run", "--days", "5", *few]) == DONE
    assert run(home, lambda r: person_of(r, you)).limits == LimitChoice(kept.raised, chosen_at=kept.chosen_at)


def test_given_an_onboarded_person_when_the_machines_desk_runs_then_it_trades_its_own_account_and_keeps_its_time(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    onboarded(home)

    code = main(["run", "--days", "1", "--pairs", "EURUSD", "--strategy", "momentum_continuation", "--json"])

    mine, desk = run(home, lambda r: r.accounts.all())
    if mine.user_id != ANN:
        mine, desk = desk, mine
    assert code == DONE
    assert (mine.standing.value, mine.standing_reason, mine.last_deal) == ("COLD", "", 0)
    assert (desk.standing.value, desk.epoch) == ("READY", 1)
    assert mine.epoch > 1
    # Who is new to the store is what was asked for: nothing is to be told.
    assert "is known as" not in capsys.readouterr().err

    you = UserId("you")
    run(home, lambda r: r.people.put(replace(person_of(r, you), tier=Tier.NONE, rank=Rank.RECRUIT)))
    Container.unit_of_work.reset()
    assert main(["run", "--days", "1", "--pairs", "EURUSD", "--strategy", "momentum_continuation", "--json"]) == DONE
    assert (
        "you is known as rank RECRUIT, tier NONE, and not as rank AUTHORIZED, tier COMMANDER" in capsys.readouterr().err
    )
    assert main(["emergency", "status", "--json"]) == DONE
    known = run(home, lambda r: r.signals.desk())
    assert known is not None
    # The desk's time is the recording's, not that of an account nobody has traded.
    assert json.loads(capsys.readouterr().out)["desk_time"] == iso(known.scanned_to)
    assert mine.opened_at > known.scanned_to
    assert main(["doctor"]) == DONE
