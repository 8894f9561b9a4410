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
from bitten_domain.membership.privacy.email_address import email_address, lookup_form
from bitten_domain.membership.privacy.exports import ask_export, fetched, ready
from bitten_domain.membership.privacy.records import (
    Consent,
    ConsentPurpose,
    DeletionRequest,
    ErasureEntry,
    ExportRequest,
    PersonKey,
    Place,
    SealedEmail,
    SealedText,
)
from bitten_domain.membership.privacy.retention import RETENTION, OnErasure, RetentionRule, RowClock, due_before
from bitten_domain.membership.privacy.telegram_updates import names_telegram_id, speaks_in

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
    "RowClock",
    "SealedEmail",
    "SealedText",
    "ask_deletion",
    "ask_export",
    "ask_live",
    "carried_out",
    "confirm_deletion",
    "deletion_state",
    "due_before",
    "email_address",
    "erased",
    "fetched",
    "give",
    "has_consent",
    "lapsed",
    "live_consent_holds",
    "lookup_form",
    "names_telegram_id",
    "ready",
    "speaks_in",
    "undo_deletion",
]
