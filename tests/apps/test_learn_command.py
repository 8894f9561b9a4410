"""``bitten learn`` and ``bitten diary``: reading, answering, earning once, and the way to rank ELITE."""

from __future__ import annotations

import asyncio
import io
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
from bitten_apps.testkit.unit_of_work.samples import NOON, add_accounts, progress, signal_desk
from bitten_domain.membership.education import RISK_COURSE
from bitten_domain.use_cases.people.promote import PromoteWhenDue
from bitten_domain.values import INSTRUMENTS, UserId
from bitten_domain.vocabulary import Rank

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeVar

    from bitten_domain.membership import Person
    from bitten_domain.ports.unit_of_work import Repositories

    T = TypeVar("T")

USER = UserId("user-1")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a store with one person and their account."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("BITTEN_HOME", str(home))
    path = home / "bitten.sqlite3"
    upgrade(f"sqlite:///{path}")
    run(path, add_accounts)
    run(path, lambda r: r.signals.put_desk(signal_desk(NOON)))
    Container.settings.reset()
    return path


def run(path: Path, work: Callable[[Repositories], T]) -> T:
    opened = SqliteUnitOfWork(path, INSTRUMENTS, os_salt)
    try:
        return asyncio.run(opened.run(work))
    finally:
        opened.close()


def right_answers(course: str) -> str:
    found = Container.syllabus().course(course)
    assert found is not None
    return ",".join("".join(sorted(question.right)) for question in found.quiz.questions)


def standing(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    assert main(["user", "show", "--json"]) == DONE
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def test_given_a_lesson_when_read_twice_then_it_earns_once_and_is_ticked_off(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = [main(["learn", RISK_COURSE, "next"]) for _ in range(2)]
    first = run(store, lambda r: r.lessons.of(USER))[0].lesson
    codes.append(main(["learn", RISK_COURSE, first]))
    told = capsys.readouterr().out

    assert codes == [DONE] * 3
    # Two lessons of 15 points and 5 for the first one ever; the one that was read again earns nothing.
    assert told.count("noted as read, 15 points") == 2
    assert told.count("achievement: First lesson, 5 points") == 1
    assert standing(capsys)["lifetime_xp"] == 35
    assert main(["learn", RISK_COURSE]) == DONE
    assert f"[x] {first}" in capsys.readouterr().out


def test_given_a_quiz_when_answered_rightly_and_wrongly_then_each_option_is_explained_and_perfection_earns_once(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    right = right_answers(RISK_COURSE)
    wrong = ",".join("" for _ in right.split(","))

    codes = [main(["learn", RISK_COURSE, "--quiz", "--answers", letters]) for letters in (wrong, right, right)]

    told = capsys.readouterr().out
    assert codes == [PROBLEMS, DONE, DONE]
    assert "not passed" in told
    assert told.count("source: ") == 3 * len(right.split(","))
    assert told.count("points for a quiz without a mistake") == 1
    # 20 for the quiz, and 20 for the first one without a fault.
    assert told.count("achievement: Without a fault, 20 points") == 1
    assert standing(capsys)["lifetime_xp"] == 40


@pytest.mark.usefixtures("store")
def test_given_input_that_ends_within_a_quiz_when_asked_then_nothing_is_graded_or_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a\n"))

    assert main(["learn", RISK_COURSE, "--quiz"]) == BAD_INPUT

    told = capsys.readouterr()
    assert "the input ended at question 2" in told.err
    assert "right" not in told.out.split("to pass", 1)[1].replace("right away", "")
    assert run(Container.settings().store_file, lambda r: (r.quizzes.passed(USER), r.xp.recent(USER, 9))) == ((), ())


def test_given_somebody_at_a_terminal_when_asked_then_odd_letters_are_asked_again(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = right_answers(RISK_COURSE).split(",")
    monkeypatch.setattr("sys.stdin", io.StringIO("z\n" + "\n".join(letters) + "\n"))

    assert main(["learn", RISK_COURSE, "--quiz"]) == DONE

    told = capsys.readouterr().out
    assert "choose from" in told
    assert f"{len(letters)} of {len(letters)} right (100 %): passed" in told


def test_given_the_risk_course_and_thirty_days_when_due_then_the_rank_is_given_once_and_audited(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(store, lambda r: r.people.put(replace(person_of(r), rank=Rank.AUTHORIZED)))
    ready = replace(progress(19_723), best_streak=5, adherent_days=30, closed_trades=20)
    run(store, lambda r: r.progress.put(ready))
    course = Container.risk_course()

    def promoted() -> bool:
        opened = SqliteUnitOfWork(store, INSTRUMENTS, os_salt)
        try:
            return asyncio.run(PromoteWhenDue(opened, course)(USER, NOON))
        finally:
            opened.close()

    before = promoted(), standing(capsys)["elite_lacks"]
    for _ in course.lessons:
        main(["learn", RISK_COURSE, "next"])
    main(["learn", RISK_COURSE, "--quiz", "--answers", right_answers(RISK_COURSE)])
    after = promoted(), promoted()

    assert before == (False, ["the risk course"])
    assert after == (True, False)
    assert standing(capsys)["rank"] == "ELITE"
    assert [entry.action for entry in run(store, lambda r: r.audit.recent(9))] == ["RANK_GIVEN"]


def person_of(repositories: Repositories) -> Person:
    person = repositories.people.get(USER)
    assert person is not None
    return person


def test_given_a_diary_when_written_to_then_the_first_entry_of_a_day_earns_and_all_are_read(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = [main(["diary", text, "--mood", "calm"]) for text in ("I waited.", "And waited \x1b[2J more.")]
    codes.append(main(["diary"]))

    told = capsys.readouterr().out
    assert codes == [DONE] * 3
    assert "kept, 20 points" in told
    assert "kept, 0 points" in told
    assert "(calm)  I waited." in told
    assert "\x1b[2J" not in told
    assert main(["diary", "  "]) == BAD_INPUT


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("learn", "alchemy"), "name one of"),
        (("learn", "risk", "gold"), "name one of"),
        (("learn", "alchemy", "--quiz"), "name one of"),
        (("learn", "risk", "--quiz", "--answers", "a"), "give the letters"),
    ],
)
def test_given_what_is_not_there_when_asked_for_then_what_is_gets_named(
    store: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert main([*words]) == BAD_INPUT

    assert said in capsys.readouterr().err
    assert run(store, lambda r: r.quizzes.of(USER, "risk")) == ()


def test_given_no_store_when_a_lesson_is_asked_for_then_it_is_shown_and_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BITTEN_HOME", str(tmp_path / "none"))
    Container.settings.reset()

    assert [main(["learn"]), main(["learn", RISK_COURSE, "next"])] == [DONE, DONE]

    told = capsys.readouterr().out
    assert "0 of" in told
    assert "not noted as read" in told
    assert not (tmp_path / "none").exists()
