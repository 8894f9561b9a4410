"""No table is forgotten: each that holds something of persons is erased from, swept and exported as its rule says."""

from __future__ import annotations

from bitten_adapters.sql.privacy.person_data import person_tables
from bitten_adapters.sql.tables import METADATA
from bitten_domain.membership.privacy import RETENTION, OnErasure
from bitten_domain.use_cases.privacy.forgetters import FORGETTERS
from bitten_domain.use_cases.privacy.retention_job import SWEEPERS

RULES = {rule.table: rule for rule in RETENTION if rule.table in METADATA.tables}


def test_given_a_table_whose_rows_go_or_lose_their_person_when_looked_up_then_it_has_a_forgetter() -> None:
    leaving = {name for name, rule in RULES.items() if rule.on_erasure in {OnErasure.ERASED, OnErasure.UNLINKED}}

    assert leaving - set(FORGETTERS) == set()


def test_given_a_table_whose_rows_are_kept_for_days_when_looked_up_then_it_has_a_sweeper() -> None:
    kept_for_days = {name for name, rule in RULES.items() if rule.days is not None}

    assert kept_for_days - set(SWEEPERS) == set()


def test_given_forgetters_and_sweepers_when_looked_up_then_each_is_of_a_table_with_a_rule() -> None:
    assert (set(FORGETTERS) | set(SWEEPERS)) - {rule.table for rule in RETENTION} == set()


def test_given_the_tables_when_looked_through_for_somebody_then_only_those_with_nobody_in_them_are_left_out() -> None:
    untouched = {name for name, rule in RULES.items() if rule.on_erasure is OnErasure.UNTOUCHED}

    assert set(METADATA.tables) - untouched == set(person_tables())
