"""Privacy: consents, export, deletion, retention."""

from bitten_domain.membership.privacy.consents import (
    LIVE_PHRASE,
    LiveFacts,
    LivePolicy,
    ask_live,
    give,
    has_consent,
    live_consent_holds,
)
from bitten_domain.membership.privacy.deletion import (
    DeletionState,
    ask_deletion,
    carried_out,
    confirm_deletion,
    deletion_state,
    erased,
    lapsed,
    undo_deletion,
)
from bitten_domain.membership.privacy.exports import ask_export, fetched, ready
from bitten_domain.membership.privacy.records import (
    Consent,
    ConsentPurpose,
    DeletionRequest,
    ErasureEntry,
    ExportRequest,
    PersonKey,
    Place,
    SealedText,
)
from bitten_domain.membership.privacy.retention import RETENTION, OnErasure, RetentionRule, due_before

__all__ = [
    "LIVE_PHRASE",
    "RETENTION",
    "Consent",
    "ConsentPurpose",
    "DeletionRequest",
    "DeletionState",
    "ErasureEntry",
    "ExportRequest",
    "LiveFacts",
    "LivePolicy",
    "OnErasure",
    "PersonKey",
    "Place",
    "RetentionRule",
    "SealedText",
    "ask_deletion",
    "ask_export",
    "ask_live",
    "carried_out",
    "confirm_deletion",
    "deletion_state",
    "due_before",
    "erased",
    "fetched",
    "give",
    "has_consent",
    "lapsed",
    "live_consent_holds",
    "ready",
    "undo_deletion",
]
