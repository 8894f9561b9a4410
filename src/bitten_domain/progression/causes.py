"""Causes: what an entry of the ledger is for, in words that are the same for the same thing and unlike any other's.

A person's ledger holds a cause once for ever, so what is told twice, late or by two processes is booked once.
"""

from __future__ import annotations

__all__ = [
    "cause_of_achievement",
    "cause_of_challenge",
    "cause_of_day",
    "cause_of_diary",
    "cause_of_lesson",
    "cause_of_prestige",
    "cause_of_purchase",
    "cause_of_quiz",
    "cause_of_week",
]


def cause_of_day(day: int) -> str:
    """Name an adherent market day, days since 1970-01-01."""
    return f"day:{day}"


def cause_of_week(week: int) -> str:
    """Name a week of adherent days, by `market_day.week_of`."""
    return f"week:{week}"


def cause_of_diary(day: int) -> str:
    """Name a trading day's diary; a second entry of a day is the same cause."""
    return f"diary:{day}"


def cause_of_lesson(course: str, lesson: str) -> str:
    """Name a lesson; its next version is the same cause."""
    return f"lesson:{course}/{lesson}"


def cause_of_quiz(quiz: str) -> str:
    """Name a quiz answered without a fault; a second time is the same cause."""
    return f"quiz:{quiz}"


def cause_of_achievement(code: str) -> str:
    """Name an achievement."""
    return f"achievement:{code}"


def cause_of_challenge(day: int, code: str) -> str:
    """Name a challenge of a trading day."""
    return f"challenge:{day}:{code}"


def cause_of_prestige(number: int) -> str:
    """Name the first, second, ... prestige."""
    return f"prestige:{number}"


def cause_of_purchase(code: str) -> str:
    """Name something bought in the shop; it is bought once."""
    return f"shop:{code}"
