"""Progression: what discipline and learning earn. It knows nothing of results, sizes or volume."""

from bitten_domain.progression.tally import Tally
from bitten_domain.progression.titles import TITLE_FROM, title_of
from bitten_domain.progression.xp import Progress, XpEntry, XpPolicy

__all__ = ["TITLE_FROM", "Progress", "Tally", "XpEntry", "XpPolicy", "title_of"]
