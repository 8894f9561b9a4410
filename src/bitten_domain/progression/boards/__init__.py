"""Boards: adherence and calibration, for those who ask to be ranked."""

from bitten_domain.progression.boards.members import BoardMember, Forecast

__all__ = ["BoardMember", "Forecast"]
