"""``bitten user consent``: what somebody agreed to, and how it is given and taken back."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE, PROBLEMS
from bitten_apps.cli.people.for_person import add_user_option, denied, machine_time, say, with_store

if TYPE_CHECKING:
    import argparse

    from bitten_apps.store import Store
    from bitten_domain.membership import Denial
    from bitten_domain.membership.education import ConsentText
    from bitten_domain.membership.privacy import Consent, ConsentPurpose
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import UserId

__all__ = ["register"]


def register(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``consent``; it sets ``run``: parsed arguments in, exit code out."""
    part = parts.add_parser(
        "consent",
        help="what you agreed to; give a consent, or take it back",
        description="Each text is shown before it is agreed to, and its version is kept with the yes. Consents are off "
        "until given, and taking one back works at once and always. Taking back what the onboarding asked for "
        "(privacy, risk_disclosure) makes you a RECRUIT again.",
    )
    part.add_argument("act", nargs="?", choices=("list", "give", "withdraw"), default="list")
    part.add_argument("purpose", nargs="?", metavar="PURPOSE", help="such as messages, leaderboard or live_trading")
    part.add_argument("--answer", metavar="TEXT", help="what you would type: yes, or the phrase of live trading")
    add_user_option(part)
    part.set_defaults(run=_consent)


def _consent(arguments: argparse.Namespace) -> int:
    from bitten_apps.container import Container
    from bitten_domain.errors import InvalidInput
    from bitten_domain.membership.privacy import ConsentPurpose

    if arguments.act == "list":
        return _list(arguments)
    known = [purpose.value for purpose in ConsentPurpose]
    if arguments.purpose not in known:
        raise InvalidInput(
            f"there is no consent to {arguments.purpose}" if arguments.purpose else "no consent is named",
            where="PURPOSE",
            remedy=f"name one of: {', '.join(known)}",
        )
    purpose = ConsentPurpose(arguments.purpose)
    text = next(one for one in Container.syllabus().texts if one.purpose == purpose.value)
    return _give(arguments, purpose, text) if arguments.act == "give" else _withdraw(arguments, purpose)


def _list(arguments: argparse.Namespace) -> int:
    from bitten_apps.container import Container

    texts = Container.syllabus().texts

    async def listed(store: Store, user_id: UserId, _: int) -> int:
        from bitten_apps.cli.store.plain_text import iso

        consents, live = await store.read(lambda repositories: _standing(repositories, user_id))
        rows: list[dict[str, object]] = []
        for text in texts:
            newest = _newest(consents, text.purpose)
            rows.append(
                {
                    "purpose": text.purpose,
                    "title": text.title,
                    "version": text.version,
                    "agreed_to": None if newest is None else newest.version,
                    "since": None if newest is None else iso(newest.given_at),
                    "stands": newest is not None and newest.version == text.version,
                }
            )
        lacks = [] if live is None else [f"{one.limit}; {one.actual}" for one in live.reasons]
        if arguments.json:
            print(json.dumps({"consents": rows, "live_trading_lacks": lacks}, indent=1))
            return DONE
        for row in rows:
            print(f"{row['purpose']:<18} {_state(row)}")
        print("live trading: open" if live is None else "live trading: closed")
        for reason in lacks:
            print(f"  it asks for {reason}")
        return DONE

    return with_store(arguments, listed)


def _standing(store: Repositories, user_id: UserId) -> tuple[tuple[Consent, ...], Denial | None]:
    from bitten_apps.container import Container
    from bitten_domain.errors import InvalidInput

    person = store.people.get(user_id)
    if person is None:
        raise InvalidInput(f"there is no person {user_id}", where="--user")
    return store.consents.of(user_id), Container.live_gate().lacks(store, person, machine_time())


def _newest(consents: tuple[Consent, ...], purpose: str) -> Consent | None:
    standing = [one for one in consents if one.purpose.value == purpose and one.withdrawn_at is None]
    return max(standing, key=lambda one: one.version, default=None)


def _state(row: dict[str, object]) -> str:
    if row["agreed_to"] is None:
        return "not given"
    if not row["stands"]:
        return f"given to version {row['agreed_to']}; the text is now version {row['version']}, and asks again"
    return f"given to version {row['agreed_to']}, {row['since']}"


def _give(arguments: argparse.Namespace, purpose: ConsentPurpose, text: ConsentText) -> int:
    from bitten_apps.cli.people.onboarding_talk import show_text, version_agreed
    from bitten_domain.membership.privacy import LIVE_PHRASE, ConsentPurpose

    is_live = purpose is ConsentPurpose.LIVE_TRADING

    async def given(store: Store, user_id: UserId, _: int) -> int:
        from bitten_apps.cli.store.plain_text import iso
        from bitten_apps.container import Container
        from bitten_domain.membership import Denial
        from bitten_domain.use_cases.choices.consents import GiveConsent

        if not arguments.json:
            show_text(f"# {text.title}\n\n{text.text}", text.version)
        typed = arguments.answer
        if typed is None:
            sys.stdout.write("" if arguments.json else f"type {LIVE_PHRASE if is_live else 'yes'} to agree: ")
            sys.stdout.flush()
            typed = sys.stdin.readline().rstrip("\n")
        version = text.version if is_live else version_agreed(typed, text.version)
        if version is None:
            say(arguments, {"given": False}, "nothing was agreed to")
            return PROBLEMS
        agree = GiveConsent(store, Container.syllabus(), Container.identity(), Container.live_gate())
        consent = await agree(user_id, purpose, version, machine_time(), typed)
        if isinstance(consent, Denial):
            return denied(arguments, consent)
        told = {"given": True, "purpose": purpose.value, "version": consent.version, "since": iso(consent.given_at)}
        say(arguments, told, f"agreed to {purpose.value}, version {consent.version}, {iso(consent.given_at)}")
        return DONE

    return with_store(arguments, given)


def _withdraw(arguments: argparse.Namespace, purpose: ConsentPurpose) -> int:
    async def withdrawn(store: Store, user_id: UserId, _: int) -> int:
        from bitten_domain.use_cases.choices.consents import WithdrawConsent

        gone = await WithdrawConsent(store)(user_id, purpose, machine_time())
        names = sorted({one.purpose.value for one in gone})
        words = f"taken back: {', '.join(names)}" if names else f"no consent to {purpose.value} stood"
        say(arguments, {"withdrawn": names}, words)
        return DONE

    return with_store(arguments, withdrawn)
