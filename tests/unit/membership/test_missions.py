"""Missions: what fulfils them, what does not, and that nothing they ask for pays for harm."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.errors import InvalidInput
from bitten_domain.membership.education import (
    CONDITIONS,
    DiaryFact,
    Mission,
    Need,
    PracticeDay,
    PracticeFacts,
    PracticeTrade,
    SkippedSignal,
    TradeRef,
    grade_mission,
)
from bitten_domain.values import AccountId, SignalId

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW = 1_000_000
MINUTE = 60


def mission(condition: str, times: int = 1, /, **parameters: str) -> Mission:
    figures = {name: Decimal(text) for name, text in parameters.items()}
    return Mission("m", "M", "do it", "badge", 1, condition, figures, times, "risk")


def ref(ticket: int) -> TradeRef:
    return TradeRef(AccountId("p"), ticket)


TRADE = PracticeTrade(
    trade=ref(1),
    is_paper=True,
    symbol="EURUSD",
    strategy="london_breakout",
    opened_at=1_000,
    closed_at=2_000,
    risk_percent=Decimal("0.5"),
    is_loss=False,
    cost_share=Decimal("0.08"),
    had_stop=True,
    loosened=0,
    ended_by_plan=True,
)


def evidence(asked: Mission, **facts: object) -> tuple[str, ...]:
    return grade_mission(asked, replace(PracticeFacts(NOW), **facts)).evidence  # type: ignore[arg-type]


def full(condition: str) -> Mission:
    """A mission of a condition with every parameter at its middle, asking for all there is."""
    figures = {name: (bounds.low + bounds.high) / 2 for name, bounds in CONDITIONS[condition].parameters.items()}
    return Mission("m", "M", "do it", "badge", 1, condition, figures, 100, "risk")


@pytest.mark.parametrize(
    ("condition", "parameters", "spoiled"),
    [
        ("stop_kept", {}, replace(TRADE, loosened=1)),
        ("stop_kept", {}, replace(TRADE, had_stop=False)),
        ("stop_kept", {}, replace(TRADE, is_paper=False)),
        ("within_risk", {"most_percent": "0.5"}, replace(TRADE, risk_percent=Decimal("0.51"))),
        ("within_risk", {"most_percent": "0.5"}, replace(TRADE, risk_percent=None)),
        ("within_risk", {"most_percent": "0.5"}, replace(TRADE, had_stop=False)),
        ("plan_kept", {}, replace(TRADE, ended_by_plan=False)),
        ("plan_kept", {}, replace(TRADE, loosened=2)),
        ("cheap", {"most_cost_share": "0.08"}, replace(TRADE, cost_share=Decimal("0.081"))),
        ("cheap", {"most_cost_share": "0.08"}, replace(TRADE, cost_share=None)),
        ("each_strategy", {}, replace(TRADE, strategy="")),
    ],
)
def test_given_a_trade_that_just_counts_when_spoiled_then_it_no_longer_does(
    condition: str, parameters: Mapping[str, str], spoiled: PracticeTrade
) -> None:
    asked = mission(condition, 1, **parameters)

    assert (evidence(asked, trades=(TRADE,)), evidence(asked, trades=(spoiled,))) == (("p/1",), ())


def test_given_two_trades_of_a_strategy_when_each_strategy_is_asked_then_the_older_one_counts() -> None:
    trades = (
        replace(TRADE, trade=ref(2), closed_at=1_500),
        TRADE,
        replace(TRADE, trade=ref(3), strategy="mean_reversion", closed_at=3_000),
    )

    assert evidence(mission("each_strategy", 3), trades=trades) == ("p/2", "p/3")


@pytest.mark.parametrize(("minutes", "found"), [(-1, ()), (0, ("p/1",)), (60, ("p/1",)), (61, ())])
def test_given_a_loss_when_written_about_so_much_later_then_it_counts_within_the_hour(
    minutes: int, found: tuple[str, ...]
) -> None:
    lost = replace(TRADE, is_loss=True)
    entry = DiaryFact("e", lost.closed_at + minutes * MINUTE, 11, lost.trade)

    assert evidence(mission("written_after_loss", within_minutes="60"), trades=(lost,), diary=(entry,)) == found


def test_given_a_win_when_written_about_then_it_is_not_after_a_loss() -> None:
    entry = DiaryFact("e", TRADE.closed_at + 5, 11, TRADE.trade)

    assert evidence(mission("written_after_loss", within_minutes="60"), trades=(TRADE,), diary=(entry,)) == ()


@pytest.mark.parametrize(("minutes", "found"), [(59, ()), (60, ("p/1",))])
def test_given_a_trade_when_looked_back_at_so_much_later_then_it_counts_from_the_hour_on(
    minutes: int, found: tuple[str, ...]
) -> None:
    entry = DiaryFact("e", TRADE.closed_at + minutes * MINUTE, 11, TRADE.trade)

    assert evidence(mission("looked_back", after_minutes="60"), trades=(TRADE,), diary=(entry,)) == found


@pytest.mark.parametrize(
    ("opening", "as_of", "found"),
    [
        (None, 3_000 + 30 * MINUTE, ("p/2",)),
        (None, 3_000 + 30 * MINUTE - 1, ()),
        (3_000, NOW, ()),
        (3_000 + 30 * MINUTE - 1, NOW, ()),
        (3_000 + 30 * MINUTE, NOW, ("p/2",)),
    ],
)
def test_given_two_losses_when_nothing_is_opened_for_half_an_hour_then_the_pause_counts(
    opening: int | None, as_of: int, found: tuple[str, ...]
) -> None:
    losses = tuple(replace(TRADE, trade=ref(n), closed_at=1_000 + n * 1_000, is_loss=True) for n in (1, 2))
    openings = (500, 600) if opening is None else (500, 600, opening)
    facts = PracticeFacts(as_of, trades=losses, openings=openings)

    assert grade_mission(mission("paused_after_losses", losses="2", minutes="30"), facts).evidence == found


def test_given_a_win_between_two_losses_when_paused_then_they_were_not_in_a_row() -> None:
    trades = tuple(
        replace(TRADE, trade=ref(n), closed_at=n * 1_000, is_loss=is_loss)
        for n, is_loss in ((1, True), (2, False), (3, True))
    )

    assert evidence(mission("paused_after_losses", losses="2", minutes="30"), trades=trades) == ()


def test_given_three_losses_with_a_pause_after_each_when_two_are_asked_then_the_third_begins_a_new_row() -> None:
    losses = tuple(replace(TRADE, trade=ref(n), closed_at=n * 10_000, is_loss=True) for n in (1, 2, 3))

    assert evidence(mission("paused_after_losses", 5, losses="2", minutes="30"), trades=losses) == ("p/2",)


def test_given_a_trade_that_closes_later_than_the_facts_go_when_graded_then_it_does_not_count() -> None:
    facts = PracticeFacts(TRADE.closed_at - 1, trades=(TRADE,))

    assert grade_mission(mission("stop_kept"), facts).evidence == ()


def test_given_signals_put_aside_when_asked_then_those_in_a_blackout_count_once_each() -> None:
    seen = SkippedSignal(SignalId("s1"), 10, in_blackout=True, cost_share=Decimal("0.1"))
    other = replace(seen, signal_id=SignalId("s2"), in_blackout=False)

    assert evidence(mission("skipped_in_blackout", 5), skipped=(seen, seen, other)) == ("s1",)


@pytest.mark.parametrize(("share", "found"), [("0.199", ()), ("0.200", ("s1",))])
def test_given_a_signal_put_aside_when_it_costs_so_much_then_it_counts_from_the_bound_on(
    share: str, found: tuple[str, ...]
) -> None:
    seen = SkippedSignal(SignalId("s1"), 10, in_blackout=False, cost_share=Decimal(share))

    assert evidence(mission("skipped_for_cost", least_cost_share="0.20"), skipped=(seen,)) == found


DAY = PracticeDay(20_000, opened=0, briefing_read=True, limits_confirmed=True, rules_broken=0)


@pytest.mark.parametrize(
    ("condition", "day", "found"),
    [
        ("prepared_days", DAY, ("20000",)),
        ("prepared_days", replace(DAY, opened=9), ("20000",)),
        ("prepared_days", replace(DAY, limits_confirmed=False), ()),
        ("prepared_days", replace(DAY, briefing_read=False), ()),
        ("prepared_days", replace(DAY, rules_broken=1), ()),
        ("quiet_days", DAY, ("20000",)),
        ("quiet_days", replace(DAY, limits_confirmed=False), ("20000",)),
        ("quiet_days", replace(DAY, opened=1), ()),
        ("quiet_days", replace(DAY, briefing_read=False), ()),
    ],
)
def test_given_a_day_when_looked_at_then_it_counts_or_not(
    condition: str, day: PracticeDay, found: tuple[str, ...]
) -> None:
    assert evidence(mission(condition, 2), days=(day,)) == found


def test_given_two_entries_of_a_day_when_days_are_asked_then_it_counts_once() -> None:
    entries = (DiaryFact("e1", 10, 7, None), DiaryFact("e2", 20, 7, None), DiaryFact("e3", 5, 6, None))

    assert evidence(mission("written_on_days", 5), diary=entries) == ("6", "7")


def test_given_more_evidence_than_asked_when_graded_then_the_oldest_is_kept_and_it_is_fulfilled() -> None:
    trades = tuple(replace(TRADE, trade=ref(n), closed_at=9_000 - n) for n in range(1, 5))

    progress = grade_mission(mission("stop_kept", 2), PracticeFacts(NOW, trades=trades))

    assert (progress.evidence, progress.is_fulfilled) == (("p/4", "p/3"), True)


def test_given_missions_when_their_fields_are_read_then_there_is_no_place_for_xp() -> None:
    assert not any("xp" in field.name for field in fields(Mission))


@pytest.mark.parametrize("condition", sorted(CONDITIONS))
def test_given_a_condition_that_finds_something_only_with_a_trade_or_a_loss_when_declared_then_it_says_so(
    condition: str,
) -> None:
    asked = full(condition)
    diary = tuple(DiaryFact(f"e{n}", NOW - n, n, ref(n)) for n in range(9))
    seen = (SkippedSignal(SignalId("s"), 5, in_blackout=True, cost_share=Decimal("0.3")),)
    without_trades = PracticeFacts(NOW * 9, skipped=seen, diary=diary, days=(DAY,))
    winner = replace(TRADE, trade=ref(1), closed_at=NOW - 10, cost_share=Decimal("0.01"), risk_percent=Decimal("0.1"))
    fitting = (
        *diary,
        DiaryFact("soon", NOW - 5, 1, winner.trade),
        DiaryFact("late", NOW + 30 * 86_400, 2, winner.trade),
    )
    without_loss = replace(without_trades, trades=(winner,), diary=fitting)
    with_loss = replace(
        without_loss,
        trades=tuple(replace(winner, trade=ref(n), closed_at=NOW - 13 + n, is_loss=True) for n in (1, 2, 3)),
    )

    found = [bool(grade_mission(asked, facts).evidence) for facts in (without_trades, without_loss, with_loss)]

    needs = CONDITIONS[condition].needs
    assert found == [Need.TRADE not in needs, Need.LOSS not in needs, True]


refs = st.builds(TradeRef, st.just(AccountId("p")), st.integers(1, 6))
moments = st.integers(0, 20_000)
shares = st.decimals("0.01", "0.30", places=2)
practice_trades = st.builds(
    PracticeTrade,
    trade=refs,
    is_paper=st.booleans(),
    symbol=st.just("EURUSD"),
    strategy=st.sampled_from(["", "a", "b"]),
    opened_at=moments,
    closed_at=moments,
    risk_percent=st.none() | st.decimals("0.1", "3", places=1),
    is_loss=st.booleans(),
    cost_share=st.none() | shares,
    had_stop=st.booleans(),
    loosened=st.integers(0, 2),
    ended_by_plan=st.booleans(),
)
practice_facts = st.builds(
    PracticeFacts,
    as_of=st.integers(0, 40_000),
    trades=st.lists(practice_trades, max_size=6, unique_by=lambda trade: trade.trade).map(tuple),
    openings=st.lists(moments, max_size=4).map(tuple),
    skipped=st.lists(
        st.builds(SkippedSignal, st.sampled_from([SignalId("s"), SignalId("t")]), moments, st.booleans(), shares),
        max_size=4,
    ).map(tuple),
    diary=st.lists(st.builds(DiaryFact, st.just("e"), moments, st.integers(0, 3), st.none() | refs), max_size=4).map(
        tuple
    ),
    days=st.lists(
        st.builds(PracticeDay, st.integers(0, 3), st.integers(0, 2), st.booleans(), st.booleans(), st.integers(0, 1)),
        max_size=4,
        unique_by=lambda day: day.day,
    ).map(tuple),
)


@pytest.mark.parametrize("condition", sorted(CONDITIONS))
@settings(max_examples=40)
@given(facts=practice_facts, risk=st.decimals("0.1", "9", places=1), loosened=st.integers(0, 3))
def test_given_any_practice_when_a_trade_is_made_riskier_or_its_stop_looser_then_no_evidence_is_gained(
    condition: str, facts: PracticeFacts, risk: Decimal, loosened: int
) -> None:
    asked = full(condition)
    worse = replace(
        facts,
        trades=tuple(
            replace(
                trade,
                risk_percent=None if trade.risk_percent is None else trade.risk_percent + risk,
                loosened=trade.loosened + loosened,
            )
            for trade in facts.trades
        ),
    )

    before, after = grade_mission(asked, facts).evidence, grade_mission(asked, worse).evidence

    assert set(after) <= set(before)


@pytest.mark.parametrize("condition", sorted(CONDITIONS))
@settings(max_examples=40)
@given(facts=practice_facts)
def test_given_any_practice_when_graded_then_live_trades_add_nothing_and_evidence_does_not_repeat(
    condition: str, facts: PracticeFacts
) -> None:
    asked = full(condition)
    paper_only = replace(facts, trades=tuple(trade for trade in facts.trades if trade.is_paper))

    found = grade_mission(asked, facts).evidence

    assert (found, len(found)) == (grade_mission(asked, paper_only).evidence, len(set(found)))


@pytest.mark.parametrize(
    ("condition", "parameters", "times", "fault"),
    [
        ("win_big", {}, 1, "there is no condition"),
        ("within_risk", {}, 1, "takes most_percent, not none"),
        ("stop_kept", {"most": "1"}, 1, "takes no parameters, not most"),
        ("within_risk", {"most_percent": "2.1"}, 1, "most_percent is 2.1"),
        ("stop_kept", {}, 0, "0 times"),
        ("stop_kept", {}, 101, "101 times"),
    ],
)
def test_given_a_mission_that_cannot_be_when_made_then_it_says_why(
    condition: str, parameters: Mapping[str, str], times: int, fault: str
) -> None:
    with pytest.raises(InvalidInput, match=fault):
        mission(condition, times, **parameters)
