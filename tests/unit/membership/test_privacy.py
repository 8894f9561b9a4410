"""Consents, the gate of live trading, deletion in two steps, export once a day, and how long what is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_adapters.files.education.syllabus_files import read_syllabus
from bitten_adapters.sql.tables import METADATA
from bitten_domain.errors import BrokenInvariant, InvalidInput
from bitten_domain.membership import Denial, DenialCode, Person, Profile
from bitten_domain.membership.privacy import (
    LIVE_PHRASE,
    RETENTION,
    Consent,
    ConsentPurpose,
    DeletionRequest,
    DeletionState,
    ErasureEntry,
    ExportRequest,
    LiveFacts,
    LivePolicy,
    OnErasure,
    PersonKey,
    Place,
    RetentionRule,
    RowClock,
    ask_deletion,
    ask_export,
    ask_live,
    carried_out,
    confirm_deletion,
    deletion_state,
    due_before,
    erased,
    fetched,
    give,
    has_consent,
    lapsed,
    live_consent_holds,
    ready,
    undo_deletion,
)
from bitten_domain.risk.policy import TIER_LIMITS
from bitten_domain.values import UserId
from bitten_domain.vocabulary import AccountStatus, Rank, SystemMode, Tier

ANN = UserId("ann")
HOUR, DAY = 3_600, 86_400
NOW = 1_750_000_000
LIVE = ConsentPurpose.LIVE_TRADING
POLICY = LivePolicy()
READY = LiveFacts(
    AccountStatus.ACTIVE,
    Rank.AUTHORIZED,
    TIER_LIMITS[Tier.NIBBLER],
    has_quiz=True,
    has_set_limits=True,
    paper_trades=20,
)


def consent(
    at: int = NOW, *, version: int = 2, purpose: ConsentPurpose = LIVE, withdrawn_at: int | None = None
) -> Consent:
    return Consent(f"consent-{at}", ANN, purpose, version, at, withdrawn_at)


@pytest.mark.parametrize("purpose", ConsentPurpose, ids=lambda purpose: purpose.value)
def test_given_nothing_when_asked_then_every_purpose_is_off(purpose: ConsentPurpose) -> None:
    others = [consent(purpose=one) for one in ConsentPurpose if one is not purpose]

    assert not has_consent([], purpose, 2)
    assert not has_consent(others, purpose, 2)


@pytest.mark.parametrize(
    ("given_consent", "stands"),
    [
        (consent(), True),
        (consent(version=1), False),
        (consent(version=3), False),
        (consent(withdrawn_at=NOW), False),
    ],
    ids=["present", "older text", "another text", "withdrawn at once"],
)
def test_given_a_consent_when_asked_then_it_stands_to_the_present_text_until_withdrawn(
    given_consent: Consent, stands: bool
) -> None:
    assert has_consent([given_consent], LIVE, 2) is stands


def test_given_a_consent_when_given_again_then_it_is_the_same_and_its_wait_does_not_begin_anew() -> None:
    standing = consent()

    again = give([standing], LIVE, consent_id="new", user_id=ANN, shown=2, current=2, now=NOW + DAY)
    after_change = give([standing], LIVE, consent_id="new", user_id=ANN, shown=3, current=3, now=NOW + DAY)

    assert again == standing
    assert after_change == Consent("new", ANN, LIVE, 3, NOW + DAY)


def test_given_an_older_text_that_was_shown_when_agreed_to_then_it_is_denied() -> None:
    answer = give([], LIVE, consent_id="new", user_id=ANN, shown=1, current=2, now=NOW)

    assert isinstance(answer, Denial)
    assert answer.codes == (DenialCode.OLD_VERSION,)


LACKS = [
    ({"status": AccountStatus.LOCKED}, DenialCode.STATUS),
    ({"rank": Rank.RECRUIT}, DenialCode.RANK),
    ({"tier": TIER_LIMITS[Tier.PRESS_PASS]}, DenialCode.NOT_PAYING),
    ({"tier": TIER_LIMITS[Tier.NONE]}, DenialCode.NOT_PAYING),
    ({"has_quiz": False}, DenialCode.QUIZ_NOT_PASSED),
    ({"has_set_limits": False}, DenialCode.NO_LIMITS_SET),
    ({"paper_trades": 19}, DenialCode.TOO_FEW_PAPER_TRADES),
]


@pytest.mark.parametrize(("lack", "code"), LACKS)
def test_given_one_thing_that_is_lacking_when_live_is_asked_for_then_it_alone_stands_in_the_way(
    lack: dict[str, object], code: DenialCode
) -> None:
    facts = replace(READY, **lack)  # type: ignore[arg-type]

    asked = ask_live(facts, LIVE_PHRASE, POLICY)
    later = live_consent_holds([consent()], facts, POLICY, version=2, now=NOW + DAY)

    assert asked is not None
    assert later is not None
    assert asked.codes == later.codes == (code,)


@pytest.mark.parametrize("typed", ["", "yes", LIVE_PHRASE.lower(), LIVE_PHRASE + "."])
def test_given_other_words_when_typed_then_live_is_not_consented_to(typed: str) -> None:
    answer = ask_live(READY, typed, POLICY)

    assert answer is not None
    assert answer.codes == (DenialCode.PHRASE,)


def test_given_everything_when_the_phrase_is_typed_then_nothing_stands_in_the_way() -> None:
    assert ask_live(READY, f" {LIVE_PHRASE}\n", POLICY) is None


@pytest.mark.parametrize(
    ("consents", "now", "code"),
    [
        ([consent()], NOW + DAY - 1, DenialCode.COOLING_OFF),
        ([consent()], NOW + DAY, None),
        ([], NOW + DAY, DenialCode.CONSENT_MISSING),
        ([consent(version=1)], NOW + DAY, DenialCode.CONSENT_MISSING),
        ([consent(withdrawn_at=NOW + DAY)], NOW + DAY, DenialCode.CONSENT_MISSING),
        (
            [consent(withdrawn_at=NOW + DAY), consent(NOW + DAY)],
            NOW + DAY + HOUR,
            DenialCode.COOLING_OFF,
        ),
    ],
    ids=["too early", "in time", "none", "older text", "withdrawn", "given anew"],
)
def test_given_a_live_consent_when_a_fire_asks_then_it_holds_after_a_day_and_until_it_is_withdrawn(
    consents: list[Consent], now: int, code: DenialCode | None
) -> None:
    answer = live_consent_holds(consents, READY, POLICY, version=2, now=now)

    assert (answer.codes if answer else None) == (None if code is None else (code,))


def test_given_a_looser_gate_when_configured_then_it_is_refused() -> None:
    for looser in ({"cooling_off_hours": 23}, {"paper_trades": 19}):
        with pytest.raises(InvalidInput):
            LivePolicy(**looser)


def test_given_the_texts_that_are_shipped_when_read_then_each_purpose_has_one_and_each_text_a_purpose() -> None:
    texts = read_syllabus().texts

    assert {text.purpose for text in texts} == {purpose.value for purpose in ConsentPurpose}


# Deletion


def asked() -> DeletionRequest:
    return ask_deletion(None, request_id="d-1", user_id=ANN, now=NOW)


def confirmed() -> DeletionRequest:
    made = confirm_deletion(asked(), NOW + 60)
    assert isinstance(made, DeletionRequest)
    return made


DUE = NOW + 60 + 7 * DAY


@pytest.mark.parametrize(
    ("request_", "live", "now", "state"),
    [
        (asked(), 0, NOW + HOUR - 1, DeletionState.ASKED),
        (asked(), 0, NOW + HOUR, DeletionState.LAPSED),
        (confirmed(), 0, DUE - 1, DeletionState.CONFIRMED),
        (confirmed(), 0, DUE, DeletionState.DUE),
        (confirmed(), 1, DUE, DeletionState.WAITING),
        (confirmed(), None, DUE, DeletionState.WAITING),
        (undo_deletion(confirmed(), DUE), 0, DUE, DeletionState.WITHDRAWN),
    ],
)
def test_given_a_deletion_when_time_goes_by_then_its_state_is_the_clocks(
    request_: DeletionRequest | Denial, live: int | None, now: int, state: DeletionState
) -> None:
    assert isinstance(request_, DeletionRequest)
    assert deletion_state(request_, live, now) is state


def test_given_a_due_deletion_when_carried_out_then_it_is_done_and_on_the_list() -> None:
    assert carried_out(confirmed(), 0, DUE) == (replace(confirmed(), done_at=DUE), ErasureEntry(ANN, DUE))


@pytest.mark.parametrize(
    ("request_", "live", "now", "code"),
    [
        (asked(), 0, NOW + 30 * DAY, DenialCode.NOT_ASKED),
        (confirmed(), 0, DUE - 1, DenialCode.NOT_ASKED),
        (confirmed(), 2, DUE, DenialCode.LIVE_POSITIONS),
        (confirmed(), None, DUE, DenialCode.LIVE_POSITIONS),
        (replace(confirmed(), withdrawn_at=NOW + DAY), 0, DUE, DenialCode.NOT_ASKED),
        (replace(confirmed(), done_at=DUE), 0, DUE, DenialCode.NOT_ASKED),
    ],
    ids=["one step", "in its week", "positions", "unknown positions", "withdrawn", "done"],
)
def test_given_a_deletion_that_is_not_due_when_carried_out_then_nobody_is_erased(
    request_: DeletionRequest, live: int | None, now: int, code: DenialCode
) -> None:
    answer = carried_out(request_, live, now)

    assert isinstance(answer, Denial)
    assert answer.codes == (code,)


@given(
    moves=st.lists(
        st.tuples(st.sampled_from(["ask", "confirm", "undo", "job"]), st.integers(0, 60 * HOUR), st.integers(0, 1)),
        max_size=40,
    )
)
def test_given_any_moves_when_somebody_is_erased_then_they_confirmed_a_week_ago_and_never_took_it_back(
    moves: list[tuple[str, int, int]],
) -> None:
    request: DeletionRequest | None = None
    last_confirmed: int | None = None
    now = NOW
    for number, (move, step, live) in enumerate(moves):
        now += step
        if move == "ask":
            open_one = request if request is not None and request.is_open else None
            request = ask_deletion(open_one, request_id=f"d-{number}", user_id=ANN, now=now)
            last_confirmed = request.confirmed_at
        elif request is not None and move == "confirm":
            answer = confirm_deletion(request, now)
            if isinstance(answer, DeletionRequest):
                last_confirmed = now if request.confirmed_at is None else last_confirmed
                request = answer
        elif request is not None and move == "undo":
            answer = undo_deletion(request, now)
            if isinstance(answer, DeletionRequest):
                request, last_confirmed = answer, None
        elif request is not None:
            done = carried_out(request, live, now)
            if not isinstance(done, Denial):
                assert last_confirmed is not None
                assert now >= last_confirmed + 7 * DAY
                assert live == 0
                return


def test_given_a_step_that_was_taken_when_taken_again_then_the_week_does_not_begin_anew() -> None:
    undone = undo_deletion(confirmed(), NOW + DAY)
    assert isinstance(undone, DeletionRequest)

    assert ask_deletion(confirmed(), request_id="d-2", user_id=ANN, now=NOW + DAY) == confirmed()
    assert confirm_deletion(confirmed(), NOW + DAY) == confirmed()
    assert undo_deletion(undone, NOW + 2 * DAY) == undone


def test_given_a_deletion_that_was_never_confirmed_when_an_hour_is_over_then_it_is_closed_and_can_be_asked_anew() -> (
    None
):
    late = NOW + HOUR

    assert lapsed(asked(), late) == replace(asked(), withdrawn_at=late)
    assert lapsed(confirmed(), late) == confirmed()
    assert ask_deletion(asked(), request_id="d-2", user_id=ANN, now=late) == DeletionRequest("d-2", ANN, late)


def test_given_a_person_with_everything_when_erased_then_an_id_and_its_beginning_are_left() -> None:
    person = Person(
        ANN,
        NOW,
        telegram_id=7,
        rank=Rank.ADMIN,
        tier=Tier.APEX,
        mode=SystemMode.STEALTH,
        is_sniper=True,
        has_live_consent=True,
        profile=Profile("Night_Owl7", "de", "Europe/Berlin"),
    )

    assert erased(person) == Person(ANN, NOW, status=AccountStatus.DELETED)


@pytest.mark.parametrize(
    "answer",
    [
        confirm_deletion(asked(), NOW + HOUR),
        confirm_deletion(replace(asked(), withdrawn_at=NOW), NOW),
        undo_deletion(replace(confirmed(), done_at=DUE), DUE),
    ],
)
def test_given_a_deletion_that_is_over_when_a_step_is_tried_then_it_is_denied(
    answer: DeletionRequest | Denial,
) -> None:
    assert isinstance(answer, Denial)


# Export


def exported(at: int = NOW) -> ExportRequest:
    made = ask_export([], export_id="e-1", user_id=ANN, token_hash=bytes(32), now=at)
    assert isinstance(made, ExportRequest)
    return made


def test_given_an_export_when_the_next_is_asked_for_then_a_day_lies_between() -> None:
    def ask(now: int) -> ExportRequest | Denial:
        return ask_export([exported()], export_id="e-2", user_id=ANN, token_hash=bytes(32), now=now)

    early = ask(NOW + DAY - 1)
    assert isinstance(early, Denial)
    assert early.codes == (DenialCode.ONCE_A_DAY,)
    assert isinstance(ask(NOW + DAY), ExportRequest)


@pytest.mark.parametrize(
    ("request_", "now", "works"),
    [
        (ready(exported(), NOW + HOUR), NOW + HOUR, True),
        (ready(exported(), NOW + HOUR), NOW + HOUR + DAY - 1, True),
        (ready(ready(exported(), NOW + HOUR), NOW + 5 * HOUR), NOW + HOUR + DAY, False),
        (exported(), NOW + HOUR, False),
        (replace(ready(exported(), NOW), fetched_at=NOW), NOW, False),
        (None, NOW, False),
    ],
    ids=["ready", "last second", "too late", "not ready", "used", "no such link"],
)
def test_given_a_link_when_used_then_it_works_once_and_for_a_day(
    request_: ExportRequest | None, now: int, works: bool
) -> None:
    answer = fetched(request_, now)

    if works:
        assert isinstance(answer, ExportRequest)
        assert answer.fetched_at == now
    else:
        assert isinstance(answer, Denial)
        assert answer.codes == (DenialCode.LINK_NOT_VALID,)


# Retention and records


def test_given_the_tables_of_the_store_when_looked_up_then_each_has_one_rule() -> None:
    ruled = [rule.table for rule in RETENTION]

    assert sorted(set(METADATA.tables) - set(ruled)) == []
    assert len(ruled) == len(set(ruled))


def test_given_what_outlives_a_person_when_read_then_books_stay_and_keyed_hashes_lose_their_person() -> None:
    becomes = {rule.table: rule.on_erasure for rule in RETENTION}

    assert {becomes[table] for table in ("users", "trades", "payment_transactions", "audit_log")} == {OnErasure.UNNAMED}
    assert {becomes[table] for table in ("press_passes", "trial_marks")} == {OnErasure.UNLINKED}
    assert {becomes[table] for table in ("user_profiles", "consents", "diary_entries")} == {OnErasure.ERASED}


def test_given_a_rule_with_days_when_the_job_asks_then_what_is_older_goes() -> None:
    week = RetentionRule("table", 7, "it", OnErasure.ERASED, "why", RowClock.MACHINE)
    forever = RetentionRule("table", None, "it", OnErasure.ERASED, "why")

    assert (due_before(week, NOW), due_before(forever, NOW)) == (NOW - 604_800, None)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: consent(version=0),
        lambda: consent(withdrawn_at=NOW - 1),
        lambda: replace(asked(), confirmed_at=NOW),
        lambda: replace(asked(), done_at=NOW),
        lambda: replace(exported(), token_hash=b"short"),
        lambda: replace(exported(), ready_at=NOW),
        lambda: PersonKey(ANN, None, NOW),
        lambda: Place("users", "", "ann"),
        lambda: RetentionRule("table", 0, "it", OnErasure.ERASED, "why", RowClock.DESK),
        lambda: RetentionRule("table", 7, "it", OnErasure.ERASED, "why"),
        lambda: RetentionRule("table", None, "it", OnErasure.ERASED, "why", RowClock.DESK),
    ],
)
def test_given_a_record_that_cannot_be_when_made_then_it_is_an_error(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(BrokenInvariant):
        wrong()
