"""Parts of ``bitten user`` about one's own data: a copy of it, its erasure, and an e-mail address."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE
from bitten_apps.cli.people.for_person import add_user_option, denied, say, with_store

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from bitten_apps.store import Store
    from bitten_domain.membership.denial import Denial
    from bitten_domain.membership.privacy import DeletionRequest, DeletionState
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import UserId

__all__ = ["register_privacy"]


def register_privacy(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``export``, ``delete`` and ``email``; each sets ``run``: parsed arguments in, exit code out."""
    text = "all that is kept of you, as a ZIP of JSON and CSV, once in 24 hours"
    export = parts.add_parser("export", help=text, description=f"{text[0].upper()}{text[1:]}.")
    export.add_argument("--to", type=Path, metavar="FILE", help="write it here; without it a token is shown, once")
    export.add_argument("--token", metavar="TOKEN", help="fetch what a token was shown for, once and within 24 hours")
    export.set_defaults(run=_export)
    text = "have everything about you erased: ask, confirm within the hour, and a week to take it back"
    ends = "A membership that renews ends with it: its gateway is told to collect nothing more before anything goes."
    delete = parts.add_parser("delete", help=text, description=f"{text[0].upper()}{text[1:]}. {ends}")
    step = delete.add_mutually_exclusive_group()
    step.add_argument("--confirm", action="store_true", help="the second step; opening ends at once, closing goes on")
    step.add_argument("--undo", action="store_true", help="take it back, as long as it is not carried out")
    step.add_argument("--status", action="store_true", help="where it stands")
    delete.set_defaults(run=_delete)
    text = "show, set or remove an e-mail address; it is kept encrypted"
    email = parts.add_parser("email", help=text, description=f"{text[0].upper()}{text[1:]}.")
    which = email.add_mutually_exclusive_group()
    which.add_argument("address", nargs="?", metavar="ADDRESS", help="to be kept from now on")
    which.add_argument("--remove", action="store_true", help="take it out")
    email.set_defaults(run=_email)
    for part in (export, delete, email):
        add_user_option(part)


def _now() -> int:
    """Read the machine's clock: a week is a week, whatever pace the desk's market goes at."""
    from bitten_apps.container import Container

    return int(Container.clock().now().timestamp())


def _export(arguments: argparse.Namespace) -> int:
    from bitten_domain.errors import InvalidInput

    if arguments.token is not None and arguments.to is None:
        raise InvalidInput("a token fetches a file", where="--token", remedy="name the file: --to FILE")

    async def fetched(store: Store, user_id: UserId, _: int) -> int:
        if arguments.to is None:
            return await _prepare(store, user_id, arguments)
        with _new_file(arguments.to) as descriptor:
            return await _fetch(store, user_id, arguments, descriptor)

    return with_store(arguments, fetched)


async def _prepare(store: Store, user_id: UserId, arguments: argparse.Namespace) -> int:
    from bitten_domain.membership.denial import Denial

    token = await _built(store, user_id)
    if isinstance(token, Denial):
        return denied(arguments, token)
    words = (
        "your data is ready. This token is shown once, works once, and for 24 hours:\n"
        f"  {token}\nfetch it with: bitten user export --token TOKEN --to FILE"
    )
    say(arguments, {"ready": True, "token": token}, words)
    return DONE


async def _built(store: Store, user_id: UserId) -> str | Denial:
    from bitten_apps.container import Container
    from bitten_domain.membership.denial import Denial
    from bitten_domain.use_cases.privacy.export_data import AskExport, BuildExport

    at = _now()
    asked = await AskExport(store, Container.identity(), Container.tokens())(user_id, at)
    if isinstance(asked, Denial):
        return asked
    shelf, vault = Container.export_shelf(), Container.vault()
    await BuildExport(store, Container.person_data(), vault, Container.archive(), shelf)(asked.request, at)
    return asked.token


async def _fetch(store: Store, user_id: UserId, arguments: argparse.Namespace, descriptor: int) -> int:
    from bitten_apps.container import Container
    from bitten_domain.membership.denial import Denial
    from bitten_domain.use_cases.privacy.export_data import FetchExport

    token = arguments.token or await _built(store, user_id)
    fetch = FetchExport(store, Container.vault(), Container.export_shelf())
    content = token if isinstance(token, Denial) else await fetch(token, _now())
    if isinstance(content, Denial):
        return denied(arguments, content)
    with os.fdopen(os.dup(descriptor), "wb") as file:
        file.write(content)
    told = {"file": str(arguments.to), "bytes": len(content)}
    say(arguments, told, f"{arguments.to}: all that is kept of you, {len(content):,} bytes")
    return DONE


@contextmanager
def _new_file(path: Path) -> Iterator[int]:
    """Make a file for its owner's eyes only; it is gone again when nothing was written into it."""
    from bitten_domain.errors import InvalidInput

    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags, 0o600)
    except OSError as error:
        raise InvalidInput(
            f"the file cannot be made: {error.strerror}", where=str(path), remedy="name a file that is not there"
        ) from error
    try:
        yield descriptor
    finally:
        is_empty = os.fstat(descriptor).st_size == 0
        os.close(descriptor)
        if is_empty:
            path.unlink()


def _delete(arguments: argparse.Namespace) -> int:
    async def done(store: Store, user_id: UserId, _: int) -> int:
        from bitten_apps.cli.store.emergency_orders import pause_for
        from bitten_apps.container import Container
        from bitten_domain.membership.denial import Denial
        from bitten_domain.use_cases.privacy.deletion import AskDeletion, ConfirmDeletion, UndoDeletion

        at = _now()
        answer: DeletionRequest | Denial | None = None
        if arguments.confirm:
            answer = await ConfirmDeletion(store, lambda user: pause_for(store, user, _complain))(user_id, at)
        elif arguments.undo:
            answer = await UndoDeletion(store)(user_id, at)
        elif not arguments.status:
            answer = await AskDeletion(store, Container.identity())(user_id, at)
        if isinstance(answer, Denial):
            return denied(arguments, answer)
        told, words = await store.read(lambda repositories: _standing(repositories, user_id, at))
        say(arguments, told, words)
        return DONE

    return with_store(arguments, done)


def _complain(line: str) -> None:
    print(f"bitten user: {line}", file=sys.stderr)


def _standing(store: Repositories, user_id: UserId, at: int) -> tuple[Mapping[str, object], str]:
    """Say where somebody's newest deletion stands, in figures and in words."""
    from bitten_apps.cli.store.plain_text import iso
    from bitten_domain.membership.privacy import deletion_state

    requests = store.deletions.of(user_id)
    if not requests:
        return {"state": None}, "no deletion was asked for"
    newest = next((request for request in requests if request.is_open), requests[-1])
    live = [account for account in store.accounts.of(user_id) if account.is_live]
    open_live = sum(len(store.positions.open(account.account_id)) for account in live)
    state = deletion_state(newest, open_live, at)
    until = None if newest.undo_until is None else iso(newest.undo_until)
    return {"state": state.value, "undo_until": until, "open_live_positions": open_live}, _words(state, until)


def _words(state: DeletionState, until: str | None) -> str:
    from bitten_domain.membership.privacy import DeletionState

    return {
        DeletionState.ASKED: "asked for. What goes and what stays: docs/explanation/privacy.md. Confirm it within the "
        "hour: `bitten user delete --confirm`",
        DeletionState.LAPSED: "asked for, and not confirmed within the hour: nothing happens",
        DeletionState.CONFIRMED: f"confirmed. Nothing is opened any more. Until {until} `bitten user delete --undo` "
        "takes it back; then everything about you is erased",
        DeletionState.WAITING: "waits until no live position is open; `bitten user delete --undo` takes it back",
        DeletionState.DUE: "due: the next turn of a day in `bitten run`, or its next start, carries it out",
        DeletionState.WITHDRAWN: "taken back. The pause holds until you end it, an hour old at least: `bitten "
        "emergency release --user ID`",
        DeletionState.DONE: "carried out",
    }[state]


def _email(arguments: argparse.Namespace) -> int:
    async def done(store: Store, user_id: UserId, _: int) -> int:
        from bitten_apps.cli.store.plain_text import printable
        from bitten_apps.container import Container
        from bitten_domain.use_cases.privacy.email import ReadEmail, RemoveEmail, SetEmail

        if arguments.remove:
            was_there = await RemoveEmail(store)(user_id, _now())
            say(arguments, {"removed": was_there}, "removed" if was_there else "no address was kept")
            return DONE
        if arguments.address is not None:
            await SetEmail(store, Container.vault(), Container.blind_index())(user_id, arguments.address, _now())
            say(arguments, {"kept": True}, "kept, encrypted")
            return DONE
        address = await ReadEmail(store, Container.vault())(user_id)
        if arguments.json:
            print(json.dumps({"email": address}, indent=1))
        else:
            print("no address is kept" if address is None else printable(address))
        return DONE

    return with_store(arguments, done)
