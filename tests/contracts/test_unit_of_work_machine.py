"""The life of every store against a small model, and its invariants after each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from bitten_apps.testkit.unit_of_work.life.machine import StoreMachine

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from bitten_apps.testkit.unit_of_work_contract import UnitOfWorkBench


def test_given_any_transactions_when_they_are_run_then_a_store_holds_what_the_model_holds(
    open_store: Callable[[], AbstractContextManager[UnitOfWorkBench]],
) -> None:
    class Life(StoreMachine):
        def __init__(self) -> None:
            super().__init__(open_store)

    run_state_machine_as_test(Life, settings=settings(max_examples=20, stateful_step_count=20))
