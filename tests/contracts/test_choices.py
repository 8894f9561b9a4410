"""What people choose, on every store: consents, live trading, limits, mode, and how they are addressed."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

import pytest

from bitten_adapters.files.education.syllabus_files import read_syllabus
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.desk.account.fires.facts_of_account import person_facts
from bitten_domain.desk.step import DeskRules
from bitten_domain.errors import InvalidInput
from bitten_domain.membership import Denial, DenialCode, Person, Profile
from bitten_domain.membership.education import RISK_QUIZ
from bitten_domain.membership.privacy import LIVE_PHRASE, Consent, ConsentPurpose
from bitten_domain.risk.policy import LimitChoice, RiskPolicy, UserLimits, limits_in_force
from bitten_domain.use_cases.choices.consents import GiveConsent, WithdrawConsent
from bitten_domain.use_cases.choices.limits import ApplyRaise, ChooseLimits, risk_percent_at
from bitten_domain.use_cases.choices.live_gate import LiveGate
from bitten_domain.use_cases.choices.mode import ChooseMode
from bitten_domain.use_cases.choices.profile import ChangeProfile
from bitten_domain.use_cases.trading.orders.account_records import rules_of_owner
from bitten_domain.values import UserId
from bitten_domain.vocabulary import AccountStatus, Rank, SystemMode, Tier

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bitten_apps.testkit.unit_of_work_contract import UnitOfWorkBench
    from bitten_domain.desk.account import TradingAccount
    from bitten_domain.membership.education import Syllabus
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import AccountId

T = TypeVar("T")

NOW, DAY = s.NOON, 86_400
ANN = UserId("user-1")
SYLLABUS = read_syllabus()
GATE = LiveGate(1)
LIVE, PRIVACY, MESSAGES = ConsentPurpose.LIVE_TRADING, ConsentPurpose.PRIVACY, ConsentPurpose.MESSAGES


class Numbers:
    """Identity by counting."""

    def __init__(self) -> None:
        self._number = 0

    def new_id(self) -> str:
        self._number += 1
        return f"id-{self._number}"


NUMBERS = Numbers()


def ran(work: Coroutine[object, object, T]) -> T:
    return asyncio.run(work)


def read(store: UnitOfWork, work: Callable[[Repositories], T]) -> T:
    return ran(store.read(work))


def person_of(store: UnitOfWork) -> Person:
    person = read(store, lambda r: r.people.get(ANN))
    assert person is not None
    return person


def changed(store: UnitOfWork, **changes: object) -> None:
    def work(r: Repositories) -> None:
        person = r.people.get(ANN)
        assert person is not None
        r.people.put(replace(person, **changes))  # type: ignore[arg-type]

    ran(store.run(work))


def agree(
    store: UnitOfWork,
    purpose: ConsentPurpose,
    at: int = NOW,
    *,
    shown: int = 1,
    typed: str = "",
    syllabus: Syllabus = SYLLABUS,
) -> Consent | Denial:
    return ran(GiveConsent(store, syllabus, NUMBERS, GATE)(ANN, purpose, shown, at, typed))


def withdraw(store: UnitOfWork, purpose: ConsentPurpose, at: int = NOW) -> tuple[Consent, ...]:
    return ran(WithdrawConsent(store)(ANN, purpose, at))


def codes(answer: object) -> tuple[DenialCode, ...]:
    assert isinstance(answer, Denial)
    return answer.codes


def audited(store: UnitOfWork) -> list[str]:
    return [entry.action for entry in reversed(read(store, lambda r: r.audit.recent(99)))]


@pytest.fixture
def store(store_bench: UnitOfWorkBench) -> UnitOfWork:
    """Give a store with somebody of rank AUTHORIZED and tier NIBBLER, and their paper account."""
    ran(store_bench.store.run(s.add_accounts))
    changed(store_bench.store, rank=Rank.AUTHORIZED, tier=Tier.NIBBLER)
    return store_bench.store


def made_ready(store: UnitOfWork, trades: int = 20) -> None:
    """Give somebody all that consenting to live trading asks for."""

    def work(r: Repositories) -> None:
        r.quizzes.add(s.quiz_result("try", right=2, quiz=RISK_QUIZ))
        for ticket in range(1, trades + 1):
            r.trades.add(s.closed_trade(ticket, NOW + ticket))

    ran(store.run(work))
    ran(ChooseLimits(store, DAY)(ANN, NOW, NOW))


# Consents


def test_given_a_text_when_agreed_to_and_taken_back_then_each_is_kept_once_and_audited(store: UnitOfWork) -> None:
    first, again = agree(store, MESSAGES), agree(store, MESSAGES, NOW + 9)
    gone, nothing = withdraw(store, MESSAGES, NOW + 10), withdraw(store, MESSAGES, NOW + 11)
    anew = agree(store, MESSAGES, NOW + 12)

    assert isinstance(first, Consent)
    assert again == first
    assert gone == (first,)
    assert nothing == ()
    assert read(store, lambda r: r.consents.of(ANN)) == (replace(first, withdrawn_at=NOW + 10), anew)
    assert audited(store) == ["CONSENT_GIVEN", "CONSENT_WITHDRAWN", "CONSENT_GIVEN"]
    assert person_of(store).rank is Rank.AUTHORIZED


def test_given_an_older_version_when_agreed_to_then_nothing_is_kept(store: UnitOfWork) -> None:
    texts = tuple(replace(one, version=2) for one in SYLLABUS.texts)
    newer = replace(SYLLABUS, texts=texts)

    old = agree(store, MESSAGES)
    denied = agree(store, MESSAGES, syllabus=newer)
    new = agree(store, MESSAGES, syllabus=newer, shown=2)

    assert codes(denied) == (DenialCode.OLD_VERSION,)
    assert read(store, lambda r: r.consents.of(ANN)) == (old, new)
    assert len(withdraw(store, MESSAGES)) == 2


def test_given_somebody_who_was_erased_when_they_choose_then_nothing_is_written_onto_them(store: UnitOfWork) -> None:
    changed(store, status=AccountStatus.DELETED)
    before = person_of(store)
    asked: tuple[Callable[[], Coroutine[object, object, object]], ...] = (
        lambda: ChooseLimits(store, DAY)(ANN, NOW, NOW, risk_percent=Decimal("0.5")),
        lambda: ChangeProfile(store, frozenset({"UTC"}))(ANN, NOW, language="de"),
        lambda: ChooseMode(store)(ANN, SystemMode.BIT, NOW),
        lambda: GiveConsent(store, SYLLABUS, NUMBERS, GATE)(ANN, MESSAGES, 1, NOW),
    )

    for ask in asked:
        with pytest.raises(InvalidInput, match="they were erased"):
            ran(ask())

    assert withdraw(store, MESSAGES) == ()
    assert person_of(store) == before
    assert audited(store) == []


@pytest.mark.parametrize("status", [AccountStatus.LOCKED, AccountStatus.BANNED])
def test_given_somebody_who_is_not_active_when_they_choose_then_giving_is_denied_and_withdrawing_is_not(
    store: UnitOfWork, status: AccountStatus
) -> None:
    given = agree(store, MESSAGES)
    changed(store, status=status)

    assert codes(agree(store, ConsentPurpose.LEADERBOARD)) == (DenialCode.STATUS,)
    assert withdraw(store, MESSAGES) == (given,)


def test_given_a_clock_set_back_when_a_consent_is_withdrawn_then_it_is_all_the_same(store: UnitOfWork) -> None:
    agree(store, MESSAGES)

    withdraw(store, MESSAGES, NOW - DAY)

    (one,) = read(store, lambda r: r.consents.of(ANN))
    assert one.withdrawn_at == NOW


@pytest.mark.parametrize("purpose", [PRIVACY, ConsentPurpose.RISK_DISCLOSURE])
def test_given_what_the_onboarding_asked_for_when_withdrawn_then_rank_and_live_trading_go_with_it(
    store: UnitOfWork, purpose: ConsentPurpose
) -> None:
    made_ready(store)
    for one in (PRIVACY, ConsentPurpose.RISK_DISCLOSURE, MESSAGES):
        agree(store, one)
    agree(store, LIVE, typed=LIVE_PHRASE)
    ran(store.run(lambda r: r.onboardings.put(s.onboarding())))

    gone = withdraw(store, purpose)

    person = person_of(store)
    assert {one.purpose for one in gone} == {purpose, LIVE}
    assert (person.rank, person.has_live_consent) == (Rank.RECRUIT, False)
    assert read(store, lambda r: r.onboardings.of(ANN)) is None


def test_given_an_admin_when_they_withdraw_what_the_onboarding_asked_for_then_they_stay_one(store: UnitOfWork) -> None:
    agree(store, PRIVACY)
    changed(store, rank=Rank.ADMIN)

    withdraw(store, PRIVACY)

    assert person_of(store).rank is Rank.ADMIN


def test_given_somebody_who_never_agreed_when_they_withdraw_then_nothing_changes(store: UnitOfWork) -> None:
    before = person_of(store)

    assert withdraw(store, PRIVACY) == ()
    assert person_of(store) == before
    assert audited(store) == []


# Live trading


def test_given_all_that_it_asks_for_when_consented_to_live_trading_then_it_holds_a_day_later(store: UnitOfWork) -> None:
    made_ready(store)

    given = agree(store, LIVE, typed=f" {LIVE_PHRASE} ")

    assert isinstance(given, Consent)
    person = person_of(store)
    assert person.has_live_consent
    early = read(store, lambda r: GATE.lacks(r, person, NOW + DAY - 1))
    assert codes(early) == (DenialCode.COOLING_OFF,)
    assert read(store, lambda r: GATE.lacks(r, person, NOW + DAY)) is None
    # Asked again, it does not begin to cool off anew.
    assert agree(store, LIVE, NOW + 9, typed=LIVE_PHRASE) == given


LACKING: dict[str, tuple[Callable[[UnitOfWork], None], DenialCode]] = {
    "a tier that pays": (lambda store: changed(store, tier=Tier.PRESS_PASS), DenialCode.NOT_PAYING),
    "a rank": (lambda store: changed(store, rank=Rank.RECRUIT), DenialCode.RANK),
    "limits": (lambda store: changed(store, limits=LimitChoice(UserLimits())), DenialCode.NO_LIMITS_SET),
    "the quiz": (lambda store: ran(store.run(forgotten)), DenialCode.QUIZ_NOT_PASSED),
}


def forgotten(r: Repositories) -> None:
    r.quizzes.forget(ANN)


@pytest.mark.parametrize("lacking", LACKING)
def test_given_something_it_asks_for_is_missing_when_consented_to_live_trading_then_it_is_denied_now_and_later(
    store: UnitOfWork, lacking: str
) -> None:
    take_away, code = LACKING[lacking]
    made_ready(store)
    agree(store, LIVE, typed=LIVE_PHRASE)

    take_away(store)
    later = read(store, lambda r: GATE.lacks(r, person_of_store(r), NOW + DAY))
    withdraw(store, LIVE)
    again = agree(store, LIVE, typed=LIVE_PHRASE)

    assert codes(later) == (code,)
    assert codes(again) == (code,)
    assert not person_of(store).has_live_consent


def person_of_store(r: Repositories) -> Person:
    person = r.people.get(ANN)
    assert person is not None
    return person


def test_given_nineteen_paper_trades_and_trades_for_real_money_when_asked_then_it_is_one_too_few(
    store: UnitOfWork,
) -> None:
    made_ready(store, trades=19)
    ran(store.run(lambda r: r.accounts.add(replace(s.account(2), user_id=ANN, is_live=True))))
    ran(store.run(lambda r: r.trades.add(s.closed_trade(99, NOW, of=2))))

    answer = agree(store, LIVE, typed=LIVE_PHRASE)

    assert codes(answer) == (DenialCode.TOO_FEW_PAPER_TRADES,)
    assert isinstance(answer, Denial)
    assert answer.reasons[0].actual == "19"


def test_given_other_words_when_typed_then_no_consent_is_kept(store: UnitOfWork) -> None:
    made_ready(store)

    assert codes(agree(store, LIVE, typed=LIVE_PHRASE.lower())) == (DenialCode.PHRASE,)
    assert read(store, lambda r: r.consents.of(ANN)) == ()
    assert not person_of(store).has_live_consent


class Watched:
    """A store that notes which accounts are held, and when a consent is withdrawn."""

    def __init__(self, store: UnitOfWork) -> None:
        self._store = store
        self.noted: list[str] = []

    async def run(self, work: Callable[[Repositories], T]) -> T:
        noted = self.noted

        class Accounts:
            def __init__(self, r: Repositories) -> None:
                self.of = r.accounts.of
                self._lock = r.accounts.lock

            def lock(self, account_id: AccountId) -> TradingAccount | None:
                noted.append(account_id)
                return self._lock(account_id)

        class Consents:
            def __init__(self, r: Repositories) -> None:
                self.of = r.consents.of
                self._withdraw = r.consents.withdraw

            def withdraw(self, consent_id: str, at: int) -> None:
                noted.append("withdrawn")
                self._withdraw(consent_id, at)

        return await self._store.run(
            lambda r: work(replace(r, accounts=Accounts(r), consents=Consents(r)))  # type: ignore[arg-type]
        )

    async def read(self, work: Callable[[Repositories], T]) -> T:
        return await self._store.read(work)


def test_given_accounts_when_a_consent_is_withdrawn_then_they_are_held_first_so_that_no_claim_overtakes(
    store: UnitOfWork,
) -> None:
    made_ready(store)
    agree(store, LIVE, typed=LIVE_PHRASE)

    def live(r: Repositories) -> None:
        r.people.add(s.person(3))
        r.accounts.add(replace(s.account(2), user_id=ANN, is_live=True))
        r.accounts.add(replace(s.account(3), is_live=True))

    ran(store.run(live))
    watched = Watched(store)

    ran(WithdrawConsent(watched)(ANN, LIVE, NOW))

    assert watched.noted == ["account-1", "account-2", "withdrawn"]
    assert not person_of(store).has_live_consent


# Limits


def test_given_limits_when_lowered_then_at_once_and_when_raised_then_a_day_later(store: UnitOfWork) -> None:
    choose = ChooseLimits(store, DAY)

    lowered = ran(choose(ANN, NOW, NOW, risk_percent=Decimal("0.5"), max_positions=2))
    raised = ran(choose(ANN, NOW + 60, NOW + 60, risk_percent=Decimal(2)))

    assert lowered == LimitChoice(UserLimits(Decimal("0.5"), Decimal(4), 2), chosen_at=NOW)
    assert isinstance(raised, LimitChoice)
    assert raised == person_of(store).limits
    in_force = [limits_in_force(raised, NOW + 60 + later) for later in (0, DAY - 1, DAY)]
    assert [one.risk_percent for one in in_force] == [Decimal("0.5"), Decimal("0.5"), Decimal(2)]
    assert [one.max_positions for one in in_force] == [2, 2, 2]
    assert audited(store) == ["LIMITS_CHOSEN"] * 2
    (newest, _) = read(store, lambda r: r.audit.recent(2))
    assert json.loads(newest.detail) == {
        "risk_percent": "2",
        "daily_loss_percent": "4",
        "max_positions": 2,
        "raise_at": NOW + 60 + DAY,
        "risk_percent_before": "0.5",
    }


def test_given_limits_that_were_chosen_again_and_again_when_asked_for_then_those_of_each_moment_are_told(
    store: UnitOfWork,
) -> None:
    choose = ChooseLimits(store, DAY)
    apply = ApplyRaise(store)
    # 1 % from the start, 0.5 % at once from NOW on, 2 % asked for and applied a day later, 0.3 % at once after.
    ran(choose(ANN, NOW, NOW, risk_percent=Decimal("0.5")))
    ran(choose(ANN, NOW + 60, NOW + 60, risk_percent=Decimal(2)))
    early, due, again = (ran(apply(ANN, NOW + 60 + later, NOW + 60 + later)) for later in (DAY - 1, DAY, DAY + 1))
    # A consent is stamped by another clock, and says nothing about limits.
    agree(store, MESSAGES, NOW - 999 * DAY)
    ran(choose(ANN, NOW + 3 * DAY, NOW + 3 * DAY, risk_percent=Decimal("0.3")))
    moments = (NOW - 1, NOW, NOW + 59, NOW + 60, NOW + 59 + DAY, NOW + 60 + DAY, NOW + 3 * DAY - 1, NOW + 3 * DAY)

    person = person_of(store)
    found = read(store, lambda r: [risk_percent_at(r, person, at) for at in moments])

    assert [str(one) for one in found] == ["1", "0.5", "0.5", "0.5", "0.5", "2", "2", "0.3"]
    assert (early, due, again) == (False, True, False)


def test_given_a_raise_when_years_of_a_market_pass_in_a_minute_then_nothing_that_decides_takes_it(
    store: UnitOfWork,
) -> None:
    choose, years = ChooseLimits(store, DAY), 999 * DAY
    # A recording's desk, years behind the machine; a minute later it has gone on for years.
    ran(choose(ANN, NOW - years, NOW, risk_percent=Decimal(2), daily_loss_percent=Decimal(6)))
    is_applied = ran(ApplyRaise(store)(ANN, NOW + years, NOW + 60))
    person = person_of(store)

    assert not is_applied
    assert person_facts(person).limits == UserLimits()
    assert rules_of_owner(person, DeskRules(RiskPolicy(), Decimal(4))).daily_loss_percent == 4
    # A raise by the time of a recording is not due either, where the market is today's.
    assert person.limits.raise_at == NOW + DAY
    assert ran(ApplyRaise(store)(ANN, NOW - years, NOW + DAY))
    assert person_facts(person_of(store)).limits == UserLimits(Decimal(2), Decimal(6))
    assert rules_of_owner(person_of(store), DeskRules(RiskPolicy(), Decimal(4))).daily_loss_percent == 6
    assert audited(store) == ["LIMITS_CHOSEN", "LIMITS_RAISED"]


def test_given_nobody_when_a_raise_is_asked_for_then_none_is_due(store: UnitOfWork) -> None:
    assert not ran(ApplyRaise(store)(UserId("nobody"), NOW, NOW))


def test_given_a_recruit_or_somebody_locked_when_they_choose_limits_then_only_a_raise_is_denied(
    store: UnitOfWork,
) -> None:
    choose = ChooseLimits(store, DAY)
    for change, code in (
        ({"rank": Rank.RECRUIT}, DenialCode.RANK),
        ({"rank": Rank.AUTHORIZED, "status": AccountStatus.LOCKED}, DenialCode.STATUS),
    ):
        changed(store, limits=LimitChoice(UserLimits()), **change)

        assert codes(ran(choose(ANN, NOW, NOW, risk_percent=Decimal(2)))) == (code,)
        # One figure lower does not carry another one up.
        assert codes(ran(choose(ANN, NOW, NOW, risk_percent=Decimal(2), max_positions=1))) == (code,)
        assert person_of(store).limits == LimitChoice(UserLimits())
        assert isinstance(ran(choose(ANN, NOW, NOW, max_positions=1)), LimitChoice)


def test_given_a_figure_beyond_its_bounds_when_chosen_then_nothing_changes(store: UnitOfWork) -> None:
    with pytest.raises(InvalidInput):
        ran(ChooseLimits(store, DAY)(ANN, NOW, NOW, risk_percent=Decimal("2.1")))

    assert person_of(store).limits == LimitChoice(UserLimits())
    assert audited(store) == []


# Mode


def test_given_modes_when_chosen_then_up_by_rank_and_tier_and_down_always(store: UnitOfWork) -> None:
    choose = ChooseMode(store)

    assert ran(choose(ANN, SystemMode.COMMANDER, NOW)) is SystemMode.COMMANDER
    assert codes(ran(choose(ANN, SystemMode.TACTICAL, NOW))) == (DenialCode.RANK, DenialCode.TIER)
    changed(store, rank=Rank.ELITE, tier=Tier.COMMANDER, is_sniper=True)
    assert ran(choose(ANN, SystemMode.STEALTH, NOW)) is SystemMode.STEALTH
    assert person_of(store).is_sniper
    changed(store, rank=Rank.RECRUIT, tier=Tier.NONE, status=AccountStatus.BANNED)
    assert ran(choose(ANN, SystemMode.BIT, NOW)) is SystemMode.BIT
    assert (person_of(store).mode, person_of(store).is_sniper) == (SystemMode.BIT, False)
    assert audited(store) == ["MODE_CHOSEN"] * 3


# How somebody is addressed


def profile(store: UnitOfWork, **changes: str) -> Profile | Denial:
    change = ChangeProfile(store, frozenset({"UTC", "Europe/Berlin"}))
    return ran(change(ANN, NOW, **changes))


def test_given_a_profile_when_parts_of_it_change_then_the_rest_stays_and_nothing_personal_is_audited(
    store: UnitOfWork,
) -> None:
    named = profile(store, callsign="Night_Owl7")
    moved = profile(store, language="de", zone="Europe/Berlin")
    same = profile(store, callsign="Night_Owl7")

    assert named == Profile("Night_Owl7")
    assert moved == same == person_of(store).profile == Profile("Night_Owl7", "de", "Europe/Berlin")
    assert audited(store) == ["PROFILE_CHANGED"] * 2
    assert {entry.detail for entry in read(store, lambda r: r.audit.recent(9))} == {"{}"}


@pytest.mark.parametrize("callsign", ["ab", "x" * 21, "Night Owl", "Öwl7", "owl\n", "", "taken_1", "TAKEN_1"])
def test_given_a_callsign_nobody_may_have_when_chosen_then_it_is_denied(store: UnitOfWork, callsign: str) -> None:
    ran(store.run(lambda r: r.people.add(replace(s.person(2), profile=Profile("Taken_1")))))

    assert codes(profile(store, callsign=callsign, language="de")) == (DenialCode.BAD_ANSWER,)
    assert person_of(store).profile == Profile()


def test_given_ones_own_callsign_when_written_otherwise_then_it_is_taken(store: UnitOfWork) -> None:
    profile(store, callsign="owl_7")

    assert profile(store, callsign="OWL_7") == Profile("OWL_7")


@pytest.mark.parametrize("change", [{"zone": "Europe/Nowhere"}, {"zone": ""}, {"language": "DE"}, {"language": "d1"}])
def test_given_no_language_or_zone_when_chosen_then_it_is_said(store: UnitOfWork, change: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        profile(store, **change)


def test_given_nobody_when_they_choose_then_it_is_said(store_bench: UnitOfWorkBench) -> None:
    store = store_bench.store
    for asked in (
        GiveConsent(store, SYLLABUS, NUMBERS, GATE)(ANN, MESSAGES, 1, NOW),
        WithdrawConsent(store)(ANN, MESSAGES, NOW),
        ChooseLimits(store, DAY)(ANN, NOW, NOW),
        ChooseMode(store)(ANN, SystemMode.BIT, NOW),
        ChangeProfile(store, frozenset())(ANN, NOW, callsign="owl_7"),
    ):
        with pytest.raises(InvalidInput, match="no person"):
            ran(asked)
