"""Open trades led by their plans from bar to bar, by hand arithmetic; stops that only tighten."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.desk.state import OpenTrade
from bitten_domain.desk.trade_management import Followed, MarketFollower, StopMoved
from bitten_domain.execution import (
    BrokerTerms,
    Cost,
    CostModel,
    Deal,
    DealReason,
    MarketOrder,
    TickBar,
    TickQuote,
    TradePlan,
    open_account,
    open_position,
)
from bitten_domain.values import Direction, Lots, Money, SignalId
from bitten_domain.vocabulary import PlanKind

FREE = BrokerTerms(costs=CostModel().without(*Cost))
# Wednesday 2025-06-04 14:00 UTC.
AT = 1_749_045_600
DAY = 20_243
QUARTER = 900


class Led:
    """One lot of EURUSD at 1.10000 with 20 pips to its stop and 60 to its target, led bar by bar."""

    def __init__(self, plan: TradePlan, direction: Direction = Direction.BUY, spread: int = 0) -> None:
        sign, pip = direction.sign, Decimal("0.0001")
        entry = Decimal("1.10000")
        bid = 110_000 - (spread if sign > 0 else 0)
        order = MarketOrder(1, "EURUSD", direction, Lots(Decimal(1)), entry - sign * 20 * pip, entry + sign * 60 * pip)
        booking = open_position(
            open_account(Money(Decimal(10_000), "USD")), order, TickQuote(bid, bid + spread), AT,
            terms=FREE, rates={"EURUSD": Decimal("1.1")}, equity=Decimal(10_000),
        )  # fmt: skip
        assert booking.declined is None, booking.declined
        self.account = booking.account
        self.atr: int | None = None
        self.at, self.spread = AT, spread
        self._known = {1: OpenTrade(SignalId("s"), 0, plan, Decimal(1), 8000, "any", 0.1, AT)}
        self._follower = MarketFollower(FREE, {}, self._atr)

    def _atr(self, symbol: str, at: int) -> Decimal | None:
        assert (symbol, at) == ("EURUSD", self.at)
        return None if self.atr is None else Decimal(self.atr)

    def bar(self, low: int, high: int, close: int, opened: int | None = None) -> Followed:
        """Close the next bar; it opens at its close where nothing is said."""
        self.at += QUARTER
        bars = {"EURUSD": TickBar(close if opened is None else opened, high, low, close, self.spread)}
        followed = self._follower.follow(self.account, self._known, bars, self.at, DAY, frozenset())
        self.account = followed.account
        return followed

    @property
    def stop(self) -> int | None:
        """The stop at the broker, in ticks; None when nothing is open."""
        return self.account.positions[0].stop_ticks if self.account.positions else None


def ends(followed: Followed) -> list[tuple[DealReason, str]]:
    return [(deal.reason, str(deal.price)) for deal in followed.deals]


def test_given_break_even_when_one_r_is_reached_then_the_stop_goes_to_the_entry_from_the_next_bar_on() -> None:
    led = Led(TradePlan(PlanKind.BREAK_EVEN))

    assert led.bar(109_900, 110_199, 110_100) == Followed(led.account)
    # It reaches 1 R and, in the same bar, has been below the entry; only its close decides.
    moved = led.bar(109_900, 110_200, 110_150)
    ended = led.bar(109_990, 110_100, 110_050)

    assert moved.deals == ()
    assert moved.moves == (StopMoved(AT + 1_800, 1, "EURUSD", Decimal("1.09800"), Decimal("1.10000")),)
    assert ends(ended) == [(DealReason.STOP, "1.10000")]
    assert led.account.balance == Money(Decimal(10_000), "USD").rounded()


def test_given_break_even_when_the_bar_closes_behind_the_entry_then_all_is_closed_there() -> None:
    led = Led(TradePlan(PlanKind.BREAK_EVEN))

    followed = led.bar(109_950, 110_210, 109_960)

    assert (ends(followed), followed.moves) == ([(DealReason.PLAN, "1.09960")], ())


def test_given_a_short_at_break_even_when_the_ask_comes_one_r_down_then_the_stop_stands_at_the_entry() -> None:
    led = Led(TradePlan(PlanKind.BREAK_EVEN), Direction.SELL, spread=12)

    # Its low is 20 pips down, but the ask it would be bought back at is not.
    assert led.bar(109_789, 110_000, 109_850).moves == ()
    assert led.bar(109_788, 110_000, 109_850).moves[0].stop == Decimal("1.10000")
    assert led.stop == 110_000


def test_given_a_trail_when_the_price_runs_then_the_stop_follows_by_two_atrs_or_twelve_pips_and_never_back() -> None:
    led = Led(TradePlan(PlanKind.ATR_TRAIL))

    assert led.bar(109_950, 110_300, 110_250).moves == ()  # no ATR is known yet
    led.atr = 50
    assert led.bar(110_200, 110_300, 110_250).moves[0].stop == Decimal("1.10180")  # 12 pips are more than 10
    led.atr = 80
    assert led.bar(110_240, 110_500, 110_450).moves[0].stop == Decimal("1.10340")  # 50 - 16 pips
    led.atr = 300
    assert led.bar(110_400, 110_580, 110_500).moves == ()  # 58 - 60 pips would be wider
    assert led.stop == 110_340
    assert ends(led.bar(110_330, 110_450, 110_400)) == [(DealReason.STOP, "1.10340")]


def test_given_a_trail_when_one_bar_runs_away_and_back_then_it_is_closed_at_its_close() -> None:
    led = Led(TradePlan(PlanKind.ATR_TRAIL))
    led.atr = 60

    # The stop would stand at 55 - 12 pips, and the close is behind it.
    assert ends(led.bar(109_950, 110_550, 110_420)) == [(DealReason.PLAN, "1.10420")]


def test_given_a_time_stop_when_four_hours_are_over_then_all_is_closed_at_the_close() -> None:
    led = Led(TradePlan(PlanKind.TIME_STOP))

    for _ in range(15):
        assert led.bar(109_950, 110_050, 110_010) == Followed(led.account)
    followed = led.bar(109_950, 110_050, 110_020)

    assert ends(followed) == [(DealReason.TIME, "1.10020")]
    assert followed.deals[0].at == AT + 4 * 3_600 - 1


def test_given_a_staged_plan_when_its_part_is_taken_then_the_deal_tells_of_the_stop_too() -> None:
    led = Led(TradePlan(PlanKind.PARTIAL))

    followed = led.bar(109_950, 110_300, 110_250)

    assert (ends(followed), followed.moves, led.stop) == ([(DealReason.PLAN, "1.10300")], (), 110_000)


@settings(max_examples=60)
@given(
    kind=st.sampled_from(PlanKind),
    direction=st.sampled_from(Direction),
    spread=st.sampled_from([0, 12]),
    steps=st.lists(
        st.tuples(st.integers(-90, 110), st.integers(0, 150), st.integers(0, 150), st.none() | st.integers(1, 200)),
        min_size=4,
        max_size=40,
    ),
)
def test_given_any_bars_when_a_plan_leads_then_its_stop_only_tightens_and_every_move_is_told(
    kind: PlanKind, direction: Direction, spread: int, steps: list[tuple[int, int, int, int | None]]
) -> None:
    led = Led(TradePlan(kind), direction, spread)
    sign, close, deals = direction.sign, 110_000, list[Deal]()
    for step, below, above, atr in steps:
        before, opened = led.stop, close
        led.atr, close = atr, close + sign * step
        followed = led.bar(min(opened, close) - below, max(opened, close) + above, close, opened)
        deals += followed.deals
        after = led.stop
        if before is None or after is None:
            break
        assert sign * (after - before) >= 0
        told = [(move.before, move.stop) for move in followed.moves]
        tick = Decimal("0.00001")
        assert told == ([(before * tick, after * tick)] if after != before and not followed.deals else [])
    total = sum((deal.net for deal in deals), led.account.start)
    assert led.account.balance == total
