"""A world: people, accounts, brokers and routers, and the story that happens to them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from bitten_apps.testkit.simulation.chance import Chance
from bitten_apps.testkit.simulation.faulty.faults import FaultPlan
from bitten_apps.testkit.simulation.faulty.faulty_broker import NETWORK, FaultyBroker
from bitten_apps.testkit.simulation.faulty.faulty_store import FaultyStore
from bitten_apps.testkit.simulation.market import SimulatedMarket
from bitten_apps.testkit.simulation.people import People
from bitten_apps.testkit.simulation.proof.invariants import broken_by
from bitten_apps.testkit.simulation.proof.watch import Violation, Watch
from bitten_apps.testkit.simulation.router import Parts, Router, Surroundings
from bitten_apps.testkit.simulation.virtual_time import ProcessDied, VirtualTime, pause
from bitten_domain.desk.account import TradingAccount
from bitten_domain.desk.step import DeskRules
from bitten_domain.errors import BittenError
from bitten_domain.execution import BrokerTerms
from bitten_domain.membership import Person
from bitten_domain.risk.policy import RiskPolicy, UserLimits
from bitten_domain.risk.policy.limits import LimitChoice
from bitten_domain.values import AccountId, Money, UserId
from bitten_domain.vocabulary import OrderState, Rank, SystemMode, Tier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bitten_apps.testkit.simulation.people import CloseAsked
    from bitten_apps.testkit.simulation.scenario import Scenario
    from bitten_domain.ports.broker import BrokerSnapshot
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.use_cases.trading.orders.fire import FireAnswer
    from bitten_domain.values import IntentId

__all__ = ["ADMIN", "DEPOSIT", "RULES", "START", "Story", "World", "limits_of", "settle_down"]

T = TypeVar("T")

ADMIN = UserId("admin")
"""Who locks, unlocks and thaws."""

START = 1_749_045_600.0
"""When stories begin, seconds since 1970 UTC: a Wednesday, with every market open."""

DEPOSIT = Money(Decimal(20_000), "USD")
"""What every account opens with."""

_QUIET_SECONDS = 125.0
_TICK_SECONDS = 2.0
_ROUTERS = ("router-1", "router-2")
_DAILY_LOSS = Decimal(6)
RULES = DeskRules(RiskPolicy(), _DAILY_LOSS)
"""The desk's policies."""

# One kind of account meets the limit of positions, the other that of total risk.
_LIMITS = (
    UserLimits(risk_percent=Decimal("0.8"), daily_loss_percent=_DAILY_LOSS, max_positions=4),
    UserLimits(risk_percent=Decimal("1.5"), daily_loss_percent=_DAILY_LOSS, max_positions=10),
)


@dataclass(frozen=True, slots=True)
class Story:
    """What came of a scenario.

    Args:
        violations: every broken invariant; none when all hold.
        counts: fires asked, approved, executed and so on.
    """

    violations: tuple[Violation, ...]
    counts: Counter[str] = field(default_factory=Counter)


def limits_of(number: int) -> UserLimits:
    """Give the limits of the owner of an account, by its place from 0."""
    return _LIMITS[number % len(_LIMITS)]


def settle_down(store: Repositories, account_ids: Sequence[AccountId], at: int) -> None:
    """Write the people and their accounts down: an ADMIN, and an owner for each account.

    Args:
        store: an empty one.
        account_ids: ``account-1``, ``account-2`` and so on; ``user-1`` owns the first.
        at: when, seconds since 1970 UTC.
    """
    store.people.add(Person(ADMIN, at, rank=Rank.ADMIN))
    for number, account_id in enumerate(account_ids, start=1):
        user_id = UserId(f"user-{number}")
        store.people.add(
            Person(
                user_id,
                at,
                rank=Rank.AUTHORIZED,
                tier=Tier.APEX,
                mode=SystemMode.COMMANDER,
                limits=LimitChoice(limits_of(number - 1)),
            )
        )
        store.accounts.add(
            TradingAccount(
                account_id=account_id,
                user_id=user_id,
                broker="paper",
                is_live=False,
                is_netting=False,
                opening=DEPOSIT,
                balance=DEPOSIT,
                leverage=Decimal(30),
                opened_at=at,
                epoch=number,
            )
        )


class _Numbers:
    """Identity by counting."""

    def __init__(self) -> None:
        self._number = 0

    def new_id(self) -> str:
        """Make one."""
        self._number += 1
        return f"id-{self._number:08d}"


class World:
    """Everything a story needs; tell it once.

    Args:
        scenario: the story.
        parts: what routers are made of.
    """

    def __init__(self, scenario: Scenario, parts: Parts | None = None) -> None:
        self.scenario = scenario
        chance = Chance(scenario.seed * 7 + 1)
        self.time = VirtualTime(START, self._failed)
        self.account_ids = account_ids = tuple(
            AccountId(f"account-{number}") for number in range(1, scenario.accounts + 1)
        )
        self.watch = Watch({one: limits_of(number).max_positions for number, one in enumerate(account_ids)})
        self.plan = FaultPlan(Chance(scenario.seed * 7 + 2), scenario.faults)
        self.store = FaultyStore(Chance(scenario.seed * 7 + 3), self.plan, self.watch)
        self.market = SimulatedMarket(Chance(scenario.seed * 7 + 4))
        self.terms = BrokerTerms()
        self.brokers = {
            account_id: FaultyBroker(self.terms, DEPOSIT, self.time, chance, self.plan, self._order_left)
            for account_id in self.account_ids
        }
        self._parts = parts = parts or Parts()
        lines = {account_id: parts.line(broker) for account_id, broker in self.brokers.items()}
        rules = RULES
        around = Surroundings(self.time, self.store, _Numbers(), self.market, lines, rules, self.terms)
        self._around = around
        self.routers = {name: Router(name, around, self._parts) for name in _ROUTERS}
        self.dead: set[str] = set()
        self.people = People(self)
        self.store.prepare(self._settle_down)

    def told(self) -> Story:
        """Let the story happen, then faults end and time pass until everything must be at rest."""
        self.market.tick(int(self.time.now), [broker.paper for broker in self.brokers.values()])
        self.time.spawn(NETWORK, self._ticks())
        for router in self.routers.values():
            router.start()
        for step in self.scenario.steps:
            self.time.spawn("people", self.people.does(step), step.at)
        end = START + self.scenario.seconds + 1.0
        self.time.run_until(end)
        self.plan.is_over = True
        for name in sorted(self.dead):
            self.revive(name)
        self.people.thaw_all()
        self.time.run_until(end + _QUIET_SECONDS)
        replayed = self._replayed()
        for invariant, found in (*broken_by(self), *replayed):
            self.watch.say(invariant, found)
        self.time.close()
        return Story(tuple(self.watch.violations), self._counts())

    def _replayed(self) -> list[tuple[str, str]]:
        """Ask for every fire and close once more, read the whole history again, and compare the record with before."""
        router = self.routers[_ROUTERS[0]]
        self.store.quiet = True
        broken: list[str] = []
        before: list[object] = []

        async def read_history() -> None:
            for account_id in self.account_ids:
                await router.reconcile(account_id, in_full=True)

        async def again() -> None:
            # The market may have closed a position since the routers last looked; that is news, not the same again.
            await read_history()
            before.extend(self.store.look(lambda store: store.journal.heads()))
            broken.extend(
                [
                    fire.command.key
                    for fire in self.people.fires
                    if fire.answers and await router.fire(fire.command) != fire.answers[0]
                ]
            )
            broken.extend(
                [
                    close.command.key
                    for close in self.people.closes
                    if close.answers and await router.close(close.command) != close.answers[0]
                ]
            )
            await read_history()

        for name in _ROUTERS:
            self.time.kill(name)
        self.time.kill(NETWORK)
        self.time.spawn("people", again())
        self.time.run_until(self.time.now + 600.0)
        found = [("I9", f"{key} is answered otherwise when it is told again") for key in broken]
        if list(self.store.look(lambda store: store.journal.heads())) != before:
            found.append(("I9", "telling every input again wrote something new"))
        return found

    def _counts(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        counts["fires"] = len(self.people.fires)
        counts["answered"] = sum(bool(fire.answers) for fire in self.people.fires)
        counts["approved"] = sum(
            any(answer.client_order_id is not None for answer in fire.answers) for fire in self.people.fires
        )
        counts["closes"] = len(self.people.closes)
        for account_id in self.account_ids:
            deals = self.store.outside(self.brokers[account_id].paper.snapshot(0)).deals
            counts["executed"] += sum(deal.reason.opens for deal in deals)
            counts["deals"] += len(deals)
        for fault, count in self.plan.counts.items():
            counts[f"fault {fault.name}"] = count
        counts["faults"] = sum(self.plan.counts.values())
        return counts

    def payloads(self) -> dict[str, tuple[bytes | None, ...]]:
        """Give the journal's payloads by stream."""
        heads = self.store.look(lambda store: store.journal.heads())
        return {
            head.stream: tuple(
                row.payload
                for row in self.store.look(lambda store, head=head: store.journal.rows(head.stream, 0, head.rows))  # type: ignore[misc]
            )
            for head in heads
        }

    def look(self, work: Callable[[Repositories], T]) -> T:
        """Read the store at once and without faults."""
        return self.store.look(work)

    def shown(self, account_id: AccountId) -> BrokerSnapshot:
        """Read a broker's own books."""
        return self.store.outside(self.brokers[account_id].paper.snapshot(0))

    def handed(self, account_id: AccountId, order_id: int) -> int:
        """Count how often an order was handed to its broker."""
        return self.brokers[account_id].handed[order_id]

    def fires_answered(self, account_id: AccountId) -> Iterator[tuple[str, FireAnswer]]:
        """List the answers people got to their fires, with the fires' keys."""
        for asked in self.people.fires:
            if asked.command.account == account_id:
                yield from ((asked.command.key, answer) for answer in asked.answers)

    def closes_asked(self, account_id: AccountId) -> Iterator[CloseAsked]:
        """List the closes people asked for."""
        return (asked for asked in self.people.closes if asked.command.account == account_id)

    def released(self, account_id: AccountId, intent_id: IntentId) -> int:
        """Count how often an intent's reservation was released."""
        return self.watch.releases.get(intent_id, 0) if account_id in self.brokers else 0

    def router(self, draw: float) -> Router | None:
        """Choose a router that lives; None when all are dead."""
        alive = [router for name, router in sorted(self.routers.items()) if name not in self.dead]
        return alive[int(draw * len(alive))] if alive else None

    def kill(self, name: str) -> None:
        """Kill a router; it comes back by itself."""
        if name in self.dead:
            return
        self.dead.add(name)
        self.time.kill(name)
        self.time.spawn(NETWORK, self._comes_back(name))

    def revive(self, name: str) -> None:
        """Start a dead router again: same name, same store, nothing remembered."""
        if name in self.dead:
            self.dead.discard(name)
            self.routers[name] = Router(name, self._around, self._parts)
            self.routers[name].start()

    async def _comes_back(self, name: str) -> None:
        await pause(2.0)
        self.revive(name)

    async def _ticks(self) -> None:
        while True:
            await pause(_TICK_SECONDS)
            self.market.tick(int(self.time.now), [broker.paper for broker in self.brokers.values()])

    def _failed(self, process: str, error: BaseException) -> None:
        if isinstance(error, ProcessDied):
            self.kill(process)
            return
        kind = "stands" if isinstance(error, BittenError) else "crashes"
        self.watch.say("I0", f"{process} {kind} still: {type(error).__name__}: {error}")

    def _order_left(self, order_id: int) -> None:
        errand = self.store.look(lambda store: store.intents.by_order(order_id))
        if errand is None or errand.attempt.state is OrderState.RESERVED:
            self.watch.say("I2", f"order {order_id} left before it was written down as being sent")

    def _settle_down(self, store: Repositories) -> None:
        settle_down(store, self.account_ids, int(START))
