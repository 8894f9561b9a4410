"""Promises about onboardings and consents."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.bench import UnitOfWorkBench, each, expect, refused, rivals, told_apart
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.membership.onboarding import Step
from bitten_domain.membership.privacy import ConsentPurpose
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work.bench import Check
    from bitten_domain.membership.onboarding import OnboardingSession
    from bitten_domain.membership.privacy import Consent
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["ONBOARDING_PROMISES"]

_USER, _OTHER = UserId("user-1"), UserId("user-2")


def _done(session: OnboardingSession) -> OnboardingSession:
    return replace(
        session,
        step=Step.DONE,
        adult_at=s.NOON,
        risk_version=1,
        privacy_version=2,
        quiz_result_id="try",
        done_at=s.NOON,
    )


async def _keeps_one_onboarding_a_person(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    first, others = s.onboarding(), s.onboarding(2)
    moved = replace(_done(first), callsign="Night_Owl7", has_account=True)
    await each(bench, lambda r, one: r.onboardings.put(one), (first, others, moved))
    await bench.reopen()

    def read(r: Repositories) -> list[object]:
        return [r.onboardings.of(user) for user in (_USER, _OTHER, UserId("nobody"))]

    expect(await bench.store.read(read), [moved, others, None], "onboardings by person")


async def _moves_one_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    await bench.store.run(lambda r: r.onboardings.put(s.onboarding()))

    def moved(r: Repositories, _: int) -> bool:
        r.people.lock(_USER)
        session = r.onboardings.of(_USER)
        if session is None or session.risk_version >= 1:
            return False
        r.onboardings.put(replace(session, risk_version=session.risk_version + 1))
        return True

    kept, _ = told_apart(await rivals(bench, moved, range(12)), Conflict)
    session = await bench.store.read(lambda r: r.onboardings.of(_USER))
    expect((sum(kept), session and session.risk_version), (1, 1), "steps of twelve at once that hold the person")


async def _drops_old_onboardings(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 3))
    old, young = s.onboarding(1), replace(s.onboarding(2), started_at=s.NOON + 1)
    done = _done(s.onboarding(3))
    await each(bench, lambda r, one: r.onboardings.put(one), (old, young, done))
    expect(await bench.store.run(lambda r: r.onboardings.drop_started_before(s.NOON)), 0, "dropped before any began")
    expect(await bench.store.run(lambda r: r.onboardings.drop_started_before(s.NOON + 1)), 1, "dropped")

    def read(r: Repositories) -> list[object]:
        return [r.onboardings.of(UserId(f"user-{number}")) for number in (1, 2, 3)]

    expect(await bench.store.read(read), [None, young, done], "what is left: the young and the done")


async def _keeps_consents(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    old, new = s.consent("old"), replace(s.consent("new", version=2), given_at=s.NOON + 9)
    other = replace(s.consent("other"), purpose=ConsentPurpose.MESSAGES, given_at=s.NOON - 9)
    theirs = replace(s.consent("theirs"), user_id=_OTHER)
    await each(bench, lambda r, one: r.consents.add(one), (new, old, other, theirs))
    await refused(bench, Conflict, lambda r: r.consents.add(s.consent("again")), "a second yes to one version")
    await refused(bench, Conflict, lambda r: r.consents.add(s.consent("old", version=7)), "a consent's id again")

    def read(r: Repositories) -> list[tuple[Consent, ...]]:
        return [r.consents.of(user) for user in (_USER, _OTHER, UserId("nobody"))]

    expect(await bench.store.read(read), [(other, old, new), (theirs,), ()], "consents, oldest first")


async def _withdraws_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    given, again = s.consent("first"), replace(s.consent("second"), given_at=s.NOON + 60)
    await bench.store.run(lambda r: r.consents.add(given))
    await refused(bench, BrokenInvariant, lambda r: r.consents.withdraw("nobody's", s.NOON), "what is not there")
    await refused(bench, BrokenInvariant, lambda r: r.consents.withdraw("first", s.NOON - 1), "before it was given")
    for later in (30, 40):
        await bench.store.run(lambda r, later=later: r.consents.withdraw("first", s.NOON + later))  # type: ignore[misc]
    await bench.store.run(lambda r: r.consents.add(again))
    await bench.reopen()
    expected = (replace(given, withdrawn_at=s.NOON + 30), again)
    expect(await bench.store.read(lambda r: r.consents.of(_USER)), expected, "a consent given, taken back, given anew")


async def _gives_one_consent_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    consents = [s.consent(f"consent-{number}") for number in range(12)]
    kept, _ = told_apart(await rivals(bench, lambda r, one: r.consents.add(one), consents), Conflict)
    expect((len(kept), len(await bench.store.read(lambda r: r.consents.of(_USER)))), (1, 1), "of twelve at once")


async def _forgets_who_came_in(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    for number, user in enumerate((_USER, _OTHER), start=1):

        def agree(r: Repositories, number: int = number, user: UserId = user) -> None:
            r.onboardings.put(s.onboarding(number))
            r.consents.add(replace(s.consent(f"consent of {user}"), user_id=user))

        await bench.store.run(agree)

    def forget(r: Repositories) -> list[int]:
        return [one.forget(_USER) for one in (r.onboardings, r.consents)]

    def left(r: Repositories) -> list[object]:
        return [(r.onboardings.of(user) is not None, len(r.consents.of(user))) for user in (_USER, _OTHER)]

    expect(await bench.store.run(forget), [1, 1], "what was forgotten")
    expect(await bench.store.run(forget), [0, 0], "what was forgotten again")
    expect(await bench.store.read(left), [(False, 0), (True, 1)], "what is left")


ONBOARDING_PROMISES: tuple[tuple[str, Check], ...] = (
    ("a person has one onboarding, which is replaced as a whole", _keeps_one_onboarding_a_person),
    ("of steps taken at once by whoever holds the person, one sees the other's", _moves_one_at_once),
    ("unfinished onboardings begun before a moment are dropped, and no others", _drops_old_onboardings),
    ("a consent is one yes to one version of one text", _keeps_consents),
    ("a consent is withdrawn once, and may be given anew", _withdraws_once),
    ("of one consent given many times at once, one stands", _gives_one_consent_at_once),
    ("somebody's onboarding and consents are forgotten, and nobody else's", _forgets_who_came_in),
)
"""Promises of `OnboardingRepository` and `ConsentRepository`."""
