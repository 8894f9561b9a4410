"""``bitten user onboard``: from the first contact to rank AUTHORIZED, asked at a terminal or answered by a script."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE
from bitten_apps.cli.people.for_person import denied, machine_time, time_of, whose

if TYPE_CHECKING:
    from bitten_apps.store import Store
    from bitten_domain.membership import Denial
    from bitten_domain.membership.education import QuizResult, Syllabus
    from bitten_domain.membership.onboarding import OnboardingSession
    from bitten_domain.use_cases.onboarding.arrive import Arrived
    from bitten_domain.use_cases.onboarding.take_step import Move
    from bitten_domain.values import UserId

__all__ = ["register"]

_BACK, _SKIP = "/back", "/skip"
_DESCRIPTION = """\
Asks one question after the other, and shows each text before it asks for a yes. It can be left at any moment and taken
up again for seven days: the same command goes on where it was left. /back goes to the question before; /skip leaves out
experience, callsign and tour, and nothing legal. No broker password and no phone number is ever asked for.

--answer, --back and --skip answer instead of asking, in the order they are given.
"""


def register(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``onboard``; it sets ``run``: parsed arguments in, exit code out."""
    part = parts.add_parser(
        "onboard",
        help="come in: texts, risk quiz, callsign and a paper account; --new makes the person",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    part.add_argument("--new", action="store_true", help="make the person, and the store where there is none")
    part.add_argument("--user", metavar="ID", help="who; with --new the name to be known by, made up without it")
    part.add_argument("--telegram", type=int, metavar="ID", help="with --new: the Telegram id that belongs to them")
    part.add_argument("--language", default="en", metavar="XX", help="with --new: two letters; en without it")
    part.add_argument("--zone", default="UTC", metavar="ZONE", help="with --new: an IANA time zone; UTC without it")
    part.add_argument("--answer", dest="moves", action="append", metavar="TEXT", help="answer what is asked")
    part.add_argument("--back", dest="moves", action="append_const", const=_BACK, help="ask the question before again")
    part.add_argument("--skip", dest="moves", action="append_const", const=_SKIP, help="leave the question out")
    part.add_argument("--json", action="store_true", help="print one JSON document, and ask nothing")
    part.set_defaults(run=_onboard)


def _onboard(arguments: argparse.Namespace) -> int:
    import asyncio

    from bitten_apps.container import Container
    from bitten_domain.errors import InvalidInput
    from bitten_domain.membership import Denial

    if arguments.telegram is not None and not arguments.new:
        raise InvalidInput("a Telegram id belongs to somebody new", where="--telegram", remedy="add --new")
    settings = Container.settings()
    if not arguments.new and settings.database_url is None and not settings.store_file.is_file():
        raise InvalidInput("nobody has come in yet", where=str(settings.store_file), remedy="add --new")

    async def done() -> int:
        store = Container.store_of(settings) if arguments.new else Container.existing_store()
        try:
            arrived = await _arrived(store, arguments)
            if isinstance(arrived, Denial):
                return denied(arguments, arrived)
            return await _Walk(store, arguments, arrived.person.user_id)(arrived)
        finally:
            store.close()

    return asyncio.run(done())


async def _arrived(store: Store, arguments: argparse.Namespace) -> Arrived | Denial:
    from bitten_apps.container import Container
    from bitten_domain.use_cases.onboarding.arrive import Arrive, Resume

    if arguments.new:
        return await Arrive(store, Container.identity(), Container.zones())(
            machine_time(),
            telegram_id=arguments.telegram,
            name=arguments.user,
            language=arguments.language,
            zone=arguments.zone,
        )
    user_id = await store.read(lambda repositories: whose(repositories, arguments.user))
    return await Resume(store)(user_id, machine_time())


@dataclass(slots=True)
class _Walk:
    """One sitting: questions shown, answers taken, until it is done, left or denied."""

    store: Store
    arguments: argparse.Namespace
    user_id: UserId

    async def __call__(self, arrived: Arrived) -> int:
        """Walk on from where somebody stands."""
        from bitten_domain.membership import Denial

        session = arrived.session
        if arrived.is_new:
            self._tell(f"you are known here as {self.user_id}; `--user {self.user_id}` names you")
        given = self.arguments.moves
        for text in given or ():
            self._show(session)
            taken = await self._taken(session, text)
            if isinstance(taken, Denial):
                return denied(self.arguments, taken)
            session = taken
        if not given and not self.arguments.json:
            return await self._asked(session)
        self._left(session)
        return DONE

    async def _asked(self, session: OnboardingSession) -> int:
        from bitten_domain.errors import InvalidInput
        from bitten_domain.membership import Denial

        while session.done_at is None:
            self._show(session)
            sys.stdout.write("> ")
            sys.stdout.flush()
            line = sys.stdin.readline()
            if not line:
                print()
                self._tell("left here; the same command takes it up again")
                return DONE
            try:
                taken = await self._taken(session, line.strip())
            except InvalidInput as error:
                print(error)
                continue
            if isinstance(taken, Denial):
                denied(self.arguments, taken)
                continue
            session = taken
        self._left(session)
        return DONE

    async def _taken(self, session: OnboardingSession, text: str) -> OnboardingSession | Denial:
        from bitten_apps.container import Container
        from bitten_domain.use_cases.onboarding.take_step import TakeStep

        syllabus = Container.syllabus()
        move = await self._move(syllabus, session, text)
        return await TakeStep(self.store, syllabus, Container.identity())(self.user_id, move, machine_time())

    async def _move(self, syllabus: Syllabus, session: OnboardingSession, text: str) -> Move:
        from bitten_apps.cli.people.onboarding_talk import answer_of
        from bitten_domain.membership.onboarding import QuizTaken, Step
        from bitten_domain.use_cases.onboarding.take_step import Back, Skip

        if text in (_BACK, _SKIP):
            return Back() if text == _BACK else Skip()
        if session.step is Step.RISK_QUIZ:
            return QuizTaken(await self._tried(syllabus, text))
        return answer_of(syllabus, session.step, text)

    async def _tried(self, syllabus: Syllabus, text: str) -> QuizResult:
        """Take the risk quiz, unless it is passed already as it stands now."""
        from bitten_apps.cli.people.onboarding_talk import risk_quiz
        from bitten_apps.cli.people.quiz_talk import ask_quiz, explain_quiz
        from bitten_apps.container import Container
        from bitten_domain.errors import InvalidInput
        from bitten_domain.membership import Denial
        from bitten_domain.membership.education import first_passed
        from bitten_domain.use_cases.people.learn import AnswerQuiz

        quiz = risk_quiz(syllabus)
        tries = await self.store.read(lambda repositories: repositories.quizzes.of(self.user_id, quiz.name))
        passed = first_passed([one for one in tries if one.version == quiz.version], quiz.name)
        if passed is not None:
            self._tell("you have passed it already")
            return passed
        chosen = ask_quiz(quiz, text or None if self.arguments.moves is None else text)
        answered = AnswerQuiz(self.store, Container.game_rules(), Container.identity())
        tried = await answered(self.user_id, quiz.name, quiz.version, chosen, await time_of(self.store))
        if isinstance(tried, Denial):
            raise InvalidInput(
                tried.reasons[0].limit + " is asked for", where="account", remedy=tried.reasons[0].remedy
            )
        result = tried.result
        if not self.arguments.json:
            explain_quiz(quiz, result)
        return result

    def _show(self, session: OnboardingSession) -> None:
        from bitten_apps.cli.people.onboarding_talk import show_question
        from bitten_apps.container import Container

        if not self.arguments.json and session.done_at is None:
            show_question(Container.syllabus(), session)

    def _left(self, session: OnboardingSession) -> None:
        from bitten_apps.cli.people.onboarding_talk import question_of, risk_quiz
        from bitten_apps.cli.people.quiz_talk import show_quiz
        from bitten_apps.container import Container
        from bitten_domain.membership.onboarding import Step

        syllabus, is_quiz = Container.syllabus(), session.step is Step.RISK_QUIZ
        if self.arguments.json:
            asked = question_of(syllabus, session.step)
            told = {
                "user": self.user_id,
                "step": session.step.value,
                "done": session.done_at is not None,
                "question": asked.question,
                "text": asked.text,
                "version": asked.version,
                "quiz": [
                    {"question": one.text, "options": {option.key: option.text for option in one.options}}
                    for one in risk_quiz(syllabus).questions
                    if is_quiz
                ],
            }
            print(json.dumps(told, indent=1))
        elif session.done_at is None:
            self._show(session)
            if is_quiz:
                show_quiz(risk_quiz(syllabus))
        else:
            print("the onboarding is done; `bitten user show` says where you stand")

    def _tell(self, words: str) -> None:
        if not self.arguments.json:
            print(words)
