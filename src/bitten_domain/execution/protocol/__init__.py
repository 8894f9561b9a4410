"""The fire protocol's records: intents with their attempts, the risk they reserve, and the errand to the broker."""

from bitten_domain.execution.protocol.answers import (
    Answer,
    AnswerKind,
    BrokerQuote,
    BrokerSnapshot,
    Evidence,
    Trace,
)
from bitten_domain.execution.protocol.dispatch import Dispatch
from bitten_domain.execution.protocol.intent import (
    Attempt,
    CloseIntent,
    Errand,
    FireIntent,
    Intent,
    LevelsIntent,
    next_attempt,
)
from bitten_domain.execution.protocol.reservation import Reservation

__all__ = [
    "Answer",
    "AnswerKind",
    "Attempt",
    "BrokerQuote",
    "BrokerSnapshot",
    "CloseIntent",
    "Dispatch",
    "Errand",
    "Evidence",
    "FireIntent",
    "Intent",
    "LevelsIntent",
    "Reservation",
    "Trace",
    "next_attempt",
]
