"""Operating: what an ADMIN does to somebody else, with the entry it leaves in the audit log and the word it sends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.membership import Denial
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.ports.repositories.messages import OutboxMessage, Priority
from bitten_domain.use_cases.access.holding import hold_accounts
from bitten_domain.use_cases.access.standing import allowed, known_person
from bitten_domain.vocabulary import AccountStatus, Rank

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.membership import Person
    from bitten_domain.membership.access import Action
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import UserId

__all__ = ["Operation", "operation", "tell_and_note"]


class Operation(NamedTuple):
    """An ADMIN at work on somebody, all of them held until the transaction ends, with the other's accounts.

    Args:
        by: who decides.
        person: about whom.
        admins: how many active ADMINs there are.
    """

    by: Person
    person: Person
    admins: int


def operation(store: Repositories, actor: UserId, action: Action, subject: UserId, at: int) -> Operation | Denial:
    """Hold everybody a decision is about, and say whether the actor may take it.

    Every ADMIN is held too, in one order: two who take each other's rank do it one after the other. The subject's
    accounts are held before, so that no opening order is claimed by what somebody was, once they are it no more.

    Raises:
        InvalidInput: actor or subject is not there.
    """
    known_person(store, actor)
    known_person(store, subject)
    admins = {person.user_id for person in store.people.all() if person.rank is Rank.ADMIN}
    accounts = hold_accounts(store, subject)
    held = {
        user_id: known_person(store, user_id, hold=True, or_erased=True)
        for user_id in sorted({actor, subject} | admins)
    }
    if any(account.account_id not in accounts for account in store.accounts.of(subject)):
        hold_accounts(store, subject)
    answer = allowed(store, actor, action, at)
    if isinstance(answer, Denial):
        return answer
    active = [one for one in held.values() if one.rank is Rank.ADMIN and one.status is AccountStatus.ACTIVE]
    return Operation(held[actor], held[subject], len(active))


def tell_and_note(
    store: Repositories, done: Operation, verb: str, detail: Mapping[str, str], key: str, topic: str, at: int
) -> None:
    """Note what was done in the audit log, and leave its subject a message.

    Args:
        store: of the transaction.
        done: by whom to whom.
        verb: what, in capitals.
        detail: more of it; nothing personal and no secret.
        key: of the message; unique for ever, since a change is told once.
        topic: of the message.
        at: now, seconds since 1970 UTC.
    """
    subject = done.person.user_id
    store.audit.add(AuditEntry(at, done.by.user_id, verb, subject, json.dumps(dict(detail))))
    store.outbox.add(OutboxMessage(key, subject, topic, Priority.REST, json.dumps(dict(detail)), at))
