"""``bitten user callsign | limits | mode``: what somebody chooses for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE
from bitten_apps.cli.people.for_person import add_user_option, denied, machine_time, say, with_store

if TYPE_CHECKING:
    import argparse
    from decimal import Decimal

    from bitten_apps.store import Store
    from bitten_domain.membership import Denial
    from bitten_domain.risk.policy import LimitChoice, UserLimits
    from bitten_domain.values import UserId

__all__ = ["register"]

_MODES = ("bit", "commander", "tactical", "stealth")


def register(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the parts; each sets ``run``: parsed arguments in, exit code out."""
    callsign = parts.add_parser(
        "callsign", help="choose the name others see", description="3 to 20 letters, digits or underscores."
    )
    callsign.add_argument("name", nargs="?", metavar="NAME", help="the wanted one; without it language or zone change")
    callsign.add_argument("--language", metavar="XX", help="two letters")
    callsign.add_argument("--zone", metavar="ZONE", help="an IANA time zone, such as Europe/Berlin")
    limits = parts.add_parser(
        "limits",
        help="what you allow yourself; lower at once, higher a day later",
        description="Without a figure: shows them. A figure as it is counts as chosen by yourself.",
    )
    limits.add_argument("--risk", metavar="PERCENT", help="risk of a trade, 0.1 to 2 percent")
    limits.add_argument("--daily-loss", metavar="PERCENT", help="loss of a trading day, 0.5 to 6 percent")
    limits.add_argument("--positions", type=int, metavar="N", help="open at once, 1 to 10")
    mode = parts.add_parser(
        "mode",
        help="choose the system mode; a more guarded one always",
        description="bit, commander, tactical, stealth: how much of the firing is left to the machine.",
    )
    mode.add_argument("mode", choices=_MODES)
    for part, run in ((callsign, _callsign), (limits, _limits), (mode, _mode)):
        add_user_option(part)
        part.set_defaults(run=run)


def _callsign(arguments: argparse.Namespace) -> int:
    async def changed(store: Store, user_id: UserId, at: int) -> int:
        from bitten_apps.cli.store.plain_text import printable
        from bitten_apps.container import Container
        from bitten_domain.membership import Denial
        from bitten_domain.use_cases.choices.profile import ChangeProfile

        change = ChangeProfile(store, Container.zones())
        profile = await change(user_id, at, callsign=arguments.name, language=arguments.language, zone=arguments.zone)
        if isinstance(profile, Denial):
            return denied(arguments, profile)
        told = {"callsign": profile.callsign, "language": profile.language, "zone": profile.zone}
        words = f"callsign {printable(profile.callsign) or 'none'}, language {profile.language}, zone {profile.zone}"
        say(arguments, told, words)
        return DONE

    return with_store(arguments, changed)


def _limits(arguments: argparse.Namespace) -> int:
    wanted = {
        "risk_percent": _percent("--risk", arguments.risk),
        "daily_loss_percent": _percent("--daily-loss", arguments.daily_loss),
    }

    async def chosen(store: Store, user_id: UserId, at: int) -> int:
        from bitten_domain.membership import Denial
        from bitten_domain.risk.policy import LimitChoice, RiskPolicy, UserLimits
        from bitten_domain.use_cases.choices.limits import ApplyRaise, ChooseLimits

        # A raise waits by the machine's clock; the desk's may be a recording's, which passes in seconds.
        machine_at = machine_time()
        choice: LimitChoice | Denial
        if arguments.positions is None and all(figure is None for figure in wanted.values()):
            await ApplyRaise(store)(user_id, at, machine_at)
            person = await store.read(lambda repositories: repositories.people.get(user_id))
            choice = LimitChoice(UserLimits()) if person is None else person.limits
        else:
            choose = ChooseLimits(store, RiskPolicy().behaviour.raise_wait_seconds)
            choice = await choose(user_id, at, machine_at, **wanted, max_positions=arguments.positions)
        if isinstance(choice, Denial):
            return denied(arguments, choice)
        _tell_limits(arguments, choice)
        return DONE

    return with_store(arguments, chosen)


def _percent(option: str, text: str | None) -> Decimal | None:
    from decimal import Decimal, InvalidOperation

    from bitten_domain.errors import InvalidInput

    if text is None:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise InvalidInput(f"{text!r} is no number", where=option, remedy="such as 0.5") from None


def _tell_limits(arguments: argparse.Namespace, choice: LimitChoice) -> None:
    from bitten_apps.cli.store.plain_text import iso, utc

    in_force, waiting = choice.current, choice.raised
    told = {
        "in_force": _figures(in_force),
        "raise": None if waiting is None else {**_figures(waiting), "from": iso(choice.raise_at)},
        "chosen_by_yourself": choice.chosen_at is not None,
    }
    words = f"in force: {_in_words(in_force)}"
    if waiting is not None:
        words += f"\nfrom {utc(choice.raise_at)} UTC: {_in_words(waiting)}"
    say(arguments, told, words)


def _figures(limits: UserLimits) -> dict[str, object]:
    return {
        "risk_percent": str(limits.risk_percent),
        "daily_loss_percent": str(limits.daily_loss_percent),
        "max_positions": limits.max_positions,
    }


def _in_words(limits: UserLimits) -> str:
    return (
        f"{limits.risk_percent} % a trade, {limits.daily_loss_percent} % a day, {limits.max_positions} positions; "
        "the tier and the balance may allow less"
    )


def _mode(arguments: argparse.Namespace) -> int:
    async def chosen(store: Store, user_id: UserId, at: int) -> int:
        from bitten_domain.membership import Denial
        from bitten_domain.use_cases.choices.mode import ChooseMode
        from bitten_domain.vocabulary import SystemMode

        mode = await ChooseMode(store)(user_id, SystemMode[arguments.mode.upper()], at)
        if isinstance(mode, Denial):
            return denied(arguments, mode)
        say(arguments, {"mode": mode.value}, f"mode {mode.value}, for new orders from now on")
        return DONE

    return with_store(arguments, chosen)
