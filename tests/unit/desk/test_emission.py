"""Emission: which scored candidates become signals, and under which code the others are kept back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.desk.emission import Emission, consider_rows
from bitten_domain.desk.signal_book import SignalBook, consider
from bitten_domain.market.news_view import Blackout
from bitten_domain.tcs.gate import GateRules
from bitten_domain.values import Direction
from bitten_domain.vocabulary import Band, PlanKind, SuppressionCode

if TYPE_CHECKING:
    from tests.unit.desk.conftest import RowsMaker, SetUp

    from bitten_domain.desk.emission import CandidateRows

# Wednesday 2025-06-04 14:00 UTC.
AT = 1_749_045_600


def decided(
    rows: CandidateRows, rules: GateRules | None = None, *, threshold: int = 70_000, book: SignalBook | None = None
) -> Emission:
    _, emission = consider_rows(
        book or SignalBook(), rules or GateRules(), rows, 0, len(rows.at), threshold, 1_000, day=20_243
    )
    return emission


def test_given_a_set_up_above_the_gate_when_considered_then_the_signal_says_what_it_was(
    candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    emission = decided(candidate_rows(set_up(score=8123, sign=-1, stop=1.1021, target=1.0957)), threshold=72_500)

    (signal,) = emission.signals
    assert (signal.symbol, signal.direction, signal.strategy) == ("EURUSD", Direction.SELL, "london_breakout")
    assert (signal.entry, signal.stop, signal.target) == (Decimal("1.10000"), Decimal("1.10210"), Decimal("1.09570"))
    assert (signal.score, signal.gate, signal.threshold, signal.band) == (8123, 72_500, 72_500, Band.SHARPSHOOTER)
    assert (signal.at, signal.valid_until, signal.flat_at) == (AT, AT + 720, AT + 8 * 3_600)
    assert (signal.plan, signal.coverage, signal.cost_share) == (PlanKind.FIXED, 90, 0.08)
    assert sum(line.points for line in signal.lines) == signal.score
    assert emission.suppressed == {}


@pytest.mark.parametrize(("score", "life"), [(7000, 600), (7999, 600), (8000, 720), (8999, 720), (9000, 900)])
def test_given_a_score_when_emitted_then_its_life_is_that_of_its_band(
    candidate_rows: RowsMaker, set_up: type[SetUp], score: int, life: int
) -> None:
    (signal,) = decided(candidate_rows(set_up(score=score))).signals

    assert signal.valid_until - signal.at == life


@pytest.mark.parametrize(
    ("spoiled", "code"),
    [
        ({"coverage": 59}, SuppressionCode.COVERAGE),
        ({"veto": True}, SuppressionCode.CONTEXT),
        ({"cost_share": 0.301}, SuppressionCode.COST_SHARE),
        ({"score": 6999}, SuppressionCode.BELOW_THRESHOLD),
        ({"coverage": 59, "veto": True, "cost_share": 0.4, "score": 6000}, SuppressionCode.COVERAGE),
        ({"veto": True, "cost_share": 0.4, "score": 6000}, SuppressionCode.CONTEXT),
        ({"cost_share": 0.4, "score": 6000}, SuppressionCode.COST_SHARE),
    ],
)
def test_given_a_set_up_with_faults_when_considered_then_the_first_names_it(
    candidate_rows: RowsMaker, set_up: type[SetUp], spoiled: dict[str, float], code: SuppressionCode
) -> None:
    emission = decided(candidate_rows(set_up(**spoiled)))  # type: ignore[arg-type]

    assert (emission.signals, emission.suppressed) == ((), {code: 1})


@pytest.mark.parametrize("least", [{"coverage": 60}, {"cost_share": 0.30}, {"score": 7000}])
def test_given_a_set_up_at_a_bound_when_considered_then_it_passes(
    candidate_rows: RowsMaker, set_up: type[SetUp], least: dict[str, float]
) -> None:
    assert len(decided(candidate_rows(set_up(**least))).signals) == 1  # type: ignore[arg-type]


def test_given_caps_and_a_live_idea_when_considered_then_each_code_is_counted(
    candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    rules = GateRules(per_pair=2, per_day=3)
    rows = candidate_rows(
        set_up(score=9000),
        set_up(score=8900),  # the same pair and side
        set_up(score=8800, sign=-1, stop=1.102, target=1.096),
        set_up(score=8700, symbol="GBPUSD"),
        set_up(score=8600, symbol="AUDUSD"),  # the fourth of the day
    )

    emission = decided(rows, rules)

    assert [signal.symbol for signal in emission.signals] == ["EURUSD", "EURUSD", "GBPUSD"]
    assert emission.suppressed == {SuppressionCode.REPEAT: 1, SuppressionCode.DAY_CAP: 1}
    full, _ = consider(SignalBook(), GateRules(per_pair=1), "EURUSD", 1, AT - 7_200, 0, 20_243, 600)
    assert decided(candidate_rows(set_up()), GateRules(per_pair=1), book=full).suppressed == {
        SuppressionCode.PAIR_CAP: 1
    }


def test_given_several_set_ups_of_a_pair_and_side_when_considered_then_the_best_speaks_for_them(
    candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    emission = decided(
        candidate_rows(set_up(score=7500), set_up(score=8100, strategy=2), set_up(score=8100), set_up(score=8000))
    )

    # Equal scores: the earlier row, as the scanner ordered them.
    assert [(signal.row, signal.strategy) for signal in emission.signals] == [(1, "momentum_continuation")]
    assert emission.suppressed == {SuppressionCode.REPEAT: 3}


def test_given_a_later_part_of_a_run_when_emitted_then_rows_count_from_its_beginning(
    candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    rows = candidate_rows(set_up(), set_up(symbol="USDJPY", entry=150.0, stop=149.7, target=150.6))

    emission = decided(rows._replace(offset=500))

    assert [signal.row for signal in emission.signals] == [500, 501]


@pytest.mark.parametrize(
    ("threshold", "offset", "volatility", "news", "gate"),
    [
        (74_000, 0, 1.0, False, 74_000),
        (74_000, 1_250, 1.0, False, 75_250),
        (74_000, 0, 1.61, False, 75_000),
        (74_000, 0, 0.69, False, 73_000),
        (74_000, 0, 1.0, True, 75_500),
        (74_000, -2_000, 1.61, True, 74_500),
        (70_000, -2_000, 0.5, False, 70_000),
        (77_500, 2_000, 2.0, True, 78_000),
    ],
)
def test_given_threshold_offset_and_overlay_when_gated_then_e_is_their_clipped_sum(
    candidate_rows: RowsMaker,
    set_up: type[SetUp],
    threshold: int,
    offset: int,
    volatility: float,
    news: bool,
    gate: int,
) -> None:
    rules = GateRules(pair_offset={"EURUSD": offset})

    def at(score: int) -> Emission:
        rows = candidate_rows(set_up(score=score, volatility=volatility), news=[news])
        return decided(rows, rules, threshold=threshold)

    assert at(gate // 10).signals[0].gate == gate
    assert at(gate // 10 - 1).suppressed == {SuppressionCode.BELOW_THRESHOLD: 1}


def test_given_a_set_up_inside_a_blackout_when_considered_then_it_is_emitted_and_marked(
    candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    rows = candidate_rows(set_up(score=9000), set_up(score=9000, symbol="GBPUSD"), news=[True, False])

    marks = {signal.symbol: signal.blackout for signal in decided(rows).signals}

    assert marks == {"EURUSD": Blackout.HIGH, "GBPUSD": Blackout.NONE}


def test_given_an_offset_of_one_pair_when_gated_then_others_keep_theirs(
    candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    rows = candidate_rows(set_up(score=7100), set_up(score=7100, symbol="GBPUSD"))

    emission = decided(rows, GateRules(pair_offset={"EURUSD": 2_000}))

    assert [signal.symbol for signal in emission.signals] == ["GBPUSD"]


@given(st.data())
def test_given_any_candidates_of_a_moment_when_considered_then_each_is_a_signal_or_counted_once(
    candidate_rows: RowsMaker, set_up: type[SetUp], data: st.DataObject
) -> None:
    n = data.draw(st.integers(1, 12))
    threshold = data.draw(st.integers(70_000, 78_000))
    setups = [
        set_up(
            symbol=data.draw(st.sampled_from(["EURUSD", "GBPUSD", "AUDUSD"])),
            score=data.draw(st.integers(6_500, 9_500)),
            coverage=data.draw(st.sampled_from([50, 60, 90])),
            veto=data.draw(st.booleans()),
            cost_share=data.draw(st.sampled_from([0.1, 0.3, 0.31])),
            volatility=data.draw(st.sampled_from([0.5, 1.0, 2.0])),
        )
        for _ in range(n)
    ]
    rows = candidate_rows(*setups)

    emission = decided(rows, threshold=threshold)

    assert len(emission.signals) + sum(emission.suppressed.values()) == n
    for signal in emission.signals:
        of_pair = [
            each.score
            for each in setups
            if each.symbol == signal.symbol
            and each.coverage >= 60
            and not each.veto
            and each.cost_share <= 0.30
            and each.score * 10
            >= min(max(threshold + {0.5: -1_000, 1.0: 0, 2.0: 1_000}[each.volatility], 70_000), 78_000)
        ]
        assert signal.score == max(of_pair)
