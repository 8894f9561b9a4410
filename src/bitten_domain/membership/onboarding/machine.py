"""The onboarding as a machine: an answer moves it on, `/back` and `/skip` move it where that is allowed.

It guards its own steps only. Safety and privacy commands never come here: they work in every state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bitten_domain.membership.denial import Denial, DenialCode, DenialReason
from bitten_domain.membership.onboarding.callsigns import callsign_denial
from bitten_domain.membership.onboarding.session import Experience, OnboardingSession, Step
from bitten_domain.vocabulary import Rank

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.membership.education import QuizResult
    from bitten_domain.membership.person import Person

__all__ = [
    "AccountOpened",
    "AgeAndRisk",
    "Answer",
    "CallsignChosen",
    "ConsentGiven",
    "ExperienceTold",
    "QuizTaken",
    "Read",
    "TextVersions",
    "answer",
    "back",
    "is_resumable",
    "onboarded",
    "skip",
]

_STEPS = tuple(Step)
_SKIPPABLE = (Step.EXPERIENCE, Step.CALLSIGN, Step.TOUR)


@dataclass(frozen=True, slots=True)
class TextVersions:
    """Versions of what must be read, as they stand now.

    Args:
        risk: of the risk disclosure.
        privacy: of the privacy text.
        quiz: name of the risk quiz.
        quiz_version: of the risk quiz; its pass mark is the quiz's own.
    """

    risk: int
    privacy: int
    quiz: str
    quiz_version: int


@dataclass(frozen=True, slots=True)
class Read:
    """WELCOME or TOUR was read."""


@dataclass(frozen=True, slots=True)
class ExperienceTold:
    """How much they have traded."""

    experience: Experience


@dataclass(frozen=True, slots=True)
class AgeAndRisk:
    """They say whether they are an adult, and to which risk disclosure they agree."""

    is_adult: bool
    version: int


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """They agree to a privacy text."""

    version: int


@dataclass(frozen=True, slots=True)
class QuizTaken:
    """They took the risk quiz; `result` is as it was graded and kept."""

    result: QuizResult


@dataclass(frozen=True, slots=True)
class CallsignChosen:
    """The name they want."""

    callsign: str
    is_taken: bool


@dataclass(frozen=True, slots=True)
class AccountOpened:
    """Their paper account was opened."""


Answer = Read | ExperienceTold | AgeAndRisk | ConsentGiven | QuizTaken | CallsignChosen | AccountOpened
"""What can be answered, one kind a step."""

_ASKED: Mapping[Step, type] = {
    Step.WELCOME: Read,
    Step.EXPERIENCE: ExperienceTold,
    Step.AGE_AND_RISK: AgeAndRisk,
    Step.CONSENT: ConsentGiven,
    Step.RISK_QUIZ: QuizTaken,
    Step.CALLSIGN: CallsignChosen,
    Step.ACCOUNT: AccountOpened,
    Step.TOUR: Read,
}


def is_resumable(session: OnboardingSession, now: int) -> bool:
    """Say whether an onboarding can be taken up: it is done, or younger than seven days. An older one begins anew."""
    return session.done_at is not None or now < session.expires_at


def answer(session: OnboardingSession, given: Answer, versions: TextVersions, now: int) -> OnboardingSession | Denial:
    """Take an answer to the step that is asked; a wrong one leaves everything as it was, and the step is asked again.

    Args:
        session: so far.
        given: the answer.
        versions: of the texts as they stand now.
        now: seconds since 1970 UTC.
    """
    over = _over(session, now)
    if over is not None:
        return over
    if not isinstance(given, _ASKED[session.step]):
        return _denied(
            DenialCode.WRONG_STEP,
            f"an answer to {session.step.value}",
            "an answer to another step",
            "answer what is asked",
        )
    wrong = _wrong(session, given, versions)
    return wrong if wrong is not None else _next(_noted(session, given, now), versions, now)


def skip(session: OnboardingSession, versions: TextVersions, now: int) -> OnboardingSession | Denial:
    """Go past a step that may be left out: experience, callsign and tour. Nothing legal is left out."""
    over = _over(session, now)
    if over is not None:
        return over
    if session.step not in _SKIPPABLE:
        return _denied(
            DenialCode.LEGAL_STEP, "a step that may be left out", session.step.value, "answer it, or go /back"
        )
    return _next(session, versions, now)


def back(session: OnboardingSession, now: int) -> OnboardingSession | Denial:
    """Go to the step before; what was answered stays, and is asked again."""
    over = _over(session, now)
    if over is not None:
        return over
    if session.step is Step.WELCOME:
        return _denied(DenialCode.FIRST_STEP, "a step before this one", "this is the first", "go on")
    return replace(session, step=_STEPS[_STEPS.index(session.step) - 1])


def onboarded(person: Person, session: OnboardingSession) -> Person:
    """Give a RECRUIT who has finished the rank AUTHORIZED, and the callsign they chose; other ranks are kept."""
    if session.done_at is None or session.user_id != person.user_id:
        return person
    rank = Rank.AUTHORIZED if person.rank is Rank.RECRUIT else person.rank
    callsign = session.callsign or person.profile.callsign
    return replace(person, rank=rank, profile=replace(person.profile, callsign=callsign))


def _over(session: OnboardingSession, now: int) -> Denial | None:
    if session.done_at is not None:
        return _denied(DenialCode.ONBOARDING_OVER, "an onboarding that is not done", "it is done", "see /help")
    if not is_resumable(session, now):
        return _denied(
            DenialCode.ONBOARDING_OVER, "one begun within seven days", "it is older", "begin anew with /start"
        )
    return None


def _wrong(session: OnboardingSession, given: Answer, versions: TextVersions) -> Denial | None:
    match given:
        case AgeAndRisk(is_adult=False):
            return _denied(DenialCode.BAD_ANSWER, "an adult", "not an adult", "come back when you are one")
        case AgeAndRisk(version=version) if version != versions.risk:
            return _old(version, versions.risk)
        case ConsentGiven(version=version) if version != versions.privacy:
            return _old(version, versions.privacy)
        case QuizTaken(result=result):
            return _quiz_wrong(session, result, versions)
        case CallsignChosen(callsign=callsign, is_taken=is_taken):
            return callsign_denial(callsign, is_taken=is_taken)
        case _:
            return None


def _quiz_wrong(session: OnboardingSession, result: QuizResult, versions: TextVersions) -> Denial | None:
    if result.user_id != session.user_id or result.quiz != versions.quiz:
        return _denied(DenialCode.BAD_ANSWER, "your try at the risk quiz", "another one", "take the risk quiz")
    if result.version != versions.quiz_version:
        return _old(result.version, versions.quiz_version)
    if not result.passed:
        return _denied(
            DenialCode.QUIZ_NOT_PASSED,
            f"{result.pass_percent} % right answers",
            f"{result.score_percent} %",
            "read the explanations and try again",
        )
    return None


def _noted(session: OnboardingSession, given: Answer, now: int) -> OnboardingSession:
    match given:
        case ExperienceTold(experience=experience):
            return replace(session, experience=experience)
        case AgeAndRisk(version=version):
            return replace(session, adult_at=now, risk_version=version)
        case ConsentGiven(version=version):
            return replace(session, privacy_version=version)
        case QuizTaken(result=result):
            return replace(session, quiz_result_id=result.result_id)
        case CallsignChosen(callsign=callsign):
            return replace(session, callsign=callsign)
        case AccountOpened():
            return replace(session, has_account=True)
        case _:
            return session


def _next(session: OnboardingSession, versions: TextVersions, now: int) -> OnboardingSession:
    step = _STEPS[_STEPS.index(session.step) + 1]
    if step is not Step.DONE:
        return replace(session, step=step)
    # A text that changed on the way is asked again: nobody is let in on what they have not read.
    if session.risk_version != versions.risk:
        return replace(session, step=Step.AGE_AND_RISK)
    if session.privacy_version != versions.privacy:
        return replace(session, step=Step.CONSENT)
    return replace(session, step=step, done_at=now)


def _old(version: int, current: int) -> Denial:
    return _denied(DenialCode.OLD_VERSION, f"version {current}", f"version {version}", "read the present text")


def _denied(code: DenialCode, limit: str, actual: str, remedy: str) -> Denial:
    return Denial((DenialReason(code, limit, actual, remedy),))
