"""The fire protocol's records: intents with their attempts, the risk they reserve, and the errand to the broker."""

from bitten_domain.execution.protocol.dispatch import Dispatch
from bitten_domain.execution.protocol.intent import (
    Attempt,
    CloseIntent,
    FireIntent,
    Intent,
    LevelsIntent,
    next_attempt,
)
from bitten_domain.execution.protocol.reservation import Reservation

__all__ = ["Attempt", "CloseIntent", "Dispatch", "FireIntent", "Intent", "LevelsIntent", "Reservation", "next_attempt"]
