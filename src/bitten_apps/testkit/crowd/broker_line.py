"""Brokers in a process of their own: they keep the books everything is counted against, and routers call them by wire.

The wire is a local pipe between processes of one program, which trust each other.
"""

from __future__ import annotations

import threading
from asyncio import to_thread
from collections import Counter
from multiprocessing.connection import Client, Listener
from typing import TYPE_CHECKING, TypeVar

from bitten_adapters.paper.broker import PaperBroker
from bitten_adapters.paper.ledger import MemoryLedger
from bitten_apps.testkit.simulation.world import DEPOSIT
from bitten_domain.errors import BittenError, BrokenInvariant, OutcomeUnknown
from bitten_domain.execution import BrokerTerms
from bitten_domain.ports.broker import Answer, BrokerSnapshot, Evidence

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping, Sequence
    from multiprocessing.connection import Connection

    from bitten_domain.execution import TickBar
    from bitten_domain.execution.order import CloseOrder, LevelsOrder, MarketOrder
    from bitten_domain.values import AccountId

__all__ = ["BrokerHouse", "BrokerLine", "LineToHouse", "run_now"]

T = TypeVar("T")


def run_now(running: Coroutine[object, None, T]) -> T:
    """Run a coroutine that waits for nobody, such as those of the paper broker."""
    try:
        running.send(None)
    except StopIteration as ended:
        result: T = ended.value
        return result
    raise BrokenInvariant("the paper broker waits for nobody")


class BrokerHouse:
    """The paper brokers of all accounts, asked by as many processes as like to.

    Args:
        account_ids: one broker each.
    """

    def __init__(self, account_ids: Sequence[AccountId]) -> None:
        self.papers = {one: PaperBroker(MemoryLedger(), BrokerTerms(), DEPOSIT) for one in account_ids}
        self.handed: Counter[int] = Counter()
        self._lock = threading.Lock()
        self._listener = Listener()
        threading.Thread(target=self._listens, daemon=True).start()

    @property
    def address(self) -> str:
        """Where processes call."""
        return str(self._listener.address)

    def show(self, bars: Mapping[str, TickBar], at: int) -> None:
        """Show every broker the market."""
        with self._lock:
            for paper in self.papers.values():
                paper.observe(bars, at)

    def shown(self, account_id: AccountId) -> BrokerSnapshot:
        """Read a broker's own books, the whole history in them."""
        with self._lock:
            return run_now(self.papers[account_id].snapshot(0))

    def close(self) -> None:
        """Answer nobody new."""
        self._listener.close()

    def _listens(self) -> None:
        while True:
            try:
                line = self._listener.accept()
            except OSError:  # closed
                return
            threading.Thread(target=self._answers, args=(line,), daemon=True).start()

    def _answers(self, line: Connection) -> None:
        while True:
            try:
                account_id, call, argument = line.recv()
            except (EOFError, OSError):  # its process has ended
                return
            with self._lock:
                if call in ("place", "close", "modify"):
                    self.handed[argument.client_order_id] += 1
                try:
                    answer = run_now(getattr(self.papers[account_id], call)(argument))
                except BittenError as error:
                    answer = error
            try:
                line.send(answer)
            except OSError:
                return


class LineToHouse:
    """One process's line to the brokers; its calls follow each other.

    Args:
        address: of the house.
    """

    def __init__(self, address: str) -> None:
        self._line = Client(address)
        self._lock = threading.Lock()

    async def ask(self, account_id: AccountId, call: str, argument: object, kind: type[T]) -> T:
        """Make one call.

        Args:
            account_id: whose broker.
            call: the port's method.
            argument: its argument.
            kind: of its answer.

        Raises:
            OutcomeUnknown: the line broke.
        """
        answer = await to_thread(self._asked, account_id, call, argument)
        if not isinstance(answer, kind):
            raise BrokenInvariant(f"{call} answered {answer!r}")
        return answer

    def _asked(self, account_id: AccountId, call: str, argument: object) -> object:
        try:
            with self._lock:
                self._line.send((account_id, call, argument))
                answer: object = self._line.recv()
        except (EOFError, OSError) as error:
            raise OutcomeUnknown(f"the line to the broker broke: {error}") from error
        if isinstance(answer, BittenError):
            raise answer
        return answer


class BrokerLine:
    """One account's broker, at the other end of a line.

    Args:
        line: to the house.
        account_id: whose broker.
    """

    def __init__(self, line: LineToHouse, account_id: AccountId) -> None:
        self._line, self._account_id = line, account_id

    async def place(self, order: MarketOrder) -> Answer:
        """Open a position."""
        return await self._line.ask(self._account_id, "place", order, Answer)

    async def close(self, order: CloseOrder) -> Answer:
        """Close a position, whole or part."""
        return await self._line.ask(self._account_id, "close", order, Answer)

    async def modify(self, order: LevelsOrder) -> Answer:
        """Replace a position's stop and target."""
        return await self._line.ask(self._account_id, "modify", order, Answer)

    async def snapshot(self, since_deal: int = 0) -> BrokerSnapshot:
        """Read the account."""
        return await self._line.ask(self._account_id, "snapshot", since_deal, BrokerSnapshot)

    async def evidence_of(self, client_order_id: int) -> Evidence:
        """Prove what became of an order."""
        return await self._line.ask(self._account_id, "evidence_of", client_order_id, Evidence)
