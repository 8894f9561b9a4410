"""``bitten user pass``: claim a press pass, begin to use it, see it, and turn its reminders off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE
from bitten_apps.cli.people.for_person import add_user_option, denied, say, with_store

if TYPE_CHECKING:
    import argparse

    from bitten_apps.store import Store
    from bitten_domain.membership import Denial
    from bitten_domain.membership.press_pass import PressPass, PressPassDay
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import UserId

__all__ = ["add_pass_part"]

_DESCRIPTION = """\
A press pass lends a tier for some days, on a paper account. A few are given each day (UTC), one in the life of a
Telegram id. What is shown is the true number that is left and the true end.
"""


def add_pass_part(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``pass`` with what can be done about one; each sets ``run``."""
    parser = parts.add_parser("pass", help="claim a press pass, use it, or see it", description=_DESCRIPTION)
    whats = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    for name, text, run in (
        ("show", "how many are left today, and what becomes of yours", _show),
        ("claim", "claim one of today's", _claim),
        ("activate", "begin to use it, once the paper account is there", _activate),
        ("reminders", "turn its reminders off, or on", _reminders),
        ("revoke", "take somebody's back, as an ADMIN", _revoke),
    ):
        what = whats.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        if name == "reminders":
            what.add_argument("switch", choices=("on", "off"))
        if name == "claim":
            what.add_argument("--telegram-id", type=int, metavar="N", help="yours, where none is known of you yet")
        if name == "revoke":
            what.add_argument("--as", dest="actor", required=True, metavar="ADMIN_ID", help="the ADMIN who decides")
        add_user_option(what)
        what.set_defaults(run=run)


def _show(arguments: argparse.Namespace) -> int:
    async def shown(store: Store, user_id: UserId, at: int) -> int:
        from bitten_domain.membership.calendar_day import utc_day
        from bitten_domain.membership.press_pass import PressPassDay
        from bitten_domain.use_cases.membership.tier_at import DEFAULT_FIGURES

        def read(r: Repositories) -> tuple[PressPass | None, PressPassDay | None]:
            return r.press_passes.of(user_id), r.press_pass_days.get(utc_day(at))

        found, day = await store.read(read)
        today = day or PressPassDay(utc_day(at), DEFAULT_FIGURES.press_pass.a_day, 0)
        told = _told(found, at)
        left = f"{today.remaining} of {today.limit} press passes are left today (UTC)"
        say(arguments, {"left_today": today.remaining, "a_day": today.limit, **told}, f"{left}; {_words(told)}")
        return DONE

    return with_store(arguments, shown)


def _claim(arguments: argparse.Namespace) -> int:
    async def claimed(store: Store, user_id: UserId, at: int) -> int:
        from bitten_apps.container import Container
        from bitten_domain.use_cases.membership.press_passes import ClaimPressPass

        claim = ClaimPressPass(store, Container.blind_index())
        return _answer(arguments, await claim(user_id, at, arguments.telegram_id), at)

    return with_store(arguments, claimed)


def _activate(arguments: argparse.Namespace) -> int:
    async def activated(store: Store, user_id: UserId, at: int) -> int:
        from bitten_domain.use_cases.membership.press_passes import ActivatePressPass

        return _answer(arguments, await ActivatePressPass(store)(user_id, at), at)

    return with_store(arguments, activated)


def _reminders(arguments: argparse.Namespace) -> int:
    async def chosen(store: Store, user_id: UserId, at: int) -> int:
        from bitten_domain.use_cases.membership.press_passes import ChooseReminders

        return _answer(arguments, await ChooseReminders(store)(user_id, wanted=arguments.switch == "on"), at)

    return with_store(arguments, chosen)


def _revoke(arguments: argparse.Namespace) -> int:
    async def revoked(store: Store, user_id: UserId, at: int) -> int:
        from bitten_domain.use_cases.membership.press_passes import RevokePressPass
        from bitten_domain.values import UserId

        return _answer(arguments, await RevokePressPass(store)(user_id, UserId(arguments.actor), at), at)

    return with_store(arguments, revoked)


def _answer(arguments: argparse.Namespace, answer: PressPass | Denial, at: int) -> int:
    from bitten_domain.membership import Denial

    if isinstance(answer, Denial):
        return denied(arguments, answer)
    told = _told(answer, at)
    say(arguments, told, _words(told))
    return DONE


def _told(found: PressPass | None, at: int) -> dict[str, object]:
    from bitten_apps.cli.store.plain_text import iso
    from bitten_domain.membership.press_pass import day_score, press_pass_state
    from bitten_domain.use_cases.membership.tier_at import DEFAULT_FIGURES

    state = press_pass_state(found, DEFAULT_FIGURES.press_pass, at)
    if found is None:
        return {"state": state.value}
    return {
        "state": state.value,
        "claimed_at": iso(found.claimed_at),
        "ends_at": iso(found.ends_at),
        "points_today": day_score(found, at),
        "reminders_sent": found.reminders_sent,
        "reminders": "on" if found.wants_reminders else "off",
    }


def _words(told: dict[str, object]) -> str:
    if len(told) == 1:
        return "you have had none: `bitten user pass claim`"
    return (
        f"press pass {told['state']}, claimed {told['claimed_at']}, ends {told['ends_at']}; "
        f"{told['points_today']} points today, reminders {told['reminders']} ({told['reminders_sent']} of 2 sent)"
    )
