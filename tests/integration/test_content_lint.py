"""The content has no fault an editor would send back, and the lint finds the ones it looks for."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.files.education import CONTENT
from bitten_adapters.files.education.content_lint import lint_content
from bitten_adapters.files.education.wording import wording_faults

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
PIPS = "courses/10_basics/10_pips.md"
QUIZ = "courses/10_basics/quiz.toml"
COURSE = "courses/10_basics/course.toml"


def test_given_the_content_when_linted_then_there_is_no_fault() -> None:
    assert [str(fault) for fault in lint_content(project=ROOT)] == []


def append(text: str) -> Callable[[str], str]:
    return lambda page: page + text


def swap(old: str, new: str) -> Callable[[str], str]:
    def change(page: str) -> str:
        assert old in page, "the fault is planted nowhere"
        return page.replace(old, new, 1)

    return change


PLANTED: dict[str, tuple[str, Callable[[str], str], str]] = {
    "promise": (PIPS, append("\nThis is a sure thing.\n"), "'sure thing' promises something"),
    "promise over two lines": (PIPS, append("\nNobody can promise a guaranteed\nprofit.\n"), "promises something"),
    "promise in a quiz": (QUIZ, swap("Prices do not know", "A proven system. Prices do not know"), "'proven system'"),
    "rate": (PIPS, append("\nIt has an 85 % win rate.\n"), "'5 % win rate' promises something"),
    "scarcity": ("missions.toml", swap("Put one signal aside", "Only 3 places left. Put one signal aside"), "presses"),
    "hurry": ("consents/messages.md", append("\nSubscribe now.\n"), "'Subscribe now' presses the reader"),
    "empty braces": (PIPS, append("\nHello { name }.\n"), "holds a placeholder that nothing filled"),
    "unknown figure": (PIPS, append("\nHello {name}.\n"), "there is no figure 'name'"),
    "template mark": (PIPS, append("\nHello <NAME>.\n"), "'<NAME>' holds a placeholder"),
    "unfinished": (PIPS, append("\nTODO: more.\n"), "'TODO' is not finished"),
    "dead link": (PIPS, append("\nSee [there](basics/nowhere).\n"), "the link to 'basics/nowhere' leads nowhere"),
    "wrong sum": (PIPS, swap("= 25 pips", "= 26 pips"), "is 25, not 26"),
    "sum in prose": (PIPS, append("\nSo 2 + 2 = 5.\n"), "'2 = 5' stands outside a worked block"),
    "no sum": (PIPS, append("\n```worked\nsome pips\n```\n"), "'some pips' is no sum"),
    "code": (PIPS, append("\n```worked\nhow many: pow(2, 3) = 8\n```\n"), "'pow(2, 3)' is not allowed"),
    "other block": (PIPS, append("\n```text\n2\n```\n"), "a block is fenced '```text'"),
    "long page": (PIPS, append("\n" + "One more word. " * 150), "words of prose, a page has 90 to 420"),
    "long sentence": (PIPS, append("\n" + "word " * 41 + "end.\n"), "a sentence has 42 words"),
    "no example": (
        PIPS,
        lambda page: re.sub(r"```worked\n.*?```\n", "", page, flags=re.DOTALL),
        "needs a worked example",
    ),
    "long title": (COURSE, swap('title = "The basics"', f'title = "{"Basics " * 9}"'), "is longer than 60"),
    "unsourced": (QUIZ, swap('source = "instruments"\n', ""), "source is missing"),
    "invented source": (QUIZ, swap('source = "instruments"', 'source = "somewhere"'), "there is no source 'somewhere'"),
    "no right option": (QUIZ, swap(", right = true", ""), "a question needs a right option and a wrong one"),
    "no explanation": (
        QUIZ,
        swap("300 is the number of points. A point is a tenth of a pip.", "No."),
        "option c is not",
    ),
    "empty explanation": (
        QUIZ,
        swap("300 is the number of points. A point is a tenth of a pip.", ""),
        "why must be a text",
    ),
    "same options": (QUIZ, swap("10.00 USD on every pair quoted to four decimals", "About 13.70 USD"), "say the same"),
    "misspelt": (QUIZ, swap("pass_percent", "pas_percent"), "pass_percent is missing"),
    "left over": (QUIZ, swap("pass_percent = 80", "pass_percent = 80\npassmark = 80"), "nothing is known of passmark"),
    "text for a number": (QUIZ, swap("version = 1", 'version = "1"'), "version must be a whole number"),
    "truth for a number": (QUIZ, swap("version = 1", "version = true"), "version must be a whole number"),
    "broken TOML": (QUIZ, append("]"), "this is not TOML"),
    "no front matter": (PIPS, swap("+++\n", ""), "the page has no front matter"),
    "moved page": ("measured.toml", swap('"-0.227 [', '"-0.228 ['), "is not on docs/explanation/results.md"),
    "lost page": (
        "measured.toml",
        swap("docs/explanation/results.md", "docs/gone.md"),
        "there is no page docs/gone.md",
    ),
    "lost source": ("sources.toml", swap("docs/glossary.md", "docs/gone.md"), "there is no file docs/gone.md"),
    "unknown condition": ("missions.toml", swap('"stop_kept"', '"win_big"'), "there is no condition 'win_big'"),
    "unknown course": ("missions.toml", swap('course = "risk"', 'course = "luck"'), "there is no course 'luck'"),
    "wild parameter": ("missions.toml", swap('minutes = "30"', 'minutes = "1"'), "minutes is 1"),
    "word for a parameter": ("missions.toml", swap('minutes = "30"', 'minutes = "few"'), "'few', not a number"),
    "two of a name": ("missions.toml", swap('"small_on_purpose"', '"hands_off_the_stop"'), "two missions are called"),
    "two badges": ("missions.toml", swap('"Light hand"', '"Iron stop"'), "two badges are called 'Iron stop'"),
}


def test_given_content_with_nothing_planted_when_linted_then_it_is_as_clean_as_the_original(tmp_path: Path) -> None:
    copied = shutil.copytree(CONTENT, tmp_path / "content")

    assert lint_content(copied, project=ROOT) == ()


@pytest.mark.parametrize("name", PLANTED)
def test_given_a_planted_fault_when_linted_then_it_is_found(name: str, tmp_path: Path) -> None:
    file, change, expected = PLANTED[name]
    copied = shutil.copytree(CONTENT, tmp_path / "content")
    page = copied / file
    page.write_text(change(page.read_text(encoding="utf-8")), encoding="utf-8")

    faults = [str(fault) for fault in lint_content(copied, project=ROOT)]

    assert any(expected in fault for fault in faults), faults


def test_given_a_fault_on_a_line_when_named_then_it_is_that_line_of_the_file(tmp_path: Path) -> None:
    copied = shutil.copytree(CONTENT, tmp_path / "content")
    page = copied / PIPS
    page.write_text(page.read_text(encoding="utf-8") + "\nThis is a sure thing.\n", encoding="utf-8")

    fault = lint_content(copied, project=ROOT)[0]

    lines = page.read_text(encoding="utf-8").splitlines()
    assert (fault.where, lines[fault.line - 1]) == (PIPS, "This is a sure thing.")


def test_given_a_quiz_whose_right_answers_share_a_letter_when_linted_then_it_is_found(tmp_path: Path) -> None:
    copied = shutil.copytree(CONTENT, tmp_path / "content")
    page = copied / QUIZ
    # Sorted, the line that says `right = true` comes first: every right answer is then option a.
    blocks = re.sub(
        r"options = \[\n(.*?)\n\]",
        lambda found: (
            "options = [\n" + "\n".join(sorted(found[1].split("\n"), key=lambda row: "right" not in row)) + "\n]"
        ),
        page.read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    page.write_text(blocks, encoding="utf-8")

    assert [fault.what for fault in lint_content(copied, project=ROOT)] == ["more than half of the right answers are a"]


def test_given_a_quiz_whose_right_answers_are_the_longest_when_linted_then_it_is_found(tmp_path: Path) -> None:
    copied = shutil.copytree(CONTENT, tmp_path / "content")
    page = copied / QUIZ
    text = page.read_text(encoding="utf-8").replace(
        '", right = true', ', and nothing else that is written here", right = true'
    )
    page.write_text(text, encoding="utf-8")

    assert [fault.what for fault in lint_content(copied, project=ROOT)] == [
        "the right answer is the longest in 6 of 6 questions"
    ]


def test_given_a_course_with_few_questions_when_linted_then_it_is_found(tmp_path: Path) -> None:
    copied = shutil.copytree(CONTENT, tmp_path / "content")
    page = copied / QUIZ
    page.write_text("[[questions]]".join(page.read_text(encoding="utf-8").split("[[questions]]")[:5]), encoding="utf-8")

    assert "it has 4 questions, at least 5 are asked for" in [fault.what for fault in lint_content(copied)]


@pytest.mark.parametrize(
    "text",
    [
        "No risk is taken before you agree to it.",
        "You cannot lose.",
        "It is risk-free.",
        "Financial freedom awaits.",
        "Hurry.",
        "The last chance.",
        "12 traders joined.",
        "Limited offer.",
        "Do not miss it.",
        "Upgrade now.",
        "Lorem ipsum.",
        "Hello $(name).",
        "Hello %(name)s.",
    ],
)
def test_given_a_phrase_nobody_may_write_when_read_then_it_is_found(text: str) -> None:
    assert len(list(wording_faults(text))) == 1
