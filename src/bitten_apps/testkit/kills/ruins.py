"""What is left after a kill and a restart, read by the parent from the files and the database, and judged."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from bitten_adapters.paper.broker import PaperBroker
from bitten_adapters.paper.ledger import FileLedger
from bitten_apps.testkit.simulation.people import CloseAsked
from bitten_apps.testkit.simulation.proof.invariants import broken_by
from bitten_apps.testkit.simulation.world import DEPOSIT
from bitten_domain.execution import BrokerTerms
from bitten_domain.record.stream_check import Mark, StreamTask, check_stream
from bitten_domain.use_cases.trading.orders.close import CloseCommand
from bitten_domain.use_cases.trading.orders.fire import FireAnswer
from bitten_domain.values import AccountId, UserId
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bitten_apps.testkit.kills.crossings import Said
    from bitten_apps.testkit.kills.place import Place
    from bitten_domain.ports.broker import BrokerSnapshot
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import IntentId

__all__ = ["Judged", "judged"]

T = TypeVar("T")

_ENOUGH = 1_000_000


class Judged(Counter[str]):
    """Counts of what there was, and what was found broken.

    Args:
        violations: every broken invariant; none when all hold.
    """

    def __init__(self, violations: Sequence[str]) -> None:
        super().__init__()
        self.violations = tuple(violations)


def judged(place: Place, said: Sequence[Said]) -> Judged:
    """Read what is left, and check it against what the parent was told.

    Args:
        place: where; nobody works there any more.
        said: everything its processes said, in order.
    """
    with asyncio.Runner() as runner:
        ruins = _Ruins(place, said, runner)
        try:
            violations = [str(one["found"]) for one in said if one["what"] == "violation"]
            violations += [f"{invariant}: {found}" for invariant, found in broken_by(ruins)]
            violations += ruins.damage()
            violations += ruins.opened_while_stopped()
            result = Judged(violations)
            result["fires acknowledged"] = sum(one["what"] == "fired" for one in said)
            for account_id in place.account_ids:
                deals = ruins.shown(account_id).deals
                result["positions opened"] += sum(deal.reason.opens for deal in deals)
                result["deals"] += len(deals)
            return result
        finally:
            ruins.store.close()


class _Ruins:
    """A settled world, as `broken_by` looks at it."""

    def __init__(self, place: Place, said: Sequence[Said], runner: asyncio.Runner) -> None:
        self.place, self._said, self._runner = place, said, runner
        self.store = place.store()
        self._shown = {account_id: self._books(account_id) for account_id in place.account_ids}
        self._handed = Counter(_whole(one["order"]) for one in said if one["what"] == "handed")
        self._rows = {account_id: self._journal(account_id) for account_id in place.account_ids}

    @property
    def account_ids(self) -> Sequence[AccountId]:
        return self.place.account_ids

    def look(self, work: Callable[[Repositories], T]) -> T:
        return self._runner.run(self.store.read(work))

    def shown(self, account_id: AccountId) -> BrokerSnapshot:
        return self._shown[account_id]

    def handed(self, account_id: AccountId, order_id: int) -> int:
        return self._handed[order_id] if account_id in self._rows else 0

    def fires_answered(self, account_id: AccountId) -> Iterator[tuple[str, FireAnswer]]:
        for one in self._said:
            if one["what"] == "fired" and one["account"] == account_id:
                yield str(one["key"]), FireAnswer.from_json(str(one["answer"]))

    def closes_asked(self, account_id: AccountId) -> Iterator[CloseAsked]:
        owner = UserId(account_id.replace("account", "user"))
        for one in self._said:
            if one["what"] == "closed" and one["account"] == account_id:
                command = CloseCommand(account_id, owner, str(one["key"]), _whole(one["ticket"]))
                yield CloseAsked(command, [_whole(one["order"])], [])

    def released(self, account_id: AccountId, intent_id: IntentId) -> int:
        rows = self._rows[account_id]
        return sum(kind == "released" and body["intent"] == intent_id for kind, body in rows)

    def damage(self) -> Iterator[str]:
        """Check every stream's chain from its first row to its head."""
        for head in self.look(lambda store: store.journal.heads()):
            task = StreamTask(head.stream, (Mark(head.rows, head.head, "the store's own head"),))
            report = self.look(lambda store, task=task: check_stream(store.journal, task))  # type: ignore[misc]
            if report.damage is not None or report.rows != head.rows:
                yield f"I15: stream {head.stream} of {head.rows} rows: {report.damage}"

    def opened_while_stopped(self) -> Iterator[str]:
        """Find opening orders that were sent between a stop's commit and the wish to release it."""
        for place, stop in enumerate(self._said):
            if stop["what"] != "stopped":
                continue
            rows = self._rows[AccountId(str(stop["account"]))]
            opening = {body["order"] for kind, body in rows if kind == "intent" and body["kind"] == "fire"}
            releasing = (
                _whole(one["rows"])
                for one in self._said[place:]
                if one["what"] == "releasing" and (one["account"], one["kind"]) == (stop["account"], stop["kind"])
            )
            for kind, body in rows[_whole(stop["rows"]) : next(releasing, None)]:
                if kind == "attempt" and body["state"] == OrderState.SENDING.value and body["order"] in opening:
                    yield f"I12: order {body['order']} was sent under the {stop['kind']} of {stop['account']}"

    def _books(self, account_id: AccountId) -> BrokerSnapshot:
        ledger = FileLedger(self.place.ledger_file(account_id))
        try:
            return self._runner.run(PaperBroker(ledger, BrokerTerms(), DEPOSIT).snapshot(0))
        finally:
            ledger.close()

    def _journal(self, account_id: AccountId) -> list[tuple[str, dict[str, str | int | None]]]:
        rows = self.look(lambda store: store.journal.rows(f"account:{account_id}", 0, _ENOUGH))
        return [json.loads(row.payload) for row in rows if row.payload is not None]


def _whole(value: str | float | None) -> int:
    return int(str(value))
