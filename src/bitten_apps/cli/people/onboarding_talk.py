"""What an onboarding asks at a terminal, and how what is typed is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bitten_domain.membership.education import ConsentText, Quiz, Syllabus
    from bitten_domain.membership.onboarding import Answer, OnboardingSession, Step

__all__ = ["Asked", "answer_of", "question_of", "risk_quiz", "show_question", "show_text", "version_agreed"]


class Asked(NamedTuple):
    """A question.

    Args:
        question: in a sentence or two, with what can be answered.
        text: Markdown that has to be read first; empty for none.
        version: of that text; None for none.
    """

    question: str
    text: str = ""
    version: int | None = None


_WELCOME = (
    "Welcome. This is a school and a desk for trading currencies, on paper until you decide otherwise. "
    "A few questions, two texts and a quiz come first. Answer anything to go on."
)
_EXPERIENCE = "How much have you traded: none, some or years? It changes nothing you may do; /skip leaves it out."
_ADULT = "Type yes if you are an adult, have read this and decide for yourself; no otherwise."
_CONSENT = "Type yes if you agree to this being kept about you."
_QUIZ = "The risk quiz: {0} questions, {1} % right to pass, as often as you like. {2}"
_QUIZ_HOW = "Enter asks them one by one; or give the letters of each question with commas between: a,bc,..."
_CALLSIGN = "A callsign of 3 to 20 letters, digits or underscores, as others see it; /skip leaves it out."
_ACCOUNT = "You begin on paper, with an account of {0:,.0f} {1} that is no money. Type paper to open it."
_TOUR = (
    "`bitten learn` teaches, `bitten diary` keeps your notes, `bitten user limits` sets what you allow yourself, "
    "`bitten emergency halt` closes everything at any moment. Answer anything to finish."
)


def question_of(syllabus: Syllabus, step: Step) -> Asked:
    """Give what a step asks, with the text as it stands now."""
    from bitten_domain.membership.onboarding import Step
    from bitten_domain.membership.privacy import ConsentPurpose
    from bitten_domain.use_cases.onboarding.paper_terms import PaperTerms

    if step in (Step.AGE_AND_RISK, Step.CONSENT):
        is_risk = step is Step.AGE_AND_RISK
        purpose = ConsentPurpose.RISK_DISCLOSURE if is_risk else ConsentPurpose.PRIVACY
        text = _text(syllabus, purpose.value)
        return Asked(_ADULT if is_risk else _CONSENT, f"# {text.title}\n\n{text.text}", text.version)
    if step is Step.RISK_QUIZ:
        quiz = risk_quiz(syllabus)
        return Asked(_QUIZ.format(len(quiz.questions), quiz.pass_percent, _QUIZ_HOW))
    opening = PaperTerms().opening
    asked = {
        Step.WELCOME: _WELCOME,
        Step.EXPERIENCE: _EXPERIENCE,
        Step.CALLSIGN: _CALLSIGN,
        Step.ACCOUNT: _ACCOUNT.format(opening.amount, opening.currency),
        Step.TOUR: _TOUR,
    }
    return Asked(asked.get(step, ""))


def risk_quiz(syllabus: Syllabus) -> Quiz:
    """Find the quiz an onboarding asks."""
    from bitten_domain.membership.education import RISK_QUIZ

    return next(one for one in syllabus.all_quizzes if one.name == RISK_QUIZ)


def show_question(syllabus: Syllabus, session: OnboardingSession) -> None:
    """Print a step's text and question; the quiz's own questions are not asked here."""
    asked = question_of(syllabus, session.step)
    if asked.text:
        show_text(asked.text, asked.version)
    print(f"[{session.step.value}] {asked.question}")


def show_text(text: str, version: int | None) -> None:
    """Print a text in Markdown, and which version of it that is."""
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(highlight=False)
    console.width = min(console.width, 100)
    console.print(Markdown(text))
    print(f"version {version}")


def answer_of(syllabus: Syllabus, step: Step, text: str) -> Answer:
    """Read an answer to any step but the quiz's.

    Raises:
        InvalidInput: it answers something else.
    """
    from bitten_domain.errors import InvalidInput
    from bitten_domain.membership.onboarding import (
        AccountOpened,
        AgeAndRisk,
        CallsignChosen,
        ConsentGiven,
        Experience,
        ExperienceTold,
        Read,
        Step,
    )

    word = text.strip().lower()
    if step in (Step.WELCOME, Step.TOUR):
        return Read()
    if step is Step.CALLSIGN:
        return CallsignChosen(text.strip(), is_taken=False)
    if step is Step.EXPERIENCE and word in ("none", "some", "years"):
        return ExperienceTold(Experience[word.upper()])
    if step is Step.ACCOUNT and word == "paper":
        return AccountOpened()
    asked = question_of(syllabus, step)
    if step is Step.AGE_AND_RISK and word == "no":
        return AgeAndRisk(is_adult=False, version=asked.version or 0)
    if asked.version is not None and (version := version_agreed(word, asked.version)) is not None:
        is_risk = step is Step.AGE_AND_RISK
        return AgeAndRisk(is_adult=True, version=version) if is_risk else ConsentGiven(version)
    raise InvalidInput("that does not answer what is asked", where=step.value, remedy=asked.question)


def version_agreed(word: str, shown: int) -> int | None:
    """Read a yes: the version it names, or the one that was shown; None for anything else."""
    yes, _, named = word.strip().lower().partition(" ")
    if yes != "yes" or not (named == "" or named.isdecimal()):
        return None
    return int(named) if named else shown


def _text(syllabus: Syllabus, purpose: str) -> ConsentText:
    return next(one for one in syllabus.texts if one.purpose == purpose)
