"""Round trips of wishes, keys and addresses, for the list of `round_trips`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import samples
from bitten_apps.testkit.unit_of_work.bench import expect
from bitten_apps.testkit.unit_of_work.drawn import privacy
from bitten_apps.testkit.unit_of_work.round_trip import trip

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work.round_trip import RoundTrip
    from bitten_domain.membership.privacy import DeletionRequest, ErasureEntry, ExportRequest, PersonKey, SealedEmail
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["PRIVACY_TRIPS"]


def _deletion(request: DeletionRequest, r: Repositories) -> None:
    r.people.add(samples.person())
    r.deletions.add(request)
    expect(r.deletions.of(request.user_id), (request,), "a wish to be deleted")


def _export(request: ExportRequest, r: Repositories) -> None:
    r.people.add(samples.person())
    r.exports.add(request)
    expect(r.exports.by_token(request.token_hash), request, "a wish to have one's data")


def _erasure(entry: ErasureEntry, r: Repositories) -> None:
    r.erasures.add(entry)
    expect(r.erasures.all(), (entry,), "somebody who was erased")


def _person_key(key: PersonKey, r: Repositories) -> None:
    r.people.add(samples.person())
    r.person_keys.add(key)
    expect(r.person_keys.get(key.user_id), key, "a person's key")


def _email(email: SealedEmail, r: Repositories) -> None:
    r.people.add(samples.person())
    r.emails.put(email)
    expect(r.emails.get(email.user_id), email, "an address")


PRIVACY_TRIPS: tuple[RoundTrip, ...] = (
    trip("deletion", privacy.deletion_requests, _deletion),
    trip("export", privacy.export_requests, _export),
    trip("erasure", privacy.erasure_entries, _erasure),
    trip("person key", privacy.person_keys, _person_key),
    trip("address", privacy.sealed_emails, _email),
)
"""A round trip for each of them."""
