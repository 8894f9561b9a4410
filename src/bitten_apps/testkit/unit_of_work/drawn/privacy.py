"""Any wish about one's data, any entry of the list of those erased, and any key and address, sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from bitten_apps.testkit.unit_of_work.drawn import values as v
from bitten_domain.membership.privacy import (
    DeletionRequest,
    ErasureEntry,
    ExportRequest,
    PersonKey,
    SealedEmail,
    SealedText,
)
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["deletion_requests", "erasure_entries", "export_requests", "person_keys", "sealed_emails"]

_USER = st.just(UserId("user-1"))
_hashes = st.binary(min_size=32, max_size=32)
_sealed = st.builds(SealedText, v.names, st.binary(min_size=1, max_size=40), st.binary(min_size=1, max_size=90))

deletion_requests: SearchStrategy[DeletionRequest] = st.one_of(
    st.builds(DeletionRequest, v.names, _USER, v.moments),
    st.builds(DeletionRequest, v.names, _USER, v.moments, withdrawn_at=v.moments),
    st.builds(DeletionRequest, v.names, _USER, v.moments, v.moments, v.moments, v.optional(v.moments)),
    st.builds(DeletionRequest, v.names, _USER, v.moments, v.moments, v.moments, done_at=v.moments),
)
"""Wishes of the first sample person, at every stage."""

export_requests: SearchStrategy[ExportRequest] = st.one_of(
    st.builds(ExportRequest, v.names, _USER, v.moments, _hashes),
    st.builds(ExportRequest, v.names, _USER, v.moments, _hashes, v.moments, v.moments, v.optional(v.moments)),
)
"""Exports of the first sample person."""

erasure_entries: SearchStrategy[ErasureEntry] = st.builds(ErasureEntry, v.names.map(UserId), v.moments)
"""Persons who were erased."""

person_keys: SearchStrategy[PersonKey] = st.one_of(
    st.builds(PersonKey, _USER, _sealed, v.moments),
    st.builds(PersonKey, _USER, st.none(), v.moments, v.moments),
)
"""The first sample person's key, there or destroyed."""

sealed_emails: SearchStrategy[SealedEmail] = st.builds(SealedEmail, _USER, _hashes, _sealed, v.moments)
"""The first sample person's address."""
