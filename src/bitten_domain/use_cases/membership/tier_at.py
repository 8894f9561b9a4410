"""The tier somebody has at a moment, worked out from what is kept whenever it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bitten_domain.membership.press_pass import PressPassPolicy
from bitten_domain.membership.subscription import SubscriptionPolicy, tier_now

if TYPE_CHECKING:
    from bitten_domain.membership import Person
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.vocabulary import Tier

__all__ = ["DEFAULT_FIGURES", "MemberFigures", "tier_at"]


@dataclass(frozen=True, slots=True)
class MemberFigures:
    """Figures of membership.

    Args:
        press_pass: of press passes.
        subscription: of subscriptions.
    """

    press_pass: PressPassPolicy = field(default_factory=PressPassPolicy)
    subscription: SubscriptionPolicy = field(default_factory=SubscriptionPolicy)


DEFAULT_FIGURES = MemberFigures()
"""The figures of the rules."""


def tier_at(store: Repositories, person: Person, now: int, figures: MemberFigures = DEFAULT_FIGURES) -> Tier:
    """Work out somebody's tier: the highest of what was granted, is paid, is tried or is lent by a press pass.

    Nothing is held: what changes it meanwhile changes the next answer.

    Args:
        store: of a transaction, reading or writing.
        person: whose; their own tier is what was granted.
        now: seconds since 1970 UTC.
        figures: the figures.
    """
    return tier_now(
        person.tier,
        store.subscriptions.of(person.user_id),
        store.press_passes.of(person.user_id),
        policy=figures.subscription,
        pass_policy=figures.press_pass,
        now=now,
    )
