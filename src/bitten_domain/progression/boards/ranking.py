"""Ranking a board: equal figures share a rank, and the next one is as far down as there are people above."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.vocabulary import Board

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bitten_domain.events import MarketDayClosed
    from bitten_domain.progression.boards.members import BoardMember
    from bitten_domain.values import UserId

__all__ = ["ADHERENCE_DAYS", "BoardFigure", "BoardRow", "adherence_of", "rank_board"]

ADHERENCE_DAYS = 60
"""Market days the adherence board looks back over."""

_TEN_THOUSAND = 10_000


class BoardFigure(NamedTuple):
    """What somebody is ranked by.

    Args:
        value: ten-thousandths; high is good for adherence, low for calibration.
        sample: how many days or forecasts it is made of.
    """

    value: int
    sample: int


class BoardRow(NamedTuple):
    """A line of a board.

    Args:
        rank: from 1.
        pseudonym: the name its owner chose for the board.
        figure: what they are ranked by.
    """

    rank: int
    pseudonym: str
    figure: BoardFigure


def adherence_of(days: Iterable[MarketDayClosed], last_day: int) -> BoardFigure | None:
    """Find the share of adherent days among somebody's last market days.

    Days that were not prepared for count against it, so that staying away does not lead a board. Trades do not enter.

    Args:
        days: their closed market days, oldest first.
        last_day: last trading day that is over, days since 1970-01-01.

    Returns:
        The share; None before there are as many closed days as the board looks back over.
    """
    looked_at = [day for day in days if day.day <= last_day][-ADHERENCE_DAYS:]
    if len(looked_at) < ADHERENCE_DAYS:
        return None
    kept = sum(day.is_adherent for day in looked_at)
    return BoardFigure(kept * _TEN_THOUSAND // ADHERENCE_DAYS, ADHERENCE_DAYS)


def rank_board(
    board: Board, members: Iterable[BoardMember], figures: Mapping[UserId, BoardFigure | None]
) -> tuple[BoardRow, ...]:
    """Rank those who asked for it and have a figure; nobody else is shown, under whatever name.

    Args:
        board: which.
        members: who asked to be ranked, on this board or another.
        figures: by user id; None while there is too little to go by.
    """
    sign = -1 if board is Board.ADHERENCE else 1
    shown = [
        (sign * figure.value, member.pseudonym.casefold(), member, figure)
        for member in members
        if member.board is board and (figure := figures.get(member.user_id)) is not None
    ]
    shown.sort(key=lambda row: row[:2])
    rows: list[BoardRow] = []
    for place, (_, _, member, figure) in enumerate(shown, 1):
        shares = bool(rows) and rows[-1].figure.value == figure.value
        rows.append(BoardRow(rows[-1].rank if shares else place, member.pseudonym, figure))
    return tuple(rows)
