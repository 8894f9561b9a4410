"""Asking a quiz at a terminal, and explaining what was answered."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bitten_domain.membership.education import Question, Quiz, QuizResult

__all__ = ["ask_quiz", "explain_quiz", "show_quiz"]


def ask_quiz(quiz: Quiz, given: str | None) -> dict[str, frozenset[str]]:
    """Ask every question, or take the answers that were given.

    Args:
        quiz: what is asked.
        given: letters for each question with commas between them; None to ask.

    Raises:
        InvalidInput: there are more or fewer answers than questions.
    """
    from bitten_domain.errors import InvalidInput

    if given is not None:
        letters = given.lower().split(",")
        if len(letters) != len(quiz.questions):
            raise InvalidInput(
                f"{len(letters)} answers to {len(quiz.questions)} questions",
                where="--answers",
                remedy="give the letters of each question, with commas between them",
            )
        return {
            question.name: frozenset(chosen.strip()) for question, chosen in zip(quiz.questions, letters, strict=True)
        }
    print(f"{quiz.title}: {len(quiz.questions)} questions, {quiz.pass_percent} % right to pass\n")
    return {question.name: _answer(number, question) for number, question in enumerate(quiz.questions, start=1)}


def show_quiz(quiz: Quiz) -> None:
    """Print the questions with their options, for whoever answers them all at once."""
    for number, question in enumerate(quiz.questions, start=1):
        _show(number, question)


def _show(number: int, question: Question) -> None:
    several = " (several)" if question.asks_for_several else ""
    print(f"{number}. {question.text}{several}")
    for option in question.options:
        print(f"   {option.key}) {option.text}")


def _answer(number: int, question: Question) -> frozenset[str]:
    from bitten_domain.errors import InvalidInput

    _show(number, question)
    known = {option.key for option in question.options}
    while True:
        sys.stdout.write("   letters, or nothing to leave it open: " if question.asks_for_several else "   letter: ")
        sys.stdout.flush()
        line = sys.stdin.readline()
        chosen = frozenset(line.strip().lower().replace(",", "").replace(" ", ""))
        if not line:
            raise InvalidInput(
                f"the input ended at question {number}",
                where="quiz",
                remedy="answer again from the first; none was kept",
            )
        if chosen <= known:
            return chosen
        print(f"   choose from {', '.join(sorted(known))}")


def explain_quiz(quiz: Quiz, result: QuizResult) -> None:
    """Print for each question whether it was answered rightly, and why each option is right or wrong."""
    given = {answer.question: answer for answer in result.answers}
    for number, question in enumerate(quiz.questions, start=1):
        answer = given[question.name]
        right = ", ".join(sorted(question.right))
        print(f"{number}. {'right' if answer.is_right else f'not right: {right}'}")
        for option in question.options:
            if option.key in answer.chosen or option.is_right:
                print(f"   {option.key}) {option.explanation}")
        place = f", {question.source.place}" if question.source.place else ""
        print(f"   source: {question.source.title}{place}")
    state = "passed" if result.passed else f"not passed, {result.pass_percent} % are needed"
    print(f"{result.right} of {len(result.answers)} right ({result.score_percent} %): {state}")
