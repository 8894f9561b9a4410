"""``bitten admin``: who is there, who may do what, and what was done to whom."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE, PROBLEMS
from bitten_apps.cli.operating.keeping_parts import add_keeping_parts
from bitten_apps.cli.people.for_person import denied, say, with_open_store

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable

    from bitten_apps.store import Store
    from bitten_domain.membership import Denial, Person
    from bitten_domain.ports.repositories.housekeeping import AuditEntry

__all__ = ["register"]

_RANKS = ("RECRUIT", "AUTHORIZED", "ELITE", "ADMIN")
_TIERS = ("NONE", "PRESS_PASS", "NIBBLER", "FANG", "COMMANDER", "APEX")
_REASONS = ("ABUSE", "FRAUD", "SECURITY", "OWN_WISH", "MISTAKE", "CLEARED")
_STATUSES = {"lock": "LOCKED", "ban": "BANNED", "unlock": "ACTIVE"}
_ENDS = ("FILLED", "REJECTED", "NOT_EXECUTED", "CANCELLED", "EXPIRED")
_NEWEST = 20

_DESCRIPTION = """\
What an ADMIN does: give ranks, lock and ban, grant tiers, read the audit log. The first ADMIN is named by the setting
`admin` (telegram:ID or user:ID) and made by `bitten admin first`; all others by an ADMIN. Everything done is written to
the audit log, and told to whom it concerns. Nobody is ever kept from closing positions or from their own data.
"""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``admin`` with its parts; each sets ``run``: parsed arguments in, exit code out."""
    import argparse as library

    parser = subparsers.add_parser(
        "admin",
        help="give ranks and tiers, lock and ban, read the audit log",
        description=_DESCRIPTION,
        formatter_class=library.RawDescriptionHelpFormatter,
    )
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    first = parts.add_parser("first", help="make the person named by the setting `admin` the first ADMIN")
    first.set_defaults(run=_first)
    people = parts.add_parser("people", help="list people with rank, tier and status")
    people.add_argument("--rank", choices=_RANKS, type=str.upper, help="only those of a rank")
    people.set_defaults(run=_people)
    audit = parts.add_parser("audit", help="show who did what, newest first")
    audit.add_argument("--about", metavar="ID", help="only what concerns this person, account or order")
    audit.add_argument("--last", type=_count, default=_NEWEST, metavar="N", help=f"how many rows, {_NEWEST} by default")
    audit.set_defaults(run=_audit)
    for name, told in (
        ("rank", "give somebody a rank, higher or lower"),
        ("tier", "grant somebody a tier; NONE takes it back"),
        ("lock", "lock an account: nothing is opened, everything can be closed"),
        ("ban", "ban somebody: as a lock, and nothing is shown or taught"),
        ("unlock", "let somebody in again who is locked or banned"),
    ):
        part = parts.add_parser(name, help=told, description=f"{told[0].upper()}{told[1:]}.")
        part.add_argument("person", metavar="ID", help="whom")
        if name == "rank":
            part.add_argument("rank", choices=_RANKS, type=str.upper, metavar="RANK", help=", ".join(_RANKS))
            part.set_defaults(run=_rank)
        elif name == "tier":
            part.add_argument("tier", choices=_TIERS, type=str.upper, metavar="TIER", help=", ".join(_TIERS))
            part.set_defaults(run=_tier)
        else:
            part.add_argument("--reason", required=True, choices=_REASONS, type=str.upper, help="why")
            part.set_defaults(run=_status)
        part.add_argument("--as", dest="actor", required=True, metavar="ADMIN_ID", help="the ADMIN who decides")
    thaw = parts.add_parser("thaw", help="let a frozen account be compared with its broker anew")
    thaw.add_argument("account", metavar="ACCOUNT", help="its id, as `bitten doctor` names it")
    thaw.set_defaults(run=_thaw)
    resolve = parts.add_parser("resolve", help="end a disputed order the way you found it to be at the broker")
    resolve.add_argument("order", type=_order, metavar="ORDER", help="its client order id")
    resolve.add_argument("state", choices=_ENDS, type=str.upper, metavar="STATE", help=", ".join(_ENDS))
    resolve.set_defaults(run=_resolve)
    for part in (thaw, resolve):
        part.add_argument("--as", dest="actor", required=True, metavar="ADMIN_ID", help="the ADMIN who decides")
    add_keeping_parts(parts)
    for part in parts.choices.values():
        part.add_argument("--json", action="store_true", help="print one JSON document")


def _count(text: str) -> int:
    return _within(text, 10_000)


def _within(text: str, most: int) -> int:
    from argparse import ArgumentTypeError

    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise ArgumentTypeError(f"{text!r} is not a number from 1 to {most}")
    return int(text)


def _order(text: str) -> int:
    return _within(text, (1 << 63) - 1)


def _first(arguments: argparse.Namespace) -> int:
    from bitten_apps.container import Container
    from bitten_domain.errors import InvalidInput

    configured = Container.settings().admin or ""
    if not configured:
        raise InvalidInput(
            "nobody is named", where="admin", remedy="set BITTEN_ADMIN=telegram:ID or BITTEN_ADMIN=user:ID"
        )

    async def made(store: Store, at: int) -> int:
        from bitten_domain.use_cases.access.give_rank import MakeFirstAdmin
        from bitten_domain.values import UserId

        kind, _, name = configured.partition(":")
        person = await store.read(
            lambda r: r.people.get(UserId(name)) if kind == "user" else r.people.by_telegram(int(name))
        )
        if person is None:
            raise InvalidInput(f"there is no person {configured}", where="admin", remedy="let them come first")
        if await MakeFirstAdmin(store, configured)(person.user_id, at):
            say(arguments, {"admin": person.user_id, "is_admin": True}, f"{person.user_id} is ADMIN")
            return DONE
        words = f"{person.user_id} is not made ADMIN: there is one already, or their account is not active"
        say(arguments, {"admin": person.user_id, "is_admin": False}, words)
        return PROBLEMS

    return with_open_store(made)


def _people(arguments: argparse.Namespace) -> int:
    async def listed(store: Store, _: int) -> int:
        people = [
            person
            for person in await store.read(lambda r: r.people.all())
            if arguments.rank in (None, person.rank.value)
        ]
        if arguments.json:
            print(json.dumps({"people": [_told(person) for person in people]}, indent=1))
            return DONE
        for person in people:
            print(_line(person))
        if not people:
            print("nobody is there" if arguments.rank is None else f"nobody has rank {arguments.rank}")
        return DONE

    return with_open_store(listed)


def _audit(arguments: argparse.Namespace) -> int:
    async def listed(store: Store, _: int) -> int:
        entries = await store.read(lambda r: r.audit.recent(arguments.last, arguments.about))
        if arguments.json:
            print(json.dumps({"entries": [_told_entry(entry) for entry in entries]}, indent=1))
            return DONE
        for entry in entries:
            print(_entry_line(entry))
        if not entries:
            print("nothing was noted" if arguments.about is None else "nothing was noted about them")
        return DONE

    return with_open_store(listed)


def _rank(arguments: argparse.Namespace) -> int:
    async def given(store: Store, at: int) -> Person | Denial:
        from bitten_domain.use_cases.access.give_rank import GiveRank
        from bitten_domain.values import UserId
        from bitten_domain.vocabulary import Rank

        actor, subject = UserId(arguments.actor), UserId(arguments.person)
        return await GiveRank(store)(actor, subject, Rank[arguments.rank], at)

    return _operated(arguments, given)


def _tier(arguments: argparse.Namespace) -> int:
    async def granted(store: Store, at: int) -> Person | Denial:
        from bitten_domain.use_cases.access.grant_tier import GrantTier
        from bitten_domain.values import UserId
        from bitten_domain.vocabulary import Tier

        actor, subject = UserId(arguments.actor), UserId(arguments.person)
        return await GrantTier(store)(actor, subject, Tier[arguments.tier], at)

    return _operated(arguments, granted)


def _status(arguments: argparse.Namespace) -> int:
    async def changed(store: Store, at: int) -> Person | Denial:
        from bitten_domain.membership.access import StatusReason
        from bitten_domain.use_cases.access.change_status import ChangeStatus
        from bitten_domain.values import UserId
        from bitten_domain.vocabulary import AccountStatus

        actor, subject = UserId(arguments.actor), UserId(arguments.person)
        status, reason = AccountStatus[_STATUSES[arguments.part]], StatusReason[arguments.reason]
        return await ChangeStatus(store)(actor, subject, status, reason, at)

    return _operated(arguments, changed)


def _thaw(arguments: argparse.Namespace) -> int:
    async def thawed(store: Store, _: int) -> int:
        from bitten_apps.cli.operating.account_orders import thaw_account
        from bitten_domain.desk.account import AccountStanding

        await thaw_account(store, arguments.account, arguments.actor, _complain)
        accounts = await store.read(lambda r: r.accounts.all())
        account = next(one for one in accounts if one.account_id == arguments.account)
        is_thawed = account.standing is AccountStanding.COLD
        after = "the next comparison with its broker decides" if is_thawed else "there was nothing to thaw"
        words = f"{account.account_id} is {account.standing.value}: {after}"
        say(arguments, {"account": account.account_id, "standing": account.standing.value}, words)
        return DONE

    return with_open_store(thawed)


def _resolve(arguments: argparse.Namespace) -> int:
    async def resolved(store: Store, _: int) -> int:
        from bitten_apps.cli.operating.account_orders import resolve_order
        from bitten_domain.vocabulary import OrderState

        await resolve_order(store, arguments.order, OrderState[arguments.state], arguments.actor, _complain)
        words = f"order {arguments.order} is {arguments.state}; its account stays frozen until it is thawed"
        say(arguments, {"order": arguments.order, "state": arguments.state}, words)
        return DONE

    return with_open_store(resolved)


def _complain(line: str) -> None:
    print(f"bitten admin: {line}", file=sys.stderr)


def _operated(arguments: argparse.Namespace, work: Callable[[Store, int], Awaitable[Person | Denial]]) -> int:
    from bitten_domain.membership import Denial

    async def done(store: Store, at: int) -> int:
        answer = await work(store, at)
        if isinstance(answer, Denial):
            return denied(arguments, answer)
        say(arguments, _told(answer), _line(answer))
        return DONE

    return with_open_store(done)


def _told(person: Person) -> dict[str, object]:
    from bitten_apps.cli.store.plain_text import iso

    return {
        "user": person.user_id,
        "rank": person.rank.value,
        "granted_tier": person.tier.value,
        "status": person.status.value,
        "mode": person.mode.value,
        "joined_at": iso(person.joined_at),
    }


def _line(person: Person) -> str:
    from bitten_apps.cli.store.plain_text import printable, utc

    name = printable(person.user_id)
    joined = f"since {utc(person.joined_at)} UTC"
    return f"{name}: rank {person.rank.value}, granted tier {person.tier.value}, {person.status.value}, {joined}"


def _told_entry(entry: AuditEntry) -> dict[str, object]:
    from bitten_apps.cli.store.plain_text import iso

    return {
        "at": iso(entry.at),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "detail": json.loads(entry.detail),
    }


def _entry_line(entry: AuditEntry) -> str:
    from bitten_apps.cli.store.plain_text import printable, utc

    words = ", ".join(f"{name} {value}" for name, value in json.loads(entry.detail).items())
    return printable(f"{utc(entry.at)}  {entry.actor}  {entry.action}  {entry.subject}  {words}".rstrip())
