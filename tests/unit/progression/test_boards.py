"""Boards: only those who asked, under the name they chose, by kept days or by honest forecasts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.errors import InvalidInput
from bitten_domain.events import MarketDayClosed, TradeJudged
from bitten_domain.progression.boards import (
    ADHERENCE_DAYS,
    LEAST_FORECASTS,
    BoardFigure,
    BoardMember,
    Forecast,
    adherence_of,
    calibration_of,
    rank_board,
)
from bitten_domain.values import AccountId, SignalId, UserId
from bitten_domain.vocabulary import Board, Breach

FAULT = TradeJudged(AccountId("a"), 1, "s", 0, frozenset({Breach.NO_STOP}))
KEPT_WELL = TradeJudged(AccountId("a"), 2, "s", 0, frozenset())


def member(number: int, board: Board = Board.ADHERENCE) -> BoardMember:
    return BoardMember(UserId(f"user-{number}"), board, f"Name_{number}", 0)


def days(*kept: bool) -> list[MarketDayClosed]:
    return [MarketDayClosed(UserId("u"), number, is_briefed, ()) for number, is_briefed in enumerate(kept)]


def test_given_equal_figures_when_ranked_then_they_share_a_rank_and_the_next_counts_everybody_above() -> None:
    figures = {UserId(f"user-{n}"): BoardFigure(value, 60) for n, value in enumerate([9_000, 9_500, 9_000, 8_000])}

    rows = rank_board(Board.ADHERENCE, [member(n) for n in range(4)], figures)

    assert [(row.rank, row.pseudonym) for row in rows] == [(1, "Name_1"), (2, "Name_0"), (2, "Name_2"), (4, "Name_3")]


def test_given_calibration_when_ranked_then_the_lower_score_leads() -> None:
    figures = {UserId("user-1"): BoardFigure(2_500, 40), UserId("user-2"): BoardFigure(1_800, 40)}

    rows = rank_board(Board.CALIBRATION, [member(n, Board.CALIBRATION) for n in (1, 2)], figures)

    assert [row.pseudonym for row in rows] == ["Name_2", "Name_1"]


def test_given_people_who_did_not_ask_when_ranked_then_they_are_not_shown() -> None:
    figures = {UserId(f"user-{n}"): BoardFigure(9_000, 60) for n in range(3)}

    rows = rank_board(Board.ADHERENCE, [member(1), member(2, Board.CALIBRATION)], {**figures, UserId("user-9"): None})

    assert [row.pseudonym for row in rows] == ["Name_1"]
    assert rank_board(Board.ADHERENCE, [member(9)], {UserId("user-9"): None}) == ()


def test_given_sixty_days_when_forty_five_were_kept_then_the_figure_is_three_quarters() -> None:
    kept = [True] * 45 + [False] * 15

    assert adherence_of(days(*kept), 59) == BoardFigure(7_500, 60)
    assert adherence_of(days(*kept), 58) is None
    # Older days fall out: of the last sixty of these, all were kept.
    assert adherence_of(days(*[False] * 15, *[True] * 60), 74) == BoardFigure(10_000, 60)


@given(
    kept=st.lists(st.booleans(), min_size=ADHERENCE_DAYS, max_size=90), place=st.integers(0, 89), broken=st.booleans()
)
def test_given_any_days_when_a_trade_is_added_then_nobody_climbs_the_board_of_adherence(
    kept: list[bool], place: int, broken: bool
) -> None:
    before = days(*kept)
    place %= len(before)
    after = [*before]
    after[place] = before[place]._replace(trades=(FAULT if broken else KEPT_WELL,))

    one, other = adherence_of(before, 99), adherence_of(after, 99)

    assert one is not None
    assert other is not None
    assert other.value <= one.value


def test_given_forecasts_by_hand_when_scored_then_brier_says_how_good_they_were() -> None:
    # 30 times 80 %, right 24 times: (24 * 0.04 + 6 * 0.64) / 30 = 0.16.
    assert calibration_of([(80, True)] * 24 + [(80, False)] * 6) == BoardFigure(1_600, 30)
    # Always one half gives a quarter, whatever happens.
    assert calibration_of([(50, number % 3 == 0) for number in range(40)]) == BoardFigure(2_500, 40)
    assert calibration_of([(80, True)] * (LEAST_FORECASTS - 1)) is None


@given(right=st.integers(0, 100), stated=st.integers(1, 99))
def test_given_a_true_share_when_forecast_then_no_other_chance_scores_better_than_the_share_itself(
    right: int, stated: int
) -> None:
    honest = min(99, max(1, right))
    outcomes = [True] * right + [False] * (100 - right)

    best = calibration_of([(honest, outcome) for outcome in outcomes])
    other = calibration_of([(stated, outcome) for outcome in outcomes])

    assert best is not None
    assert other is not None
    assert best.value <= other.value


@pytest.mark.parametrize("name", ["ab", "x" * 21, "who are you", "<b>bold</b>", ""])
def test_given_a_name_a_board_cannot_show_when_joined_then_it_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="3 to 20 letters"):
        BoardMember(UserId("u"), Board.ADHERENCE, name, 0)


@pytest.mark.parametrize("percent", [0, 100, -5])
def test_given_a_chance_that_is_a_promise_when_forecast_then_it_is_refused(percent: int) -> None:
    with pytest.raises(InvalidInput, match="1 to 99"):
        Forecast(UserId("u"), SignalId("s"), percent, 0)
