"""The judge: what a crowd left in the store and at the brokers, compared and counted."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from bitten_apps.testkit.crowd.recount import recounted
from bitten_apps.testkit.simulation.people import CloseAsked
from bitten_apps.testkit.simulation.proof.invariants import broken_by
from bitten_apps.testkit.simulation.world import DEPOSIT, limits_of
from bitten_domain.record.stream_check import Mark, StreamTask, check_stream
from bitten_domain.use_cases.trading.orders.close import CloseCommand
from bitten_domain.use_cases.trading.orders.fire import FireAnswer
from bitten_domain.values import AccountId, UserId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bitten_apps.testkit.crowd.broker_line import BrokerHouse
    from bitten_apps.testkit.crowd.router_process import RoundSaid
    from bitten_domain.execution import TickBar
    from bitten_domain.ports.broker import BrokerSnapshot
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import IntentId

__all__ = ["judged"]

T = TypeVar("T")

_ENOUGH = 1_000_000


def judged(
    url: str,
    store: UnitOfWork,
    house: BrokerHouse,
    account_ids: Sequence[AccountId],
    said: Sequence[RoundSaid],
    bars: Mapping[str, TickBar],
) -> tuple[list[str], Counter[str]]:
    """Give every broken promise, and counts of what there was.

    Args:
        url, store: where it was played; nobody works there any more.
        house: the brokers.
        account_ids: in the order of their places.
        said: what people were told.
        bars: prices, which stood still.
    """
    with asyncio.Runner() as runner:
        world = _World(store, house, account_ids, said, runner)
        found = [violation for heard in said for violation in heard.violations]
        found += [f"{invariant}: {what}" for invariant, what in broken_by(world)]
        found += world.damage()
        counts = world.counts()
    owners = {one: limits_of(place) for place, one in enumerate(account_ids)}
    told = {(str(fire.account), fire.key): fire.answer for heard in said for fire in heard.fires}
    again = recounted(url, DEPOSIT, owners, bars, told)
    counts += Counter({what: count for what, count in again.counts.items() if what.startswith(("refused", "undone"))})
    return [*found, *again.violations], counts


class _World:
    """What a crowd left, as `broken_by` looks at it."""

    def __init__(
        self,
        store: UnitOfWork,
        house: BrokerHouse,
        account_ids: Sequence[AccountId],
        said: Sequence[RoundSaid],
        runner: asyncio.Runner,
    ) -> None:
        self.account_ids = account_ids
        self._store, self._house, self._runner, self._said = store, house, runner, said
        self._shown = {one: house.shown(one) for one in account_ids}
        self._fires: dict[AccountId, list[tuple[str, FireAnswer]]] = {one: [] for one in account_ids}
        self._closes: dict[AccountId, list[CloseAsked]] = {one: [] for one in account_ids}
        for heard in said:
            for fire in heard.fires:
                self._fires[fire.account].append((fire.key, FireAnswer.from_json(fire.answer)))
            for close in heard.closes:
                owner = UserId(close.account.replace("account", "user"))
                command = CloseCommand(close.account, owner, close.key, close.ticket)
                self._closes[close.account].append(CloseAsked(command, [close.order_id], []))
        self._released: Counter[str] = Counter()
        for one in account_ids:
            for row in self.look(lambda repositories, one=one: repositories.journal.rows(f"account:{one}", 0, _ENOUGH)):  # type: ignore[misc]
                if row.payload is not None and row.payload.startswith(b'["released"'):
                    self._released[row.payload.split(b'"intent":"')[1].split(b'"')[0].decode()] += 1

    def look(self, work: Callable[[Repositories], T]) -> T:
        """Read the store."""
        return self._runner.run(self._store.read(work))

    def shown(self, account_id: AccountId) -> BrokerSnapshot:
        """Read the broker's own books."""
        return self._shown[account_id]

    def handed(self, account_id: AccountId, order_id: int) -> int:
        """Count how often an order was handed to its broker."""
        return self._house.handed[order_id] if account_id in self._shown else 0

    def fires_answered(self, account_id: AccountId) -> Iterator[tuple[str, FireAnswer]]:
        """List the answers to fires, with their keys."""
        return iter(self._fires[account_id])

    def closes_asked(self, account_id: AccountId) -> Iterator[CloseAsked]:
        """List the closes that were accepted."""
        return iter(self._closes[account_id])

    def released(self, account_id: AccountId, intent_id: IntentId) -> int:
        """Count how often an intent's reservation was released."""
        return self._released[intent_id] if account_id in self._shown else 0

    def damage(self) -> Iterator[str]:
        """Check every stream's chain from its first row to its head."""
        for head in self.look(lambda store: store.journal.heads()):
            task = StreamTask(head.stream, (Mark(head.rows, head.head, "the store's own head"),))
            report = self.look(lambda store, task=task: check_stream(store.journal, task))  # type: ignore[misc]
            if report.damage is not None or report.rows != head.rows:
                yield f"I15: stream {head.stream} of {head.rows} rows: {report.damage}"

    def counts(self) -> Counter[str]:
        """Count what there was."""
        counts: Counter[str] = Counter()
        for heard in self._said:
            counts["questions"] += len(heard.fires)
            counts["asked again"] += heard.again
        for one in self.account_ids:
            answers = dict(self._fires[one])
            counts["fires"] += len(answers)
            counts["approved"] += sum(answer.client_order_id is not None for answer in answers.values())
            counts["closes"] += len(self._closes[one])
            counts["opened"] += sum(deal.reason.opens for deal in self._shown[one].deals)
            counts["deals"] += len(self._shown[one].deals)
        return counts
