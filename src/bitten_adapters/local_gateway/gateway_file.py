"""A local gateway whose books are in a file, so that it outlives the command that used it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bitten_adapters.local_gateway.books_text import books_of, text_of
from bitten_adapters.local_gateway.contracts import GatewayBooks
from bitten_adapters.local_gateway.payments import LocalPayments
from bitten_domain.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bitten_domain.membership.subscription import Plan, PlanChange
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.dice import Dice
    from bitten_domain.ports.identity import Identity
    from bitten_domain.ports.membership.payments import Checkout, CheckoutOrder, RawEvent

__all__ = ["FilePayments"]

_OWNER_ONLY = 0o600


class FilePayments:
    """The local gateway, opened and closed with every call; processes take turns.

    What a call returned from is in the file; what it raised for is not.

    Args:
        path: of the books; made by the first call, its folder must exist.
        clock, dice, identity, secret: as for `LocalPayments`.
    """

    def __init__(self, path: Path, clock: Clock, dice: Dice, identity: Identity, secret: bytes) -> None:
        self._path = path
        self._clock, self._dice, self._identity, self._secret = clock, dice, identity, secret

    async def begin_checkout(self, order: CheckoutOrder) -> Checkout:
        """Open a place to pay at."""
        with self._opened() as gateway:
            return await gateway.begin_checkout(order)

    async def change_plan(self, key: str, subscription_ref: str, plan: Plan, change: PlanChange) -> None:
        """Give a subscription another plan."""
        with self._opened() as gateway:
            await gateway.change_plan(key, subscription_ref, plan, change)

    async def set_renewal(self, key: str, subscription_ref: str, *, renews: bool) -> None:
        """Let a subscription end with its period, or go on after all."""
        with self._opened() as gateway:
            await gateway.set_renewal(key, subscription_ref, renews=renews)

    async def refund(self, key: str, payment_ref: str) -> None:
        """Give a payment back whole, once."""
        with self._opened() as gateway:
            await gateway.refund(key, payment_ref)

    async def events_since(self, moment: int) -> tuple[RawEvent, ...]:
        """List the events created from a moment on, signed now, oldest first."""
        with self._opened() as gateway:
            return await gateway.events_since(moment)

    def pay(self, checkout_ref: str) -> str:
        """Pay at a checkout, or begin its trial; give the subscription's id."""
        with self._opened() as gateway:
            return gateway.pay(checkout_ref)

    def collect(self, *, succeeds: bool = True) -> None:
        """Collect every renewal that is due."""
        with self._opened() as gateway:
            gateway.collect(succeeds=succeeds)

    def deliver(self) -> tuple[RawEvent, ...]:
        """Send what was not sent yet, shuffled and about half of it twice."""
        with self._opened() as gateway:
            return gateway.deliver()

    @contextmanager
    def _opened(self) -> Iterator[LocalPayments]:
        """Take the books up, and keep them when the call has succeeded.

        Raises:
            InvalidInput: the file holds something else.
            Unavailable: it cannot be read or written; nothing was changed.
        """
        with self._alone():
            found = self._read()
            books = GatewayBooks() if found is None else books_of(found)
            before = text_of(books)
            yield LocalPayments(self._clock, self._dice, self._identity, self._secret, books)
            after = text_of(books)
            if after != before:
                self._write(after)

    def _read(self) -> str | None:
        try:
            return self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            raise InvalidInput(
                "these are not the books of a local gateway",
                where=str(self._path),
                remedy="restore them from a backup",
            ) from error
        except OSError as error:
            raise self._failed(error) from error

    def _write(self, text: str) -> None:
        beside = self._path.with_name(self._path.name + ".new")
        try:
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as error:
            raise self._failed(error) from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # A file of its own: the books are replaced, and a lock would go with the old ones.
        try:
            descriptor = os.open(self._path.with_name(self._path.name + ".lock"), os.O_RDWR | os.O_CREAT, _OWNER_ONLY)
        except OSError as error:
            raise self._failed(error) from error
        try:
            _lock(descriptor)
            yield
        finally:
            os.close(descriptor)

    def _failed(self, error: OSError) -> Unavailable:
        return Unavailable(f"the gateway's books {self._path} cannot be used: {error.strerror}")


def _lock(descriptor: int) -> None:
    """Wait until nobody else has the file; closing it lets go."""
    try:
        import fcntl
    except ImportError:  # no such locks on this system: there one process at a time is the operator's care
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX)
