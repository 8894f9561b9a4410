"""Boards: who asked to be ranked, under a name of their own, by kept days or by the quality of forecasts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import Conflict
from bitten_domain.market.clocks.fx_week import day_ending_at, trading_day_at
from bitten_domain.membership import Denial
from bitten_domain.membership.access import Action
from bitten_domain.membership.privacy import ConsentPurpose, has_consent
from bitten_domain.progression.boards import BoardMember, adherence_of, calibration_of, rank_board
from bitten_domain.progression.gear import NotPossible
from bitten_domain.use_cases.game.awarding import Given, award_due
from bitten_domain.use_cases.game.telling import name_of_news, tell_given
from bitten_domain.use_cases.people.points import allowed_progress
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.vocabulary import AccountStatus, Board

if TYPE_CHECKING:
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.progression.boards import BoardFigure, BoardRow
    from bitten_domain.use_cases.game.game_rules import GameRules
    from bitten_domain.values import UserId

__all__ = ["JoinBoard", "Joined", "LeaveBoard", "ShowBoard", "has_agreed"]

# Market days looked back over lie within so many days: sixty of them take twelve weeks, and some more are left over.
_DAYS_BACK = 120


def has_agreed(store: Repositories, user_id: UserId, rules: GameRules) -> bool:
    """Say whether somebody agrees to be ranked: a consent to the present text stands."""
    text = rules.syllabus.text(ConsentPurpose.LEADERBOARD.value)
    return text is not None and has_consent(store.consents.of(user_id), ConsentPurpose.LEADERBOARD, text.version)


class Joined(NamedTuple):
    """Somebody who is on a board now.

    Args:
        member: as the board knows them.
        given: achievements and gear that came with it.
    """

    member: BoardMember
    given: Given


@dataclass(frozen=True, slots=True)
class JoinBoard:
    """Put somebody on a board who asks for it, or change the name they have there.

    Args:
        unit_of_work: the store.
        rules: the game's, and the text of the consent that is asked for.
    """

    unit_of_work: UnitOfWork
    rules: GameRules

    async def __call__(self, user_id: UserId, board: Board, pseudonym: str, at: int) -> Joined | NotPossible | Denial:
        """Join; gives who they are there, or why it cannot be.

        Args:
            user_id: who asks.
            board: which.
            pseudonym: how the board is to call them.
            at: now, seconds since 1970 UTC.

        Raises:
            InvalidInput: there is no such person, or the pseudonym cannot be used.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        member = BoardMember(user_id, board, pseudonym, at)
        taken = NotPossible(f"Somebody else is called {pseudonym} on that board.", "Choose another name.")

        def work(store: Repositories) -> Joined | NotPossible | Denial:
            progress = allowed_progress(store, user_id, Action.CHANGE_SETTINGS, at)
            if isinstance(progress, Denial):
                return progress
            if not has_agreed(store, user_id, self.rules):
                return NotPossible("Nobody is ranked who has not agreed to it.", "Agree to its text first.")
            if any(_is_called(other, member) for other in store.boards.members(board)):
                return taken
            store.boards.join(member)
            given = award_due(store, progress, self.rules, day=day_ending_at(at), at=at)
            tell_given(store, progress, name_of_news(progress, given, ()), self.rules, given, at=at)
            joined = next(one for one in store.boards.of(user_id) if one.board is board)
            return Joined(joined, given)

        try:
            return await durably(self.unit_of_work, work)
        except Conflict:
            # Somebody asked for the name at the same time and was faster, or too many write at once.
            members = await self.unit_of_work.read(lambda store: store.boards.members(board))
            if any(_is_called(other, member) for other in members):
                return taken
            raise


@dataclass(frozen=True, slots=True)
class LeaveBoard:
    """Take somebody off a board, at once.

    Args:
        unit_of_work: the store.
    """

    unit_of_work: UnitOfWork

    async def __call__(self, user_id: UserId, board: Board) -> bool:
        """Leave; False when they were not on it.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store failed; look before asking again.
        """
        return await durably(self.unit_of_work, lambda store: store.boards.leave(user_id, board))


@dataclass(frozen=True, slots=True)
class ShowBoard:
    """Show a board.

    Args:
        unit_of_work: the store.
        rules: the game's, and the text of the consent that is asked for.
    """

    unit_of_work: UnitOfWork
    rules: GameRules

    async def __call__(self, board: Board, at: int) -> tuple[BoardRow, ...]:
        """Rank those who asked for it, still agree, and have enough to go by; nobody else is in what is given.

        Args:
            board: which.
            at: now, seconds since 1970 UTC.

        Raises:
            Unavailable: the store failed.
        """
        last_day = trading_day_at(at) - 1

        def work(store: Repositories) -> tuple[BoardRow, ...]:
            members = [one for one in store.boards.members(board) if self._is_shown(store, one.user_id)]
            figures = {one.user_id: _figure(store, board, one.user_id, last_day) for one in members}
            return rank_board(board, members, figures)

        return await self.unit_of_work.read(work)

    def _is_shown(self, store: Repositories, user_id: UserId) -> bool:
        person = store.people.get(user_id)
        return person is not None and person.status is AccountStatus.ACTIVE and has_agreed(store, user_id, self.rules)


def _figure(store: Repositories, board: Board, user_id: UserId, last_day: int) -> BoardFigure | None:
    if board is Board.ADHERENCE:
        return adherence_of(store.market_days.closed(user_id, last_day - _DAYS_BACK, last_day), last_day)
    return calibration_of(
        (judged.forecast.percent, judged.net_r > 0)
        for judged in store.forecasts.judged(user_id)
        if judged.net_r is not None
    )


def _is_called(other: BoardMember, member: BoardMember) -> bool:
    is_somebody_else = other.user_id != member.user_id and other.board is member.board
    return is_somebody_else and other.pseudonym.lower() == member.pseudonym.lower()
