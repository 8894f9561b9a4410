"""The challenges of a day: which are set, the same whoever asks and however often, and which are met."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from bitten_domain.events import ChallengeMet
from bitten_domain.progression.causes import cause_of_challenge
from bitten_domain.progression.challenges.conditions import DAY_CONDITIONS
from bitten_domain.progression.challenges.definition import DailyChallenge
from bitten_domain.progression.xp import award
from bitten_domain.vocabulary import XpKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bitten_domain.progression.challenges.conditions import DayFacts
    from bitten_domain.progression.challenges.definition import Challenge, ChallengeTheme
    from bitten_domain.progression.xp import Progress, XpEntry, XpPolicy
    from bitten_domain.values import UserId

__all__ = ["CHALLENGES_A_DAY", "challenge_met", "challenges_of", "meet_challenge"]

CHALLENGES_A_DAY = 3
"""How many are set for a day, each of another theme."""


def challenges_of(user_id: UserId, day: int, challenges: Iterable[Challenge]) -> tuple[DailyChallenge, ...]:
    """Choose a day's challenges: the first of each theme in an order the date and the person decide; no dice.

    Nothing somebody did enters the choice, so it cannot be steered.

    Args:
        user_id: whose.
        day: trading day, days since 1970-01-01.
        challenges: the catalogue, in any order.
    """

    def place(challenge: Challenge) -> bytes:
        return sha256(f"{user_id}|{day}|{challenge.code}".encode()).digest()

    chosen: dict[ChallengeTheme, Challenge] = {}
    for challenge in sorted(challenges, key=place):
        if len(chosen) == CHALLENGES_A_DAY:
            break
        chosen.setdefault(challenge.theme, challenge)
    return tuple(DailyChallenge(user_id, day, code) for code in sorted(one.code for one in chosen.values()))


def challenge_met(challenge: Challenge, facts: DayFacts) -> bool:
    """Say whether a challenge's condition holds."""
    return DAY_CONDITIONS[challenge.condition].holds(facts, challenge.figure)


def meet_challenge(
    challenge: Challenge, day: int, progress: Progress, today: Iterable[XpEntry], policy: XpPolicy, at: int
) -> tuple[ChallengeMet, XpEntry | None]:
    """Work out what a met challenge brings: its event, and its points where it has some.

    Args:
        challenge: which.
        day: trading day it was set for.
        progress: of whom.
        today: entries of that day so far.
        policy: the figures of the ledger.
        at: seconds since 1970 UTC.
    """
    cause = cause_of_challenge(day, challenge.code)
    entry = award(XpKind.CHALLENGE, cause, day, at, progress, today, policy, challenge.xp) if challenge.xp else None
    amount = 0 if entry is None else entry.amount
    return ChallengeMet(progress.user_id, challenge.code, day, amount, at), entry
