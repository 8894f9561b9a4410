"""Emergency stops: whom they hold, who sets and releases them."""

from __future__ import annotations

import pytest

from bitten_domain.errors import BrokenInvariant
from bitten_domain.risk import EmergencyStop, StopKind, StopScope
from bitten_domain.risk.emergency_stop import (
    applies_to,
    closes_positions,
    may_release,
    may_set,
    with_stop,
    without_stop,
)
from bitten_domain.values import UserId
from bitten_domain.vocabulary import Rank

ANNA, BEN, CHIEF = UserId("anna"), UserId("ben"), UserId("chief")


def stop(scope: StopScope, subject: str, kind: StopKind, at: int = 0) -> EmergencyStop:
    return EmergencyStop(scope, subject, kind, CHIEF, at)


@pytest.mark.parametrize(
    ("one", "holds"),
    [
        (stop(StopScope.GLOBAL, "", StopKind.PAUSE), True),
        (stop(StopScope.BROKER, "paper", StopKind.LOCK), True),
        (stop(StopScope.BROKER, "other", StopKind.LOCK), False),
        (stop(StopScope.USER, "anna", StopKind.HALT), True),
        (stop(StopScope.USER, "ben", StopKind.HALT), False),
    ],
)
def test_given_a_stop_when_asked_about_anna_on_paper_then_its_scope_decides(one: EmergencyStop, holds: bool) -> None:
    assert applies_to(one, "paper", ANNA) is holds


@pytest.mark.parametrize("rank", list(Rank))
@pytest.mark.parametrize("kind", [StopKind.PAUSE, StopKind.HALT])
def test_given_any_rank_when_a_user_stops_themselves_then_they_may(rank: Rank, kind: StopKind) -> None:
    assert may_set(StopScope.USER, ANNA, kind, ANNA, rank)
    assert not may_set(StopScope.USER, BEN, kind, ANNA, rank)


@pytest.mark.parametrize(
    ("scope", "subject", "kind"),
    [
        (StopScope.USER, "anna", StopKind.LOCK),
        (StopScope.BROKER, "paper", StopKind.PAUSE),
        (StopScope.GLOBAL, "", StopKind.HALT),
    ],
)
def test_given_a_lock_or_a_wide_stop_when_set_or_released_then_only_an_admin_may(
    scope: StopScope, subject: str, kind: StopKind
) -> None:
    one = stop(scope, subject, kind)

    assert may_set(scope, subject, kind, CHIEF, Rank.ADMIN)
    assert may_release(one, CHIEF, Rank.ADMIN, 0)
    assert not may_set(scope, subject, kind, ANNA, Rank.ELITE)
    assert not may_release(one, ANNA, Rank.ELITE, 1_000_000)


@pytest.mark.parametrize("kind", [StopKind.PAUSE, StopKind.HALT])
def test_given_a_user_s_own_stop_when_released_then_an_hour_must_have_passed(kind: StopKind) -> None:
    one = stop(StopScope.USER, "anna", kind, at=1_000)

    assert not may_release(one, ANNA, Rank.RECRUIT, 1_000 + 3_599)
    assert may_release(one, ANNA, Rank.RECRUIT, 1_000 + 3_600)
    assert not may_release(one, BEN, Rank.ADMIN, 1_000_000)


def test_given_a_halt_when_set_then_it_alone_also_closes() -> None:
    kinds = [kind for kind in StopKind if closes_positions(stop(StopScope.GLOBAL, "", kind))]

    assert kinds == [StopKind.HALT]


def test_given_a_stop_when_set_again_then_its_hour_starts_again_and_others_stay() -> None:
    lock, pause = stop(StopScope.USER, "anna", StopKind.LOCK), stop(StopScope.USER, "anna", StopKind.PAUSE, 10)
    again = stop(StopScope.USER, "anna", StopKind.PAUSE, 500)

    stops = with_stop(with_stop(with_stop((), lock), pause), again)

    assert stops == (lock, again)
    assert without_stop(stops, pause) == (lock,)


@pytest.mark.parametrize(("scope", "subject"), [(StopScope.GLOBAL, "x"), (StopScope.USER, ""), (StopScope.BROKER, "")])
def test_given_a_stop_without_its_subject_when_built_then_the_caller_is_wrong(scope: StopScope, subject: str) -> None:
    with pytest.raises(BrokenInvariant, match="names it, a global one names nobody"):
        stop(scope, subject, StopKind.PAUSE)
