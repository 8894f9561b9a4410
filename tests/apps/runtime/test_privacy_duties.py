"""What privacy asks of a running centre: done beside trading, and its own person last of all."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from bitten_adapters.files.privacy.erasure_list import FileErasureList
from bitten_adapters.files.privacy.export_shelf import FolderExportShelf
from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_adapters.system.clock import SystemClock
from bitten_adapters.system.identity import SystemIdentity
from bitten_apps.runtime.centre import Centre
from bitten_apps.runtime.privacy_duties import PrivacyDuties
from bitten_apps.testkit.privacy.place import gateway_without_books
from bitten_apps.testkit.unit_of_work import privacy_samples as p
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.errors import InvalidInput, Unavailable
from bitten_domain.membership.privacy import ErasureEntry
from bitten_domain.use_cases.privacy.carry_out import CarryOutDeletions
from bitten_domain.use_cases.privacy.deletion import AskDeletion, ConfirmDeletion
from bitten_domain.use_cases.privacy.end_renewals import EndRenewals
from bitten_domain.use_cases.privacy.replay_erasures import ReplayErasures
from bitten_domain.use_cases.privacy.retention_job import ApplyRetention
from bitten_domain.values import UserId
from bitten_domain.vocabulary import AccountStatus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bitten_domain.ports.unit_of_work import Repositories

YOU, OTHER = UserId("user-1"), UserId("user-2")
NOW = s.NOON
DAY = 86_400
WEEK = 7 * DAY


class Clock(SystemClock):
    def __init__(self, at: int) -> None:
        self.at = at

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)


class Home:
    """A store with two persons, and the duties of a centre that trades for the first."""

    def __init__(self, folder: Path) -> None:
        numbers = count(1)
        self.clock = Clock(NOW)
        self.store = MemoryUnitOfWork(lambda: next(numbers).to_bytes(16, "big"))
        self.list = FileErasureList(folder / "list")
        asyncio.run(self.store.run(lambda r: s.add_accounts(r, 2)))
        shelf = FolderExportShelf(folder / "exports")
        self.duties = PrivacyDuties(
            user_id=YOU,
            store=self.store,
            clock=self.clock,
            replay=ReplayErasures(self.store, self.list, self.scrub),
            carry_out=CarryOutDeletions(
                self.store, self.list, shelf, self.scrub, EndRenewals(self.store, gateway_without_books)
            ),
            retention=ApplyRetention(self.store),
            shelf=shelf,
        )

    async def scrub(self) -> None:
        """Overwrite nothing."""

    def leave(self, user: UserId) -> None:
        async def pause(_: UserId) -> None:
            """Pause nobody."""

        async def both() -> None:
            await AskDeletion(self.store, SystemIdentity())(user, NOW)
            await ConfirmDeletion(self.store, pause)(user, NOW)

        asyncio.run(both())

    def status(self, user: UserId) -> AccountStatus:
        person = asyncio.run(self.store.read(lambda r: r.people.get(user)))
        assert person is not None
        return person.status


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


class Desk:
    def __init__(self) -> None:
        self.taken: list[int] = []

    async def take(self, moment: Any, _: object) -> object:
        self.taken.append(moment.at)
        await asyncio.sleep(0.15)
        return SimpleNamespace(signals=(), answers=())

    async def due(self, _: int) -> tuple[()]:
        return ()


class Moments:
    outcomes = ()

    def __iter__(self) -> Iterator[object]:
        return iter([SimpleNamespace(at=NOW + number * DAY // 2) for number in range(12)])


class Days:
    async def ended(self, day: int, at: int) -> None:
        """Settle nothing."""

    async def begun(self, at: int) -> None:
        """Confirm nothing."""


def run(duties: object) -> tuple[Desk, list[str]]:
    desk, crashes = Desk(), list[str]()

    async def nothing(*_: object) -> bool:
        return False

    parts: dict[str, Any] = {
        "desk": desk,
        "moments": Moments(),
        "deliver": nothing,
        "anchor": nothing,
        "days": Days(),
        "clock": SystemClock(),
        "speed": 0.0,
        "crashed": lambda name, _: crashes.append(name),
        "watch": lambda *_: None,
        "duties": duties,
    }
    asyncio.run(Centre(**parts).run())
    return desk, crashes


def test_given_others_who_are_due_when_a_day_turns_then_they_are_erased_and_trading_goes_on(home: Home) -> None:
    home.leave(OTHER)
    home.clock.at = NOW + WEEK

    desk, crashes = run(home.duties)

    assert (len(desk.taken), crashes) == (12, [])
    assert (home.status(OTHER), home.status(YOU)) == (AccountStatus.DELETED, AccountStatus.ACTIVE)


def test_given_its_own_person_who_is_due_when_a_day_turns_then_the_centre_ends_and_erases_them_then(home: Home) -> None:
    home.leave(YOU)
    home.clock.at = NOW + WEEK

    desk, crashes = run(home.duties)

    assert 0 < len(desk.taken) < 12
    assert crashes == []
    assert home.status(YOU) is AccountStatus.DELETED


def test_given_its_own_person_whose_week_is_not_over_when_days_turn_then_it_trades_to_the_end(home: Home) -> None:
    home.leave(YOU)
    home.clock.at = NOW + WEEK - 1

    desk, _ = run(home.duties)

    assert len(desk.taken) == 12
    assert home.status(YOU) is AccountStatus.ACTIVE


def test_given_duties_that_fail_when_days_turn_then_moments_are_traded_all_the_same(home: Home) -> None:
    class Failing:
        async def turn(self, _: int) -> bool:
            raise Unavailable("the list cannot be read")

        async def end(self) -> None:
            raise Unavailable("the list cannot be read")

    desk, crashes = run(Failing())

    assert len(desk.taken) == 12
    assert set(crashes) == {"privacy"}


def test_given_somebody_who_was_erased_when_a_centre_begins_for_them_then_it_says_what_to_do(home: Home) -> None:
    home.leave(YOU)
    home.clock.at = NOW + WEEK

    with pytest.raises(InvalidInput, match="begin anew in another folder"):
        asyncio.run(home.duties.begin())
    with pytest.raises(InvalidInput, match="begin anew in another folder"):
        asyncio.run(home.duties.begin())
    assert home.status(YOU) is AccountStatus.DELETED


def test_given_a_new_store_beside_an_old_list_when_a_centre_begins_then_nobody_comes_in_to_be_erased_later(
    home: Home,
) -> None:
    home.list.add([ErasureEntry(UserId("you"), 5)])
    duties = PrivacyDuties(
        UserId("you"), home.store, home.clock, home.duties.replay, home.duties.carry_out, home.duties.retention,
        home.duties.shelf,
    )  # fmt: skip

    with pytest.raises(InvalidInput, match="you was erased"):
        asyncio.run(duties.begin())


@pytest.mark.parametrize("ahead", [999 * DAY, -999 * DAY])
def test_given_a_market_and_a_machine_years_apart_when_a_day_turns_then_rows_go_by_the_clock_that_stamped_them(
    home: Home, ahead: int
) -> None:
    home.clock.at = machine = NOW + ahead

    def keep(r: Repositories) -> None:
        for name, days in (("old", 31), ("young", 29)):
            r.outbox.add(s.message(name, at=NOW - days * DAY))
            r.exports.add(replace(p.export(days), asked_at=machine - days * DAY))

    asyncio.run(home.store.run(keep))

    assert asyncio.run(home.duties.turn(NOW)) is False

    told, exports = asyncio.run(home.store.read(lambda r: (r.outbox.waiting(NOW, 9), r.exports.of(YOU))))
    assert [one.message_id for one in told] == ["young"]
    assert [one.export_id for one in exports] == ["export-29"]
