"""Records to try a store with: small, valid, and told apart by a number."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.desk.account import HeldPosition, RiskSession, TradingAccount
from bitten_domain.desk.closed_ideas import ClosedIdeas
from bitten_domain.desk.decisions import ThresholdEvaluated
from bitten_domain.desk.idea_outcome import IdeaOutcome
from bitten_domain.desk.signal import Signal
from bitten_domain.desk.signal_book import SignalBook
from bitten_domain.desk.signal_desk import SignalDesk
from bitten_domain.desk.state import DayState, OpenTrade
from bitten_domain.events import MarketDayClosed, TradeJudged
from bitten_domain.execution import Deal, DealReason, Position, Trade, TradePlan
from bitten_domain.execution.lifecycle import PositionState
from bitten_domain.execution.order import client_order_id
from bitten_domain.execution.protocol import Attempt, Dispatch, FireIntent, Reservation
from bitten_domain.market.news_view import Blackout
from bitten_domain.membership import Person
from bitten_domain.membership.education import (
    DiaryEntry,
    GivenAnswer,
    LessonDone,
    MissionDone,
    Mood,
    QuizResult,
    TradeRef,
)
from bitten_domain.membership.onboarding import OnboardingSession
from bitten_domain.membership.privacy import Consent, ConsentPurpose
from bitten_domain.ports.repositories.books import ClosedTrade
from bitten_domain.ports.repositories.messages import OutboxMessage, Priority
from bitten_domain.ports.repositories.people import GrantedMandate
from bitten_domain.progression import Progress, XpEntry
from bitten_domain.risk.behaviour import BehaviourState
from bitten_domain.risk.policy.mandate import Mandate
from bitten_domain.tcs.breakdown import ScoreDetail
from bitten_domain.tcs.threshold import ClosedSignals, Condition, ThresholdDecision, ThresholdState
from bitten_domain.values import INSTRUMENTS, AccountId, Direction, IntentId, Lots, Money, SignalId, UserId
from bitten_domain.vocabulary import Band, Breach, FireMode, OrderState, PlanKind, XpKind

if TYPE_CHECKING:
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = [
    "NOON",
    "account",
    "account_id",
    "add_accounts",
    "add_fire",
    "attempt",
    "closed_trade",
    "consent",
    "deal",
    "diary_entry",
    "dispatch",
    "evaluated",
    "fire",
    "held",
    "lesson",
    "mandate",
    "market_day",
    "message",
    "mission",
    "onboarding",
    "order_id",
    "outcome",
    "person",
    "progress",
    "quiz_result",
    "reservation",
    "session",
    "signal",
    "signal_desk",
    "usd",
    "xp",
]

NOON = 1_704_196_800
"""Tuesday 2024-01-02 12:00 UTC; moments of the samples follow from here."""

_NOTHING = Money(Decimal("0.00"), "USD")


def usd(amount: str) -> Money:
    """Write an amount of US dollars."""
    return Money(Decimal(amount), "USD")


def account_id(number: int = 1) -> AccountId:
    """Name an account."""
    return AccountId(f"account-{number}")


def person(number: int = 1, telegram_id: int | None = None) -> Person:
    """Make a person."""
    return Person(UserId(f"user-{number}"), NOON, telegram_id)


def account(number: int = 1) -> TradingAccount:
    """Make an account of the person of the same number, with 1 000 USD."""
    return TradingAccount(
        account_id=account_id(number),
        user_id=UserId(f"user-{number}"),
        broker="paper",
        is_live=False,
        is_netting=False,
        opening=usd("1000.00"),
        balance=usd("1000.00"),
        leverage=Decimal(30),
        opened_at=NOON,
        epoch=number,
    )


def add_accounts(repositories: Repositories, count: int = 1) -> None:
    """Keep persons and their accounts, from number 1 on."""
    for number in range(1, count + 1):
        repositories.people.add(person(number))
        repositories.accounts.add(account(number))


def session(day: int, shots: int = 0, of: int = 1) -> RiskSession:
    """Make a trading day of an account."""
    figures = DayState(day, Decimal("1000.00"), Decimal("1001.2345"), Decimal("960.1"), shots)
    return RiskSession(account_id(of), figures, BehaviourState(Decimal("1001.2345")), Decimal(1000), NOON + shots)


def order_id(number: int, of: int = 1) -> int:
    """Number an order of an account."""
    return client_order_id(of, number)


def fire(number: int, of: int = 1, signal_id: str = "", at: int = NOON, symbol: str = "EURUSD") -> FireIntent:
    """Make an intent to buy; it answers a signal of its own number unless one is named."""
    return FireIntent(
        intent_id=IntentId(f"intent-{of}-{number:03}"),
        account=account_id(of),
        signal=SignalId(signal_id or f"signal-{number}"),
        fire_mode=FireMode.SINGLE,
        symbol=symbol,
        direction=Direction.BUY,
        lots=Lots(Decimal("0.10")),
        stop=Decimal("1.09500"),
        target=Decimal("1.11000"),
        plan=TradePlan(PlanKind.FIXED, at + 14_400),
        risk_percent=Decimal("1.5"),
        strategy="london_breakout",
        score=8_123,
        cost_share=0.07,
        created_at=at,
        not_after=at + 600,
    )


def attempt(intent: FireIntent, number: int, state: OrderState = OrderState.RESERVED, nth: int = 1) -> Attempt:
    """Make an attempt at a fire, with the order id of a number."""
    of = int(intent.account.rpartition("-")[2])
    return Attempt(intent.intent_id, nth, order_id(number, of), state, intent.created_at)


def reservation(intent: FireIntent, risk: str = "10.00", margin: str = "300.00") -> Reservation:
    """Make what a fire reserves."""
    return Reservation(
        intent.intent_id, intent.account, intent.symbol, intent.direction, usd(risk), usd(margin), "", intent.created_at
    )


def dispatch(number: int, due_at: int = NOON, *, opens: bool = True, of: int = 1) -> Dispatch:
    """Make an errand for the order of a number."""
    return Dispatch(order_id(number, of), account_id(of), opens, due_at)


def add_fire(repositories: Repositories, number: int, of: int = 1) -> Attempt:
    """Keep a fire with its attempt, reservation and errand, all of one number."""
    intent = fire(number, of)
    first = attempt(intent, number)
    repositories.intents.add(intent, first)
    repositories.reservations.hold(reservation(intent))
    repositories.dispatches.add(dispatch(number, of=of))
    return first


def held(ticket: int, state: PositionState = PositionState.OPEN, of: int = 1) -> HeldPosition:
    """Make a position that no intent of ours is known of."""
    position = Position(
        ticket=ticket,
        client_order_id=order_id(ticket, of),
        instrument=INSTRUMENTS["EURUSD"],
        direction=Direction.BUY,
        lots=Lots(Decimal("0.10")),
        filled_lots=Lots(Decimal("0.10")),
        entry_ticks=110_000,
        stop_ticks=109_500,
        target_ticks=None,
        initial_stop_ticks=109_500,
        opened_at=NOON,
        charged_day=19_724,
        initial_risk=usd("51.234"),
        conversion=Decimal(1),
        swap=usd("-0.012345"),
        state=state,
    )
    return HeldPosition(account_id(of), position, None, None)


def deal(ticket: int, position: int, profit: str = "0.00", of: int = 1) -> Deal:
    """Make a deal: the entry for a profit of nothing, a stop otherwise."""
    return Deal(
        ticket=ticket,
        position=position,
        client_order_id=order_id(position, of),
        symbol="EURUSD",
        direction=Direction.BUY,
        reason=DealReason.STOP if Decimal(profit) else DealReason.ENTRY,
        lots=Lots(Decimal("0.10")),
        price=Decimal("1.10012"),
        at=NOON + ticket,
        profit=usd(profit),
        swap=usd("-0.17"),
        commission=usd("-0.35"),
        fee=usd("-0.01"),
        spread_cost=usd("0.60"),
        slippage_cost=usd("0.05"),
    )


def closed_trade(position: int, closed_at: int, of: int = 1) -> ClosedTrade:
    """Make a closed trade of a position that was known under a row of a scan."""
    trade = Trade(
        position=position,
        client_order_id=order_id(position, of),
        symbol="EURUSD",
        direction=Direction.BUY,
        lots=Lots(Decimal("0.10")),
        entry=Decimal("1.10012"),
        exit=Decimal("1.0951234567"),
        initial_stop=Decimal("1.09500"),
        opened_at=NOON,
        closed_at=closed_at,
        reason=DealReason.STOP,
        profit=usd("-51.20"),
        swap=_NOTHING,
        commission=usd("-0.70"),
        fee=_NOTHING,
        spread_cost=usd("0.60"),
        slippage_cost=_NOTHING,
        initial_risk=usd("51.90"),
        net_r=Decimal("-1.0000"),
        ambiguous=False,
    )
    known = OpenTrade(
        SignalId(f"signal-{position}"), 17, TradePlan(), Decimal("1.5"), 8_123, "london_breakout", 0.07, NOON
    )
    return ClosedTrade(account_id(of), trade, known, usd("948.10"))


def signal(number: int, at: int) -> Signal:
    """Make a signal from a row of a scan."""
    return Signal(
        signal_id=SignalId(f"signal-{number}"),
        row=number,
        symbol="EURUSD",
        direction=Direction.BUY,
        strategy="london_breakout",
        timeframe=900,
        at=at,
        entry=Decimal("1.10000"),
        stop=Decimal("1.09500"),
        target=Decimal("1.11000"),
        plan=PlanKind.FIXED,
        flat_at=at + 14_400,
        valid_until=at + 720,
        score=8_123,
        gate=72_500,
        threshold=71_000,
        band=Band.SHARPSHOOTER,
        coverage=95,
        cost_share=0.1 + 0.2,
        reward_net=1.0 / 3.0,
        blackout=Blackout.MEDIUM,
        detail=ScoreDetail((2_000, 1_500), 123, (50_000, None), (None, -7), (None, None)),
    )


def signal_desk(scanned_to: int) -> SignalDesk:
    """Make what the emission remembers after a scan."""
    return SignalDesk(
        ThresholdState(71_000, 0, 3_600, 7_200),
        SignalBook(
            19_724,
            2,
            {"EURUSD": 2},
            {("EURUSD", 1): (NOON, NOON + 720)},
            (10, 20),
            {("GBPUSD", -1): (NOON - 900, NOON)},
        ),
        ClosedIdeas(((19_723, 3, 0.1 + 0.2),)),
        scanned_to,
    )


def xp(cause: str, amount: int = 30, kind: XpKind = XpKind.ADHERENT_DAY, day: int = 19_724) -> XpEntry:
    """Make an entry of the first person's XP ledger."""
    return XpEntry(UserId("user-1"), cause, kind, 0 if kind.spends else 30, amount, day, NOON)


def progress(settled_day: int) -> Progress:
    """Make where the first person stands."""
    return Progress(UserId("user-1"), 2, 5, 9, 12, 1, 3, settled_day)


def market_day(day: int) -> MarketDayClosed:
    """Make a closed market day of the first person, prepared for, with a broken rule."""
    breaches = frozenset({Breach.STOP_REMOVED, Breach.NO_STOP})
    kept = TradeJudged(account_id(), 1, "momentum", NOON, frozenset())
    return MarketDayClosed(
        UserId("user-1"), day, is_briefed=True, trades=(kept, TradeJudged(account_id(), 2, "", NOON + 1, breaches))
    )


def lesson(name: str, at: int) -> LessonDone:
    """Make a lesson the first person has read."""
    return LessonDone(UserId("user-1"), "basics", name, 1, at)


def quiz_result(name: str, *, right: int, quiz: str = "risk", at: int = NOON) -> QuizResult:
    """Make a try of the first person at a quiz of two questions, both of which must be right."""
    answers = tuple(GivenAnswer(f"question-{number}", ("a", "c"), number < right) for number in range(2))
    return QuizResult(name, UserId("user-1"), quiz, 1, at, 100, answers)


def mission(name: str) -> MissionDone:
    """Make a mission the first person has fulfilled."""
    return MissionDone(UserId("user-1"), name, 1, NOON, ("account-1/1", "account-1/2"))


def diary_entry(name: str, at: int, about: int | None = None) -> DiaryEntry:
    """Make something the first person wrote, perhaps about a trade."""
    trade = None if about is None else TradeRef(account_id(), about)
    day = 19_724 + (at - NOON) // 86_400
    return DiaryEntry(name, UserId("user-1"), at, day, "I waited. Ω", trade, Mood.CALM if trade else None)


def onboarding(number: int = 1) -> OnboardingSession:
    """Make an onboarding of the person of that number that has just begun."""
    return OnboardingSession(UserId(f"user-{number}"), NOON)


def consent(name: str, version: int = 1) -> Consent:
    """Make the first person's yes to a version of the privacy text."""
    return Consent(name, UserId("user-1"), ConsentPurpose.PRIVACY, version, NOON)


def outcome(number: int, ended_at: int) -> IdeaOutcome:
    """Make what a signal came to."""
    return IdeaOutcome(SignalId(f"signal-{number}"), ended_at, 19_724, Decimal("-1.0213"), Decimal(-1))


def evaluated(new: int) -> ThresholdEvaluated:
    """Make a decision of the threshold."""
    audit = ThresholdDecision(
        70_000, new, 60, 500, 0, "too many signals", Condition.NORMAL, ClosedSignals(12, 3.5, 0.25)
    )
    return ThresholdEvaluated(86_400, audit)


def mandate(name: str, of: int = 1) -> GrantedMandate:
    """Make a mandate that stands."""
    bounds = Mandate(
        account_id(of), frozenset({"EURUSD", "GBPUSD"}), Decimal("80.5"), 5, Decimal("0.5"), NOON, NOON + 86_400
    )
    return GrantedMandate(name, UserId(f"user-{of}"), bounds)


def message(name: str, priority: Priority = Priority.REST, at: int = NOON) -> OutboxMessage:
    """Make a message to everybody."""
    return OutboxMessage(name, None, "signal", priority, '{"text": "käme Ω"}', at)
