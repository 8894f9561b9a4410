"""Privacy: consents, export, deletion, retention."""

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

__all__ = [
    "Consent",
    "ConsentPurpose",
    "DeletionRequest",
    "ErasureEntry",
    "ExportRequest",
    "PersonKey",
    "Place",
    "SealedText",
]
