"""``bitten user board`` and ``forecast``: boards of those who asked to be ranked, and chances stated beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE
from bitten_apps.cli.people.for_person import denied, misread, refused, say, with_store

if TYPE_CHECKING:
    import argparse

    from bitten_apps.store import Store
    from bitten_domain.membership import Denial
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.progression.boards import BoardRow
    from bitten_domain.values import UserId
    from bitten_domain.vocabulary import Board

__all__ = ["board", "forecast"]

_FORECASTS = 20
_SIGNAL_LIFE = 86_400


def board(arguments: argparse.Namespace) -> int:
    """Show a board, join one, or leave one."""

    async def done(store: Store, user_id: UserId, at: int) -> int:
        from bitten_apps.container import Container
        from bitten_domain.use_cases.game.boards import LeaveBoard, ShowBoard

        match arguments.words:
            case ["join", name, pseudonym]:
                return await _join(arguments, store, user_id, _board_of(name), pseudonym, at)
            case ["leave", name]:
                board = _board_of(name)
                was_there = await LeaveBoard(store)(user_id, board)
                words = (
                    f"you are off the board {board.value}" if was_there else f"you were not on the board {board.value}"
                )
                say(arguments, {"board": board.value, "left": was_there}, words)
                return DONE
            case [] | [_]:
                board = _board_of(arguments.words[0] if arguments.words else "adherence")
                rows = await ShowBoard(store, Container.game_rules())(board, at)
                own = await store.read(lambda repositories: repositories.boards.of(user_id))
                _show_board(arguments, board, rows, {one.pseudonym for one in own if one.board is board})
                return DONE
            case _:
                raise misread("board", "`board [NAME]`, `board join NAME PSEUDONYM --agree` or `board leave NAME`")

    return with_store(arguments, done)


async def _join(arguments: argparse.Namespace, store: Store, user_id: UserId, board: Board, name: str, at: int) -> int:
    from bitten_apps.cli.people.game.given import given_told, print_given
    from bitten_apps.container import Container
    from bitten_domain.membership import Denial
    from bitten_domain.progression.gear import NotPossible
    from bitten_domain.use_cases.game.boards import JoinBoard, has_agreed

    rules = Container.game_rules()
    if not await store.read(lambda repositories: has_agreed(repositories, user_id, rules)):
        consent = await _agreed(arguments, store, user_id, at)
        if isinstance(consent, Denial):
            return denied(arguments, consent)
    joined = await JoinBoard(store, rules)(user_id, board, name, at)
    if isinstance(joined, Denial):
        return denied(arguments, joined)
    if isinstance(joined, NotPossible):
        return refused(arguments, joined, "" if arguments.agree else "Read its text; --agree says yes to it.")
    told: dict[str, object] = {"board": board.value, "pseudonym": joined.member.pseudonym}
    say(arguments, told | given_told(joined.given), f"you are {joined.member.pseudonym} on the board {board.value}")
    if not arguments.json:
        print_given(joined.given)
    return DONE


async def _agreed(arguments: argparse.Namespace, store: Store, user_id: UserId, at: int) -> Denial | None:
    """Show what is agreed to, and keep the yes where it was said."""
    from bitten_apps.container import Container
    from bitten_domain.errors import BrokenInvariant
    from bitten_domain.membership import Denial
    from bitten_domain.membership.privacy import ConsentPurpose
    from bitten_domain.use_cases.choices.consents import GiveConsent
    from bitten_domain.use_cases.choices.live_gate import LiveGate

    syllabus, purpose = Container.syllabus(), ConsentPurpose.LEADERBOARD
    text, live = syllabus.text(purpose.value), syllabus.text(ConsentPurpose.LIVE_TRADING.value)
    if text is None or live is None:
        raise BrokenInvariant("the texts of the consents are not there")
    if not arguments.json:
        print(f"{text.title}, version {text.version}\n\n{text.text.strip()}\n")
    if not arguments.agree:
        return None
    give = GiveConsent(store, syllabus, Container.identity(), LiveGate(live.version))
    given = await give(user_id, purpose, text.version, at)
    return given if isinstance(given, Denial) else None


def _board_of(name: str) -> Board:
    from bitten_domain.vocabulary import Board

    boards = {board.value.lower(): board for board in Board}
    if name.lower() not in boards:
        raise misread(name, ", ".join(boards))
    return boards[name.lower()]


def _show_board(arguments: argparse.Namespace, board: Board, rows: tuple[BoardRow, ...], own: set[str]) -> None:
    from bitten_domain.progression.boards import ADHERENCE_DAYS, LEAST_FORECASTS
    from bitten_domain.vocabulary import Board

    told = [
        {
            "rank": row.rank,
            "name": row.pseudonym,
            "value": row.figure.value / 10_000,
            "sample": row.figure.sample,
            "is_you": row.pseudonym in own,
        }
        for row in rows
    ]
    counts = (
        f"share of adherent days among the last {ADHERENCE_DAYS} market days"
        if board is Board.ADHERENCE
        else f"Brier score of at least {LEAST_FORECASTS} forecasts; 0 is perfect, one half every time gives 0.25"
    )
    lines = [f"{row['rank']:>3}  {row['value']:.4f}  {row['name']}{'  (you)' if row['is_you'] else ''}" for row in told]
    words = "\n".join([f"{board.value}: {counts}", *(lines or ["nobody who asked to be ranked has enough to go by"])])
    say(arguments, {"board": board.value, "counts": counts, "rows": told}, words)


def forecast(arguments: argparse.Namespace) -> int:
    """State a chance, or list those that were stated."""

    async def done(store: Store, user_id: UserId, at: int) -> int:
        match arguments.words:
            case []:
                return await _list_forecasts(arguments, store, user_id, at)
            case [signal, chance] if chance.removesuffix("%").isdigit():
                return await _state(arguments, store, user_id, signal, int(chance.removesuffix("%")), at)
            case _:
                raise misread("forecast", "`forecast` or `forecast SIGNAL CHANCE`, the chance in percent, 1 to 99")

    return with_store(arguments, done)


async def _state(
    arguments: argparse.Namespace, store: Store, user_id: UserId, signal: str, percent: int, at: int
) -> int:
    from bitten_domain.membership import Denial
    from bitten_domain.progression.gear import NotPossible
    from bitten_domain.use_cases.game.forecast import StateForecast
    from bitten_domain.values import SignalId

    stated = await StateForecast(store)(user_id, SignalId(signal), percent, at)
    if isinstance(stated, Denial):
        return denied(arguments, stated)
    if isinstance(stated, NotPossible):
        return refused(arguments, stated)
    say(arguments, {"signal": signal, "percent": percent}, f"{percent} % for {signal}; it stays as it is")
    return DONE


async def _list_forecasts(arguments: argparse.Namespace, store: Store, user_id: UserId, at: int) -> int:
    def read(repositories: Repositories) -> tuple[list[str], list[dict[str, object]]]:
        stated = repositories.forecasts.recent(user_id, _FORECASTS)
        judged = {one.forecast.signal_id: one.net_r for one in repositories.forecasts.judged(user_id)}
        signals = repositories.signals.between(at - _SIGNAL_LIFE, at + 1)
        alive = [
            str(one.signal_id)
            for one in signals
            if one.valid_until >= at and repositories.outcomes.get(one.signal_id) is None
        ]
        return alive, [
            {
                "signal": one.signal_id,
                "percent": one.percent,
                "is_known": one.signal_id in judged,
                "net_r": None if judged.get(one.signal_id) is None else str(judged[one.signal_id]),
            }
            for one in stated
        ]

    alive, stated = await store.read(read)
    lines = [
        f"{row['percent']:>3} %  {row['signal']}: " + (f"came to {row['net_r']} R" if row["net_r"] else "not known")
        for row in stated
    ]
    lines.append(f"alive now: {', '.join(alive) if alive else 'no signal'}")
    say(arguments, {"alive": alive, "forecasts": stated}, "\n".join(lines))
    return DONE
