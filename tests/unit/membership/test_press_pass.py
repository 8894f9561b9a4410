"""The press pass: ten a day, once for life, seven days, two reminders, and a day score that is reset once a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.errors import BrokenInvariant, InvalidInput
from bitten_domain.membership import Denial, DenialCode
from bitten_domain.membership.press_pass import (
    DayScore,
    PressPass,
    PressPassDay,
    PressPassPolicy,
    PressPassState,
    activate,
    claim,
    convert,
    day_score,
    due_reminder,
    lent_tier,
    press_pass_state,
    reminded,
    reset_day_scores,
    revoke,
    want_reminders,
    with_points,
)
from bitten_domain.values import UserId
from bitten_domain.vocabulary import AccountStatus, Tier

POLICY = PressPassPolicy()
HOUR, DAY = 3_600, 86_400
# 2025-03-30 10:00 UTC: the day summer time began in Europe. 20,177 days after 1970-01-01.
NOON = int(datetime(2025, 3, 30, 10, tzinfo=UTC).timestamp())
TODAY = 20_177


def key(number: int) -> bytes:
    return number.to_bytes(32, "big")


def ask(
    number: int,
    day: PressPassDay,
    *,
    given: PressPass | None = None,
    status: AccountStatus = AccountStatus.ACTIVE,
    was_member: bool = False,
    now: int = NOON,
) -> PressPass | Denial:
    return claim(
        given,
        day,
        telegram_key=key(number),
        user_id=UserId(f"user-{number}"),
        status=status,
        was_member=was_member,
        policy=POLICY,
        now=now,
    )


def claimed(now: int = NOON) -> PressPass:
    made = ask(1, PressPassDay(now // DAY, 10, 0), now=now)
    assert isinstance(made, PressPass)
    return made


def active(now: int = NOON) -> PressPass:
    made = activate(claimed(now), POLICY, now)
    assert isinstance(made, PressPass)
    return made


def codes(answer: PressPass | Denial) -> tuple[DenialCode, ...]:
    assert isinstance(answer, Denial)
    return answer.codes


def test_given_a_day_with_places_when_claimed_then_it_ends_seven_days_later() -> None:
    made = ask(1, PressPassDay(TODAY, 10, 9))

    assert isinstance(made, PressPass)
    assert datetime.fromtimestamp(made.ends_at, UTC) == datetime(2025, 4, 6, 10, tzinfo=UTC)


@given(
    numbers=st.lists(st.integers(0, 30), max_size=60),
    limit=st.integers(0, 12),
    seconds=st.lists(st.integers(0, 5 * DAY), min_size=60, max_size=60),
)
def test_given_any_run_of_claims_when_decided_then_days_and_lives_keep_their_limits(
    numbers: list[int], limit: int, seconds: list[int]
) -> None:
    rows: list[PressPass] = []
    moment = NOON
    for number, step in zip(numbers, seconds, strict=False):
        moment += step % (2 * HOUR)
        taken_today = sum(row.claimed_at // DAY == moment // DAY for row in rows)
        given_pass = next((row for row in rows if row.telegram_key == key(number)), None)
        day = PressPassDay(moment // DAY, limit, taken_today)
        assert day.remaining == limit - taken_today
        answer = ask(number, day, given=given_pass, now=moment)
        if isinstance(answer, PressPass):
            rows.append(answer)

    by_day = [row.claimed_at // DAY for row in rows]
    assert len({row.telegram_key for row in rows}) == len(rows)
    assert all(by_day.count(day) <= limit for day in by_day)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (ask(1, PressPassDay(TODAY, 10, 10)), DenialCode.PASSES_GONE_TODAY),
        (ask(1, PressPassDay(TODAY, 3, 5)), DenialCode.PASSES_GONE_TODAY),
        (ask(1, PressPassDay(TODAY, 10, 0), status=AccountStatus.LOCKED), DenialCode.STATUS),
        (ask(1, PressPassDay(TODAY, 10, 0), was_member=True), DenialCode.ALREADY_MEMBER),
        (ask(1, PressPassDay(TODAY, 10, 0), given=claimed(NOON - 400 * DAY)), DenialCode.PASS_USED),
        (
            ask(1, PressPassDay(TODAY, 10, 0), given=replace(claimed(NOON - 400 * DAY), user_id=None)),
            DenialCode.PASS_USED,
        ),
    ],
    ids=["day is full", "limit was lowered", "locked", "was a member", "had one", "had one and was erased"],
)
def test_given_a_claim_that_must_not_be_when_asked_then_it_is_denied(
    answer: PressPass | Denial, code: DenialCode
) -> None:
    assert codes(answer) == (code,)


def test_given_another_day_when_claimed_then_the_count_would_be_wrong() -> None:
    with pytest.raises(BrokenInvariant):
        ask(1, PressPassDay(TODAY - 1, 10, 0))


@pytest.mark.parametrize(
    ("after", "state", "tier"),
    [
        (0, PressPassState.ACTIVE, Tier.PRESS_PASS),
        (6 * DAY - 1, PressPassState.ACTIVE, Tier.PRESS_PASS),
        (6 * DAY, PressPassState.EXPIRING, Tier.PRESS_PASS),
        (7 * DAY - 1, PressPassState.EXPIRING, Tier.PRESS_PASS),
        (7 * DAY, PressPassState.EXPIRED, Tier.NONE),
    ],
)
def test_given_an_active_pass_when_time_goes_by_then_its_state_needs_no_job(
    after: int, state: PressPassState, tier: Tier
) -> None:
    press_pass = active()

    assert press_pass_state(press_pass, POLICY, NOON + after) is state
    assert lent_tier(press_pass, POLICY, NOON + after) is tier


def test_given_no_pass_or_one_that_was_only_claimed_when_asked_then_it_lends_nothing() -> None:
    states = [press_pass_state(one, POLICY, NOON) for one in (None, claimed())]

    assert states == [PressPassState.OFFERED, PressPassState.CLAIMED]
    assert {lent_tier(one, POLICY, NOON) for one in (None, claimed())} == {Tier.NONE}


def test_given_a_pass_when_converted_or_revoked_then_it_lends_nothing_and_stays_given() -> None:
    converted, revoked = convert(active(), POLICY, NOON + DAY), revoke(active(), POLICY, NOON + DAY)

    assert press_pass_state(converted, POLICY, NOON + DAY) is PressPassState.CONVERTED
    assert isinstance(revoked, PressPass)
    assert press_pass_state(revoked, POLICY, NOON + DAY) is PressPassState.REVOKED
    assert {lent_tier(one, POLICY, NOON + DAY) for one in (converted, revoked)} == {Tier.NONE}
    assert codes(ask(1, PressPassDay(TODAY + 1, 10, 0), given=revoked, now=NOON + DAY)) == (DenialCode.PASS_USED,)


def test_given_a_pass_that_is_over_when_anything_is_done_to_it_then_it_stays_what_it_is() -> None:
    late = NOON + 7 * DAY

    assert codes(activate(claimed(), POLICY, late)) == (DenialCode.PASS_OVER,)
    assert codes(revoke(active(), POLICY, late)) == (DenialCode.PASS_OVER,)
    assert convert(active(), POLICY, late) == active()


def test_given_a_step_that_was_taken_when_taken_again_then_nothing_changes() -> None:
    revoked = revoke(active(), POLICY, NOON)
    assert isinstance(revoked, PressPass)

    assert activate(active(), POLICY, NOON + DAY) == active()
    assert revoke(revoked, POLICY, NOON + 9 * DAY) == revoked
    assert convert(convert(active(), POLICY, NOON), POLICY, NOON + DAY) == convert(active(), POLICY, NOON)


@given(hours=st.lists(st.integers(0, 30), max_size=40))
def test_given_looks_at_any_times_when_reminders_are_due_then_there_are_two_at_most_each_at_its_time(
    hours: list[int],
) -> None:
    press_pass, moment, sent = active(), NOON, []
    for step in hours:
        moment += step * HOUR
        number = due_reminder(press_pass, POLICY, moment)
        if number is not None:
            press_pass = reminded(press_pass, number)
            sent.append((number, press_pass.ends_at - moment))

    # Three days and one day before the end, never after it.
    assert [number for number, _ in sent] in ([], [1], [2], [1, 2])
    assert all(0 < left <= {1: 3 * DAY, 2: DAY}[number] for number, left in sent)


@pytest.mark.parametrize(
    "press_pass",
    [
        want_reminders(active(), wanted=False),
        convert(active(), POLICY, NOON),
        revoke(active(), POLICY, NOON),
        replace(active(), user_id=None),
        reminded(reminded(active(), 1), 2),
    ],
    ids=["opted out", "converted", "revoked", "erased", "reminded twice"],
)
def test_given_somebody_who_must_be_left_alone_when_it_would_be_time_then_nothing_is_due(press_pass: PressPass) -> None:
    assert due_reminder(press_pass, POLICY, NOON + 6 * DAY) is None


def test_given_a_reminder_that_went_out_when_noted_again_then_it_is_an_error() -> None:
    with pytest.raises(BrokenInvariant):
        reminded(reminded(active(), 1), 1)


@given(
    events=st.lists(
        st.tuples(st.sampled_from(["earn", "look", "reset", "reset late"]), st.integers(0, 40 * HOUR)), max_size=40
    )
)
def test_given_any_run_of_points_and_resets_when_read_then_it_is_what_was_earned_since_midnight(
    events: list[tuple[str, int]],
) -> None:
    press_pass, moment = active(), NOON
    earned: list[int] = []
    for what, step in events:
        moment += step
        if what == "earn":
            press_pass = with_points(press_pass, 10, moment)
            earned.append(moment)
        elif what != "look":
            # A late job was meant for the day before; a second run is the same run.
            day = moment // DAY - (what == "reset late")
            for _ in range(2):
                for changed in reset_day_scores([press_pass], day):
                    press_pass = changed

        assert day_score(press_pass, moment) == 10 * sum(at // DAY == moment // DAY for at in earned)


def test_given_a_night_without_the_job_when_read_then_yesterdays_points_are_gone() -> None:
    press_pass = with_points(active(), 30, NOON)

    assert [day_score(press_pass, moment) for moment in (NOON, (TODAY + 1) * DAY - 1, (TODAY + 1) * DAY)] == [30, 30, 0]


def test_given_the_nightly_reset_when_run_twice_or_with_the_clock_set_back_then_it_acts_once() -> None:
    press_pass = with_points(active(), 30, NOON)
    first = reset_day_scores([press_pass], TODAY + 1)

    assert first == (replace(press_pass, score=DayScore(TODAY + 1)),)
    assert reset_day_scores(first, TODAY + 1) == ()
    assert reset_day_scores(first, TODAY) == ()


def test_given_the_night_summer_time_begins_when_reset_then_the_day_is_still_utcs() -> None:
    # 2025-03-30 01:00 UTC, when clocks in London jump from 01:00 to 02:00.
    london = datetime(2025, 3, 30, 2, 0, tzinfo=ZoneInfo("Europe/London"))
    press_pass = with_points(active(int(datetime(2025, 3, 29, 23, tzinfo=UTC).timestamp())), 30, TODAY * DAY - 1)

    reset = reset_day_scores([press_pass], int(london.timestamp()) // DAY)

    assert [one.score for one in reset] == [DayScore(TODAY)]


def test_given_points_of_a_day_that_is_over_when_they_come_late_then_today_keeps_its_score() -> None:
    press_pass = with_points(active(), 30, NOON)

    assert with_points(press_pass, 50, NOON - DAY) == press_pass


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: PressPassPolicy(tier=Tier.NIBBLER),
        lambda: PressPassPolicy(a_day=-1),
        lambda: PressPassPolicy(lasts_days=0),
    ],
    ids=["a live tier", "fewer than none", "no days"],
)
def test_given_a_policy_out_of_bounds_when_made_then_it_is_refused(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(InvalidInput):
        wrong()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: PressPassPolicy(reminders_before=(3 * DAY, 2 * DAY, DAY)),
        lambda: PressPassPolicy(reminders_before=(DAY, 3 * DAY)),
        lambda: replace(active(), telegram_key=b"short"),
        lambda: replace(active(), ends_at=NOON),
        lambda: replace(active(), reminders_sent=3),
        lambda: with_points(active(), -1, NOON),
    ],
    ids=["three reminders", "the later first", "a short key", "ends at its claim", "three sent", "negative points"],
)
def test_given_a_record_that_cannot_be_when_made_then_it_is_an_error(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(BrokenInvariant):
        wrong()
