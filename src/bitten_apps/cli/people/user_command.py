"""``bitten user``: where somebody stands, what they choose, earn and pay, and their own data."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE, PROBLEMS
from bitten_apps.cli.people import choice_parts, consent_part, onboarding_parts
from bitten_apps.cli.people.for_person import add_user_option, date_of, denied, say, with_store
from bitten_apps.cli.people.game.game_parts import add_game_parts
from bitten_apps.cli.people.members.pass_parts import add_pass_part
from bitten_apps.cli.people.members.plan_parts import add_plan_parts
from bitten_apps.cli.people.privacy_parts import register_privacy

if TYPE_CHECKING:
    import argparse

    from bitten_apps.store import Store
    from bitten_domain.membership import Person
    from bitten_domain.membership.education import Course
    from bitten_domain.ports.repositories.progression import XpTotals
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.progression import Progress, XpEntry
    from bitten_domain.values import UserId

__all__ = ["register"]

_ENTRIES = 10
_Json = dict[str, object]


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``user`` with its parts; each sets ``run``: parsed arguments in, exit code out."""
    parser = subparsers.add_parser(
        "user",
        help="come in, choose limits, mode and consents, pass and plan, take out or erase your data",
        description="onboard is the way in; consent, limits, mode and callsign are what one chooses for oneself. "
        "Points are given for market days that were prepared for and on which no rule was broken, and for "
        "learning; never for a trade, its result or its size. They decide nothing about trading.",
    )
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    for name, text, run in (
        ("show", "rank, tier, title, points, streak and what rank ELITE still asks for", _show),
        ("brief", "confirm that the day's briefing was read and the limits still hold", _brief),
        ("prestige", "spend 50,000 points on a lasting multiplier; title and lifetime points stay", _prestige),
        ("game", "switch the game's messages on or off", _game),
    ):
        part = parts.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        if name == "game":
            part.add_argument("switch", choices=("on", "off"))
        add_user_option(part)
        part.set_defaults(run=run)
    add_game_parts(parts)
    onboarding_parts.register(parts)
    consent_part.register(parts)
    choice_parts.register(parts)
    add_pass_part(parts)
    add_plan_parts(parts)
    register_privacy(parts)


def _show(arguments: argparse.Namespace) -> int:
    from bitten_apps.container import Container

    async def shown(store: Store, user_id: UserId, at: int) -> int:
        course = Container.risk_course()
        told = _told(*await store.read(lambda repositories: _standing(repositories, user_id, course, at)))
        if arguments.json:
            print(json.dumps(told, indent=1))
        else:
            _print(told)
        return DONE

    return with_store(arguments, shown)


def _brief(arguments: argparse.Namespace) -> int:
    async def briefed(store: Store, user_id: UserId, at: int) -> int:
        from bitten_domain.use_cases.people.confirm_briefing import ConfirmBriefing

        confirmed = await ConfirmBriefing(store)(user_id, at)
        day = date_of(confirmed.day)
        words = f"briefing of {day} confirmed" if confirmed.is_new else f"the briefing of {day} was confirmed before"
        say(arguments, {"day": day, "is_new": confirmed.is_new}, words)
        return DONE

    return with_store(arguments, briefed)


def _prestige(arguments: argparse.Namespace) -> int:
    async def taken(store: Store, user_id: UserId, at: int) -> int:
        from bitten_apps.container import Container
        from bitten_domain.membership import Denial
        from bitten_domain.progression import XpPolicy
        from bitten_domain.use_cases.people.take_prestige import TakePrestige

        progress = await TakePrestige(store, Container.game_rules())(user_id, at)
        if isinstance(progress, Denial):
            return denied(arguments, progress)
        if progress is None:
            balance = (await store.read(lambda repositories: repositories.xp.totals(user_id))).balance
            price = XpPolicy().prestige_price
            say(arguments, {"taken": False, "balance": balance, "price": price}, f"{balance:,} of {price:,} points")
            return PROBLEMS
        say(arguments, {"taken": True, "prestige": progress.prestige}, f"prestige {progress.prestige}")
        return DONE

    return with_store(arguments, taken)


def _game(arguments: argparse.Namespace) -> int:
    async def switched(store: Store, user_id: UserId, _: int) -> int:
        from bitten_domain.use_cases.people.points import hold_progress

        is_off = arguments.switch == "off"

        def work(repositories: Repositories) -> None:
            progress = hold_progress(repositories, user_id)
            repositories.progress.put(replace(progress, is_game_off=is_off))

        await store.run(work)
        say(arguments, {"game": arguments.switch}, f"the game is {arguments.switch}; points are booked all the same")
        return DONE

    return with_store(arguments, switched)


def _standing(
    store: Repositories, user_id: UserId, risk_course: Course, at: int
) -> tuple[Person, Progress, XpTotals, tuple[XpEntry, ...], tuple[str, ...]]:
    from bitten_domain.progression import Progress
    from bitten_domain.use_cases.access.standing import known_person
    from bitten_domain.use_cases.membership.tier_at import tier_at
    from bitten_domain.use_cases.people.promote import lacks_of

    person = known_person(store, user_id)
    person = replace(person, tier=tier_at(store, person, at))
    progress = store.progress.get(user_id) or Progress(user_id)
    lacks = lacks_of(store, user_id, risk_course)
    return person, progress, store.xp.totals(user_id), store.xp.recent(user_id, _ENTRIES), lacks


def _told(
    person: Person, progress: Progress, totals: XpTotals, entries: tuple[XpEntry, ...], lacks: tuple[str, ...]
) -> _Json:
    from bitten_domain.progression import XpPolicy, title_of
    from bitten_domain.progression.xp import freezes_of
    from bitten_domain.vocabulary import Rank

    is_there = person.rank in (Rank.ELITE, Rank.ADMIN)
    return {
        "user": person.user_id,
        "rank": person.rank.value,
        "tier": person.tier.value,
        "status": person.status.value,
        "mode": person.mode.value,
        "title": title_of(totals.lifetime).value,
        "lifetime_xp": totals.lifetime,
        "balance_xp": totals.balance,
        "streak": progress.streak,
        "best_streak": progress.best_streak,
        "freeze_days": freezes_of(progress, XpPolicy()),
        "adherent_days": progress.adherent_days,
        "closed_trades": progress.closed_trades,
        "prestige": progress.prestige,
        "settled_to": None if progress.settled_day < 0 else date_of(progress.settled_day),
        "game": "off" if progress.is_game_off else "on",
        "elite_lacks": [] if is_there else list(lacks),
        "newest": [
            {"day": date_of(entry.day), "for": entry.kind.value, "xp": entry.amount, "cause": entry.cause}
            for entry in entries
        ],
    }


def _print(told: _Json) -> None:
    print(f"{told['user']}: rank {told['rank']}, tier {told['tier']}, mode {told['mode']}, title {told['title']}")
    if told["status"] != "ACTIVE":
        print(f"the account is {told['status']}: nothing is opened, and everything can be closed; ask an ADMIN")
    print(f"{told['lifetime_xp']} points in all, {told['balance_xp']} to spend; prestige {told['prestige']}")
    print(
        f"{told['adherent_days']} adherent market days, {told['streak']} in a row (best {told['best_streak']}), "
        f"{told['freeze_days']} freeze days; settled to {told['settled_to'] or 'no day yet'}"
    )
    lacks = told["elite_lacks"]
    if isinstance(lacks, list) and lacks:
        print(f"rank ELITE asks for {', '.join(lacks)}")
    newest = told["newest"]
    if isinstance(newest, list):
        for entry in newest:
            print(f"  {entry['day']}  {entry['xp']:+6d}  {entry['for']}")
