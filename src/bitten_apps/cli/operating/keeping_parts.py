"""``bitten admin erase | keys | pass``: what is owed to those who left, the operator's keys, and a pass taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE
from bitten_apps.cli.people.for_person import denied, machine_time, say, with_open_store

if TYPE_CHECKING:
    import argparse

    from bitten_apps.store import Store

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
        from bitten_domain.membership import Denial
        from bitten_domain.use_cases.privacy.carry_out import CarryOutDeletions
        from bitten_domain.use_cases.privacy.operated import EraseNow
        from bitten_domain.use_cases.privacy.replay_erasures import ReplayErasures
        from bitten_domain.values import UserId

        erasures, shelf, scrub = Container.erasure_list(), Container.export_shelf(), Container.scrub()
        renewals = end_renewals(store, Container.settings())
        carry_out = CarryOutDeletions(store, erasures, shelf, scrub, renewals)
        erase = EraseNow(store, ReplayErasures(store, erasures, scrub), carry_out)
        answer = await erase(UserId(arguments.actor), machine_time())
        if isinstance(answer, Denial):
            return denied(arguments, answer)
        again, done = sorted(answer.again), answer.carried_out
        told = {"erased": list(done.done), "erased_again": again, "waiting": sorted(done.waiting)}
        words = [f"erased: {', '.join(done.done) or 'nobody was due'}"]
        words += [f"erased again: {', '.join(again)}"] if again else []
        for user_id, why in sorted(done.waiting.items()):
            words += [printable(f"{user_id} waits for {one.limit}: {one.actual} ({one.remedy})") for one in why.reasons]
        say(arguments, told, "\n".join(words))
        return DONE

    return with_open_store(erased)


def _keys(arguments: argparse.Namespace) -> int:
    from bitten_domain.errors import InvalidInput

    if (arguments.deed == "drop") is (arguments.key is None):
        remedy = "name the key that is dropped" if arguments.deed == "drop" else "leave it out"
        raise InvalidInput("only drop takes the name of a key", where="KEY", remedy=remedy)
    return with_open_store(lambda store, _: _changed_keys(arguments, store))


async def _changed_keys(arguments: argparse.Namespace, store: Store) -> int:
    from bitten_apps.container import Container
    from bitten_domain.membership import Denial
    from bitten_domain.use_cases.privacy.operated import AddOperatorKey, DropOperatorKey, RotateNow
    from bitten_domain.use_cases.privacy.sealing import RotateVaultKeys
    from bitten_domain.values import UserId

    actor, at = UserId(arguments.actor), machine_time()
    answer: str | int | Denial | None
    told: dict[str, object]
    if arguments.deed == "add":
        answer = await AddOperatorKey(store, Container.keyring())(actor, at)
        told, words = {"key": answer}, f"key {answer} seals from now on; `bitten admin keys rotate` seals the rest anew"
    elif arguments.deed == "rotate":
        answer = await RotateNow(store, RotateVaultKeys(store, Container.vault()))(actor, at)
        told, words = {"resealed": answer}, f"{answer} persons' keys were sealed anew"
    else:
        answer = await DropOperatorKey(store, Container.keyring())(actor, arguments.key, at)
        told, words = {"dropped": arguments.key}, f"key {arguments.key} is gone"
    if isinstance(answer, Denial):
        return denied(arguments, answer)
    say(arguments, told, words)
    return DONE


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
