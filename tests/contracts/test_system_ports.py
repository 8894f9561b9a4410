"""The machine's clock, dice and identifiers keep the promises of their ports."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bitten_adapters.system.clock import SystemClock
from bitten_adapters.system.dice import SystemDice
from bitten_adapters.system.identity import SystemIdentity

if TYPE_CHECKING:
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.dice import Dice
    from bitten_domain.ports.identity import Identity


def test_given_the_clock_when_read_then_it_is_in_utc_and_the_steady_one_never_goes_back() -> None:
    clock: Clock = SystemClock()

    assert clock.now().utcoffset() == timedelta(0)
    readings = [clock.monotonic_seconds() for _ in range(100)]
    assert readings == sorted(readings)


def test_given_dice_when_rolled_then_numbers_lie_in_range_and_a_seed_repeats_them() -> None:
    dice: Dice = SystemDice()
    numbers = dice.draw(1_000)

    assert all(0 <= number < 1 for number in numbers)
    assert len(set(numbers)) == 1_000
    assert dice.draw(0) == ()
    assert SystemDice(5).draw(10) == SystemDice(5).draw(10) != SystemDice(6).draw(10)


def test_given_identifiers_when_made_then_none_comes_twice_and_they_sort_by_time() -> None:
    identity: Identity = SystemIdentity()
    made = [identity.new_id() for _ in range(2_000)]

    assert len(set(made)) == len(made)
    assert [text[:13] for text in made] == sorted(text[:13] for text in made)
    assert all(len(text) == 36 and set(text) <= set("0123456789abcdef-") for text in made)
    assert all(text[14] == "7" and text[19] in "89ab" for text in made)
