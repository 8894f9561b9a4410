"""Vocabulary: the enumerations of the field, without rules."""

from bitten_domain.vocabulary.account_status import AccountStatus
from bitten_domain.vocabulary.band import Band, band_of
from bitten_domain.vocabulary.board import Board
from bitten_domain.vocabulary.breach import Breach
from bitten_domain.vocabulary.fire_mode import FireMode
from bitten_domain.vocabulary.impact import Impact
from bitten_domain.vocabulary.order_state import OrderState
from bitten_domain.vocabulary.plan_kind import PlanKind
from bitten_domain.vocabulary.rank import Rank
from bitten_domain.vocabulary.refusal_code import RefusalCode, SuppressionCode
from bitten_domain.vocabulary.session import Session
from bitten_domain.vocabulary.system_mode import SystemMode
from bitten_domain.vocabulary.tier import Tier
from bitten_domain.vocabulary.title import Title
from bitten_domain.vocabulary.xp_kind import XpKind

__all__ = [
    "AccountStatus",
    "Band",
    "Board",
    "Breach",
    "FireMode",
    "Impact",
    "OrderState",
    "PlanKind",
    "Rank",
    "RefusalCode",
    "Session",
    "SuppressionCode",
    "SystemMode",
    "Tier",
    "Title",
    "XpKind",
    "band_of",
]
