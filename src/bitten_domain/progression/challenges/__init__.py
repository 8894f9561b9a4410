"""Challenges of the day: small things to practise, chosen by the date and the person, never by lot."""

from bitten_domain.progression.challenges.choice import CHALLENGES_A_DAY, challenge_met, challenges_of, meet_challenge
from bitten_domain.progression.challenges.conditions import DAY_CONDITIONS, DayCondition, DayFacts
from bitten_domain.progression.challenges.definition import Challenge, ChallengeTheme, DailyChallenge

__all__ = [
    "CHALLENGES_A_DAY",
    "DAY_CONDITIONS",
    "Challenge",
    "ChallengeTheme",
    "DailyChallenge",
    "DayCondition",
    "DayFacts",
    "challenge_met",
    "challenges_of",
    "meet_challenge",
]
