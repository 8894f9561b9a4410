"""Planting: a person with something personal, and told apart from everybody's, wherever the store can hold it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import game_samples as g
from bitten_apps.testkit.unit_of_work import member_samples as m
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.membership import Profile
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.ports.repositories.messages import InboxUpdate
from bitten_domain.progression.gear import GearSlot
from bitten_domain.risk.policy import LimitChoice, UserLimits
from bitten_domain.use_cases.privacy.email import SetEmail
from bitten_domain.values import SignalId, UserId
from bitten_domain.vocabulary import Rank, Tier

if TYPE_CHECKING:
    from bitten_domain.membership import Person
    from bitten_domain.ports.membership.vault import BlindIndex, Vault
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

__all__ = ["ANN", "BEN", "Planted", "plant", "plant_everything"]


@dataclass(frozen=True, slots=True)
class Planted:
    """What is planted of somebody, each distinctive.

    Args:
        number: of the person and of their account, as samples number them.
        telegram_id, callsign, zone, language, email, pseudonym, diary, said, told: what an erasure must not leave a
            trace of.
    """

    number: int
    telegram_id: int
    callsign: str
    zone: str
    language: str
    email: str
    pseudonym: str
    diary: str
    said: str
    told: str

    @property
    def user_id(self) -> UserId:
        """Their identity."""
        return UserId(f"user-{self.number}")

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything of them that is text and distinctive."""
        return (self.callsign, self.zone, self.email, self.pseudonym, self.diary, self.said, self.told)


ANN = Planted(
    1,
    0x61_4E_4E_5A_69,
    "Ann_Falcon77",
    "Pacific/Kiritimati",
    "mi",
    "ann.falcon@kiritimati.example",
    "Dawn_Kiwi31",
    "Ann wrote that she feared the gap on Monday.",
    "Ann said: where is my order?",
    "Ann was told a word of hers.",
)
"""The one who goes."""

BEN = Planted(
    2,
    0x62_45_4E_51_71,
    "Ben_Heron88",
    "Africa/Ndjamena",
    "sg",
    "ben.heron@ndjamena.example",
    "Dusk_Gazelle42",
    "Ben wrote that he waited for London.",
    "Ben said: thank you.",
    "Ben was told a word of his.",
)
"""The one who stays."""


async def plant(store: UnitOfWork, vault: Vault, index: BlindIndex, planted: Planted, entries: int = 3) -> None:
    """Plant a person in a store: account, trades, points, learning, messages, an address, and rows of the journal.

    Args:
        store: where no person of that number is.
        vault, index: of the store's operator.
        planted: what is planted.
        entries: how many diary entries; many split the pages they lie in.
    """
    await store.run(lambda r: plant_everything(r, planted))
    for number in range(entries):
        entry = replace(
            s.diary_entry(f"entry-{planted.number}-{number}", s.NOON + number, about=1),
            user_id=planted.user_id,
            text=f"{planted.diary} {number} " + planted.diary * (number % 7),
        )
        await store.run(lambda r, entry=entry: r.diary.add(entry))  # type: ignore[misc]
    await SetEmail(store, vault, index)(planted.user_id, planted.email, s.NOON)


def _person(planted: Planted) -> Person:
    return replace(
        s.person(planted.number, planted.telegram_id),
        rank=Rank.ELITE,
        tier=Tier.FANG,
        limits=LimitChoice(UserLimits(Decimal("0.7"), Decimal("2.2"), 4)),
        profile=Profile(planted.callsign, planted.language, planted.zone),
    )


def plant_everything(r: Repositories, planted: Planted) -> None:
    """Plant a person in all repositories but the diary and the sealed ones, in one transaction."""
    number, user = planted.number, planted.user_id
    r.people.add(_person(planted))
    r.accounts.add(s.account(number))
    r.sessions.put(s.session(19_724, of=number))
    r.mandates.add(s.mandate(f"mandate-{number}", of=number))
    s.add_fire(r, 1, of=number)
    r.positions.put(s.held(1, of=number))
    deals = (s.deal(1, 1, of=number), s.deal(2, 1, "-51.20", of=number))
    for deal in deals:
        r.deals.book(s.account_id(number), deal)
    account = r.accounts.lock(s.account_id(number))
    if account is not None:
        r.accounts.put(replace(account, balance=account.opening + deals[0].net + deals[1].net, last_deal=2))
    r.trades.add(s.closed_trade(9, s.NOON, of=number))
    r.xp.add(s.xp("day:19723")._replace(user_id=user))
    r.progress.put(replace(s.progress(19_723), user_id=user))
    r.market_days.brief(user, 19_723, s.NOON)
    r.lessons.done(replace(s.lesson("pips", s.NOON), user_id=user))
    r.quizzes.add(replace(s.quiz_result(f"try-{number}", right=2), user_id=user))
    r.missions.done(replace(s.mission("patience"), user_id=user))
    r.onboardings.put(replace(s.onboarding(number), user_id=user, callsign=planted.callsign))
    r.consents.add(replace(s.consent(f"consent-{number}"), user_id=user))
    r.press_pass_days.lock(19_724, 10)
    r.press_passes.add(m.press_pass(number))
    r.trials.add(m.trial_mark(number))
    paid = m.gateway_event(f"event-{number}", of=number, subscription_ref=f"subscription-{number}")
    r.gateway_events.add(paid, s.NOON)
    r.subscriptions.put(m.subscription(f"subscription-{number}", of=number))
    r.payments.put(m.payment(f"payment-{number}", of=number))
    r.achievements.publish((g.achievement("one"),))
    r.achievements.earn(g.earned("one", by=user))
    r.challenges.set(g.challenges(19_724, "a", "b", of=user))
    r.gear.own(g.owned("grid", by=user))
    r.gear.equip(user, GearSlot.INDICATOR, 0, "grid")
    r.boards.join(g.member(planted.pseudonym, of=user))
    if r.signals.get(SignalId("signal-1")) is None:
        r.signals.add(s.signal(1, s.NOON))
    r.forecasts.add(g.forecast(1, by=user))
    for name in ("told", "untold"):
        body = json.dumps({"callsign": planted.callsign, "text": planted.told})
        r.outbox.add(replace(s.message(f"{name}-{number}"), user_id=user, body=body))
    r.outbox.told([f"told-{number}"], s.NOON)
    for update_id, is_handled in ((number, True), (number + 10, False)):
        r.inbox.add(InboxUpdate("bot", update_id, _update(planted, update_id), s.NOON))
        if is_handled:
            r.inbox.handled("bot", update_id, s.NOON)
    r.audit.add(AuditEntry(s.NOON, user, "LIMITS_SET", user, "{}"))
    account_stream = f"account:account-{number}"
    named = json.dumps(["renamed", {"at": s.NOON, "callsign": planted.callsign, "zone": planted.zone}]).encode()
    r.journal.append(account_stream, [b'["position",{"ticket":1}]', named, b'["position",{"ticket":2}]'])
    linked = {"user": user, "telegram_id": planted.telegram_id, "email": planted.email}
    r.journal.append("system", [b'["signal",{"id":"s"}]', json.dumps(["linked", linked]).encode()])


def _update(planted: Planted, update_id: int) -> str:
    sender = {"id": planted.telegram_id, "username": planted.callsign, "language_code": planted.language}
    return json.dumps(
        {
            "update_id": update_id,
            "message": {"message_id": 1, "from": sender, "chat": {"id": planted.telegram_id}, "text": planted.said},
        }
    )
