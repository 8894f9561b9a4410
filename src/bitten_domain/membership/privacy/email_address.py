"""E-mail addresses: what is taken for one, and how it is written to be looked up."""

from __future__ import annotations

import unicodedata

from bitten_domain.errors import InvalidInput

__all__ = ["MOST_EMAIL_LETTERS", "email_address", "lookup_form"]

MOST_EMAIL_LETTERS = 254
"""Longest address that can be sent to (RFC 5321, with its errata)."""

_MOST_LOCAL = 64


def email_address(text: str) -> str:
    """Take what somebody typed for an e-mail address, without the spaces around it.

    Only its form is looked at; whether it exists, and whose it is, is not known.

    Raises:
        InvalidInput: it cannot be one. The message does not repeat it, since it may end in a log.
    """
    address = unicodedata.normalize("NFC", text.strip())
    local, at, domain = address.rpartition("@")
    labels = domain.split(".")
    is_address = (
        at == "@"
        and 0 < len(local) <= _MOST_LOCAL
        and len(address) <= MOST_EMAIL_LETTERS
        and len(labels) > 1
        and all(labels)
        and "@" not in local
        and address.isprintable()
        and " " not in address
    )
    if not is_address:
        raise InvalidInput("this is no e-mail address", where="email", remedy="write it as name@example.org")
    return address


def lookup_form(address: str) -> bytes:
    """Write an address as it is always looked up: in one case, whatever case it was typed in."""
    return unicodedata.normalize("NFC", address.casefold()).encode()
