"""Take a step of the onboarding; with the last one come consents, rank, callsign and paper account, all at once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import BrokenInvariant, InvalidInput
from bitten_domain.membership import Denial
from bitten_domain.membership.access import Action
from bitten_domain.membership.education import RISK_QUIZ
from bitten_domain.membership.onboarding import (
    CallsignChosen,
    OnboardingSession,
    QuizTaken,
    Step,
    TextVersions,
    answer,
    back,
    onboarded,
    skip,
)
from bitten_domain.membership.privacy import ConsentPurpose, give
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.ports.repositories.messages import OutboxMessage, Priority
from bitten_domain.use_cases.choices.asking import denied, required
from bitten_domain.use_cases.onboarding.paper_terms import PaperTerms
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.values import AccountId

if TYPE_CHECKING:
    from bitten_domain.membership import Person
    from bitten_domain.membership.education import Syllabus
    from bitten_domain.membership.onboarding import Answer
    from bitten_domain.ports.identity import Identity
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import UserId

__all__ = ["Back", "Move", "Skip", "TakeStep", "versions_of"]


@dataclass(frozen=True, slots=True)
class Back:
    """They want to see the step before."""


@dataclass(frozen=True, slots=True)
class Skip:
    """They want to leave a step out."""


if TYPE_CHECKING:
    Move = Answer | Back | Skip
else:
    Move = object


class _Names(NamedTuple):
    """What the last step may have to name."""

    risk: str
    privacy: str
    account: AccountId


def versions_of(syllabus: Syllabus) -> TextVersions:
    """Name the versions of what an onboarding has to be read, as they stand now.

    Raises:
        BrokenInvariant: the content lacks one of them.
    """
    risk = syllabus.text(ConsentPurpose.RISK_DISCLOSURE.value)
    privacy, quiz = syllabus.text(ConsentPurpose.PRIVACY.value), syllabus.quiz(RISK_QUIZ)
    if risk is None or privacy is None or quiz is None:
        raise BrokenInvariant("the content has a risk disclosure, a privacy text and the risk quiz")
    return TextVersions(risk.version, privacy.version, quiz.name, quiz.version)


@dataclass(frozen=True, slots=True)
class TakeStep:
    """Take it.

    Args:
        unit_of_work: the store.
        syllabus: with texts and quiz as they stand now.
        identity: names consents and account.
        paper: what a paper account begins with.
    """

    unit_of_work: UnitOfWork
    syllabus: Syllabus
    identity: Identity
    paper: PaperTerms = field(default_factory=PaperTerms)

    async def __call__(self, user_id: UserId, move: Move, at: int) -> OnboardingSession | Denial:
        """Take it; a step taken twice, at once or again, is taken once.

        Whether a callsign is taken is looked up here; one that somebody else took before the end is asked again.

        Args:
            user_id: who.
            move: an answer to the step that is asked, or back, or skip.
            at: now, seconds since 1970 UTC.

        Returns:
            The onboarding as it is kept now, or a denial, which changed nothing.

        Raises:
            InvalidInput: there is no such person, no onboarding of theirs, or a try at the quiz that is not kept.
            Unavailable, OutcomeUnknown, Conflict: the store failed; take the step again.
        """
        versions, new = versions_of(self.syllabus), self.identity.new_id
        names = _Names(new(), new(), AccountId(f"paper-{new()}"))
        before = await self.unit_of_work.read(lambda store: store.onboardings.of(user_id))

        def work(store: Repositories) -> OnboardingSession | Denial:
            person = required(store, user_id)
            session = store.onboardings.of(user_id)
            if session is None:
                raise InvalidInput(f"{user_id} has begun no onboarding", where="user", remedy="begin one")
            if before is not None and before != session == _moved(store, before, move, versions, at):
                return session  # A commit whose answer was lost was kept, or the same step was taken twice at once.
            no = denied(store, person, Action.START, at)
            moved = _moved(store, session, move, versions, at) if no is None else no
            if isinstance(moved, Denial):
                return moved
            store.onboardings.put(moved)
            if moved.done_at is not None:
                self._let_in(store, person, moved, names, at)
            return moved

        return await durably(self.unit_of_work, work)

    def _let_in(self, store: Repositories, person: Person, session: OnboardingSession, names: _Names, at: int) -> None:
        """Give all that the end of an onboarding gives, in the transaction that ends it."""
        user_id, kept = person.user_id, store.consents.of(person.user_id)
        store.people.put(onboarded(person, session))
        for purpose, version, name in (
            (ConsentPurpose.RISK_DISCLOSURE, session.risk_version, names.risk),
            (ConsentPurpose.PRIVACY, session.privacy_version, names.privacy),
        ):
            given = give(kept, purpose, consent_id=name, user_id=user_id, shown=version, current=version, now=at)
            if not isinstance(given, Denial) and given not in kept:
                store.consents.add(given)
        has_paper = any(not one.is_live for one in store.accounts.of(user_id))
        if session.has_account and not has_paper:
            epoch = store.accounts.next_epoch()
            store.accounts.add(self.paper.account(names.account, user_id, epoch=epoch, at=at))
        versions = {"risk_disclosure": session.risk_version, "privacy": session.privacy_version}
        store.audit.add(AuditEntry(at, user_id, "ONBOARDED", user_id, json.dumps(versions)))
        body = json.dumps({"callsign": session.callsign})
        store.outbox.add(OutboxMessage(f"onboarded:{user_id}:{at}", user_id, "onboarding", Priority.REPLIES, body, at))


def _moved(
    store: Repositories, session: OnboardingSession, move: Move, versions: TextVersions, at: int
) -> OnboardingSession | Denial:
    moved: OnboardingSession | Denial
    if isinstance(move, Back):
        moved = back(session, at)
    elif isinstance(move, Skip):
        moved = skip(session, versions, at)
    else:
        moved = answer(session, _looked_up(store, session.user_id, move), versions, at)
    is_end = not isinstance(moved, Denial) and moved.done_at is not None
    if is_end and _is_taken(store, session.user_id, session.callsign):
        return replace(session, step=Step.CALLSIGN, callsign="")
    return moved


def _looked_up(store: Repositories, user_id: UserId, given: Answer) -> Answer:
    """Put what is kept in the place of what a face says about it."""
    if isinstance(given, CallsignChosen):
        return CallsignChosen(given.callsign, is_taken=_is_taken(store, user_id, given.callsign))
    if isinstance(given, QuizTaken):
        wanted = given.result
        tries = store.quizzes.of(user_id, wanted.quiz)
        found = next((one for one in tries if one.result_id == wanted.result_id), None)
        if found is None:
            raise InvalidInput("that try at the quiz is not kept", where="quiz", remedy="take the risk quiz")
        return QuizTaken(found)
    return given


def _is_taken(store: Repositories, user_id: UserId, callsign: str) -> bool:
    owner = store.people.by_callsign(callsign)
    return owner is not None and owner.user_id != user_id
