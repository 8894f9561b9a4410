"""What a contract's check raises."""

from __future__ import annotations

__all__ = ["ContractBroken"]


class ContractBroken(AssertionError):
    """An implementation does not keep a promise of its protocol."""
