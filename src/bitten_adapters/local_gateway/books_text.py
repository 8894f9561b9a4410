"""The books of the local gateway as text, and back."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bitten_adapters.local_gateway.contracts import Contract, GatewayBooks, OpenCheckout, Taken
from bitten_domain.errors import BittenError, InvalidInput
from bitten_domain.membership.subscription import Plan
from bitten_domain.ports.membership.payments import Checkout, CheckoutOrder
from bitten_domain.values import Money, UserId
from bitten_domain.vocabulary import Tier

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["books_of", "text_of"]

_FORM = 1
_TIERS = {tier.value: tier for tier in Tier}


def text_of(books: GatewayBooks) -> str:
    """Write the books as JSON."""
    told = {
        "form": _FORM,
        "checkouts": [_checkout_told(one) for one in books.checkouts.values()],
        "contracts": [_contract_told(one) for one in books.contracts.values()],
        "taken": [
            [one.ref, one.contract, one.plan_id, *_money(one.amount), one.is_back] for one in books.taken.values()
        ],
        "wishes": [[key, *wish] for key, wish in books.wishes.items()],
        "sent": [[at, body.decode()] for at, body in books.sent],
        "waiting": books.waiting,
    }
    return json.dumps(told, indent=1)


def books_of(text: str) -> GatewayBooks:
    """Read the books that `text_of` wrote.

    Raises:
        InvalidInput: it is not such a text, or of another form.
    """
    try:
        told = json.loads(text)
        if told["form"] != _FORM:
            raise InvalidInput(
                f"the gateway's books are of form {told['form']}", remedy="use the version that wrote them"
            )
        return GatewayBooks(
            {one.checkout.checkout_ref: one for one in map(_checkout, told["checkouts"])},
            {one.ref: one for one in map(_contract, told["contracts"])},
            {one.ref: one for one in map(_taken, told["taken"])},
            {key: (words, ref) for key, words, ref in told["wishes"]},
            [(at, body.encode()) for at, body in told["sent"]],
            told["waiting"],
        )
    except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError, BittenError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput("these are not the books of a local gateway", remedy="restore them from a backup") from error


def _money(amount: Money) -> tuple[str, str]:
    return str(amount.amount), amount.currency


def _plan_told(plan: Plan | None) -> list[object] | None:
    return None if plan is None else [plan.plan_id, plan.tier.value, *_money(plan.price), plan.is_offered]


def _plan(told: list[Any]) -> Plan:
    name, tier, amount, currency, is_offered = told
    return Plan(name, _TIERS[tier], Money(Decimal(amount), currency), is_offered)


def _checkout_told(one: OpenCheckout) -> dict[str, object]:
    checkout, order = one.checkout, one.order
    return {
        "ref": checkout.checkout_ref,
        "url": checkout.url,
        "expires_at": checkout.expires_at,
        "key": order.key,
        "user": order.user_id,
        "plan": _plan_told(order.plan),
        "trial_days": order.trial_days,
        "subscription": one.subscription_ref,
    }


def _checkout(told: Mapping[str, Any]) -> OpenCheckout:
    checkout = Checkout(told["ref"], told["url"], told["expires_at"], is_test=True)
    order = CheckoutOrder(told["key"], UserId(told["user"]), _plan(told["plan"]), told["trial_days"])
    return OpenCheckout(checkout, order, told["subscription"])


def _contract_told(one: Contract) -> dict[str, object]:
    return {
        "ref": one.ref,
        "user": one.user_id,
        "plan": _plan_told(one.plan),
        "start": one.start,
        "end": one.end,
        "is_paid": one.is_paid,
        "renews": one.renews,
        "next_plan": _plan_told(one.next_plan),
        "failures": one.failures,
        "is_over": one.is_over,
        "numbered": one.numbered,
    }


def _contract(told: Mapping[str, Any]) -> Contract:
    return Contract(
        told["ref"],
        UserId(told["user"]),
        _plan(told["plan"]),
        told["start"],
        told["end"],
        told["is_paid"],
        told["renews"],
        None if told["next_plan"] is None else _plan(told["next_plan"]),
        told["failures"],
        told["is_over"],
        told["numbered"],
    )


def _taken(told: list[Any]) -> Taken:
    ref, contract, plan_id, amount, currency, is_back = told
    return Taken(ref, contract, plan_id, Money(Decimal(amount), currency), is_back)
