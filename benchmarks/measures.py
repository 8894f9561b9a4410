"""What is measured, each beside its baseline."""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import time
import timeit
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from rivals import another_engine, numpy_search, plain_loop, sma_cross

from bitten_domain import CostModel, run_rule
from bitten_domain.desk.fire_checks import decide_fire
from bitten_domain.execution import Cost
from bitten_domain.market.news_view import Blackout, Freshness
from bitten_domain.risk import FireRequest, NewsFacts, OpenRisk, Quote, RiskFacts, RiskPolicy, SignalFacts
from bitten_domain.risk.behaviour import BehaviourState
from bitten_domain.risk.facts import AccountFacts
from bitten_domain.use_cases.trading.backtest import run_backtest, run_live
from bitten_domain.use_cases.trading.paper_plan import paper_plan
from bitten_domain.values import INSTRUMENTS, AccountId, Direction, SignalId
from bitten_domain.vocabulary import FireMode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from markets import Markets

    from bitten_domain import Bars
    from bitten_domain.desk.run.desk_run import DeskRun, Happening, Moment

__all__ = ["Row", "cpu_seconds", "engines", "growth", "one_decision", "start_up"]

# What the documented machine made of the two baselines; a bar given in seconds is scaled by them to this machine.
_REFERENCE_LOOP = 3.9e6
_REFERENCE_DECIMAL_ADD = 0.03e-6
_DAY = 86_400
_ADDS = 200_000
_FREE = CostModel().without(*Cost)


class Row(NamedTuple):
    """A line of the table.

    Args:
        what: measured.
        ours: our figure.
        baseline: its baseline of the same run.
        ratio: ours over the baseline, however the bar is worded.
        bar: what is asked.
        met: whether it is; None where nothing is asked.
    """

    what: str
    ours: str
    baseline: str
    ratio: float
    bar: str
    met: bool | None


def cpu_seconds(act: Callable[[], object], repeats: int) -> float:
    """Take the median processor time of some calls; what each leaves behind is cleared away between them."""
    found = []
    for _ in range(repeats):
        gc.collect()
        before = time.process_time()
        act()
        found.append(time.process_time() - before)
    return statistics.median(found)


def engines(markets: Markets, repeats: int) -> list[Row]:
    """Measure the whole chain and the plain rule, beside the loop, the search and another engine."""
    bars = markets.h1
    n = len(bars)
    loop = n / cpu_seconds(lambda: plain_loop(bars), 5)
    search = n / cpu_seconds(lambda: numpy_search(bars), 5)
    rule = n / cpu_seconds(lambda: run_rule(sma_cross, bars, costs=_FREE), 5)
    run = run_rule(sma_cross, bars, costs=_FREE)
    balance, trades = plain_loop(bars)
    same = len(run.trades) - trades in (0, 1) and abs(float(run.account.balance.amount) - balance) < 0.01 * balance
    rows = [
        Row("NumPy exit search, no account", _rate(search), f"plain loop {_rate(loop)}", search / loop, "", None),
        Row(
            "SMA cross as a user's rule",
            _rate(rule),
            f"plain loop {_rate(loop)}",
            rule / loop,
            ">= 0.26",
            rule >= 0.26 * loop,
        ),
        Row("its trades", f"{len(run.trades)}", f"plain loop {trades}", len(run.trades) / trades, "the same", same),
    ]
    chain = _chain_rate(markets.m15, repeats)
    least = 1e5 / _REFERENCE_LOOP
    rows.append(
        Row(
            "whole chain, ten pairs, slope",
            _rate(chain),
            f"plain loop {_rate(loop)}",
            chain / loop,
            f">= {least:.4f}",
            chain >= least * loop,
        )
    )
    if another_engine(bars) is None:
        rows.append(
            Row("whole chain against backtesting.py", _rate(chain), "not installed", float("nan"), ">= 1 (goal)", None)
        )
    else:
        other = n / cpu_seconds(lambda: another_engine(bars), 3)
        rows.append(
            Row(
                "whole chain against its SMA cross",
                _rate(chain),
                f"backtesting.py {_rate(other)}",
                chain / other,
                ">= 1 (goal)",
                chain >= other,
            )
        )
    return rows


def _chain_rate(bars: Mapping[str, Bars], repeats: int) -> float:
    """Find the bars a second of the second half: whole period minus first half, so that no fixed cost is in it."""
    middle = int(np.median(np.concatenate([each.opened for each in bars.values()])))
    half = {symbol: each.between(0, middle) for symbol, each in bars.items()}
    plan = paper_plan()
    slopes = []
    for _ in range(repeats):
        seconds = cpu_seconds(lambda: run_backtest(bars, plan), 1) - cpu_seconds(lambda: run_backtest(half, plan), 1)
        slopes.append((_count(bars) - _count(half)) / seconds)
    return statistics.median(slopes)


def one_decision(markets: Markets) -> list[Row]:
    """Measure one live decision of one pair, and the twelve checks with sizing."""
    loop = len(markets.h1) / cpu_seconds(lambda: plain_loop(markets.h1), 5)
    stop = min(int(bars.closed[-1]) for bars in markets.m15.values()) // _DAY * _DAY
    cut = {symbol: bars.between(0, stop) for symbol, bars in markets.m15.items()}
    spent: list[float] = []
    last = [0.0]

    def watch(moment: Moment, happenings: Sequence[Happening], run: DeskRun) -> None:
        now = time.process_time()
        spent.append((now - last[0]) / len(moment.bars))
        last[0] = time.process_time()

    run_live(cut, paper_plan(start=max(int(bars.closed[-1]) for bars in cut.values()) - _DAY), watch)
    # The first moment's time holds the loading of the history.
    late = float(np.quantile(spent[1:], 0.99))
    scaled = late * loop / _REFERENCE_LOOP
    request, facts, policy = _fire()
    checks = cpu_seconds(lambda: [decide_fire(request, facts, policy) for _ in range(2_000)], 5) / 2_000
    both = {"one": Decimal("1.1"), "other": Decimal("2.2")}
    add = min(timeit.repeat("one + other", globals=both, timer=time.process_time, number=_ADDS)) / _ADDS
    adds = 25e-6 / _REFERENCE_DECIMAL_ADD
    return [
        Row(
            "one live decision, p99",
            f"{late * 1e3:.2f} ms",
            f"plain loop {_rate(loop)}",
            scaled * 1e3,
            "< 5 ms on the reference",
            scaled < 5e-3,
        ),
        Row(
            "twelve checks with sizing",
            f"{checks * 1e6:.1f} us",
            f"a Decimal sum {add * 1e9:.0f} ns",
            checks / add,
            f"< {adds:.0f}",
            checks < adds * add,
        ),
    ]


def _fire() -> tuple[FireRequest, RiskFacts, RiskPolicy]:
    now = 1_750_860_000
    level, ten_thousand = Decimal, Decimal(10_000)
    person = paper_plan().desk.person
    signal = SignalFacts(
        signal_id=SignalId("one"),
        symbol="EURUSD",
        direction=Direction.BUY,
        score=level("82.5"),
        gate=level(74),
        coverage=level("0.9"),
        cost_share=level("0.08"),
        entry=level("1.10000"),
        stop=level("1.09800"),
        target=level("1.10400"),
        reward_price=level("1.10400"),
        reward_risk=level("1.68"),
        valid_until=now + 600,
        is_touched=False,
    )
    facts = RiskFacts(
        now=now,
        account=AccountFacts(
            AccountId("one"), "paper", "USD", False, False, True, ten_thousand, ten_thousand, ten_thousand, ten_thousand
        ),
        person=person,
        instrument=INSTRUMENTS["EURUSD"],
        quote=Quote(level("1.10000"), level("1.10012"), now - 1),
        rates={"EURUSD": level("1.10006"), "USDJPY": level(150), "GBPUSD": level("1.27")},
        open_risks=(
            OpenRisk("USDJPY", Direction.SELL, level(40)),
            OpenRisk("AUDUSD", Direction.SELL, level(30)),
        ),
        behaviour=BehaviourState(peak_equity=ten_thousand),
        stops=(),
        news=NewsFacts(Blackout.NONE, no_auto_anywhere=False, calendar=Freshness.FRESH),
        correlations={("EURUSD", "USDJPY"): -0.4, ("EURUSD", "AUDUSD"): 0.6, ("USDJPY", "AUDUSD"): -0.3},
        shots_used=0,
        fired_signals=frozenset(),
        last_fires={},
    )
    return FireRequest(signal, FireMode.SINGLE, level("1.09800"), level("1.10400")), facts, RiskPolicy()


def start_up(markets: Markets) -> list[Row]:
    """Measure fresh interpreters: the domain's import and the command line's help, less the bare interpreter."""
    loop = len(markets.h1) / cpu_seconds(lambda: plain_loop(markets.h1), 5)
    bare = _started("-c", "pass")
    rows = []
    for what, arguments, most in (
        ("import bitten_domain", ("-c", "import bitten_domain"), 0.35),
        ("bitten --help", ("-m", "bitten_apps.cli", "--help"), 0.30),
    ):
        seconds = _started(*arguments)
        scaled = seconds * loop / _REFERENCE_LOOP
        rows.append(
            Row(
                what,
                f"{seconds:.2f} s",
                f"bare interpreter {bare:.2f} s",
                scaled,
                f"< {most} s on the reference",
                scaled < most,
            )
        )
    return rows


def _started(*arguments: str) -> float:
    def once() -> float:
        before = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - before

    once()
    return min(once() for _ in range(5))


def growth(markets: Markets, make: Callable[[Bars, int], Bars]) -> list[Row]:
    """Measure how cost grows with bars and with pairs; linear is a ratio of 1."""
    rows = []
    whole = len(markets.h1)
    times = max(1, 10_000_000 // whole)
    short, long = make(markets.h1, max(1, times // 8)), make(markets.h1, times)
    few = cpu_seconds(lambda: run_rule(sma_cross, short, costs=_FREE), 1) / len(short)
    many = cpu_seconds(lambda: run_rule(sma_cross, long, costs=_FREE), 1) / len(long)
    rows.append(
        Row(
            f"rule run, {len(long) / 1e6:.1f} M bars",
            f"{many * 1e6:.2f} us a bar",
            f"{len(short) / 1e6:.1f} M bars {few * 1e6:.2f} us",
            many / few,
            "< 1.25",
            many < 1.25 * few,
        )
    )
    plan = paper_plan()
    once = cpu_seconds(lambda: run_backtest(markets.m15, plan), 1) / _count(markets.m15)
    four = {symbol: make(bars, 4) for symbol, bars in markets.m15.items()}
    often = cpu_seconds(lambda: run_backtest(four, plan), 1) / _count(four)
    rows.append(
        Row(
            "whole chain, four times the bars",
            f"{often * 1e6:.1f} us a bar",
            f"once {once * 1e6:.1f} us",
            often / once,
            "< 1.25",
            often < 1.25 * once,
        )
    )
    five = dict(list(markets.m15.items())[:5])
    fewer = cpu_seconds(lambda: run_backtest(five, plan), 1) / _count(five)
    rows.append(
        Row(
            "whole chain, ten pairs",
            f"{once * 1e6:.1f} us a bar",
            f"five pairs {fewer * 1e6:.1f} us",
            once / fewer,
            "< 1.25",
            once < 1.25 * fewer,
        )
    )
    return rows


def _count(bars: Mapping[str, Bars]) -> int:
    return sum(len(each) for each in bars.values())


def _rate(bars_a_second: float) -> str:
    return f"{bars_a_second / 1e6:.2f} M/s" if bars_a_second >= 1e6 else f"{bars_a_second / 1e3:.1f} k/s"
