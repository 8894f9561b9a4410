"""Score band: a label for a score, with no claim about outcome."""

from enum import Enum

__all__ = ["Band", "band_of"]


class Band(Enum):
    """Labels of emitted scores."""

    PRECISION_STRIKE = "PRECISION STRIKE"
    SHARPSHOOTER = "SHARPSHOOTER"
    STANDARD = "STANDARD"


def band_of(score: float) -> Band | None:
    """Label a score: 90 and above, 80 and above, 70 and above; None below 70."""
    if score >= 90:
        return Band.PRECISION_STRIKE
    if score >= 80:
        return Band.SHARPSHOOTER
    return Band.STANDARD if score >= 70 else None
