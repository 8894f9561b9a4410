"""Whatever the domain can make, every store gives back as it was."""

from __future__ import annotations

import asyncio
import re
from dataclasses import fields, is_dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from bitten_apps.testkit.unit_of_work.round_trip import taken_back
from bitten_apps.testkit.unit_of_work.round_trips import ROUND_TRIPS

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_apps.testkit.unit_of_work.round_trip import RoundTrip
    from bitten_apps.testkit.unit_of_work_contract import UnitOfWorkBench
    from bitten_domain.ports.unit_of_work import Repositories


@pytest.mark.parametrize("trip", ROUND_TRIPS, ids=lambda trip: trip.name.replace(" ", "_"))
def test_given_any_record_when_it_is_stored_then_it_comes_back_equal(
    trip: RoundTrip, store_bench: UnitOfWorkBench
) -> None:
    with asyncio.Runner() as runner:

        @settings(max_examples=25)
        @given(trip.checks)
        def comes_back(check: Callable[[Repositories], None]) -> None:
            runner.run(taken_back(store_bench.store, check))

        comes_back()


def constant_fields(records: list[object], path: str) -> set[str]:
    """Name the fields that are the same in all of some records, in records inside them too."""
    first = records[0]
    if is_dataclass(first) and not isinstance(first, type):
        names = [field.name for field in fields(first)]
    elif isinstance(first, tuple) and hasattr(first, "_fields"):
        names = list(first._fields)
    else:
        return set() if len({repr(record) for record in records}) > 1 else {path}
    kinds = {type(first)}
    alike = [record for record in records if type(record) in kinds]
    return set().union(
        *(constant_fields([getattr(record, name) for record in alike], f"{path}.{name}") for name in names)
    )


# What a round trip needs to be so: whose a record is, that a mandate stands, that an update has not failed yet, and the
# row of a scan, which is not kept.
GIVEN = re.compile(
    r"\.(account|account_id|user_id|actor|set_by|intent_id|broker)$|currency|\.instrument\."
    r"|^mandate\.revoked_at$|^signal\.row$|^outcome\.signal_id$|^update\.failures$"
)


@pytest.mark.parametrize("trip", ROUND_TRIPS, ids=lambda trip: trip.name.replace(" ", "_"))
def test_given_a_kind_of_record_when_many_are_drawn_then_every_field_of_it_varies(trip: RoundTrip) -> None:
    drawn: list[object] = []

    @settings(max_examples=200, database=None, derandomize=True)
    @given(trip.checks)
    def collect(check: Callable[[Repositories], None]) -> None:
        assert isinstance(check, partial)
        drawn.append(check.args[0])

    collect()

    still = {name for name in constant_fields(drawn, trip.name) if not GIVEN.search(name)}
    assert still == set()
