"""Round trips of what belongs to people: what they learned, earned, agreed to and paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import game_samples, samples
from bitten_apps.testkit.unit_of_work.bench import expect
from bitten_apps.testkit.unit_of_work.drawn import (
    education,
    game,
    membership,
    onboarding,
    progression,
)
from bitten_apps.testkit.unit_of_work.round_trip import trip

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work.round_trip import RoundTrip
    from bitten_domain.events import MarketDayClosed
    from bitten_domain.membership.education import DiaryEntry, LessonDone, MissionDone, QuizResult
    from bitten_domain.membership.onboarding import OnboardingSession
    from bitten_domain.membership.press_pass import PressPass
    from bitten_domain.membership.privacy import Consent
    from bitten_domain.membership.subscription import GatewayEvent, Payment, Plan, Subscription, TrialMark
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.progression import Progress, XpEntry
    from bitten_domain.progression.achievements import Achievement, EarnedAchievement
    from bitten_domain.progression.boards import BoardMember, Forecast
    from bitten_domain.progression.challenges import DailyChallenge
    from bitten_domain.progression.gear import Owned

__all__ = ["PEOPLE_TRIPS"]


def _xp(entry: XpEntry, r: Repositories) -> None:
    r.people.add(samples.person())
    r.xp.add(entry)
    expect(r.xp.of_day(entry.user_id, entry.day), (entry,), "points")


def _progress(progress: Progress, r: Repositories) -> None:
    r.people.add(samples.person())
    r.progress.put(progress)
    expect(r.progress.get(progress.user_id), progress, "progress")


def _market_day(closed: MarketDayClosed, r: Repositories) -> None:
    r.people.add(samples.person())
    if closed.is_briefed:
        r.market_days.brief(closed.user_id, closed.day, samples.NOON)
    r.market_days.close(closed, samples.NOON)
    expect(r.market_days.closed(closed.user_id, closed.day, closed.day), (closed,), "a market day")


def _lesson(lesson: LessonDone, r: Repositories) -> None:
    r.people.add(samples.person())
    r.lessons.done(lesson)
    expect(r.lessons.of(lesson.user_id), (lesson,), "a lesson")


def _quiz_result(result: QuizResult, r: Repositories) -> None:
    r.people.add(samples.person())
    r.quizzes.add(result)
    expect(r.quizzes.of(result.user_id, result.quiz), (result,), "a try at a quiz")


def _mission(mission: MissionDone, r: Repositories) -> None:
    r.people.add(samples.person())
    r.missions.done(mission)
    expect(r.missions.of(mission.user_id), (mission,), "a mission")


def _diary_entry(entry: DiaryEntry, r: Repositories) -> None:
    r.people.add(samples.person())
    r.diary.add(entry)
    expect(r.diary.recent(entry.user_id, 2), (entry,), "a diary entry")


def _press_pass(press_pass: PressPass, r: Repositories) -> None:
    r.people.add(samples.person())
    r.press_pass_days.lock(press_pass.claimed_at // 86_400, 1)
    r.press_passes.add(press_pass)
    expect(r.press_passes.by_key(press_pass.telegram_key), press_pass, "a press pass")


def _trial(mark: TrialMark, r: Repositories) -> None:
    r.people.add(samples.person())
    r.trials.add(mark)
    expect(r.trials.by_key(mark.telegram_key), mark, "a trial")


def _plan(plan: Plan, r: Repositories) -> None:
    r.plans.put(plan)
    expect(r.plans.all(), (plan,), "a plan")


def _gateway_event(event: GatewayEvent, r: Repositories) -> None:
    r.gateway_events.add(event, samples.NOON)
    expect(r.gateway_events.of_subscription(event.gateway, event.subscription_ref), (event,), "a gateway's event")
    expect(r.gateway_events.add(event, samples.NOON), False, "keeping it again")


def _subscription(subscription: Subscription, r: Repositories) -> None:
    r.people.add(samples.person())
    r.subscriptions.put(subscription)
    expect(r.subscriptions.of(subscription.user_id), (subscription,), "a subscription")


def _payment(payment: Payment, r: Repositories) -> None:
    r.people.add(samples.person())
    r.payments.put(payment)
    expect(r.payments.of(payment.user_id), (payment,), "a payment")


def _onboarding(session: OnboardingSession, r: Repositories) -> None:
    r.people.add(samples.person())
    r.onboardings.put(session)
    expect(r.onboardings.of(session.user_id), session, "an onboarding")


def _consent(consent: Consent, r: Repositories) -> None:
    r.people.add(samples.person())
    r.consents.add(consent)
    expect(r.consents.of(consent.user_id), (consent,), "a consent")


def _achievement(achievement: Achievement, r: Repositories) -> None:
    r.achievements.publish((achievement,))
    expect(r.achievements.all(), (achievement,), "an achievement")


def _earned(earned: EarnedAchievement, r: Repositories) -> None:
    r.people.add(samples.person())
    r.achievements.publish((game_samples.achievement(earned.code),))
    r.achievements.earn(earned)
    expect(r.achievements.of(earned.user_id), (earned,), "an earned achievement")


def _challenges(challenges: tuple[DailyChallenge, ...], r: Repositories) -> None:
    r.people.add(samples.person())
    r.challenges.set(challenges)
    day = challenges[0].day
    expect(r.challenges.of(challenges[0].user_id, day, day), challenges, "challenges")


def _owned(owned: Owned, r: Repositories) -> None:
    r.people.add(samples.person())
    r.gear.own(owned)
    expect(r.gear.owned(owned.user_id), (owned,), "gear")


def _member(member: BoardMember, r: Repositories) -> None:
    r.people.add(samples.person())
    r.boards.join(member)
    expect(r.boards.of(member.user_id), (member,), "a member")
    expect(r.boards.members(member.board), (member,), "a board")


def _forecast(forecast: Forecast, r: Repositories) -> None:
    r.people.add(samples.person())
    for number in (1, 2):
        r.signals.add(samples.signal(number, samples.NOON))
    r.forecasts.add(forecast)
    expect(r.forecasts.of(forecast.user_id, forecast.signal_id), forecast, "a forecast")


PEOPLE_TRIPS: tuple[RoundTrip, ...] = (
    trip("points", progression.xp_entries(), _xp),
    trip("progress", progression.progresses(), _progress),
    trip("market day", progression.market_days, _market_day),
    trip("lesson", education.lessons, _lesson),
    trip("try", education.quiz_results, _quiz_result),
    trip("mission", education.missions, _mission),
    trip("diary entry", education.diary_entries, _diary_entry),
    trip("press pass", membership.press_passes(), _press_pass),
    trip("trial", membership.trial_marks, _trial),
    trip("plan", membership.plans(), _plan),
    trip("gateway event", membership.gateway_events(), _gateway_event),
    trip("subscription", membership.subscriptions(), _subscription),
    trip("payment", membership.payments(), _payment),
    trip("onboarding", onboarding.onboardings, _onboarding),
    trip("consent", onboarding.consents(), _consent),
    trip("achievement", game.achievements(), _achievement),
    trip("earned achievement", game.earned, _earned),
    trip("challenges", game.challenges, _challenges),
    trip("gear", game.owned, _owned),
    trip("member", game.members, _member),
    trip("forecast", game.forecasts, _forecast),
)
"""A round trip for every kind of record that belongs to a person."""
