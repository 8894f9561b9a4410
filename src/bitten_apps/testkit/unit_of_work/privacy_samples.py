"""Wishes, keys and addresses to try a store with, told apart by a number."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work.samples import NOON
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
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["add_privacy", "deletion", "erasure", "export", "person_key", "sealed", "sealed_email"]


def _user(number: int) -> UserId:
    return UserId(f"user-{number}")


def deletion(number: int, of: int = 1) -> DeletionRequest:
    """Make a person's wish to be deleted, as it was asked."""
    return DeletionRequest(f"deletion-{number}", _user(of), NOON + number)


def export(number: int, of: int = 1) -> ExportRequest:
    """Make a person's wish to have their data."""
    return ExportRequest(f"export-{number}", _user(of), NOON + number, sha256(b"token %d" % number).digest())


def erasure(number: int) -> ErasureEntry:
    """Make an entry of the list of those who were erased."""
    return ErasureEntry(UserId(f"gone-{number}"), NOON + number)


def sealed(number: int) -> SealedText:
    """Make what a vault might have sealed."""
    return SealedText(f"operator-{number}", bytes([number]) * 12, b"\x00\xff" + bytes([number]) * 30)


def person_key(number: int = 1) -> PersonKey:
    """Make the key of the person of that number."""
    return PersonKey(_user(number), sealed(number), NOON)


def sealed_email(number: int = 1, index: int = 1) -> SealedEmail:
    """Make a person's address, with the index of an address of another number."""
    return SealedEmail(_user(number), bytes([index]) * 32, sealed(number), NOON)


def add_privacy(repositories: Repositories) -> None:
    """Add something to each repository of privacy, where the persons are there."""
    r = repositories
    r.deletions.add(deletion(1))
    r.exports.add(export(1))
    r.erasures.add(erasure(1))
    r.person_keys.add(person_key())
    r.emails.put(sealed_email())
