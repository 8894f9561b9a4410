"""The broker contract, on the paper broker with both its ledgers, and what is particular to its file."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.paper.broker import PaperBroker
from bitten_adapters.paper.ledger import FileLedger, MemoryLedger, read_ledger
from bitten_apps.testkit.broker_contract import BROKER_CARDS, OPENED_AT, BrokerCard
from bitten_domain.errors import Conflict, InvalidInput, Unavailable
from bitten_domain.execution.account import BrokerTerms
from bitten_domain.execution.deal import DealReason
from bitten_domain.execution.order import CloseOrder, MarketOrder
from bitten_domain.execution.ticks import TickBar, to_ticks
from bitten_domain.values.direction import Direction
from bitten_domain.values.instrument import INSTRUMENTS
from bitten_domain.values.lots import Lots
from bitten_domain.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bitten_adapters.paper.ledger import Ledger
    from bitten_domain.ports.broker import Broker

START = Money(Decimal(10_000), "USD")
TERMS = BrokerTerms()
EURUSD = INSTRUMENTS["EURUSD"]


class PaperBench:
    """A paper broker; with a path its ledger is that file."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._ledger: Ledger = MemoryLedger() if path is None else FileLedger(path)
        self._paper = PaperBroker(self._ledger, TERMS, START)

    @property
    def broker(self) -> Broker:
        return self._paper

    async def quote(self, bid: Decimal, ask: Decimal, at: int) -> None:
        price = to_ticks(EURUSD, bid)
        self._paper.observe({"EURUSD": TickBar(price, price, price, price, to_ticks(EURUSD, ask) - price)}, at)

    async def restart(self) -> None:
        if isinstance(self._ledger, FileLedger) and self._path is not None:
            self._ledger.close()
            self._ledger = FileLedger(self._path)
        self._paper = PaperBroker(self._ledger, TERMS, START)

    def stop(self) -> None:
        if isinstance(self._ledger, FileLedger):
            self._ledger.close()


@pytest.fixture(params=["memory", "file"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PaperBench]:
    made = PaperBench(tmp_path / "ledger.jsonl" if request.param == "file" else None)
    yield made
    made.stop()


@pytest.mark.parametrize("card", BROKER_CARDS, ids=[f"card{card.number}" for card in BROKER_CARDS])
def test_given_a_paper_broker_when_a_card_is_played_then_its_promise_holds(card: BrokerCard, bench: PaperBench) -> None:
    asyncio.run(_played(card, bench))


async def _played(card: BrokerCard, bench: PaperBench) -> None:
    await card.check(bench)


def order(number: int) -> MarketOrder:
    return MarketOrder(number, "EURUSD", Direction.BUY, Lots(Decimal("0.10")), Decimal("1.095"), Decimal("1.11"))


def opened(path: Path) -> None:
    """Leave a ledger with one open position behind."""
    bench = PaperBench(path)
    asyncio.run(bench.quote(Decimal("1.10000"), Decimal("1.10012"), OPENED_AT))
    asyncio.run(bench.broker.place(order(1)))
    bench.stop()


def test_given_a_ledger_cut_anywhere_in_its_last_line_when_opened_then_the_line_before_holds(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    opened(path)
    whole = path.read_bytes()
    last = whole.rstrip(b"\n").rfind(b"\n") + 1
    for cut in {last, last + 1, last + 8, last + 9, (last + len(whole)) // 2, len(whole) - 1}:
        path.write_bytes(whole[:cut])

        bench = PaperBench(path)
        snapshot = asyncio.run(bench.broker.snapshot())
        bench.stop()

        assert (snapshot.positions, snapshot.deals, snapshot.balance) == ((), (), START)
        assert path.read_bytes() == whole[:last]


def test_given_a_last_line_with_a_block_of_zeros_when_opened_then_it_counts_as_torn(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    opened(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-60] + b"\0" * 59 + b"\n")

    bench = PaperBench(path)
    snapshot = asyncio.run(bench.broker.snapshot())
    bench.stop()

    assert snapshot.positions == ()


@pytest.mark.parametrize("line", [0, 1, 2])
def test_given_a_flipped_byte_when_the_ledger_is_opened_then_it_is_refused_with_its_line(
    line: int, tmp_path: Path
) -> None:
    path = tmp_path / "ledger.jsonl"
    opened(path)
    asyncio_bench = PaperBench(path)
    asyncio.run(asyncio_bench.quote(Decimal("1.09"), Decimal("1.0901"), OPENED_AT + 60))
    asyncio_bench.stop()
    lines = path.read_bytes().splitlines(keepends=True)
    damaged = bytearray(lines[line])
    damaged[20] ^= 1
    path.write_bytes(b"".join([*lines[:line], bytes(damaged), *lines[line + 1 :]]))

    with pytest.raises(InvalidInput, match=f":{line + 1}"):
        FileLedger(path)


def test_given_two_brokers_on_one_file_when_both_write_then_the_second_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    opened(path)
    first, second = PaperBench(path), PaperBench(path)
    for bench in (first, second):
        asyncio.run(bench.quote(Decimal("1.10000"), Decimal("1.10012"), OPENED_AT + 60))
    asyncio.run(first.broker.place(order(2)))

    with pytest.raises(Conflict):
        asyncio.run(second.broker.place(order(3)))
    first.stop()
    second.stop()


WRITER = """
import sys
from pathlib import Path
from bitten_adapters.paper.ledger import FileLedger
from bitten_domain.errors import Conflict

path, name = Path(sys.argv[1]), sys.argv[2]
ledger, kept = FileLedger(path), 0
while kept < 150:
    try:
        ledger.append(f"{name} {kept}")
    except Conflict:
        ledger.close()
        ledger = FileLedger(path)
    else:
        kept += 1
"""


def test_given_two_processes_on_one_file_when_both_write_then_what_was_taken_is_there(
    tmp_path: Path, project_root: Path
) -> None:
    path = tmp_path / "ledger.jsonl"
    environment = {"PYTHONPATH": str(project_root / "src")}
    processes = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], env=environment) for name in ("one", "two")
    ]
    codes = [process.wait(60) for process in processes]

    assert codes == [0, 0]
    entries = read_ledger(path)
    assert len(entries) == 300
    assert [one for one in entries if one.startswith("one")] == [f"one {number}" for number in range(150)]


def seconds_to_open(ledger: MemoryLedger) -> float:
    """Time by the processor, the best of three."""
    took = []
    for _ in range(3):
        began = time.process_time()
        PaperBroker(ledger, TERMS, START)
        took.append(time.process_time() - began)
    return min(took)


def traded(trades: int) -> MemoryLedger:
    """Leave a ledger behind in which a position was opened and closed so many times."""
    ledger = MemoryLedger()
    paper = PaperBroker(ledger, TERMS, START)
    paper.observe({"EURUSD": TickBar(110_000, 110_000, 110_000, 110_000, 1)}, OPENED_AT)
    for number in range(1, trades + 1):
        answer = asyncio.run(paper.place(replace(order(2 * number), lots=Lots(Decimal("0.01")))))
        assert answer.ticket is not None
        asyncio.run(paper.close(CloseOrder(2 * number + 1, answer.ticket, None, DealReason.MANUAL)))
    return ledger


def test_given_a_history_eight_times_as_long_when_opened_then_it_takes_about_eight_times_as_long() -> None:
    assert seconds_to_open(traded(1_600)) < 20 * seconds_to_open(traded(200))


def test_given_a_ledger_of_another_deposit_when_opened_then_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    opened(path)
    ledger = FileLedger(path)

    with pytest.raises(InvalidInput, match="opened with"):
        PaperBroker(ledger, TERMS, Money(Decimal(5_000), "USD"))
    ledger.close()


class FullDisk(MemoryLedger):
    """A ledger that takes its first entry only."""

    def append(self, entry: str) -> None:
        if self.entries():
            raise Unavailable("no space left")
        super().append(entry)


def test_given_a_full_disk_when_an_order_comes_then_nothing_happened() -> None:
    paper = PaperBroker(FullDisk(), TERMS, START)

    with pytest.raises(Unavailable):
        paper.observe({"EURUSD": TickBar(110_000, 110_000, 110_000, 110_000, 12)}, OPENED_AT)
    with pytest.raises(Unavailable):
        asyncio.run(paper.place(order(1)))

    assert asyncio.run(paper.snapshot()).positions == ()


def test_given_a_restart_when_no_quote_has_come_then_a_close_is_not_refused_for_good(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    opened(path)
    bench = PaperBench(path)

    with pytest.raises(Unavailable):
        asyncio.run(bench.broker.place(order(2)))
    asyncio.run(bench.quote(Decimal("1.10000"), Decimal("1.10012"), OPENED_AT + 60))
    answer = asyncio.run(bench.broker.place(order(2)))
    bench.stop()

    assert answer.ticket == 2


def test_given_bars_out_of_order_when_shown_then_the_caller_is_told() -> None:
    paper = PaperBroker(MemoryLedger(), TERMS, START)
    bar = {"EURUSD": TickBar(110_000, 110_000, 110_000, 110_000, 12)}
    paper.observe(bar, OPENED_AT)

    with pytest.raises(Exception, match="shown at"):
        paper.observe(bar, OPENED_AT - 1)
