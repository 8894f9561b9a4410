"""Data quality: raw rows cleaned into bars, and the account of what was kept, left out and missing."""

from bitten_domain.market.data_quality.account import (
    SAMPLES,
    DataQuality,
    FaultCount,
    Gap,
    RowFault,
    find_gaps,
    is_holiday,
    largest_move,
    widest,
)
from bitten_domain.market.data_quality.cleaning import (
    CleanBars,
    RawBars,
    clean,
    common_step,
    is_plausible_time,
    merge_faults,
)

__all__ = [
    "SAMPLES",
    "CleanBars",
    "DataQuality",
    "FaultCount",
    "Gap",
    "RawBars",
    "RowFault",
    "clean",
    "common_step",
    "find_gaps",
    "is_holiday",
    "is_plausible_time",
    "largest_move",
    "merge_faults",
    "widest",
]
