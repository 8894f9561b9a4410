"""Grading: exactly the right options, and the mark as it was."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.errors import BrokenInvariant, InvalidInput
from bitten_domain.membership.education import Option, Question, Quiz, QuizResult, Source, first_passed, grade
from bitten_domain.values import UserId

ANN = UserId("ann")
SOURCE = Source("a book")


def question(name: str, right: str = "a", keys: str = "abc") -> Question:
    return Question(name, "?", tuple(Option(key, key, key in right, "because") for key in keys), SOURCE)


def quiz(count: int, pass_percent: int = 80, right: str = "a") -> Quiz:
    return Quiz("quiz", "Quiz", 1, pass_percent, tuple(question(f"q{n}", right) for n in range(count)))


def tried(asked: Quiz, chosen: dict[str, tuple[str, ...]], at: int = 0, name: str = "try") -> QuizResult:
    return grade(asked, chosen, result_id=name, user_id=ANN, version=asked.version, at=at)


@given(
    chosen=st.lists(st.sets(st.sampled_from("abc")), min_size=1, max_size=12),
    right=st.sets(st.sampled_from("abc"), min_size=1, max_size=2),
    mark=st.integers(1, 100),
)
def test_given_any_answers_when_graded_then_the_mark_is_reached_exactly_when_the_exact_share_is(
    chosen: list[set[str]], right: set[str], mark: int
) -> None:
    asked = quiz(len(chosen), mark, "".join(sorted(right)))

    result = tried(asked, {f"q{n}": tuple(keys) for n, keys in enumerate(chosen)})

    share = Fraction(sum(keys == right for keys in chosen), len(chosen))
    assert (result.passed, result.perfect) == (share >= Fraction(mark, 100), share == 1)


@pytest.mark.parametrize(
    ("right", "of", "passes"),
    [(8, 10, True), (7, 10, False), (9, 11, True), (4, 5, True), (3, 4, False), (0, 1, False)],
)
def test_given_a_mark_of_eighty_percent_when_so_many_are_right_then_it_passes_or_not(
    right: int, of: int, passes: bool
) -> None:
    result = tried(quiz(of), {f"q{n}": ("a",) for n in range(right)})

    assert result.passed is passes


def test_given_two_thirds_when_shown_then_the_score_is_rounded_down() -> None:
    result = tried(quiz(3), {"q0": ("a",), "q1": ("a",)})

    assert result.score_percent == 66


def test_given_a_question_with_two_right_options_when_one_is_chosen_then_it_is_wrong() -> None:
    result = tried(quiz(1, right="ab"), {"q0": ("a",)})

    assert result.right == 0


def test_given_every_option_chosen_when_graded_then_it_is_wrong() -> None:
    result = tried(quiz(1), {"q0": ("a", "b", "c")})

    assert result.right == 0


def test_given_an_option_chosen_twice_when_graded_then_it_counts_once() -> None:
    result = tried(quiz(1), {"q0": ("a", "a")})

    assert result.answers[0].chosen == ("a",)


@pytest.mark.parametrize("chosen", [{"q9": ("a",)}, {"q0": ("z",)}])
def test_given_an_answer_to_something_not_asked_when_graded_then_it_is_refused(
    chosen: dict[str, tuple[str, ...]],
) -> None:
    with pytest.raises(InvalidInput, match="there is no"):
        tried(quiz(1), chosen)


def test_given_answers_to_an_earlier_version_when_graded_then_they_are_refused() -> None:
    asked = Quiz("quiz", "Quiz", 2, 80, (question("q0"),))

    with pytest.raises(InvalidInput, match="version 1, now 2"):
        grade(asked, {}, result_id="try", user_id=ANN, version=1, at=0)


@pytest.mark.parametrize("right", ["", "abc"])
def test_given_a_question_without_a_right_or_a_wrong_option_when_made_then_it_is_refused(right: str) -> None:
    with pytest.raises(InvalidInput, match="a right option and a wrong one"):
        question("q", right)


def test_given_no_answers_when_made_into_a_result_then_it_is_refused() -> None:
    with pytest.raises(BrokenInvariant, match="a try has answers"):
        QuizResult("try", ANN, "quiz", 1, 0, 80, ())


def test_given_a_failure_after_a_pass_when_asked_then_the_first_pass_stands() -> None:
    asked = quiz(1)
    results = [tried(asked, {}, 30, "3"), tried(asked, {"q0": ("a",)}, 20, "2"), tried(asked, {"q0": ("a",)}, 10, "1")]

    found = first_passed(results, "quiz")

    assert found is not None
    assert found.at == 10


def test_given_a_pass_of_another_quiz_when_asked_then_there_is_none() -> None:
    assert first_passed([tried(quiz(1), {"q0": ("a",)})], "another") is None
