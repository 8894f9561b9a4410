"""Money: a decimal amount of one currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache

from bitten_domain.errors import BrokenInvariant

__all__ = ["CENT", "Money", "booked"]

CENT = Decimal("0.01")
_NOUGHT = Decimal("0.00")


@dataclass(frozen=True, slots=True, init=False)
class Money:
    """An exact amount of one currency, signed, with two decimals or more from the start.

    So one amount has one text, wherever it was worked out or read from, and a journal says 10000.00 and 0.00 where a
    database gives them back; nought has no sign.

    Which operator yields which type: ``Money + Money`` and ``Money - Money`` give Money of the same
    currency; ``Money * Decimal`` gives Money; ``Money / Money`` gives a Decimal ratio. Comparing or adding
    two currencies raises `BrokenInvariant`: an exchange rate is never implied.
    """

    amount: Decimal
    currency: str

    # Written out: an amount is made for every figure of every deal, and a check of its own doubles what that takes.
    def __init__(self, amount: Decimal, currency: str) -> None:
        if not amount.is_finite():
            raise BrokenInvariant(f"money must be finite, got {amount}")
        _SET_AMOUNT(self, amount + _NOUGHT)
        _SET_CURRENCY(self, currency)

    def __add__(self, other: Money) -> Money:
        return _made(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return _made(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return _made(-self.amount, self.currency)

    def __mul__(self, factor: Decimal) -> Money:
        return _made(self.amount * factor + _NOUGHT, self.currency)

    def __truediv__(self, other: Money) -> Decimal:
        return self.amount / self._same(other)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other)

    def plus(self, *others: Money) -> Money:
        """Add several amounts of the same currency at once; raises `BrokenInvariant` as ``+`` does."""
        amount = self.amount
        for other in others:
            amount += self._same(other)
        return _made(amount, self.currency)

    def rounded(self) -> Money:
        """Round to whole cents, half to even, as a broker books it."""
        return booked(self.amount, self.currency)

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise BrokenInvariant(f"cannot combine {self.currency} with {other.currency} without a rate")
        return other.amount

    def __str__(self) -> str:
        return f"{self.amount:.2f} {self.currency}"


# The slots themselves: a frozen record is filled through them in half the time.
_NEW = object.__new__
_SET_AMOUNT, _SET_CURRENCY = (vars(Money)[name].__set__ for name in ("amount", "currency"))


def booked(amount: Decimal, currency: str) -> Money:
    """Make whole cents of a finite amount, half to even, as a broker books it."""
    cents = amount.quantize(CENT, ROUND_HALF_EVEN)
    # Less than half a cent below nought is nought, without its sign.
    return _made(cents, currency) if cents else _nothing(currency)


@cache
def _nothing(currency: str) -> Money:
    # Most charges of most deals are nought, and one of each currency serves them all.
    return Money(_NOUGHT, currency)


def _made(amount: Decimal, currency: str) -> Money:
    # Results of finite amounts are finite (the context traps overflow), so the constructor's check is not repeated.
    money = _NEW(Money)
    _SET_AMOUNT(money, amount)
    _SET_CURRENCY(money, currency)
    return money
