"""Press pass: a free look for seven days on paper, ten a day, once in the life of a Telegram id."""

from bitten_domain.membership.press_pass.day_scores import day_score, reset_day_scores, with_points
from bitten_domain.membership.press_pass.holding import (
    activate,
    claim,
    convert,
    holds,
    lent_tier,
    press_pass_state,
    revoke,
)
from bitten_domain.membership.press_pass.passes import (
    TELEGRAM_KEY_BYTES,
    DayScore,
    PressPass,
    PressPassDay,
    PressPassPolicy,
    PressPassState,
)
from bitten_domain.membership.press_pass.reminders import due_reminder, reminded, want_reminders

__all__ = [
    "TELEGRAM_KEY_BYTES",
    "DayScore",
    "PressPass",
    "PressPassDay",
    "PressPassPolicy",
    "PressPassState",
    "activate",
    "claim",
    "convert",
    "day_score",
    "due_reminder",
    "holds",
    "lent_tier",
    "press_pass_state",
    "reminded",
    "reset_day_scores",
    "revoke",
    "want_reminders",
    "with_points",
]
