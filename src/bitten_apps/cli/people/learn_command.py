"""``bitten learn`` and ``bitten diary``: courses, quizzes with their explanations, and notes to oneself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE, PROBLEMS
from bitten_apps.cli.people.quiz_talk import ask_quiz, explain_quiz

if TYPE_CHECKING:
    import argparse

    from bitten_apps.store import Store
    from bitten_domain.membership.education import Course, LessonDone, QuizResult, Syllabus
    from bitten_domain.values import UserId

__all__ = ["register"]

_ENTRIES = 10
_MOODS = ("calm", "confident", "unsure", "impatient", "frustrated", "tired")


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``learn`` and ``diary``; each sets ``run``: parsed arguments in, exit code out."""
    learn = subparsers.add_parser(
        "learn",
        help="read courses and answer their quizzes",
        description="Without a name: the courses, and how far you are. With a course: its lessons. With a lesson: its "
        "text, which is then noted as read. --quiz asks the course's questions and explains every answer.",
    )
    learn.add_argument("course", nargs="?", metavar="COURSE", help="short name of a course, or of a quiz with --quiz")
    learn.add_argument("lesson", nargs="?", metavar="LESSON", help="short name of a lesson, or `next`")
    learn.add_argument("--quiz", action="store_true", help="answer the quiz instead of reading")
    learn.add_argument("--answers", metavar="A,BC,...", help="letters chosen for each question, without being asked")
    learn.add_argument("--user", metavar="ID", help="who; may be left out where there is one account's owner")
    learn.set_defaults(run=_learn)
    diary = subparsers.add_parser(
        "diary",
        help="write to your diary, or read it",
        description="With a text: keep it. Without: show the newest entries. Nobody else reads it.",
    )
    diary.add_argument("text", nargs="?", metavar="TEXT", help="what to keep, up to 4,000 characters")
    diary.add_argument("--mood", choices=_MOODS, help="how you felt, in your own word")
    diary.add_argument("--user", metavar="ID", help="who; may be left out where there is one account's owner")
    diary.add_argument("--json", action="store_true", help="print one JSON document")
    diary.set_defaults(run=_diary)


def _learn(arguments: argparse.Namespace) -> int:
    from bitten_apps.cli.people.for_person import denied, with_store
    from bitten_apps.container import Container
    from bitten_domain.errors import InvalidInput

    syllabus: Syllabus = Container.syllabus()
    if arguments.course is None:
        return _with_progress(arguments, syllabus)
    if arguments.quiz:
        quiz = syllabus.quiz(arguments.course)
        course = syllabus.course(arguments.course)
        quiz = course.quiz if quiz is None and course is not None else quiz
        if quiz is None:
            names = ", ".join(one.name for one in syllabus.all_quizzes)
            raise InvalidInput(f"there is no quiz {arguments.course}", where="course", remedy=f"name one of: {names}")
        chosen = ask_quiz(quiz, arguments.answers)

        async def answered(store: Store, user_id: UserId, at: int) -> int:
            from bitten_apps.cli.people.game.given import print_given
            from bitten_domain.membership import Denial
            from bitten_domain.use_cases.people.learn import AnswerQuiz

            answer = AnswerQuiz(store, Container.game_rules(), Container.identity())
            answered_now = await answer(user_id, quiz.name, quiz.version, chosen, at)
            if isinstance(answered_now, Denial):
                return denied(arguments, answered_now)
            result, earned, given = answered_now
            explain_quiz(quiz, result)
            if earned is not None:
                print(f"{earned.amount} points for a quiz without a mistake")
            print_given(given)
            return DONE if result.passed else PROBLEMS

        return with_store(arguments, answered)
    course = syllabus.course(arguments.course)
    if course is None:
        names = ", ".join(one.name for one in syllabus.courses)
        raise InvalidInput(f"there is no course {arguments.course}", where="course", remedy=f"name one of: {names}")
    return _with_progress(arguments, syllabus) if arguments.lesson is None else _read(arguments, syllabus, course)


def _with_progress(arguments: argparse.Namespace, syllabus: Syllabus) -> int:
    from bitten_apps.cli.people.for_person import with_store

    async def listed(store: Store, user_id: UserId, _: int) -> int:
        done, passed = await store.read(lambda r: (r.lessons.of(user_id), r.quizzes.passed(user_id)))
        _list(syllabus, arguments.course, done, passed)
        return DONE

    if not _has_store():
        _list(syllabus, arguments.course, (), ())
        return DONE
    return with_store(arguments, listed)


def _read(arguments: argparse.Namespace, syllabus: Syllabus, course: Course) -> int:
    from bitten_apps.cli.people.for_person import denied, with_store
    from bitten_domain.errors import InvalidInput
    from bitten_domain.membership.education import next_lesson

    async def noted(store: Store, user_id: UserId, at: int) -> int:
        from bitten_apps.cli.people.game.given import print_given
        from bitten_apps.container import Container
        from bitten_domain.membership import Denial
        from bitten_domain.use_cases.people.learn import ReadLesson

        wanted = arguments.lesson
        if wanted == "next":
            done = await store.read(lambda repositories: repositories.lessons.of(user_id))
            left = next_lesson(course, done)
            if left is None:
                print(f"every lesson of {course.name} is read; `bitten learn {course.name} --quiz` asks its questions")
                return DONE
            wanted = left.name
        read = await ReadLesson(store, Container.game_rules())(user_id, course.name, wanted, at)
        if isinstance(read, Denial):
            return denied(arguments, read)
        earned, given = read
        _print_lesson(course, wanted)
        print("noted as read" if earned is None else f"noted as read, {earned.amount} points")
        print_given(given)
        return DONE

    if arguments.lesson != "next" and all(lesson.name != arguments.lesson for lesson in course.lessons):
        names = ", ".join(lesson.name for lesson in course.lessons)
        raise InvalidInput(f"there is no lesson {arguments.lesson}", where="lesson", remedy=f"name one of: {names}")
    if not _has_store():
        _print_lesson(course, course.lessons[0].name if arguments.lesson == "next" else arguments.lesson)
        print("not noted as read: there is no store yet, `bitten run` makes one")
        return DONE
    return with_store(arguments, noted)


def _has_store() -> bool:
    from bitten_apps.container import Container

    settings = Container.settings()
    return settings.database_url is not None or settings.store_file.is_file()


def _print_lesson(course: Course, name: str) -> None:
    from rich.console import Console
    from rich.markdown import Markdown

    lesson = next(lesson for lesson in course.lessons if lesson.name == name)
    console = Console(highlight=False)
    console.width = min(console.width, 100)
    console.print(Markdown(f"# {lesson.title}\n\n{lesson.text}"))


def _list(syllabus: Syllabus, only: str | None, done: tuple[LessonDone, ...], passed: tuple[QuizResult, ...]) -> None:
    from bitten_domain.membership.education import is_completed, lessons_left

    for course in syllabus.courses:
        if only is not None and course.name != only:
            continue
        left = {lesson.name for lesson in lessons_left(course, done)}
        read = len(course.lessons) - len(left)
        state = "completed" if is_completed(course, done, passed) else f"{read} of {len(course.lessons)} lessons read"
        print(f"{course.name:<12} {course.title}: {state}")
        if only is not None:
            print(f"  {course.summary}")
            for lesson in course.lessons:
                print(f"  [{' ' if lesson.name in left else 'x'}] {lesson.name:<20} {lesson.title}")
            print(f"  then: bitten learn {course.name} --quiz ({len(course.quiz.questions)} questions)")


def _diary(arguments: argparse.Namespace) -> int:
    from bitten_apps.cli.people.for_person import denied, with_store

    async def kept(store: Store, user_id: UserId, at: int) -> int:
        from bitten_apps.cli.people.game.given import given_told, print_given
        from bitten_apps.cli.store.plain_text import iso, printable
        from bitten_apps.container import Container
        from bitten_domain.membership import Denial
        from bitten_domain.membership.education import Mood
        from bitten_domain.use_cases.people.learn import WriteDiary

        if arguments.text is not None:
            mood = None if arguments.mood is None else Mood[arguments.mood.upper()]
            write = WriteDiary(store, Container.game_rules(), Container.identity())
            written = await write(user_id, arguments.text, at, mood=mood)
            if isinstance(written, Denial):
                return denied(arguments, written)
            earned, given = written
            told = 0 if earned is None else earned.amount
            if arguments.json:
                print(json.dumps({"kept": True, "xp": told} | given_told(given)))
            else:
                print(f"kept, {told} points")
                print_given(given)
            return DONE
        entries = await store.read(lambda repositories: repositories.diary.recent(user_id, _ENTRIES))
        if arguments.json:
            rows = [
                {"at": iso(one.at), "text": one.text, "mood": None if one.mood is None else one.mood.value}
                for one in entries
            ]
            print(json.dumps({"entries": rows}, indent=1))
        for entry in () if arguments.json else entries:
            mood_word = "" if entry.mood is None else f" ({entry.mood.value.lower()})"
            print(f"{iso(entry.at)}{mood_word}  {printable(entry.text)}")
        if not entries and not arguments.json:
            print("the diary is empty")
        return DONE

    return with_store(arguments, kept)
