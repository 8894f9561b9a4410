"""``bitten user plan`` and ``bitten user pay``: subscriptions, at the local gateway. TEST: no real money moves."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE, PROBLEMS
from bitten_apps.cli.people.for_person import add_user_option, denied, say, with_store
from bitten_apps.cli.people.members.offer_part import add_offer

if TYPE_CHECKING:
    import argparse

    from bitten_apps.container import LocalGateway
    from bitten_apps.store import Store
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import UserId

__all__ = ["add_plan_parts"]

_LABEL = "TEST: no real money"
_DESCRIPTION = """\
Membership by the month, at the local gateway. TEST: no real money moves. What is asked for holds once the gateway has
told it; `bitten user pay` is its customer and its bank.
"""


def add_plan_parts(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``plan`` with what can be done about one, and ``pay``; each sets ``run``."""
    parser = parts.add_parser("plan", help=f"subscribe, change, cancel ({_LABEL})", description=_DESCRIPTION)
    whats = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    for name, text, run in (
        ("show", "the plans, what you have, and what was paid", _show),
        ("subscribe", "open a place to pay at, with a trial for whoever has one left", _subscribe),
        ("change", "another plan: a higher one at once, a lower one with the next period", _change),
        ("cancel", "let it end with its period", _cancel),
        ("resume", "let it go on after all", _resume),
        ("refund", "have the first payment back, for seven days, with an upgrade paid in them", _refund),
    ):
        what = whats.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}. {_LABEL}.")
        if name in ("subscribe", "change"):
            what.add_argument("plan", metavar="PLAN", help="such as fang_monthly; `bitten user plan show` lists them")
        add_user_option(what)
        what.set_defaults(run=run)
    add_offer(whats)
    pay = parts.add_parser(
        "pay",
        help=f"be the customer and the bank of the local gateway ({_LABEL})",
        description="With the id of a checkout: pay there, or begin its trial. With --due: collect the renewals that "
        f"are due, which the bank grants, or refuses with --refused. {_LABEL}.",
    )
    pay.add_argument("checkout", nargs="?", metavar="CHECKOUT", help="as `bitten user plan subscribe` gave it")
    pay.add_argument("--due", action="store_true", help="collect the renewals that are due")
    pay.add_argument("--refused", action="store_true", help="with --due: the bank refuses them")
    add_user_option(pay)
    pay.set_defaults(run=_pay)


def _gateway(at: int) -> LocalGateway:
    from bitten_apps.container import Container

    # The gateway lives by the desk's time, as everything in the store does.
    return Container.local_gateway(Container.replay_clock(at))


def _key() -> str:
    from bitten_apps.container import Container

    name: str = Container.identity().new_id()
    return name


async def _heard(store: Store, gateway: LocalGateway, at: int) -> bool:
    """Take what the gateway sends, shuffled and repeated as gateways do; say whether all of it could be used."""
    from bitten_domain.use_cases.membership.collect_events import CollectEvents
    from bitten_domain.use_cases.membership.gateway_events import FoldWaiting

    collect = CollectEvents(store, gateway.payments, gateway.reader, gateway.name)
    collected = await collect.take(gateway.payments.deliver(), at)
    waits = await FoldWaiting(store)(at)
    for problem in collected.problems or waits:
        print(f"bitten user: the gateway told what cannot be used: {problem}", file=sys.stderr)
    return not (collected.problems or waits)


async def _shown(arguments: argparse.Namespace, store: Store, user_id: UserId, at: int, *, is_well: bool) -> int:
    told = await store.read(lambda r: _told(r, user_id, at))
    say(arguments, {"label": _LABEL, **told}, _words(told))
    return DONE if is_well else PROBLEMS


def _show(arguments: argparse.Namespace) -> int:
    async def shown(store: Store, user_id: UserId, at: int) -> int:
        from bitten_apps.cli.store.plain_text import printable

        told, plans = await store.read(lambda r: (_told(r, user_id, at), _plans_told(r)))
        rows = [printable(f"  {plan['plan']:<20} {plan['tier']:<10} {plan['price']} a month") for plan in plans]
        say(arguments, {"label": _LABEL, **told, "plans": plans}, "\n".join([_words(told), *rows]))
        return DONE

    return with_store(arguments, shown)


def _subscribe(arguments: argparse.Namespace) -> int:
    async def begun(store: Store, user_id: UserId, at: int) -> int:
        from bitten_apps.cli.store.plain_text import iso
        from bitten_apps.container import Container
        from bitten_domain.membership import Denial
        from bitten_domain.use_cases.membership.subscribe import Subscribe, SubscribeCommand

        subscribe = Subscribe(store, _gateway(at).payments, Container.blind_index())
        answer = await subscribe(SubscribeCommand(_key(), user_id, arguments.plan), at)
        if isinstance(answer, Denial):
            return denied(arguments, answer)
        checkout, trial_days = answer
        told = {
            "label": _LABEL,
            "checkout": checkout.checkout_ref,
            "url": checkout.url,
            "expires_at": iso(checkout.expires_at),
            "trial_days": trial_days,
        }
        first = f"{trial_days} days without payment first" if trial_days else "no trial is left, it is paid at once"
        words = f"{_LABEL}. Pay until {told['expires_at']} with `bitten user pay {checkout.checkout_ref}`; {first}"
        say(arguments, told, words)
        return DONE

    return with_store(arguments, begun)


def _change(arguments: argparse.Namespace) -> int:
    async def changed(store: Store, user_id: UserId, at: int) -> int:
        from bitten_domain.use_cases.membership.change_subscription import ChangePlan

        gateway = _gateway(at)
        answer = await ChangePlan(store, gateway.payments, gateway.name)(_key(), user_id, arguments.plan, at)
        return await _after(arguments, store, gateway, user_id, at, answer)

    return with_store(arguments, changed)


def _cancel(arguments: argparse.Namespace) -> int:
    return _renewal(arguments, renews=False)


def _resume(arguments: argparse.Namespace) -> int:
    return _renewal(arguments, renews=True)


def _renewal(arguments: argparse.Namespace, *, renews: bool) -> int:
    async def chosen(store: Store, user_id: UserId, at: int) -> int:
        from bitten_domain.use_cases.membership.change_subscription import SetRenewal

        gateway = _gateway(at)
        answer = await SetRenewal(store, gateway.payments, gateway.name)(_key(), user_id, at, renews=renews)
        return await _after(arguments, store, gateway, user_id, at, answer)

    return with_store(arguments, chosen)


def _refund(arguments: argparse.Namespace) -> int:
    async def refunded(store: Store, user_id: UserId, at: int) -> int:
        from bitten_apps.container import Container
        from bitten_domain.use_cases.membership.change_subscription import AskRefund

        gateway = _gateway(at)
        answer = await AskRefund(store, gateway.payments, gateway.name, Container.blind_index())(user_id, at)
        return await _after(arguments, store, gateway, user_id, at, answer)

    return with_store(arguments, refunded)


def _pay(arguments: argparse.Namespace) -> int:
    from bitten_domain.errors import InvalidInput

    if arguments.due == (arguments.checkout is not None) or (arguments.refused and not arguments.due):
        raise InvalidInput(
            "what is paid is not clear", where="pay", remedy="name a checkout, or give --due, with or without --refused"
        )

    async def paid(store: Store, user_id: UserId, at: int) -> int:
        from bitten_domain.use_cases.membership.surplus import GiveBackSurplus

        gateway = _gateway(at)
        if arguments.due:
            gateway.payments.collect(succeeds=not arguments.refused)
        else:
            gateway.payments.pay(arguments.checkout)
        is_well = await _heard(store, gateway, at)
        given = await GiveBackSurplus(store, gateway.payments, gateway.name)(at)
        for problem in given.problems:
            print(f"bitten user: {problem}", file=sys.stderr)
        is_well = is_well and not given.problems
        if given.asked:
            is_well = await _heard(store, gateway, at) and is_well
        return await _shown(arguments, store, user_id, at, is_well=is_well)

    return with_store(arguments, paid)


async def _after(
    arguments: argparse.Namespace, store: Store, gateway: LocalGateway, user_id: UserId, at: int, answer: object
) -> int:
    from bitten_domain.membership import Denial

    if isinstance(answer, Denial):
        return denied(arguments, answer)
    return await _shown(arguments, store, user_id, at, is_well=await _heard(store, gateway, at))


def _told(r: Repositories, user_id: UserId, at: int) -> dict[str, object]:
    from bitten_apps.cli.store.plain_text import iso
    from bitten_domain.membership.subscription import subscription_state, with_current
    from bitten_domain.use_cases.access.standing import known_person
    from bitten_domain.use_cases.membership.change_subscription import plan_at
    from bitten_domain.use_cases.membership.tier_at import DEFAULT_FIGURES, tier_at

    policy = DEFAULT_FIGURES.subscription
    found = with_current(r.subscriptions.of(user_id), policy, at)
    return {
        "user": user_id,
        "tier": tier_at(r, known_person(r, user_id), at).value,
        "subscriptions": [
            {
                "subscription": one.subscription_ref,
                "state": subscription_state(one, policy, at).value,
                "is_current": one.is_current,
                "plan": plan_at(one, at) if one.periods else None,
                "ends_at": iso(max(period.end for period in one.periods)) if one.periods else None,
                "renews": one.cancelled_at is None,
                "next_plan": one.next_plan_id or None,
            }
            for one in found
        ],
        "payments": [
            {
                "at": iso(one.paid_at),
                "plan": one.plan_id,
                "amount": f"{one.amount.amount} {one.amount.currency}",
                "refunded": f"{one.refunded.amount} {one.refunded.currency}",
            }
            for one in r.payments.of(user_id)
        ],
    }


def _plans_told(r: Repositories) -> list[dict[str, str]]:
    from bitten_domain.use_cases.membership.plan_list import plans_in

    offered = [plan for plan in plans_in(r).values() if plan.is_offered]
    return [
        {"plan": one.plan_id, "tier": one.tier.value, "price": f"{one.price.amount} {one.price.currency}"}
        for one in sorted(offered, key=lambda plan: plan.price.amount)
    ]


def _words(told: dict[str, object]) -> str:
    from bitten_apps.cli.store.plain_text import printable

    lines = [f"{_LABEL}. {told['user']}: tier {told['tier']}"]
    subscriptions, payments = told["subscriptions"], told["payments"]
    for one in subscriptions if isinstance(subscriptions, list) else ():
        goes = "renews" if one["next_plan"] is None else f"then {one['next_plan']}"
        goes = goes if one["renews"] else "ends then"
        lines.append(f"  {one['plan']}: {one['state']}, until {one['ends_at']}, {goes}")
    lines += [
        f"  paid {one['amount']} at {one['at']} for {one['plan']}, {one['refunded']} given back"
        for one in (payments if isinstance(payments, list) else ())
    ]
    return "\n".join(map(printable, lines))
