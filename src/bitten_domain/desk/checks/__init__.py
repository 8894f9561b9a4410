"""Checks that belong to a fire rather than to risk; `desk.fire_checks` puts them in their order."""

from bitten_domain.desk.checks.duplicate import not_duplicate
from bitten_domain.desk.checks.entitlement import account_state, confirmation, entitlement, mandate
from bitten_domain.desk.checks.quote import quote_usable
from bitten_domain.desk.checks.shots import shots_left
from bitten_domain.desk.checks.signal import fire_gate, good_for_auto, score_gate, signal_alive

__all__ = [
    "account_state",
    "confirmation",
    "entitlement",
    "fire_gate",
    "good_for_auto",
    "mandate",
    "not_duplicate",
    "quote_usable",
    "score_gate",
    "shots_left",
    "signal_alive",
]
