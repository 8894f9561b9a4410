"""Membership: who a person is to the platform. What they may do is a function of it, never stored beside it."""

from bitten_domain.membership.denial import Denial, DenialCode, DenialReason
from bitten_domain.membership.person import Person, Profile

__all__ = ["Denial", "DenialCode", "DenialReason", "Person", "Profile"]
