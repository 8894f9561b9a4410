"""Press passes: claim one, begin to use it, take it back, and say whether its reminders are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.membership import Denial, DenialCode
from bitten_domain.membership.access import Action
from bitten_domain.membership.calendar_day import utc_day
from bitten_domain.membership.press_pass import activate, claim, revoke, want_reminders
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.use_cases.access.operating import operation, tell_and_note
from bitten_domain.use_cases.access.standing import allowed, known_person
from bitten_domain.use_cases.membership.telegram_keys import one_reason, telegram_key_of, with_telegram_id
from bitten_domain.use_cases.membership.tier_at import DEFAULT_FIGURES, MemberFigures
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.membership.press_pass import PressPass
    from bitten_domain.ports.membership.vault import BlindIndex
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import UserId

__all__ = ["ActivatePressPass", "ChooseReminders", "ClaimPressPass", "RevokePressPass"]

_NONE = one_reason(DenialCode.NO_PRESS_PASS, "a press pass", "none was claimed", "claim one with /press_pass")


@dataclass(frozen=True, slots=True)
class ClaimPressPass:
    """Give somebody a press pass: the day is held, its passes are counted and the new one is kept, all at once.

    Args:
        unit_of_work: the store.
        blind_index: hashes the Telegram id, by which one stays one after an erasure.
        figures: the figures.
    """

    unit_of_work: UnitOfWork
    blind_index: BlindIndex
    figures: MemberFigures = DEFAULT_FIGURES

    async def __call__(self, user_id: UserId, at: int, telegram_id: int | None = None) -> PressPass | Denial:
        """Claim one.

        Args:
            user_id: who.
            at: now, seconds since 1970 UTC.
            telegram_id: named by the operator for somebody of whom none is known; it is kept with the pass, or not.

        Raises:
            InvalidInput: there is no such person, or the Telegram id cannot be theirs.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again, nobody gets two.
        """
        return await durably(self.unit_of_work, lambda store: self._claimed(store, user_id, at, telegram_id))

    def _claimed(self, store: Repositories, user_id: UserId, at: int, telegram_id: int | None) -> PressPass | Denial:
        known = allowed(store, user_id, Action.CLAIM_PRESS_PASS, at, hold=True)
        if isinstance(known, Denial):
            return known
        person = known if telegram_id is None else with_telegram_id(store, known, telegram_id)
        key = telegram_key_of(person, self.blind_index)
        if key is None:
            return one_reason(
                DenialCode.NO_TELEGRAM_ID,
                "a Telegram id, since each gets one press pass for life",
                "none is known of this person",
                "claim it in Telegram with /press_pass",
            )
        policy = self.figures.press_pass
        day = store.press_pass_days.lock(utc_day(at), policy.a_day)
        given = store.press_passes.by_key(key) or store.press_passes.of(user_id)
        if given is not None and (given.user_id, given.claimed_at) == (user_id, at):
            return given  # A commit whose answer was lost was kept.
        decided = claim(
            given,
            day,
            telegram_key=key,
            user_id=user_id,
            status=person.status,
            was_member=bool(store.subscriptions.of(user_id)) or store.trials.by_key(key) is not None,
            policy=policy,
            now=at,
        )
        if not isinstance(decided, Denial):
            store.press_passes.add(decided)
            if person != known:
                store.people.put(person)
                store.audit.add(AuditEntry(at, user_id, "TELEGRAM_ID_NAMED", user_id, "{}"))
        return decided


@dataclass(frozen=True, slots=True)
class ActivatePressPass:
    """Begin to use a pass, once the paper account is there.

    Args:
        unit_of_work: the store.
        figures: the figures.
    """

    unit_of_work: UnitOfWork
    figures: MemberFigures = DEFAULT_FIGURES

    async def __call__(self, user_id: UserId, at: int) -> PressPass | Denial:
        """Activate it, at a moment, seconds since 1970 UTC; a second time changes nothing.

        Raises:
            InvalidInput: there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        return await durably(self.unit_of_work, lambda store: self._activated(store, user_id, at))

    def _activated(self, store: Repositories, user_id: UserId, at: int) -> PressPass | Denial:
        known_person(store, user_id)
        found = store.press_passes.lock(user_id)
        if found is None:
            return _NONE
        if not any(not account.is_live for account in store.accounts.of(user_id)):
            return one_reason(DenialCode.NO_PAPER_ACCOUNT, "a paper account", "there is none", "open one first")
        return _kept(store, found, activate(found, self.figures.press_pass, at))


@dataclass(frozen=True, slots=True)
class RevokePressPass:
    """Take somebody's pass back, by an ADMIN.

    Args:
        unit_of_work: the store.
        figures: the figures.
    """

    unit_of_work: UnitOfWork
    figures: MemberFigures = DEFAULT_FIGURES

    async def __call__(self, user_id: UserId, actor: UserId, at: int) -> PressPass | Denial:
        """Revoke it; a second time changes nothing.

        Args:
            user_id: whose.
            actor: who decides.
            at: now, seconds since 1970 UTC.

        Raises:
            InvalidInput: there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        return await durably(self.unit_of_work, lambda store: self._revoked(store, user_id, actor, at))

    def _revoked(self, store: Repositories, user_id: UserId, actor: UserId, at: int) -> PressPass | Denial:
        done = operation(store, actor, Action.REVOKE_PRESS_PASS, user_id, at)
        if isinstance(done, Denial):
            return done
        found = store.press_passes.lock(user_id)
        if found is None:
            return _NONE
        decided = _kept(store, found, revoke(found, self.figures.press_pass, at))
        if decided != found and not isinstance(decided, Denial):
            key = f"press_pass:{user_id}:revoked"
            tell_and_note(store, done, "PRESS_PASS_REVOKED", {"state": "REVOKED"}, key, "press_pass", at)
        return decided


@dataclass(frozen=True, slots=True)
class ChooseReminders:
    """Turn the reminders of one's pass off or on.

    Args:
        unit_of_work: the store.
    """

    unit_of_work: UnitOfWork

    async def __call__(self, user_id: UserId, *, wanted: bool) -> PressPass | Denial:
        """Choose; whatever the state of the pass, this is never refused to whoever has one.

        Raises:
            InvalidInput: there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """

        def work(store: Repositories) -> PressPass | Denial:
            known_person(store, user_id)
            found = store.press_passes.lock(user_id)
            return _NONE if found is None else _kept(store, found, want_reminders(found, wanted=wanted))

        return await durably(self.unit_of_work, work)


def _kept(store: Repositories, found: PressPass, decided: PressPass | Denial) -> PressPass | Denial:
    if decided != found and not isinstance(decided, Denial):
        store.press_passes.put(decided)
    return decided
