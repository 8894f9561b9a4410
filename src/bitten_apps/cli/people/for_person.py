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
    "misread",
    "refused",
    "say",
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
        user_id = await store.read(lambda repositories: _whose(repositories, arguments.user))
        return await work(store, user_id, at)

    return with_open_store(done)


def with_open_store(work: Callable[[Store, int], Awaitable[int]]) -> int:
    """Do something in the store there is, at the desk's time: the last moment it knows, or now."""
    import asyncio

    from bitten_apps.cli.store.desk_time import desk_time
    from bitten_apps.container import Container

    async def done() -> int:
        store = Container.existing_store()
        try:
            known = await store.read(desk_time)
            return await work(store, int(Container.clock().now().timestamp()) if known is None else known)
        finally:
            store.close()

    return asyncio.run(done())


def _whose(store: Repositories, named: str | None) -> UserId:
    from bitten_domain.errors import InvalidInput
    from bitten_domain.values import UserId

    if named is not None and (found := store.people.get(UserId(named))) is not None:
        return found.user_id
    owners = sorted({account.user_id for account in store.accounts.all()})
    if named is None and len(owners) == 1:
        return owners[0]
    known = ", ".join([person.user_id for person in store.people.all()][:_NAMED])
    raise InvalidInput(
        f"there is no person {named}" if named else f"the store's accounts have {len(owners)} owners",
        where="--user",
        remedy=f"name one of: {known}" if known else "run `bitten run` first",
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
