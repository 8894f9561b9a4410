"""The contract of the unit of work, on every store there is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bitten_apps.testkit.unit_of_work_contract import UNIT_OF_WORK_CARDS, UnitOfWorkBench

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work_contract import UnitOfWorkCard


async def played(card: UnitOfWorkCard, bench: UnitOfWorkBench) -> None:
    await card.check(bench)


@pytest.mark.parametrize("card", UNIT_OF_WORK_CARDS, ids=lambda card: f"card{card.number}-{card.name}")
def test_given_an_empty_store_when_a_card_is_played_then_its_promise_holds(
    card: UnitOfWorkCard, store_bench: UnitOfWorkBench
) -> None:
    asyncio.run(played(card, store_bench))


def test_given_the_cards_when_numbered_then_a_number_is_a_place_and_a_name_is_unique() -> None:
    assert [card.number for card in UNIT_OF_WORK_CARDS] == list(range(1, len(UNIT_OF_WORK_CARDS) + 1))
    assert len({card.name for card in UNIT_OF_WORK_CARDS}) == len(UNIT_OF_WORK_CARDS)
