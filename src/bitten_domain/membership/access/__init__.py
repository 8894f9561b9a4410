"""Access: who may do what, by one table and one function."""

from bitten_domain.membership.access.actions import Action, ActionKind
from bitten_domain.membership.access.entitlement import Entitled, Standing, entitlement
from bitten_domain.membership.access.page import access_page, matrix_lines
from bitten_domain.membership.access.ranks import first_admin, promoted
from bitten_domain.membership.access.risk_state import RiskState, risk_state_of
from bitten_domain.membership.access.statuses import StatusReason, with_status
from bitten_domain.membership.access.table import ACCESS, HISTORY_DAYS, STATUSES, AccessRule

__all__ = [
    "ACCESS",
    "HISTORY_DAYS",
    "STATUSES",
    "AccessRule",
    "Action",
    "ActionKind",
    "Entitled",
    "RiskState",
    "Standing",
    "StatusReason",
    "access_page",
    "entitlement",
    "first_admin",
    "matrix_lines",
    "promoted",
    "risk_state_of",
    "with_status",
]
