"""Facts: what decisions read of people that the desk itself did not write: rank, lock, limits, and what gives a tier.

They change by commands and jobs that record nothing. So each transaction that read some notes which, by a digest of
their text. What says who a person is, is left out: nothing is decided by it, and a recording is not erased.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import NamedTuple

from bitten_domain.membership import Person, Profile
from bitten_domain.membership.press_pass import TELEGRAM_KEY_BYTES, PressPass
from bitten_domain.membership.subscription import Subscription
from bitten_domain.record.inputs.codec import read_as, written

__all__ = [
    "fact_of_pass",
    "fact_of_person",
    "fact_of_subscriptions",
    "pass_from",
    "pass_named",
    "person_from",
    "person_named",
    "subscriptions_from",
    "subscriptions_named",
]

_ENCODE = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), sort_keys=True, allow_nan=False).encode


class _PassSeen(NamedTuple):
    """Of a press pass what its tier is worked out from."""

    claimed_at: int
    ends_at: int
    activated_at: int | None
    converted_at: int | None
    revoked_at: int | None


def person_named(user_id: str) -> str:
    """Name the fact of who somebody is."""
    return f"person:{user_id}"


def pass_named(user_id: str) -> str:
    """Name the fact of somebody's press pass."""
    return f"press_pass:{user_id}"


def subscriptions_named(user_id: str) -> str:
    """Name the fact of somebody's subscriptions."""
    return f"subscriptions:{user_id}"


def fact_of_person(person: Person | None) -> str:
    """Write what decisions see of a person; None where there is none."""
    return _ENCODE(None if person is None else written(replace(person, telegram_id=None, profile=Profile())))


def person_from(text: str) -> Person | None:
    """Read what `fact_of_person` wrote.

    Raises:
        ValueError: it is none.
    """
    told = json.loads(text)
    person = None if told is None else read_as(Person, told)
    if person is not None and not isinstance(person, Person):
        raise ValueError("it is no person")
    return person


def fact_of_pass(press_pass: PressPass | None) -> str:
    """Write what a tier is worked out from; None where somebody has no pass."""
    if press_pass is None:
        return _ENCODE(None)
    one = press_pass
    seen = _PassSeen(one.claimed_at, one.ends_at, one.activated_at, one.converted_at, one.revoked_at)
    return _ENCODE(written(seen))


def pass_from(text: str) -> PressPass | None:
    """Read what `fact_of_pass` wrote, as a pass of nobody.

    Raises:
        ValueError: it is none.
    """
    told = json.loads(text)
    seen = None if told is None else read_as(_PassSeen, told)
    if seen is None:
        return None
    if not isinstance(seen, _PassSeen):
        raise ValueError("it is no press pass")
    return PressPass(
        bytes(TELEGRAM_KEY_BYTES), None, seen.claimed_at, seen.ends_at, seen.activated_at, seen.converted_at,
        seen.revoked_at,
    )  # fmt: skip


def fact_of_subscriptions(subscriptions: tuple[Subscription, ...]) -> str:
    """Write what a tier is worked out from, without what leads to payments."""
    return _ENCODE(written(tuple(_numbered(place, one) for place, one in enumerate(subscriptions))))


def _numbered(place: int, one: Subscription) -> Subscription:
    periods = tuple(replace(period, payment_ref=period.payment_ref and "paid") for period in one.periods)
    # The place keeps the order that a gateway's reference gave.
    return replace(one, gateway="", subscription_ref=f"{place:06}", periods=periods)


def subscriptions_from(text: str) -> tuple[Subscription, ...]:
    """Read what `fact_of_subscriptions` wrote.

    Raises:
        ValueError: it is none.
    """
    told = json.loads(text)
    if not isinstance(told, list):
        raise ValueError("they are no subscriptions")
    read = tuple(read_as(Subscription, one) for one in told)
    return tuple(one for one in read if isinstance(one, Subscription))
