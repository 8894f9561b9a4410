"""Boards and forecasts on every store: who asked is ranked, nobody else, and a chance is stated beforehand."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING, TypeVar

import pytest

from bitten_adapters.files.education.syllabus_files import read_syllabus
from bitten_adapters.files.game.game_data import FileGameData
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.errors import Conflict, InvalidInput
from bitten_domain.events import MarketDayClosed
from bitten_domain.market.clocks.fx_week import day_ending_at
from bitten_domain.membership import Denial, DenialCode
from bitten_domain.membership.privacy import Consent, ConsentPurpose
from bitten_domain.progression.boards import BoardFigure, BoardRow, Forecast
from bitten_domain.progression.gear import NotPossible
from bitten_domain.progression.market_day import is_market_day
from bitten_domain.use_cases.choices.consents import WithdrawConsent
from bitten_domain.use_cases.game.boards import JoinBoard, Joined, LeaveBoard, ShowBoard
from bitten_domain.use_cases.game.forecast import StateForecast
from bitten_domain.use_cases.game.game_rules import GameRules
from bitten_domain.values import SignalId, UserId
from bitten_domain.vocabulary import AccountStatus, Board, Rank, Tier

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_apps.testkit.unit_of_work_contract import UnitOfWorkBench
    from bitten_domain.membership import Person
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

T = TypeVar("T")

ANN, BEA, CAL, DAN = (UserId(f"user-{number}") for number in range(1, 5))
TODAY = day_ending_at(s.NOON)
DAYS = [day for day in range(TODAY - 84, TODAY) if is_market_day(day)]
SIGNAL = SignalId("signal-1")


@cache
def rules() -> GameRules:
    return GameRules(FileGameData().catalogue(), read_syllabus())


def agreed(store: UnitOfWork, *people: UserId) -> None:
    """Keep their consent to be ranked."""
    text = rules().syllabus.text("leaderboard")
    assert text is not None
    for user_id in people:
        consent = Consent(f"consent-{user_id}", user_id, ConsentPurpose.LEADERBOARD, text.version, s.NOON)
        done(store, partial(_consented, consent))


def _consented(consent: Consent, r: Repositories) -> None:
    r.consents.add(consent)


def sees_signals(user_id: UserId) -> Person:
    """Make somebody who is shown signals as they are emitted: the least rank and tier of the rules."""
    number = int(user_id.rpartition("-")[2])
    return replace(s.person(number), rank=Rank.AUTHORIZED, tier=Tier.PRESS_PASS)


def test_given_somebody_who_sees_no_signals_when_they_state_a_chance_then_it_is_denied(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    done(store, s.add_accounts)
    done(store, lambda r: r.signals.add(s.signal(1, s.NOON)))

    answer = asyncio.run(StateForecast(store)(ANN, SIGNAL, 40, s.NOON))

    assert isinstance(answer, Denial)
    assert answer.codes == (DenialCode.RANK, DenialCode.TIER)


def done(store: UnitOfWork, work: Callable[[Repositories], T]) -> T:
    return asyncio.run(store.run(work))


def joined(
    store: UnitOfWork, user_id: UserId, name: str, board: Board = Board.ADHERENCE
) -> Joined | NotPossible | Denial:
    return asyncio.run(JoinBoard(store, rules())(user_id, board, name, s.NOON))


def kept(user_id: UserId, days: int) -> Callable[[Repositories], None]:
    """Close sixty market days of somebody, the last so many of them prepared for."""

    def work(r: Repositories) -> None:
        for number, day in enumerate(DAYS):
            is_kept = number >= len(DAYS) - days
            if is_kept:
                r.market_days.brief(user_id, day, s.NOON)
            r.market_days.close(MarketDayClosed(user_id, day, is_kept, ()), s.NOON)

    return work


def test_given_people_with_kept_days_when_a_board_is_shown_then_those_who_asked_and_agree_are_ranked_by_them(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    done(store, lambda r: s.add_accounts(r, 4))
    agreed(store, ANN, BEA, CAL, DAN)
    assert len(DAYS) == 60
    for user_id, days in ((ANN, 45), (BEA, 60), (CAL, 45), (DAN, 60)):
        done(store, kept(user_id, days))
    for user_id, name in ((ANN, "Ann"), (BEA, "Bea"), (CAL, "Cal")):
        assert isinstance(joined(store, user_id, name), Joined)
    show = ShowBoard(store, rules())

    rows = asyncio.run(show(Board.ADHERENCE, s.NOON))
    asyncio.run(WithdrawConsent(store)(BEA, ConsentPurpose.LEADERBOARD, s.NOON + 1))
    without_bea = asyncio.run(show(Board.ADHERENCE, s.NOON))
    bea_is_on = asyncio.run(store.read(lambda r: r.boards.of(BEA)))
    done(store, lambda r: r.people.put(replace(s.person(3), status=AccountStatus.BANNED)))
    asyncio.run(LeaveBoard(store)(ANN, Board.ADHERENCE))
    left = asyncio.run(show(Board.ADHERENCE, s.NOON))

    # 60 of 60 and 45 of 60; Dan kept them all and never asked.
    ann, bea, cal = BoardFigure(7_500, 60), BoardFigure(10_000, 60), BoardFigure(7_500, 60)
    assert rows == (BoardRow(1, "Bea", bea), BoardRow(2, "Ann", ann), BoardRow(2, "Cal", cal))
    assert [row.pseudonym for row in without_bea] == ["Ann", "Cal"]
    assert bea_is_on == ()
    assert left == ()
    assert asyncio.run(show(Board.CALIBRATION, s.NOON)) == ()


def test_given_forecasts_with_outcomes_when_the_board_is_shown_then_the_better_calibrated_lead_it(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store

    def begin(r: Repositories) -> None:
        s.add_accounts(r, 3)
        for number in range(1, 31):
            r.signals.add(s.signal(number, s.NOON + number))
            for user_id, percent in ((ANN, 50), (BEA, 90)):
                r.forecasts.add(Forecast(user_id, SignalId(f"signal-{number}"), percent, s.NOON + number))
            if number < 30:
                r.forecasts.add(Forecast(CAL, SignalId(f"signal-{number}"), 99, s.NOON + number))
            r.outcomes.add(replace(s.outcome(number, s.NOON + 900), net_r=Decimal("1.5") if number > 3 else Decimal(0)))

    done(store, begin)
    agreed(store, ANN, BEA, CAL)
    for user_id, name in ((ANN, "Ann"), (BEA, "Bea"), (CAL, "Cal")):
        joined(store, user_id, name, Board.CALIBRATION)

    rows = asyncio.run(ShowBoard(store, rules())(Board.CALIBRATION, s.NOON))

    # Brier: always a half, 0.25. Ninety percent, right 27 times of 30: (27 * 0.01 + 3 * 0.81) / 30 = 0.09.
    # Cal stated one too few.
    assert [(row.pseudonym, row.figure) for row in rows] == [
        ("Bea", BoardFigure(900, 30)),
        ("Ann", BoardFigure(2_500, 30)),
    ]


def test_given_a_name_when_two_ask_for_it_at_once_then_one_has_it_and_the_other_is_told(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    done(store, lambda r: s.add_accounts(r, 4))
    agreed(store, ANN, BEA, CAL, DAN)
    join = JoinBoard(store, rules())
    names = ((ANN, "Same"), (BEA, "SAME"), (CAL, "same"), (DAN, "sAME"))

    async def ask() -> list[object]:
        asked = (join(user_id, Board.ADHERENCE, name, s.NOON) for user_id, name in names)
        return list(await asyncio.gather(*asked, return_exceptions=True))

    answers = asyncio.run(ask())
    again = [joined(store, user_id, name) for user_id, name in names]

    members = asyncio.run(store.read(lambda r: r.boards.members(Board.ADHERENCE)))
    assert all(isinstance(one, Joined | NotPossible | Conflict) for one in answers)
    assert len(members) == 1
    assert sum(isinstance(one, Joined) for one in again) == 1


def test_given_somebody_who_has_not_agreed_when_they_ask_to_be_ranked_then_nothing_is_kept(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    done(store, s.add_accounts)

    refused = asyncio.run(JoinBoard(store, rules())(ANN, Board.ADHERENCE, "Ann", s.NOON))

    assert isinstance(refused, NotPossible)
    assert asyncio.run(store.read(lambda r: (r.boards.of(ANN), r.achievements.of(ANN)))) == ((), ())
    with pytest.raises(InvalidInput):
        joined(store, ANN, "no spaces")


def test_given_a_member_when_they_choose_another_name_then_it_is_changed_and_the_badge_came_once(
    store_bench: UnitOfWorkBench,
) -> None:
    store = store_bench.store
    done(store, s.add_accounts)
    agreed(store, ANN)

    first, second = joined(store, ANN, "Ann"), joined(store, ANN, "Anna")

    assert isinstance(first, Joined)
    assert isinstance(second, Joined)
    assert [event.code for event in first.given.achievements] == ["on-a-board"]
    assert first.given.entries == ()
    assert (second.member.pseudonym, second.given.achievements) == ("Anna", ())
    assert asyncio.run(store.read(lambda r: r.xp.totals(ANN).lifetime)) == 0


@pytest.mark.parametrize(
    ("seconds", "has_outcome", "is_kept"),
    [(0, False, True), (720, False, True), (721, False, False), (-1, False, False), (60, True, False)],
)
def test_given_a_signal_when_a_chance_is_stated_then_it_is_kept_only_while_it_lives_and_its_end_is_unknown(
    store_bench: UnitOfWorkBench, seconds: int, has_outcome: bool, is_kept: bool
) -> None:
    store = store_bench.store
    done(store, s.add_accounts)
    done(store, lambda r: r.signals.add(s.signal(1, s.NOON)))
    if has_outcome:
        done(store, lambda r: r.outcomes.add(s.outcome(1, s.NOON + 30)))

    done(store, lambda r: r.people.put(sees_signals(ANN)))
    stated = asyncio.run(StateForecast(store)(ANN, SIGNAL, 40, s.NOON + seconds))

    # Signals of the samples live 720 seconds.
    assert isinstance(stated, Forecast) is is_kept
    assert (asyncio.run(store.read(lambda r: r.forecasts.of(ANN, SIGNAL))) is not None) is is_kept


def test_given_a_chance_that_was_stated_when_another_is_then_the_first_stays(store_bench: UnitOfWorkBench) -> None:
    store = store_bench.store
    done(store, s.add_accounts)
    done(store, lambda r: r.signals.add(s.signal(1, s.NOON)))
    done(store, lambda r: r.people.put(sees_signals(ANN)))
    state = partial(StateForecast(store), ANN, SIGNAL)

    async def ask() -> list[object]:
        return list(await asyncio.gather(*(state(number, s.NOON) for number in range(1, 9)), return_exceptions=True))

    answers = asyncio.run(ask())

    first = [one for one in answers if isinstance(one, Forecast)]
    assert first == [asyncio.run(store.read(lambda r: r.forecasts.of(ANN, SIGNAL)))]
    assert all(isinstance(one, Forecast | NotPossible | Conflict) for one in answers)
    with pytest.raises(InvalidInput):
        asyncio.run(StateForecast(store)(ANN, SignalId("signal-9"), 40, s.NOON))
    with pytest.raises(InvalidInput):
        asyncio.run(state(100, s.NOON))
