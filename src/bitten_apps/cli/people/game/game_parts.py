"""The parts of ``bitten user`` about the game; what they do beyond achievements and challenges is beside this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE
from bitten_apps.cli.people.for_person import add_user_option, date_of, say, with_store
from bitten_apps.cli.people.game.board_parts import board, forecast
from bitten_apps.cli.people.game.gear_parts import gear, shop

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from bitten_apps.store import Store
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import UserId

__all__ = ["add_game_parts"]

_WORDS = {
    "gear": (
        "equip CODE SLOT | take-off SLOT",
        "a slot is indicator, strategy, safety, theme or voice; indicator-2 is the second place of the first",
    ),
    "shop": ("buy CODE", "what to buy; left out, the goods are listed"),
    "board": (
        "NAME | join NAME PSEUDONYM | leave NAME",
        "adherence (kept days, the default) or calibration (forecasts)",
    ),
    "forecast": ("SIGNAL CHANCE", "a signal that is alive, and 1 to 99 percent; left out, they are listed"),
}
_DAYS_BACK = 7


def add_game_parts(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the parts; each sets ``run``: parsed arguments in, exit code out."""
    for name, text, run in (
        ("achievements", "what was earned, and how far the rest is; what needs a trade gives a badge", _achievements),
        ("challenges", "the day's three challenges, set by the date and the person, and the last days'", _challenges),
        ("gear", "what is unlocked and worn; it changes how things look and sound, never an order", gear),
        ("shop", "what points buy: looks, panels and learning", shop),
        ("board", "a board of those who asked to be ranked, under a name of their own", board),
        ("forecast", "state a chance for a signal before its outcome is known; no trade is needed", forecast),
    ):
        part = parts.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        add_user_option(part)
        part.set_defaults(run=run)
        if name in _WORDS:
            metavar, meaning = _WORDS[name]
            part.add_argument("words", nargs="*", metavar=metavar, help=meaning)
        if name == "board":
            part.add_argument("--agree", action="store_true", help="agree to be ranked and shown under that name")


def _achievements(arguments: argparse.Namespace) -> int:
    async def listed(store: Store, user_id: UserId, _: int) -> int:
        from bitten_apps.cli.store.plain_text import iso
        from bitten_apps.container import Container
        from bitten_domain.progression import Progress
        from bitten_domain.progression.achievements import CONDITIONS, count_of
        from bitten_domain.use_cases.game.recorded_facts import facts_of

        rules = Container.game_rules()

        def read(repositories: Repositories) -> list[dict[str, object]]:
            progress = repositories.progress.get(user_id) or Progress(user_id)
            facts = facts_of(repositories, progress, rules.syllabus)
            had = {one.code: one.at for one in repositories.achievements.of(user_id)}
            return [
                {
                    "code": one.code,
                    "name": one.name,
                    "for": one.text,
                    "counts": CONDITIONS[one.condition].text,
                    "count": min(count_of(one, facts), one.least),
                    "least": one.least,
                    "needs": sorted(need.value.lower() for need in one.needs),
                    "xp": one.xp,
                    "earned_at": iso(had[one.code]) if one.code in had else None,
                }
                for one in rules.catalogue.achievements
            ]

        told = await store.read(read)
        lines = [
            f"[{'x' if row['earned_at'] else ' '}] {row['name']}: {row['count']} of {row['least']} {row['counts']}"
            f" ({_worth(row)})"
            for row in told
        ]
        say(arguments, {"achievements": told}, "\n".join(lines))
        return DONE

    return with_store(arguments, listed)


def _challenges(arguments: argparse.Namespace) -> int:
    async def listed(store: Store, user_id: UserId, at: int) -> int:
        from bitten_apps.cli.store.plain_text import iso
        from bitten_apps.container import Container
        from bitten_domain.market.clocks.fx_week import trading_day_at
        from bitten_domain.use_cases.game.day_challenges import SetChallenges

        rules, day = Container.game_rules(), trading_day_at(at)
        await SetChallenges(store, rules)(user_id, day)
        known = {one.code: one for one in rules.catalogue.challenges}
        found = await store.read(lambda repositories: repositories.challenges.of(user_id, day - _DAYS_BACK, day))
        told = [
            {
                "day": date_of(one.day),
                "code": one.code,
                "name": known[one.code].name,
                "for": known[one.code].text,
                "xp": known[one.code].xp,
                "met_at": None if one.met_at is None else iso(one.met_at),
            }
            for one in found
            if one.code in known
        ]
        lines = [
            f"{row['day']} [{'x' if row['met_at'] else ' '}] {row['name']}: {row['for']} ({_worth(row)})"
            for row in told
        ]
        lines.append("a day's challenges are judged when the day is over")
        say(arguments, {"challenges": told}, "\n".join(lines))
        return DONE

    return with_store(arguments, listed)


def _worth(row: Mapping[str, object]) -> str:
    return f"{row['xp']} points" if row["xp"] else "badge"
