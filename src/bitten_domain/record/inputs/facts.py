"""Facts: what decisions read of people that the desk itself did not write, such as a rank, a tier, a lock or limits.

They change by commands and jobs that record nothing. So each transaction that read some notes which, by a digest of
their text. What says who a person is, is left out: nothing is decided by it, and a recording is not erased.
"""

from __future__ import annotations

import json
from dataclasses import replace

from bitten_domain.membership import Person, Profile
from bitten_domain.record.inputs.codec import read_as, written

__all__ = ["fact_of_person", "person_from", "person_named"]

_ENCODE = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), sort_keys=True, allow_nan=False).encode


def person_named(user_id: str) -> str:
    """Name the fact of who somebody is."""
    return f"person:{user_id}"


def fact_of_person(person: Person | None) -> str:
    """Write what decisions see of a person; None where there is none."""
    return _ENCODE(None if person is None else written(replace(person, telegram_id=None, profile=Profile())))


def person_from(text: str) -> Person | None:
    """Read what `fact_of_person` wrote.

    Raises:
        ValueError: it is none.
    """
    told = json.loads(text)
    if told is None:
        return None
    person = read_as(Person, told)
    if not isinstance(person, Person):
        raise ValueError("it is no person")
    return person
