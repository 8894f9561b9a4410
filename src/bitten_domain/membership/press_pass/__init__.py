"""Press pass: a free look for seven days on paper, ten a day, once in the life of a Telegram id."""

from bitten_domain.membership.press_pass.passes import (
    TELEGRAM_KEY_BYTES,
    DayScore,
    PressPass,
    PressPassDay,
    PressPassPolicy,
    PressPassState,
)

__all__ = ["TELEGRAM_KEY_BYTES", "DayScore", "PressPass", "PressPassDay", "PressPassPolicy", "PressPassState"]
