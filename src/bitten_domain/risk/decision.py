"""A refusal and its reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import BrokenInvariant
from bitten_domain.values.record import record

if TYPE_CHECKING:
    from bitten_domain.vocabulary import RefusalCode

__all__ = ["Reason", "Refusal"]


class Reason(NamedTuple):
    """One rule that an order broke.

    Args:
        code: which rule.
        limit: what the rule allows, for a person to read.
        actual: what it found.
        remedy: what the person can do about it.
    """

    code: RefusalCode
    limit: str
    actual: str
    remedy: str


@record
class Refusal:
    """An order that is not sent, with every rule it broke, in the order of the checks; never empty."""

    reasons: tuple[Reason, ...]

    def __post_init__(self) -> None:
        if not self.reasons:
            raise BrokenInvariant("a refusal has at least one reason")

    @property
    def codes(self) -> tuple[RefusalCode, ...]:
        """Codes of the reasons, in order."""
        return tuple(reason.code for reason in self.reasons)
