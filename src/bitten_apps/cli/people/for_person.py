"""What commands about people share: whom they are for, at what time, and how they answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import PROBLEMS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable, Mapping

    from bitten_apps.store import Store
    from bitten_domain.membership import Denial
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.progression.gear import NotPossible
    from bitten_domain.values import UserId

__all__ = [
    "add_user_option",
    "date_of",
    "denied",
    "machine_time",
    "misread",
    "refused",
    "say",
    "time_of",
    "whose",
    "with_open_store",
    "with_store",
]

_NAMED = 10


def add_user_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--user`` and ``--json``, as `with_store` and `say` read them."""
    parser.add_argument("--user", metavar="ID", help="who; may be left out where there is one account's owner")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def with_store(arguments: argparse.Namespace, work: Callable[[Store, UserId, int], Awaitable[int]]) -> int:
    """Do something for the person an option names, or the only owner there is, at the desk's time."""

    async def done(store: Store, at: int) -> int:
        user_id = await store.read(lambda repositories: whose(repositories, arguments.user))
        return await work(store, user_id, at)

    return with_open_store(done)


def with_open_store(work: Callable[[Store, int], Awaitable[int]]) -> int:
    """Do something in the store there is, at the desk's time: the last moment it knows, or now."""
    import asyncio

    from bitten_apps.container import Container

    async def done() -> int:
        store = Container.existing_store()
        try:
            return await work(store, await time_of(store))
        finally:
            store.close()

    return asyncio.run(done())


async def time_of(store: Store) -> int:
    """Give the desk's time, and the machine's where no desk has a time of its own; seconds since 1970 UTC."""
    from bitten_apps.cli.store.desk_time import desk_time

    known = await store.read(lambda repositories: desk_time(repositories) if repositories.accounts.all() else None)
    return machine_time() if known is None else known


def machine_time() -> int:
    """Give the machine's time, seconds since 1970 UTC: what people agree to, they agree to by it."""
    from bitten_apps.container import Container

    return int(Container.clock().now().timestamp())


def whose(store: Repositories, named: str | None) -> UserId:
    """Find the person of a name, or the only one there is.

    Raises:
        InvalidInput: there is no such person, or nobody is named and there are several, or none.
    """
    from bitten_domain.errors import InvalidInput
    from bitten_domain.values import UserId

    if named is not None and (found := store.people.get(UserId(named))) is not None:
        return found.user_id
    owners = sorted({account.user_id for account in store.accounts.all()})
    everybody = [person.user_id for person in store.people.all()]
    if named is None and len(owners or everybody) == 1:
        return (owners or everybody)[0]
    raise InvalidInput(
        f"there is no person {named}" if named else f"the store's accounts have {len(owners)} owners",
        where="--user",
        remedy=f"name one of: {', '.join(everybody[:_NAMED])}" if everybody else "run `bitten user onboard --new`",
    )


def say(arguments: argparse.Namespace, told: Mapping[str, object], words: str) -> None:
    """Answer as asked: one JSON document, or words."""
    print(json.dumps(told, indent=1) if arguments.json else words)


def denied(arguments: argparse.Namespace, denial: Denial) -> int:
    """Say why something is not to be, with every rule that stood in the way and what can be done about it."""
    from bitten_apps.cli.store.plain_text import printable

    reasons = [
        {"code": one.code.value, "asks_for": one.limit, "found": one.actual, "remedy": one.remedy}
        for one in denial.reasons
    ]
    words = "\n".join(
        f"no: {printable(one.limit)} is asked for, found {printable(one.actual)} ({printable(one.remedy)})"
        for one in denial.reasons
    )
    say(arguments, {"denied": reasons}, words)
    return PROBLEMS


def date_of(day: int) -> str:
    """Write a day since 1970-01-01 as a date."""
    from datetime import date, timedelta

    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def refused(arguments: argparse.Namespace, found: NotPossible, remedy: str = "") -> int:
    """Say why something cannot be done."""
    told: dict[str, object] = {"refused": found.reason, "remedy": remedy or found.remedy}
    say(arguments, told, f"{found.reason} {remedy or found.remedy}")
    return PROBLEMS


def misread(what: str, remedy: str) -> Exception:
    """Make the error about words that mean nothing here."""
    from bitten_domain.errors import InvalidInput

    return InvalidInput(f"{what!r} cannot be read here", where=what, remedy=f"say {remedy}")
