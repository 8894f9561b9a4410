"""``bitten admin erase | keys | pass``: what is owed to those who left, the operator's keys, and a pass taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE
from bitten_apps.cli.people.for_person import denied, machine_time, say, with_open_store

if TYPE_CHECKING:
    import argparse

    from bitten_apps.store import Store
    from bitten_domain.membership import Denial
    from bitten_domain.membership.access import Action

__all__ = ["add_keeping_parts"]


def add_keeping_parts(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``erase``, ``keys`` and ``pass``; each sets ``run``: parsed arguments in, exit code out."""
    erase = parts.add_parser(
        "erase",
        help="erase those whose deletion is due, and again whoever a restore brought back",
        description="Erase those whose deletion is due by the machine's clock, and again whoever a restore brought "
        "back. `bitten run` does the same by itself; run this after a restore, before anything else.",
    )
    erase.set_defaults(run=_erase)
    keys = parts.add_parser(
        "keys",
        help="add an operator's key, seal everything by it, drop an old one",
        description="add makes a new key, which seals from then on. rotate seals every person's key by the newest one. "
        "drop KEY takes an old one out of the file: backups from before can then not be opened any more.",
    )
    keys.add_argument("deed", choices=("add", "rotate", "drop"), metavar="DEED", help="add, rotate or drop")
    keys.add_argument("key", nargs="?", metavar="KEY", help="which is dropped, by its name")
    keys.set_defaults(run=_keys)
    revoke = parts.add_parser("pass", help="take somebody's press pass back; they get no second one")
    revoke.add_argument("person", metavar="ID", help="whose")
    revoke.set_defaults(run=_pass)
    for part in (erase, keys, revoke):
        part.add_argument("--as", dest="actor", required=True, metavar="ADMIN_ID", help="the ADMIN who decides")


def _erase(arguments: argparse.Namespace) -> int:
    async def erased(store: Store, _: int) -> int:
        from bitten_apps.cli.runs.member_run import end_renewals
        from bitten_apps.cli.store.plain_text import printable
        from bitten_apps.container import Container
        from bitten_domain.membership.access import Action
        from bitten_domain.use_cases.privacy.carry_out import CarryOutDeletions
        from bitten_domain.use_cases.privacy.replay_erasures import ReplayErasures

        at = machine_time()
        no = await _denial(store, arguments.actor, Action.ERASE_PEOPLE, at)
        if no is not None:
            return denied(arguments, no)
        erasures, shelf, scrub = Container.erasure_list(), Container.export_shelf(), Container.scrub()
        again = await ReplayErasures(store, erasures, scrub)(at)
        renewals = end_renewals(store, Container.settings())
        done = await CarryOutDeletions(store, erasures, shelf, scrub, renewals)(at)
        told = {"erased": list(done.done), "erased_again": sorted(again), "waiting": sorted(done.waiting)}
        words = [f"erased: {', '.join(done.done) or 'nobody was due'}"]
        words += [f"erased again: {', '.join(sorted(again))}"] if again else []
        for user_id, why in sorted(done.waiting.items()):
            words += [printable(f"{user_id} waits for {one.limit}: {one.actual} ({one.remedy})") for one in why.reasons]
        say(arguments, told, "\n".join(words))
        return DONE

    return with_open_store(erased)


def _keys(arguments: argparse.Namespace) -> int:
    async def done(store: Store, _: int) -> int:
        from bitten_apps.container import Container
        from bitten_domain.errors import InvalidInput
        from bitten_domain.membership.access import Action
        from bitten_domain.use_cases.privacy.sealing import RotateVaultKeys

        if (arguments.deed == "drop") is (arguments.key is None):
            remedy = "name the key that is dropped" if arguments.deed == "drop" else "leave it out"
            raise InvalidInput("only drop takes the name of a key", where="KEY", remedy=remedy)
        at = machine_time()
        no = await _denial(store, arguments.actor, Action.ROTATE_KEYS, at)
        if no is not None:
            return denied(arguments, no)
        if arguments.deed == "add":
            Container.vault()  # The first key is made where there is none yet.
            name = Container.add_vault_key().key_id
            await _note(store, arguments.actor, "KEY_ADDED", name, at)
            say(
                arguments,
                {"key": name},
                f"key {name} seals from now on; `bitten admin keys rotate` seals the rest anew",
            )
        elif arguments.deed == "rotate":
            count = await RotateVaultKeys(store, Container.vault())(at)
            say(arguments, {"resealed": count}, f"{count} persons' keys were sealed anew")
        else:
            await _require_unused(store, arguments.key)
            Container.drop_vault_key(arguments.key)
            await _note(store, arguments.actor, "KEY_DROPPED", arguments.key, at)
            say(arguments, {"dropped": arguments.key}, f"key {arguments.key} is gone")
        return DONE

    return with_open_store(done)


async def _require_unused(store: Store, key: str) -> None:
    from bitten_domain.errors import InvalidInput

    sealed = [one.sealed for one in await store.read(lambda r: r.person_keys.all())]
    used = sum(one is not None and one.key_id == key for one in sealed)
    if used:
        raise InvalidInput(
            f"{used} persons' keys are sealed by it", where=key, remedy="run `bitten admin keys rotate` first"
        )


def _pass(arguments: argparse.Namespace) -> int:
    async def revoked(store: Store, at: int) -> int:
        from bitten_domain.membership import Denial
        from bitten_domain.use_cases.membership.press_passes import RevokePressPass
        from bitten_domain.values import UserId

        answer = await RevokePressPass(store)(UserId(arguments.person), UserId(arguments.actor), at)
        if isinstance(answer, Denial):
            return denied(arguments, answer)
        words = f"the press pass of {arguments.person} is revoked"
        say(arguments, {"user": arguments.person, "state": "REVOKED"}, words)
        return DONE

    return with_open_store(revoked)


async def _denial(store: Store, actor: str, action: Action, at: int) -> Denial | None:
    from bitten_domain.membership import Denial
    from bitten_domain.use_cases.access.standing import allowed
    from bitten_domain.values import UserId

    answer = await store.read(lambda r: allowed(r, UserId(actor), action, at))
    return answer if isinstance(answer, Denial) else None


async def _note(store: Store, actor: str, action: str, key: str, at: int) -> None:
    from bitten_domain.ports.repositories.housekeeping import AuditEntry
    from bitten_domain.values import UserId

    await store.run(lambda r: r.audit.add(AuditEntry(at, UserId(actor), action, key, "{}")))
