"""Whatever the domain can make, every store gives back as it was."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from bitten_apps.testkit.unit_of_work.round_trips import ROUND_TRIPS, taken_back

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_apps.testkit.unit_of_work.round_trips import RoundTrip
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
