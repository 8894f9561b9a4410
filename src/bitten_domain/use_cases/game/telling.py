"""Telling: what somebody hears of the game. Nothing while it is switched off; what was booked stands all the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bitten_domain.ports.repositories.messages import OutboxMessage, Priority

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.events import ChallengeMet, PrestigeTaken, TitleReached
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.progression import Progress, XpEntry
    from bitten_domain.use_cases.game.awarding import Given
    from bitten_domain.use_cases.game.game_rules import GameRules

__all__ = ["name_of_news", "tell_given", "tell_prestige"]


def name_of_news(progress: Progress, given: Given, titles: Sequence[TitleReached]) -> str:
    """Name a message by the first new thing in it; each comes once to a person, so the name is unlike any other's."""
    news = (
        *(f"achievement:{event.code}" for event in given.achievements),
        *(f"title:{event.title.value}" for event in titles),
        *(f"gear:{owned.code}" for owned in given.unlocked),
    )
    return f"xp:{progress.user_id}:{news[0] if news else ''}"


def tell_given(
    store: Repositories,
    progress: Progress,
    message_id: str,
    rules: GameRules,
    given: Given,
    *,
    booked: Sequence[XpEntry] = (),
    met: Sequence[ChallengeMet] = (),
    titles: Sequence[TitleReached] = (),
    at: int,
) -> None:
    """Leave one message about everything that was newly earned, if anything was.

    Args:
        store: of the transaction.
        progress: of whom; it says whether they want to hear of it.
        message_id: unlike any other's; see `name_of_news`.
        rules: the game's, for the names.
        given: achievements and gear.
        booked: points beyond those of achievements.
        met: challenges.
        titles: reached, lowest first; the highest is told.
        at: now, seconds since 1970 UTC.
    """
    if progress.is_game_off or not (booked or met or titles or given.achievements or given.unlocked):
        return
    entries = (*booked, *given.entries)
    body: dict[str, object] = {
        "xp": sum(entry.amount for entry in entries),
        "for": ", ".join(dict.fromkeys(entry.kind.value for entry in entries)),
    }
    catalogue = rules.catalogue
    for what, named, new in (
        ("achievements", catalogue.achievements, given.achievements),
        ("challenges", catalogue.challenges, met),
        ("gear", catalogue.gear, given.unlocked),
    ):
        names = {one.code: one.name for one in named}
        if new:
            body[what] = [names[one.code] for one in new]
    if titles:
        body["title"] = titles[-1].title.value
    store.outbox.add(OutboxMessage(message_id, progress.user_id, "xp", Priority.REST, json.dumps(body), at))


def tell_prestige(store: Repositories, progress: Progress, taken: PrestigeTaken) -> None:
    """Leave a message about a prestige."""
    if not progress.is_game_off:
        user_id, body = taken.user_id, json.dumps({"prestige": taken.number})
        message_id = f"prestige:{user_id}:{taken.number}"
        store.outbox.add(OutboxMessage(message_id, user_id, "prestige", Priority.REST, body, taken.at))
