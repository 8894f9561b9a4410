"""Values: money, lots, prices, instruments, directions, identifiers. Decimal, frozen, no float."""

from bitten_domain.values.direction import Direction
from bitten_domain.values.identifiers import AccountId, IntentId, PositionId, SignalId, UserId
from bitten_domain.values.instrument import INSTRUMENTS, TEN_PAIRS, Instrument, PairGroup
from bitten_domain.values.lots import Lots
from bitten_domain.values.money import CENT, Money
from bitten_domain.values.price import pips_between

__all__ = [
    "CENT",
    "INSTRUMENTS",
    "TEN_PAIRS",
    "AccountId",
    "Direction",
    "Instrument",
    "IntentId",
    "Lots",
    "Money",
    "PairGroup",
    "PositionId",
    "SignalId",
    "UserId",
    "pips_between",
]
