"""Days of a history: what somebody did on a market day, down to the size, the stop and the result of each trade."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.desk.account.adherence import StopMove, breaches_of
from bitten_domain.events import TradeJudged
from bitten_domain.execution import DealReason, Trade
from bitten_domain.values import AccountId, Direction, Lots, Money

if TYPE_CHECKING:
    from bitten_apps.testkit.simulation.chance import Chance

__all__ = ["BALANCE", "Day", "History", "Traded", "account_of", "drawn_history", "drawn_trade", "judged", "made"]

BALANCE = Decimal(10_000)
"""Of every account, USD."""

MOST_RISK_PERCENT = Decimal(1)
_ENTRY = Decimal("1.10000")
_PIP = Decimal("0.0001")
_PIP_WORTH = Decimal(10)
_REASONS = tuple(reason for reason in DealReason if not reason.opens)
_NONE = Money(Decimal(0), "USD")


class Traded(NamedTuple):
    """A closed trade as it was made.

    Args:
        number: of the position, unlike any other's of the history.
        opened_minute: when it was opened, minutes after the day's limits were confirmed, or would have been.
        is_live: on a live account, not on paper.
        is_own: the desk opened it.
        is_buy: which way.
        lots: hundredths of a lot.
        stop_pips: distance of the initial stop; None for none.
        stop_move_pips: how far the stop was moved, towards the entry when positive; 0 for not at all.
        was_paused: it was opened while a pause held.
        reason: why it was closed.
        result_cents: what it made.
    """

    number: int
    opened_minute: int
    is_live: bool
    is_own: bool
    is_buy: bool
    lots: int
    stop_pips: int | None
    stop_move_pips: int
    was_paused: bool
    reason: DealReason
    result_cents: int


@dataclass(frozen=True, slots=True)
class Day:
    """A market day.

    Args:
        is_briefed: the briefing was read and the limits confirmed.
        trades: closed on it, oldest first.
        lessons, quizzes, missions, forecasts: how many were read, answered without a fault, fulfilled, stated.
        has_diary: something was written down.
        wants_prestige: takes a prestige if there are points for one.
        wants: codes of goods to be bought if there are points for them.
    """

    is_briefed: bool
    trades: tuple[Traded, ...] = ()
    lessons: int = 0
    quizzes: int = 0
    missions: int = 0
    forecasts: int = 0
    has_diary: bool = False
    wants_prestige: bool = False
    wants: tuple[str, ...] = ()


History = tuple[Day, ...]


def made(traded: Traded, opened_at: int = 0, closed_at: int = 1) -> tuple[Trade, list[StopMove]]:
    """Give a trade as the books would have it, and how its stop was moved.

    Args:
        traded: as it was made.
        opened_at, closed_at: seconds since 1970 UTC.
    """
    sign = 1 if traded.is_buy else -1
    distance = traded.stop_pips
    stop = None if distance is None else _ENTRY - sign * distance * _PIP
    lots = Decimal(traded.lots) / 100
    risk = None if distance is None else Money(lots * distance * _PIP_WORTH, "USD")
    trade = Trade(
        position=traded.number,
        client_order_id=traded.number,
        symbol="EURUSD",
        direction=Direction.BUY if traded.is_buy else Direction.SELL,
        lots=Lots(lots),
        entry=_ENTRY,
        exit=_ENTRY,
        initial_stop=stop,
        opened_at=opened_at,
        closed_at=closed_at,
        reason=traded.reason,
        profit=Money(Decimal(traded.result_cents) / 100, "USD"),
        swap=_NONE,
        commission=_NONE,
        fee=_NONE,
        spread_cost=_NONE,
        slippage_cost=_NONE,
        initial_risk=risk,
        net_r=None,
        ambiguous=False,
    )
    moves = []
    if stop is not None and traded.stop_move_pips:
        moves.append(StopMove(stop, stop + sign * traded.stop_move_pips * _PIP))
    return trade, moves


def account_of(traded: Traded) -> AccountId:
    """Name the account a trade was made on."""
    return AccountId("live-1" if traded.is_live else "paper-1")


def judged(traded: Traded) -> TradeJudged:
    """Hold a trade against the rules, as the desk does."""
    trade, moves = made(traded)
    breaches = breaches_of(
        trade,
        moves,
        is_own=traded.is_own,
        balance_before=BALANCE,
        most_risk_percent=MOST_RISK_PERCENT,
        was_paused=traded.was_paused,
    )
    return TradeJudged(account_of(traded), traded.number, "momentum_continuation", 1, breaches)


def drawn_trade(chance: Chance, number: int) -> Traded:
    """Draw a trade; most are the desk's own and keep the rules."""
    is_own = chance.happens(0.8)
    return Traded(
        number=number,
        opened_minute=chance.below(181) - 60,
        is_live=chance.happens(0.5),
        is_own=is_own,
        is_buy=chance.happens(0.5),
        lots=1 + chance.below(40),
        stop_pips=10 + chance.below(40) if is_own or chance.happens(0.7) else None,
        stop_move_pips=chance.below(31) - 15 if chance.happens(0.15) else 0,
        was_paused=not is_own and chance.happens(0.3),
        reason=chance.pick(_REASONS),
        result_cents=chance.below(40_001) - 20_000,
    )


def drawn_history(chance: Chance, most_days: int, goods: tuple[str, ...] = ()) -> History:
    """Draw a history of somebody who prepares for most days and trades on many.

    Args:
        chance: with its seed.
        most_days: market days at most.
        goods: codes of what the shop sells; none for somebody who never buys.
    """
    days: list[Day] = []
    number = 0
    diligence = chance.between(0.6, 1.0)
    calm = chance.between(0.4, 1.0)
    # Many short ones and a few long ones: a quarter of the longest on average.
    for _ in range(1 + int(most_days * chance.draw() * chance.draw())):
        trades: list[Traded] = []
        while not chance.happens(calm):
            number += 1
            trades.append(drawn_trade(chance, number))
        learns = chance.happens(0.3)
        days.append(
            Day(
                is_briefed=chance.happens(diligence),
                trades=tuple(trades),
                lessons=chance.below(4) if learns else 0,
                quizzes=chance.below(2) if learns else 0,
                missions=1 if chance.happens(0.03) else 0,
                forecasts=chance.below(5) if chance.happens(0.2) else 0,
                has_diary=chance.happens(0.3),
                wants_prestige=chance.happens(0.2),
                wants=(chance.pick(goods),) if goods and chance.happens(0.1) else (),
            )
        )
    return tuple(days)
