"""Whatever takes something from somebody waits for their orders under way, by databases that let both go on at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from secrets import token_bytes
from threading import Event
from typing import TYPE_CHECKING, TypeVar

import pytest

from bitten_adapters.sql.opening import open_store
from bitten_adapters.sql.schema import upgrade
from bitten_apps.testkit.simulation.world import RULES
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.desk.account import AccountStanding
from bitten_domain.errors import Unavailable
from bitten_domain.execution import BrokerTerms
from bitten_domain.membership.access import StatusReason
from bitten_domain.membership.privacy import ConsentPurpose
from bitten_domain.use_cases.access.change_status import ChangeStatus
from bitten_domain.use_cases.access.give_rank import GiveRank
from bitten_domain.use_cases.access.grant_tier import GrantTier
from bitten_domain.use_cases.choices.consents import WithdrawConsent
from bitten_domain.use_cases.choices.limits import ChooseLimits
from bitten_domain.use_cases.choices.mode import ChooseMode
from bitten_domain.use_cases.trading.orders.dispatch import Dispatch, Dispatched
from bitten_domain.use_cases.trading.orders.settle import Settle
from bitten_domain.values import INSTRUMENTS, UserId
from bitten_domain.vocabulary import AccountStatus, OrderState, Rank, SystemMode, Tier

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from pathlib import Path

    from bitten_domain.ports.broker import Answer, BrokerSnapshot, Evidence
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

T = TypeVar("T")

ADMIN, USER = UserId("user-1"), UserId("user-2")
ORDER = s.order_id(1, of=2)
AT = s.NOON
# Long enough for a transaction that waits for nobody, on a busy machine.
BESIDE_SECONDS = 1.0


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime.fromtimestamp(AT, UTC)

    def monotonic_seconds(self) -> float:
        return 0.0


class NoBroker:
    """A broker that is not reached; how an order ends is nothing to this test."""

    async def place(self, order: object) -> Answer:
        raise Unavailable("nobody is there")

    async def close(self, order: object) -> Answer:
        raise Unavailable("nobody is there")

    async def modify(self, order: object) -> Answer:
        raise Unavailable("nobody is there")

    async def snapshot(self, since_deal: int = 0) -> BrokerSnapshot:
        raise Unavailable("nobody is there")

    async def evidence_of(self, client_order_id: int) -> Evidence:
        raise Unavailable("nobody is there")


class HoldsOpen:
    """A store whose transaction has done its work and is not committed until it is let go."""

    def __init__(self, store: UnitOfWork) -> None:
        self._store = store
        self.is_done, self.go = Event(), Event()

    async def run(self, work: Callable[[Repositories], T]) -> T:
        def held(store: Repositories) -> T:
            result = work(store)
            self.is_done.set()
            self.go.wait(60)
            return result

        return await self._store.run(held)

    async def read(self, work: Callable[[Repositories], T]) -> T:
        return await self._store.read(work)


NARROWED: dict[str, Callable[[UnitOfWork], Coroutine[object, object, object]]] = {
    "a ban": lambda store: ChangeStatus(store)(ADMIN, USER, AccountStatus.BANNED, StatusReason.ABUSE, AT),
    "a lock": lambda store: ChangeStatus(store)(ADMIN, USER, AccountStatus.LOCKED, StatusReason.SECURITY, AT),
    "a lower rank": lambda store: GiveRank(store)(ADMIN, USER, Rank.RECRUIT, AT),
    "a tier taken back": lambda store: GrantTier(store)(ADMIN, USER, Tier.NONE, AT),
    "a more guarded mode": lambda store: ChooseMode(store)(USER, SystemMode.BIT, AT),
    "a lower limit": lambda store: ChooseLimits(store, 86_400)(USER, AT, AT, risk_percent=Decimal("0.5")),
    "a consent taken back": lambda store: WithdrawConsent(store)(USER, ConsentPurpose.PRIVACY, AT),
}


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[UnitOfWork]:
    """Give a store of each database, with an ADMIN, and somebody with an order that waits to be sent."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'store.db'}"
        upgrade(url)
    else:
        url = request.getfixturevalue("postgres_url")
    opened = open_store(url, INSTRUMENTS, lambda: token_bytes(16))

    def work(r: Repositories) -> None:
        s.add_accounts(r, 2)
        r.people.put(replace(s.person(1), rank=Rank.ADMIN))
        r.people.put(replace(s.person(2), rank=Rank.AUTHORIZED, tier=Tier.NIBBLER, mode=SystemMode.COMMANDER))
        r.accounts.put(replace(s.account(2), standing=AccountStanding.READY))
        s.add_fire(r, 1, of=2)

    asyncio.run(opened.run(work))
    yield opened
    opened.close()


def dispatch(store: UnitOfWork) -> Coroutine[object, object, Dispatched]:
    settle = Settle(store, Noon(), RULES, BrokerTerms())
    return Dispatch(store, Noon(), {s.account_id(2): NoBroker()}, settle, "desk", set())(ORDER)


async def beside(
    store: UnitOfWork,
    held: Callable[[UnitOfWork], Coroutine[object, object, object]],
    other: Callable[[UnitOfWork], Coroutine[object, object, object]],
) -> tuple[bool, object, object]:
    """Hold one open before its commit, begin another, and say whether that one waited, and what both answered."""
    first = HoldsOpen(store)
    holding = asyncio.ensure_future(held(first))
    await asyncio.to_thread(first.is_done.wait, 60)
    going = asyncio.ensure_future(other(store))
    done, _ = await asyncio.wait({going}, timeout=BESIDE_SECONDS)
    first.go.set()
    return not done, await holding, await going


@pytest.mark.parametrize("what", NARROWED)
def test_given_a_claim_that_is_not_committed_when_something_is_taken_from_its_owner_then_that_waits(
    store: UnitOfWork, what: str
) -> None:
    waited, became, _ = asyncio.run(beside(store, dispatch, NARROWED[what]))

    assert (waited, became) == (True, Dispatched.SENT)


def test_given_a_ban_that_is_not_committed_when_an_order_is_claimed_then_it_waits_and_is_not_sent(
    store: UnitOfWork,
) -> None:
    waited, _, became = asyncio.run(beside(store, NARROWED["a ban"], dispatch))
    errand = asyncio.run(store.read(lambda r: r.intents.by_order(ORDER)))

    assert (waited, became) == (True, Dispatched.ENDED)
    assert errand is not None
    assert errand.attempt.state is OrderState.CANCELLED
