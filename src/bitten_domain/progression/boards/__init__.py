"""Boards: adherence and calibration, for those who ask to be ranked."""

from bitten_domain.progression.boards.calibration import LEAST_FORECASTS, calibration_of
from bitten_domain.progression.boards.members import BoardMember, Forecast
from bitten_domain.progression.boards.ranking import ADHERENCE_DAYS, BoardFigure, BoardRow, adherence_of, rank_board

__all__ = [
    "ADHERENCE_DAYS",
    "LEAST_FORECASTS",
    "BoardFigure",
    "BoardMember",
    "BoardRow",
    "Forecast",
    "adherence_of",
    "calibration_of",
    "rank_board",
]
