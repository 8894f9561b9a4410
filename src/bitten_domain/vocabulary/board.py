"""Boards: what people may be ranked by, if they ask to be. None of it is a result or a volume."""

from bitten_domain.values.identity_enum import IdentityEnum

__all__ = ["Board"]


class Board(IdentityEnum):
    """ADHERENCE: market days kept to the rules. CALIBRATION: how well forecasts of chances came true."""

    ADHERENCE = "ADHERENCE"
    CALIBRATION = "CALIBRATION"
