"""The cards of privacy are worth something: each planted bug is caught by the card whose promise it breaks."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from bitten_adapters.memory import messages
from bitten_adapters.memory.earned.progression import MemoryProgress
from bitten_adapters.memory.members import privacy
from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_apps.testkit.contract_broken import ContractBroken
from bitten_apps.testkit.unit_of_work_contract import UNIT_OF_WORK_CARDS
from bitten_domain.errors import BittenError
from bitten_domain.membership.privacy import DeletionRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    Patch = pytest.MonkeyPatch

CARDS = {card.name: card for card in UNIT_OF_WORK_CARDS}


class Bench:
    def __init__(self) -> None:
        numbers = count(1)
        self.store = MemoryUnitOfWork(lambda: next(numbers).to_bytes(16, "big"))

    async def reopen(self) -> None:
        """Leave it open."""


def opens_two(patch: Patch) -> None:
    patch.setattr(privacy.MemoryDeletions, "add", lambda self, one: self._keep(one.request_id, one))


def reopens(patch: Patch) -> None:
    patch.setattr(DeletionRequest, "is_open", property(lambda self: self.done_at is None))


def takes_anybodys_wish(patch: Patch) -> None:
    def put(self: Any, request: Any) -> None:
        self._transaction.put(self._wishes, request.request_id, (1, request))

    patch.setattr(privacy.MemoryDeletions, "put", put)


def gives_twice(patch: Patch) -> None:
    def put(self: Any, request: Any) -> None:
        place, _ = self._wishes[request.export_id]
        self._transaction.put(self._wishes, request.export_id, (place, request))

    patch.setattr(privacy.MemoryExports, "put", put)


def shares_a_token(patch: Patch) -> None:
    patch.setattr(privacy.MemoryExports, "add", lambda self, one: self._keep(one.export_id, one))


def drops_all(patch: Patch) -> None:
    patch.setattr(
        privacy.MemoryExports, "drop_before", lambda self, _: self._drop([one.export_id for one in self._all()])
    )


def lists_again(patch: Patch) -> None:
    def add(self: Any, entry: Any) -> bool:
        self._transaction.put(self._entries, entry.user_id, (entry.erased_at, 0, entry))
        return True

    patch.setattr(privacy.MemoryErasures, "add", add)


def makes_a_key_again(patch: Patch) -> None:
    def add(self: Any, key: Any) -> None:
        stored = self._keys.get(key.user_id)
        if stored is not None and stored.sealed is not None:
            raise BittenError("there is one")
        self._transaction.put(self._keys, key.user_id, key)

    patch.setattr(privacy.MemoryPersonKeys, "add", add)


def keeps_the_seal(patch: Patch) -> None:
    patch.setattr(privacy.MemoryPersonKeys, "destroy", lambda *_: None)


def forgets_no_told_message(patch: Patch) -> None:
    def forget(self: Any, user_id: Any) -> int:
        names = [name for name, one in self._waiting.items() if one.message.user_id == user_id]
        for name in names:
            self._transaction.drop(self._waiting, name)
        return len(names)

    patch.setattr(messages.MemoryOutbox, "forget", forget)


def forgets_by_digits(patch: Patch) -> None:
    patch.setattr(messages, "names_telegram_id", lambda body, number: str(number) in body)


def forgets_what_speaks_only(patch: Patch) -> None:
    patch.setattr(messages, "names_telegram_id", lambda body, number: f'"from": {{"id": {number}}}' in body)


def finds_one_of_an_address(patch: Patch) -> None:
    found = privacy.MemoryEmails.by_index
    patch.setattr(privacy.MemoryEmails, "by_index", lambda self, index: found(self, index)[:1])


def forgets_everybodys_address(patch: Patch) -> None:
    def forget(self: Any, _: Any) -> int:
        size = len(self._emails)
        for user in list(self._emails):
            self._transaction.drop(self._emails, user)
        return size

    patch.setattr(privacy.MemoryEmails, "forget", forget)


def blanks_progress(patch: Patch) -> None:
    def forget(self: Any, user_id: Any) -> int:
        stored = self._progress.get(user_id)
        if stored is None:
            return 0
        self._transaction.put(self._progress, user_id, replace(stored, streak=0))
        return 1

    patch.setattr(MemoryProgress, "forget", forget)


class Bug(NamedTuple):
    plant: Callable[[Patch], None]
    card: str


BUGS = (
    Bug(opens_two, "has_one_open_deletion"),
    Bug(opens_two, "opens_one_deletion_at_once"),
    Bug(reopens, "has_one_open_deletion"),
    Bug(takes_anybodys_wish, "has_one_open_deletion"),
    Bug(takes_anybodys_wish, "ends_a_deletion_one_way"),
    Bug(gives_twice, "gives_an_export_once"),
    Bug(shares_a_token, "gives_an_export_once"),
    Bug(drops_all, "gives_an_export_once"),
    Bug(lists_again, "lists_the_erased"),
    Bug(makes_a_key_again, "keeps_a_key_until_it_is_destroyed"),
    Bug(keeps_the_seal, "keeps_a_key_until_it_is_destroyed"),
    Bug(forgets_no_told_message, "forgets_messages"),
    Bug(forgets_by_digits, "forgets_updates"),
    Bug(forgets_what_speaks_only, "forgets_updates"),
    Bug(finds_one_of_an_address, "keeps_an_address"),
    Bug(forgets_everybodys_address, "keeps_an_address"),
    Bug(blanks_progress, "forgets_progress"),
)


async def played(card: str) -> None:
    await CARDS[card].check(Bench())


@pytest.mark.parametrize("card", sorted({bug.card for bug in BUGS}))
def test_given_a_sound_store_when_its_cards_are_played_then_they_pass(card: str) -> None:
    asyncio.run(played(card))


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: f"{bug.plant.__name__}-{bug.card}")
def test_given_a_planted_bug_when_its_card_is_played_then_it_is_caught(
    bug: Bug, monkeypatch: pytest.MonkeyPatch
) -> None:
    bug.plant(monkeypatch)

    with pytest.raises((ContractBroken, BittenError, KeyError)):
        asyncio.run(played(bug.card))
