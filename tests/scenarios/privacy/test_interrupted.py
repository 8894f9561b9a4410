"""An erasure that is interrupted, repeated, raced or undone by a restore comes to the same end."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.sql.schema import upgrade
from bitten_adapters.system.identity import SystemIdentity
from bitten_apps.container import Container
from bitten_apps.testkit.privacy.place import gateway_without_books, new_place, plant_both
from bitten_apps.testkit.privacy.planted import ANN, BEN
from bitten_apps.testkit.privacy.traces import needles, traces
from bitten_apps.testkit.unit_of_work.samples import NOON, diary_entry, message
from bitten_domain.errors import InvalidInput
from bitten_domain.membership.privacy import ErasureEntry
from bitten_domain.use_cases.people.learn import WriteDiary
from bitten_domain.use_cases.privacy.carry_out import CarryOutDeletions
from bitten_domain.use_cases.privacy.deletion import AskDeletion, ConfirmDeletion, UndoDeletion
from bitten_domain.use_cases.privacy.end_renewals import EndRenewals
from bitten_domain.values import UserId
from bitten_domain.vocabulary import AccountStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import TypeVar

    from bitten_apps.testkit.privacy.place import Place
    from bitten_domain.ports.unit_of_work import Repositories

    T = TypeVar("T")

ASKED = NOON + 10_000
DUE = ASKED + 7 * 86_400


async def nothing(_user: UserId) -> None:
    """Pause nobody."""


def confirm(place: Place) -> None:
    async def both() -> None:
        await AskDeletion(place.store, SystemIdentity())(ANN.user_id, ASKED)
        await ConfirmDeletion(place.store, nothing)(ANN.user_id, ASKED)

    asyncio.run(both())


def found(place: Place) -> dict[str, list[str]]:
    wanted = needles(ANN, is_binary_store=place.is_sqlite)
    return {name: hits for name, content in place.contents().items() if (hits := traces(content, wanted))}


class Killed(BaseException):
    """The process is gone."""


class Crossings:
    """Everything an erasure does outside itself, each time before and after; the process dies at one of them."""

    def __init__(self, place: Place, die_at: int) -> None:
        self._place, self._left = place, die_at

    def cross(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise Killed

    async def run(self, work: Callable[[Repositories], T]) -> T:
        self.cross()
        result = await self._place.store.run(work)
        self.cross()
        return result

    async def read(self, work: Callable[[Repositories], T]) -> T:
        self.cross()
        return await self._place.store.read(work)

    def add(self, entries: Iterable[ErasureEntry]) -> int:
        self.cross()
        count = self._place.erasure_list.add(entries)
        self.cross()
        return count

    def all(self) -> tuple[ErasureEntry, ...]:
        return self._place.erasure_list.all()

    async def scrub(self) -> None:
        self.cross()
        await self._place.scrub()
        self.cross()

    def erasing(self) -> CarryOutDeletions:
        renewals = EndRenewals(self, gateway_without_books)
        return CarryOutDeletions(self, self, self._place.shelf, self.scrub, renewals)


@pytest.fixture(scope="module")
def confirmed_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a place in which Ann's deletion is confirmed."""
    folder = tmp_path_factory.mktemp("confirmed") / "place"
    folder.mkdir()
    upgrade(f"sqlite:///{folder / 'store.db'}")
    place = new_place(f"sqlite:///{folder / 'store.db'}", folder)
    plant_both(place)
    confirm(place)
    place.store.close()
    return folder


def killed_places(source: Path, folder: Path) -> Iterator[tuple[int, Place]]:
    """Give a place after each kill, until an erasure comes to its end alive."""
    for die_at in range(1, 99):
        target = folder / str(die_at)
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.keys", "*.key"))
        place = new_place(f"sqlite:///{target / 'store.db'}", target)
        try:
            asyncio.run(Crossings(place, die_at).erasing()(DUE))
        except Killed:
            yield die_at, place
            continue
        finally:
            place.store.close()
        return


def test_given_an_erasure_when_it_is_killed_at_each_crossing_then_the_next_one_does_the_rest_and_no_more(
    confirmed_store: Path, tmp_path: Path
) -> None:
    kills = 0
    for _, place in killed_places(confirmed_store, tmp_path):
        kills += 1
        place.reopen()
        asyncio.run(place.carry_out()(DUE + 60))
        audit = [one.action for one in place.read(lambda r: r.audit.recent(99)) if one.action == "PERSON_ERASED"]
        (entry,) = place.erasure_list.all()
        left = found(place)
        scrubbed = place.read(lambda r: r.jobs.latest("scrub"))
        place.store.close()
        assert (left, audit, entry.user_id) == ({}, ["PERSON_ERASED"], ANN.user_id)
        assert scrubbed is not None
    assert kills > 10


def test_given_a_restored_store_when_erasures_are_replayed_then_she_is_gone_again_and_he_is_there(place: Place) -> None:
    # The store is from before she left; the list is kept apart from it.
    place.erasure_list.add([ErasureEntry(ANN.user_id, DUE)])
    confirm(place)
    his = asyncio.run(place.source(BEN.user_id))

    changed = asyncio.run(place.replay()(DUE + 99))
    again = asyncio.run(place.replay()(DUE + 100))

    assert set(changed) == {ANN.user_id}
    assert again == {}
    assert found(place) == {}
    assert asyncio.run(place.source(BEN.user_id)) == his
    assert place.read(lambda r: r.erasures.all()) == (ErasureEntry(ANN.user_id, DUE),)
    assert [one.done_at for one in place.read(lambda r: r.deletions.of(ANN.user_id))] == [DUE]
    assert asyncio.run(place.carry_out()(DUE + 200)) == ((), {})


def test_given_a_list_that_names_nobody_here_when_replayed_then_it_is_taken_over_and_nobody_is_touched(
    place: Place,
) -> None:
    hers = asyncio.run(place.source(ANN.user_id))
    stranger = ErasureEntry(UserId("stranger"), 7)
    place.erasure_list.add([stranger])

    assert asyncio.run(place.replay()(DUE)) == {}

    assert asyncio.run(place.source(ANN.user_id)) == hers
    assert place.read(lambda r: r.erasures.all()) == (stranger,)


def test_given_a_write_that_ended_behind_an_erasure_when_the_day_turns_then_it_is_found_and_goes(place: Place) -> None:
    confirm(place)
    asyncio.run(place.carry_out()(DUE))
    late = replace(diary_entry("late", NOON), user_id=ANN.user_id, text=ANN.diary)
    place.run(lambda r: r.diary.add(late))
    place.run(lambda r: r.outbox.add(replace(message("late"), user_id=ANN.user_id, body=f'"{ANN.told}"')))
    assert found(place) != {}

    changed = asyncio.run(place.replay()(DUE + 86_400))

    assert changed == {ANN.user_id: {"diary_entries": 1, "outbox": 1}}
    assert found(place) == {}


def test_given_somebody_who_was_erased_when_they_write_then_nothing_is_kept(place: Place) -> None:
    confirm(place)
    asyncio.run(place.carry_out()(DUE))

    with pytest.raises(InvalidInput, match="there is no person"):
        asyncio.run(WriteDiary(place.store, Container.game_rules(), SystemIdentity())(ANN.user_id, ANN.diary, DUE))

    assert found(place) == {}


def test_given_a_deletion_that_is_due_when_many_carry_it_out_while_it_is_taken_back_then_one_end_is_reached(
    place: Place,
) -> None:
    for number in range(6):
        at = DUE + number
        confirm(place)

        async def race(at: int = at) -> list[object]:
            undo = UndoDeletion(place.store)
            works = [place.carry_out()(at), undo(ANN.user_id, at), place.carry_out()(at)]
            started = works if at % 2 else works[::-1]
            return list(await asyncio.gather(*started, return_exceptions=True))

        answers = asyncio.run(race())
        newest = place.read(lambda r: r.deletions.of(ANN.user_id))[-1]
        person = place.read(lambda r: r.people.get(ANN.user_id))
        assert person is not None
        is_erased = person.status is AccountStatus.DELETED
        assert (newest.done_at is not None, newest.withdrawn_at is None) == (is_erased, is_erased)
        assert is_erased is any(isinstance(answer, InvalidInput) for answer in answers)
        if is_erased:
            assert found(place) == {}
            audit = [one.action for one in place.read(lambda r: r.audit.recent(999))]
            assert audit.count("PERSON_ERASED") == 1
            return
        assert place.read(lambda r: len(r.diary.recent(ANN.user_id, 999))) > 100


def test_given_a_diary_written_while_its_person_is_erased_when_both_are_over_then_nothing_is_left(place: Place) -> None:
    confirm(place)

    async def race() -> None:
        write = WriteDiary(place.store, Container.game_rules(), SystemIdentity())
        writes = [write(ANN.user_id, f"{ANN.diary} {number}", DUE + number) for number in range(20)]
        await asyncio.gather(*writes[:10], place.carry_out()(DUE), *writes[10:], return_exceptions=True)

    asyncio.run(race())

    assert place.read(lambda r: r.diary.recent(ANN.user_id, 999)) == ()
    assert found(place) == {}
