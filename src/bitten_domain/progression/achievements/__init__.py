"""Achievements: earned once, by named conditions over recorded facts."""

from bitten_domain.progression.achievements.conditions import CONDITIONS, Condition
from bitten_domain.progression.achievements.definition import Achievement, AchievementGroup, EarnedAchievement
from bitten_domain.progression.achievements.earning import EarnedNow, count_of, earn_achievements, is_met
from bitten_domain.progression.achievements.facts import Facts, Learned

__all__ = [
    "CONDITIONS",
    "Achievement",
    "AchievementGroup",
    "Condition",
    "EarnedAchievement",
    "EarnedNow",
    "Facts",
    "Learned",
    "count_of",
    "earn_achievements",
    "is_met",
]
