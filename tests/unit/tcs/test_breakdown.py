"""The breakdown adds up, says what it read, and its flip statement is true."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.market.frame import frame_of
from bitten_domain.market.studies import studies_of
from bitten_domain.strategies import Profile, strategies_of
from bitten_domain.tcs.breakdown import (
    CONTEXT_LINE,
    BreakdownLine,
    ScoreDetail,
    breakdown_of,
    details_of,
    flip_statement,
)
from bitten_domain.tcs.parts import COMPONENTS, RULES
from bitten_domain.tcs.rank_knots import RANK_SCALE
from bitten_domain.tcs.scan import Scanner, ScoredCandidates, SpreadColumn
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from tests.unit.conftest import WalkMaker

ALL = 10_000


@pytest.fixture(scope="module")
def table(walk: WalkMaker) -> ScoredCandidates:
    bars = walk(8, 3_000)
    studies = studies_of(frame_of(INSTRUMENTS["EURUSD"], bars), long_average=False)
    spread = SpreadColumn(np.ones(len(bars)), np.arange(len(bars)) % 2 > 0)
    scanner = Scanner(("EURUSD",), strategies_of(Profile.WIDE), RANK_SCALE)
    return scanner.scan({"EURUSD": studies}, {"EURUSD": spread}, None, 0)


def test_given_a_scan_when_taken_apart_then_every_breakdown_adds_up_to_its_score(table: ScoredCandidates) -> None:
    rows = np.arange(len(table))
    for row, detail in zip(rows.tolist(), details_of(table, rows), strict=True):
        lines = breakdown_of(detail)
        assert [line.part for line in lines] == [*(component.value for component in COMPONENTS), CONTEXT_LINE]
        assert sum(line.points for line in lines) == int(table.score[row])
        assert [line.evidence for line in lines[:-1]] == pytest.approx(table.raw[row].tolist(), abs=1e-3)
        caps = table.caps[row] / table.caps[row].sum() * ALL
        assert [line.cap for line in lines[:-1]] == pytest.approx(caps.tolist(), abs=1)
        assert all(line.points <= line.cap + 1 for line in lines)
        assert all(line.reason and "nan" not in line.reason for line in lines)


POINTS = st.lists(st.tuples(st.integers(0, 1_500), st.integers(0, 900)), min_size=8, max_size=8)


@given(points=POINTS, context=st.sampled_from([-300, -200, 0, 100, 300]), gate=st.integers(70_000, 78_000))
def test_given_any_breakdown_when_it_names_a_flip_then_that_change_flips_the_gate(
    points: list[tuple[int, int]], context: int, gate: int
) -> None:
    lines = [
        BreakdownLine(component.value, got, got + left, 0.0, "drawn")
        for component, (got, left) in zip(COMPONENTS, points, strict=True)
    ]
    lines.append(BreakdownLine(CONTEXT_LINE, context, 300, 0.0, "drawn"))
    score = sum(line.points for line in lines)
    passes = score * 10 >= gate
    text = flip_statement(lines, score, gate)
    gains = {line.part: line.cap - line.points for line in lines}
    losses = {line.part: line.points for line in lines}

    if named := re.search(r"without (.+) \((\d+\.\d\d)\) it would not pass", text):
        part, amount = named.group(1), round(float(named.group(2)) * 100)
        assert passes
        assert losses[part] == amount
        assert (score - amount) * 10 < gate
        # No smaller line would do.
        assert all((score - other) * 10 >= gate for other in losses.values() if other < amount)
    elif named := re.search(r"below the gate; (.+) has (\d+\.\d\d) left", text):
        part, amount = named.group(1), round(float(named.group(2)) * 100)
        assert not passes
        assert gains[part] == amount
        assert (score + amount) * 10 >= gate
        assert all((score + other) * 10 < gate for other in gains.values() if other < amount)
    elif passes:
        assert text.endswith("no single part decides it")
        assert all((score - loss) * 10 >= gate for loss in losses.values())
    else:
        assert text.endswith("no single part could lift it")
        assert all((score + gain) * 10 < gate for gain in gains.values())


def detail(**known: float) -> ScoreDetail:
    """Give a detail in which only the named rules' measures, and full points, are known."""
    names = [rule.name.replace(" ", "_") for rule in RULES]
    assert set(known) <= set(names)
    return ScoreDetail(
        parts=(0,) * len(COMPONENTS),
        context=0,
        evidence=tuple(rule.cap * ALL if name in known else None for rule, name in zip(RULES, names, strict=True)),
        measures=tuple(round(known[name] * ALL) if name in known else None for name in names),
        read=(None, None),
    )


def test_given_what_was_read_when_told_then_reasons_name_it_in_words() -> None:
    lines = breakdown_of(
        detail(
            trend_clarity=0.82,
            support_and_resistance=4,
            bar_pattern=5,
            M15_trend=1,
            H4_trend=1,
            RSI_zone=61,
            MACD=0.1,
            tick_volume=1.7,
            ATR_regime=0.9,
            spread=1.1,
            stable_volatility=-0.05,
            session=5,
            depth_of_sweep_or_break=0.6,
            nearest_level=0.3,
            reward_to_risk=1.84,
            sentiment=0.25,
        )
    )
    said = " | ".join(line.reason for line in lines)

    for words in (
        "clarity 0.82", "4 touches at the stop", "pattern complete", "in agreement: M15 H4", "RSI 61",
        "MACD with the trade", "tick volume x1.7", "ATR x0.90 of usual", "spread x1.1 of normal", "ATR -5 % in 12 h",
        "overlap", "0.60 ATR deep", "0.30 ATR away", "1.84 R net", "sentiment +0.25",
    ):  # fmt: skip
        assert words in said


def test_given_nothing_known_when_told_then_reasons_say_so() -> None:
    lines = breakdown_of(detail())

    assert [line.cap for line in lines[:-1]] == [0] * 8
    assert "clarity unknown" in lines[0].reason
    assert "spread assumed" in lines[3].reason
    assert lines[7].reason == "no feed"
    assert lines[8].reason == "unknown"
