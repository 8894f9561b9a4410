"""``bitten user plan offer``: an ADMIN adds a plan, prices one anew, or withdraws one."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE
from bitten_apps.cli.people.for_person import denied, say, with_open_store

if TYPE_CHECKING:
    import argparse

    from bitten_apps.store import Store

__all__ = ["add_offer"]

_TIERS = ("NIBBLER", "FANG", "COMMANDER", "APEX")
_DEAREST = 10_000


def add_offer(whats: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``offer``; it sets ``run``."""
    offer = whats.add_parser(
        "offer",
        help="add a plan, or price one anew, as an ADMIN",
        description="Add a plan, price one anew, or offer it no longer. Who has a plan keeps it at its tier.",
    )
    offer.add_argument("plan", metavar="PLAN", help="its short name, such as fang_monthly")
    offer.add_argument("tier", choices=_TIERS, type=str.upper, metavar="TIER", help=", ".join(_TIERS))
    offer.add_argument("price", type=_price, metavar="USD", help="a month, in dollars and cents")
    offer.add_argument("--withdrawn", action="store_true", help="keep it for those who have it, and offer it no longer")
    offer.add_argument("--as", dest="actor", required=True, metavar="ADMIN_ID", help="the ADMIN who decides")
    offer.add_argument("--json", action="store_true", help="print one JSON document")
    offer.set_defaults(run=_offer)


def _price(text: str) -> Decimal:
    from argparse import ArgumentTypeError

    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ArgumentTypeError(f"{text!r} is not an amount; write it like 89.00") from None
    if not amount.is_finite() or not 0 < amount <= _DEAREST or amount != round(amount, 2):
        raise ArgumentTypeError(f"{text} is not within 0.01 and {_DEAREST:,} USD, in cents")
    return round(amount, 2)


def _offer(arguments: argparse.Namespace) -> int:
    async def offered(store: Store, at: int) -> int:
        from bitten_domain.membership import Denial
        from bitten_domain.membership.subscription import Plan
        from bitten_domain.use_cases.membership.gateway_events import FoldWaiting
        from bitten_domain.use_cases.membership.offer_plan import OfferPlan
        from bitten_domain.values import Money, UserId
        from bitten_domain.vocabulary import Tier

        wanted = Plan(
            arguments.plan, Tier(arguments.tier), Money(arguments.price, "USD"), is_offered=not arguments.withdrawn
        )
        answer = await OfferPlan(store)(wanted, UserId(arguments.actor), at)
        if isinstance(answer, Denial):
            return denied(arguments, answer)
        # What waited for this plan need wait no longer.
        waits = await FoldWaiting(store)(at)
        told = {"plan": wanted.plan_id, "tier": wanted.tier.value, "price": str(wanted.price), "waiting": list(waits)}
        state = "no longer offered" if arguments.withdrawn else "offered"
        say(arguments, told, f"{wanted.plan_id} is {state}: {wanted.tier.value}, {wanted.price} a month")
        return DONE

    return with_open_store(offered)
