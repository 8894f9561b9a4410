"""The summary, its JSON and the report of a short run on a synthetic market."""

from __future__ import annotations

import json
import re
import runpy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pytest

from bitten_adapters.synthetic.bar_history import SyntheticBarHistory
from bitten_adapters.synthetic.market import synthetic_market
from bitten_adapters.system.dice import SystemDice
from bitten_apps.report.charts.axes import nice_ticks
from bitten_apps.report.charts.svg import Drawing, thinned
from bitten_apps.report.render import render_report
from bitten_domain.desk.decisions import OrderApproved, OrderRefused, SignalEmitted
from bitten_domain.desk.firing import DeskAccount
from bitten_domain.desk.run.desk_run import TradeClosed
from bitten_domain.desk.step import DeskRules
from bitten_domain.execution import BrokerTerms
from bitten_domain.market.clocks.fx_week import trading_day
from bitten_domain.risk import PersonFacts, UserLimits
from bitten_domain.risk.policy import RiskPolicy
from bitten_domain.strategies.profiles import Profile, strategies_of
from bitten_domain.tcs.rank_knots import RANK_SCALE
from bitten_domain.tcs.scan import Scanner
from bitten_domain.use_cases.trading.backtest import Backtest, BacktestPlan, run_backtest
from bitten_domain.use_cases.trading.summary import BacktestSummary, RunFacts, day_draws, summarise
from bitten_domain.use_cases.trading.summary_json import to_json
from bitten_domain.values import AccountId, Money, UserId
from bitten_domain.vocabulary import AccountStatus, FireMode, Rank, SystemMode, Tier

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bitten_domain.market.bars import Bars

PAIRS = ("EURUSD", "USDJPY", "GBPUSD")
WARM_UP = 25
HOSTILE = '<script>alert("x")</script>&.csv'
ASKED_FOR = {
    "bars", "market_days", "seconds", "signals", "signals_per_market_day", "signals_by_pair", "signals_by_strategy",
    "signals_by_band", "max_signals_in_a_day", "share_5day_means_in_band", "suppressed", "context", "threshold",
    "trades", "refusals", "net_r", "expectancy_r", "win_rate", "profit_factor", "max_drawdown_pct", "equity_end",
    "costs", "ambiguous_bars", "data", "journal_digest",
}  # fmt: skip


class Study(NamedTuple):
    """A run with all that was needed for it."""

    bars: Mapping[str, Bars]
    plan: BacktestPlan
    run: Backtest
    facts: RunFacts
    summary: BacktestSummary


@pytest.fixture(scope="module")
def study() -> Study:
    history = SyntheticBarHistory(synthetic_market(11, date(2025, 3, 3), 42))
    loaded = {symbol: history.load(symbol) for symbol in PAIRS}
    bars = {symbol: each for symbol, (each, _) in loaded.items()}
    days = np.unique(trading_day(bars["EURUSD"].opened))
    first = bars["EURUSD"].closed[trading_day(bars["EURUSD"].opened) == days[WARM_UP]][0]
    middle = bars["EURUSD"].opened[trading_day(bars["EURUSD"].opened) == days[WARM_UP + 9]][0]
    person = PersonFacts(
        UserId("u"), AccountStatus.ACTIVE, Rank.AUTHORIZED, Tier.COMMANDER, SystemMode.COMMANDER, UserLimits()
    )
    plan = BacktestPlan(
        Scanner(PAIRS, strategies_of(Profile.WIDE), RANK_SCALE),
        DeskRules(RiskPolicy.for_backtest(), Decimal(4)),
        DeskAccount(AccountId("a"), "paper", person, FireMode.SEMI),
        BrokerTerms(),
        Money(Decimal(10_000), "USD"),
        start=int(first),
    )
    run = run_backtest(bars, plan)
    qualities = [quality for _, quality in loaded.values()]
    facts = RunFacts(
        1.5,
        f"made by {HOSTILE}",
        is_synthetic=True,
        qualities=[replace(qualities[0], source=HOSTILE, notes=(HOSTILE,)), *qualities[1:]],
        split_at=int(middle),
    )
    return Study(bars, plan, run, facts, summarise(run, plan, facts, day_draws(SystemDice(1), run, 200)))


@pytest.fixture(scope="module")
def page(study: Study) -> str:
    return render_report(study.summary, study.run)


class Reader(HTMLParser):
    """Reads a page as a browser would: open elements, texts, attributes, tables."""

    VOID = frozenset({"meta", "br", "link", "img", "input", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.tables = self.heads = self.drawings = self.titled = 0
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.tables += tag == "table"
        self.heads += tag == "thead"
        self.drawings += tag == "svg" and ("role", "img") in attrs
        self.titled += tag == "svg" and any(name == "aria-label" and value for name, value in attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def reader(page: str) -> Reader:
    found = Reader()
    found.feed(page)
    found.close()
    return found


def test_given_a_run_when_summarised_then_counts_are_those_of_the_happenings(study: Study) -> None:
    kinds = [type(each) for each in study.run.happenings]
    summary = study.summary

    assert summary.whole.signals == kinds.count(SignalEmitted) > 0
    assert summary.whole.trades.count == kinds.count(TradeClosed) > 0
    assert summary.refused == kinds.count(OrderRefused) == sum(line.first for line in summary.refusals)
    assert summary.approved == kinds.count(OrderApproved) == summary.whole.trades.count + summary.open_trades
    assert summary.whole.signals == summary.approved + summary.refused + summary.unasked
    assert sum(summary.whole.supply.counts) == summary.whole.signals
    assert sum(count for _, count in summary.signals_by_pair) == summary.whole.signals
    assert len(study.run.rows.at) == summary.whole.signals + sum(count for _, count in summary.suppressed)


def test_given_a_run_when_summarised_then_the_money_adds_up(study: Study) -> None:
    closed = [each.trade for each in study.run.happenings if isinstance(each, TradeClosed)]
    net = sum((trade.net.amount for trade in closed), Decimal(0))
    lines = {line.factor: line for line in study.summary.whole.cost_lines}

    assert study.summary.whole.trades.net == float(net)
    assert lines[Decimal(1)].net == float(net)
    assert study.summary.whole.trades.net_r == pytest.approx(float(sum(trade.net_r or 0 for trade in closed)))
    assert lines[Decimal(2)].net == pytest.approx(float(net) - study.summary.costs.total)


def test_given_a_run_when_summarised_then_the_drawdown_is_that_of_pandas(study: Study) -> None:
    curve = pd.Series([10_000.0, *study.run.equity])

    assert study.summary.whole.account.drawdown_percent == pytest.approx(
        100 * (1 - curve / curve.cummax()).max(), abs=1e-3
    )


def test_given_a_split_when_summarised_then_the_parts_add_up_to_the_whole(study: Study) -> None:
    whole, parts = study.summary.whole, study.summary.parts

    assert [part.name for part in parts] == ["development", "held out"]
    assert sum(part.signals for part in parts) == whole.signals
    assert sum(part.trades.count for part in parts) == whole.trades.count
    assert sum(part.market_days for part in parts) == whole.market_days
    assert sum(part.threshold.decisions for part in parts) == whole.threshold.decisions
    assert parts[1].account.start == pytest.approx(parts[0].account.end)


def test_given_a_split_outside_the_run_when_summarised_then_there_are_no_parts(study: Study) -> None:
    draws = day_draws(SystemDice(1), study.run, 5)

    assert summarise(study.run, study.plan, replace(study.facts, split_at=0), draws).parts == ()


def test_given_a_synthetic_run_without_news_and_swaps_when_summarised_then_its_labels_say_so(study: Study) -> None:
    labels = study.summary.labels

    assert labels[:2] == ("PAPER", "SYNTHETIC")
    assert "NO NEWS 100 %" in labels
    assert "ASSUMED SWAPS 100 %" in labels
    assert not any(label.startswith("ASSUMED SPREADS") for label in labels)
    assert "made up" in study.summary.verdict


def test_given_a_summary_when_written_as_json_then_every_key_that_was_asked_for_is_there(study: Study) -> None:
    found = json.loads(to_json(study.summary))

    assert found.keys() >= ASKED_FOR
    assert found["threshold"].keys() >= {"start", "end", "min", "max", "share_at_bounds", "decisions"}
    assert found["context"].keys() == {"vetoed", "raised", "lowered"}
    assert found["data"].keys() >= {"files", "gaps", "quarantined"}
    assert found["signals"] == sum(found["signals_by_strategy"].values()) == sum(found["signals_by_band"].values())
    assert sum(found["refusals"].values()) == found["refused_orders"]
    assert found["bars"] == sum(len(each) for each in study.bars.values())
    assert [part["name"] for part in found["parts"]] == ["development", "held out"]
    assert found["journal_digest"] == study.run.journal.digest


def test_given_the_same_run_when_summarised_again_then_only_the_seconds_differ(study: Study) -> None:
    again = run_backtest(study.bars, study.plan)
    facts = replace(study.facts, seconds=99.0)

    text = to_json(summarise(again, study.plan, facts, day_draws(SystemDice(1), again, 200)))

    assert text.replace('"seconds": 99.0', '"seconds": 1.5') == to_json(study.summary)
    assert text != to_json(study.summary)


def test_given_a_report_when_read_then_every_element_is_closed_and_every_id_is_its_own(reader: Reader) -> None:
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids)) > 0


def test_given_a_report_when_read_then_it_fetches_and_runs_nothing(page: str, reader: Reader) -> None:
    assert not {tag for tag, _, _ in reader.attributes} & {"script", "link", "img", "iframe", "object", "embed"}
    assert [value for _, name, value in reader.attributes if name == "href" and not value.startswith("#")] == []
    assert not [name for _, name, _ in reader.attributes if name == "src" or name.startswith("on")]
    assert "url(" not in page
    assert "@import" not in page
    assert "://" not in page


def test_given_a_report_when_read_then_its_labels_and_verdict_are_in_it(study: Study, reader: Reader) -> None:
    text = " ".join(reader.texts)

    assert [label for label in study.summary.labels if label not in text] == []
    assert study.summary.verdict in text
    assert study.summary.journal_digest in text
    assert [line.code.value for line in study.summary.refusals if line.remedy not in text] == []


def test_given_a_report_when_read_then_drawings_have_words_and_tables_have_heads(reader: Reader) -> None:
    assert reader.drawings > 20
    assert reader.titled == reader.drawings
    assert reader.heads == reader.tables > 10
    assert {"account", "supply", "scores", "results", "parts", "refusals", "costs", "worst", "data"} <= set(reader.ids)


def test_given_hostile_names_when_rendered_then_they_are_only_text(page: str, reader: Reader) -> None:
    assert "<script" not in page
    assert any(HOSTILE in text for text in reader.texts)


def test_given_a_report_when_weighed_then_it_is_small_and_names_no_machine(page: str) -> None:
    assert len(page.encode()) < 1_000_000
    assert not re.search(r"\bnan\b|/home/|/tmp/", page, re.IGNORECASE)


def test_given_the_same_run_when_rendered_again_then_it_is_the_same_page(study: Study, page: str) -> None:
    assert render_report(study.summary, study.run) == page


def test_given_a_run_without_a_signal_when_reported_then_it_says_so(study: Study) -> None:
    plan = replace(study.plan, scanner=replace(study.plan.scanner, strategies=()))
    run = run_backtest(study.bars, plan)

    summary = summarise(run, plan, RunFacts(0.1, "bars"), day_draws(SystemDice(1), run, 20))
    page = render_report(summary, run)

    assert "Not enough data" in page
    assert "No order was refused" in page
    assert json.loads(to_json(summary))["profit_factor"] is None


def test_given_a_run_when_the_results_page_is_written_then_it_tells_both_parts_and_the_method(
    study: Study, project_root: Path
) -> None:
    tool = runpy.run_path(str(project_root / "tools" / "write_results.py"))

    text = tool["results_page"](json.loads(to_json(study.summary)))

    assert study.summary.verdict in text
    assert {f"| {part} | mean_reversion |" in text for part in ("whole run", "development", "held out")} == {True}
    assert all(label in text for label in study.summary.labels)


def test_given_a_long_line_when_thinned_then_its_extremes_and_ends_stay() -> None:
    heights = np.random.default_rng(4).normal(size=5_000)
    heights[[17, 4_321]] = 40.0, -40.0
    points = list(zip(np.arange(5_000.0).tolist(), heights.tolist(), strict=True))

    kept = thinned(points, 100)

    assert len(kept) <= 404
    assert {points[0], points[-1], points[17], points[4_321]} <= set(kept)
    assert kept == sorted(kept)


def test_given_words_with_markup_when_drawn_then_they_are_escaped() -> None:
    drawing = Drawing(10, 10, 'a "title"', "<b>")
    drawing.words(1, 2, "<i>&")

    assert drawing.markup() == (
        '<svg viewBox="0 0 10 10" role="img" class="chart " aria-label="a &quot;title&quot;. &lt;b&gt;">'
        "<title>a &quot;title&quot;</title><desc>&lt;b&gt;</desc>"
        '<text x="1" y="2">&lt;i&gt;&amp;</text></svg>'
    )


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0, 10, 6, [0, 2, 4, 6, 8, 10]),
        (2_700, 10_100, 5, [4_000, 6_000, 8_000, 10_000]),
        (-0.42, 0.2, 4, [-0.4, -0.2, 0, 0.2]),
    ],
)
def test_given_a_range_when_ticked_then_the_figures_are_round(
    low: float, high: float, most: int, expected: list[float]
) -> None:
    assert nice_ticks(low, high, most) == expected
