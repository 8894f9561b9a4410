"""Consents: given to the text that was shown, taken back at any moment, and both written down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant
from bitten_domain.membership import Denial
from bitten_domain.membership.access import Action
from bitten_domain.membership.privacy import ConsentPurpose, ask_live, give
from bitten_domain.use_cases.access.holding import hold_with_accounts
from bitten_domain.use_cases.access.standing import known_person
from bitten_domain.use_cases.choices.asking import denied, note, required
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.vocabulary import Rank

if TYPE_CHECKING:
    from bitten_domain.membership import Person
    from bitten_domain.membership.education import Syllabus
    from bitten_domain.membership.privacy import Consent
    from bitten_domain.ports.identity import Identity
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.use_cases.choices.live_gate import LiveGate
    from bitten_domain.values import UserId

__all__ = ["GiveConsent", "WithdrawConsent"]

_NEEDED = (ConsentPurpose.PRIVACY, ConsentPurpose.RISK_DISCLOSURE)


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """Keep somebody's yes.

    Args:
        unit_of_work: the store.
        syllabus: with the texts as they stand now.
        identity: names the consent.
        live_gate: what consenting to live trading asks for.
    """

    unit_of_work: UnitOfWork
    syllabus: Syllabus
    identity: Identity
    live_gate: LiveGate

    async def __call__(
        self, user_id: UserId, purpose: ConsentPurpose, shown: int, at: int, typed: str = ""
    ) -> Consent | Denial:
        """Give it; one that stands already is given back as it is.

        Args:
            user_id: who.
            purpose: to what.
            shown: version of the text they were shown.
            at: now, seconds since 1970 UTC.
            typed: the phrase that live trading asks for, as it was typed.

        Raises:
            InvalidInput: there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        text = self.syllabus.text(purpose.value)
        if text is None:
            raise BrokenInvariant(f"there is no text of {purpose.value}")
        consent_id, current = self.identity.new_id(), text.version

        def work(store: Repositories) -> Consent | Denial:
            person = required(store, user_id)
            no = denied(store, person, Action.GIVE_CONSENT, at)
            if no is None and purpose is ConsentPurpose.LIVE_TRADING:
                no = ask_live(self.live_gate.facts(store, person, at), typed, self.live_gate.policy)
            if no is not None:
                return no
            kept = store.consents.of(user_id)
            given = give(kept, purpose, consent_id=consent_id, user_id=user_id, shown=shown, current=current, now=at)
            if isinstance(given, Denial) or given in kept:
                return given
            store.consents.add(given)
            if purpose is ConsentPurpose.LIVE_TRADING:
                store.people.put(replace(person, has_live_consent=True))
            note(store, at, user_id, "CONSENT_GIVEN", purpose=purpose.value, version=current)
            return given

        return await durably(self.unit_of_work, work)


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """Take somebody's yes back, to every version of a text. It is never denied.

    Who takes back what the onboarding asked for is a RECRUIT again, begins it anew to come back, and takes the consent
    to live trading back with it; only an ADMIN keeps the rank, so that the last one is not lost. Who takes back the one
    to be ranked is off every board at once.
    """

    unit_of_work: UnitOfWork

    async def __call__(self, user_id: UserId, purpose: ConsentPurpose, at: int) -> tuple[Consent, ...]:
        """Withdraw; gives what was taken back now, nothing when nothing stood.

        The person's accounts are held meanwhile, so that no opening order is claimed after it is committed.

        Args:
            user_id: who.
            purpose: of which text.
            at: now, seconds since 1970 UTC.

        Raises:
            InvalidInput: there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """

        def work(store: Repositories) -> tuple[Consent, ...]:
            hold_with_accounts(store, user_id)
            person = known_person(store, user_id, hold=True, or_erased=True)
            gone = {purpose, ConsentPurpose.LIVE_TRADING} if purpose in _NEEDED else {purpose}
            standing = tuple(
                one for one in store.consents.of(user_id) if one.purpose in gone and one.withdrawn_at is None
            )
            for one in standing:
                # A clock that was set back must not keep anybody bound.
                store.consents.withdraw(one.consent_id, max(at, one.given_at))
                note(store, at, user_id, "CONSENT_WITHDRAWN", purpose=one.purpose.value, version=one.version)
            for member in store.boards.of(user_id) if purpose is ConsentPurpose.LEADERBOARD else ():
                store.boards.leave(user_id, member.board)
            self._left(store, person, purpose, had_it=any(one.purpose is purpose for one in standing))
            return standing

        return await durably(self.unit_of_work, work)

    def _left(self, store: Repositories, person: Person, purpose: ConsentPurpose, *, had_it: bool) -> None:
        """Draw the consequences for the person, in the same transaction."""
        is_needed = purpose in _NEEDED
        left = person
        if is_needed or purpose is ConsentPurpose.LIVE_TRADING:
            left = replace(left, has_live_consent=False)
        if is_needed and had_it:
            store.onboardings.forget(person.user_id)
            left = left if person.rank is Rank.ADMIN else replace(left, rank=Rank.RECRUIT)
        if left != person:
            store.people.put(left)
