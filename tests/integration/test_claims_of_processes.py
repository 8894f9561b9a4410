"""Five hundred claims of ten press passes by processes of their own, which share nothing but the database."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from secrets import token_bytes
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.sql.opening import open_store
from bitten_adapters.sql.schema import upgrade
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.membership.press_pass import PressPassDay
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from pathlib import Path

    from bitten_domain.ports.unit_of_work import Repositories

PROCESSES, EACH = 4, 125
TODAY = s.NOON // 86_400

CLAIMANT = """
import asyncio, sys
from secrets import token_bytes
from bitten_adapters.cryptography.blind_index import HmacBlindIndex
from bitten_adapters.sql.opening import open_store
from bitten_domain.errors import Conflict, Unavailable
from bitten_domain.membership import Denial
from bitten_domain.use_cases.membership.press_passes import ClaimPressPass
from bitten_domain.values import INSTRUMENTS, UserId

url, first, count, at = sys.argv[1], *map(int, sys.argv[2:])
store = open_store(url, INSTRUMENTS, lambda: token_bytes(16))
claim = ClaimPressPass(store, HmacBlindIndex(bytes(range(32))))

async def until_answered(number):
    while True:
        try:
            return await claim(UserId(f"user-{number}"), at)
        except (Conflict, Unavailable):
            await asyncio.sleep(0)

async def main():
    sys.stdin.readline()
    answers = await asyncio.gather(*map(until_answered, range(first, first + count)))
    print(sum(not isinstance(answer, Denial) for answer in answers), len(answers))

asyncio.run(main())
store.close()
"""


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give an empty store of each database."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'store.db'}"
        upgrade(address)
        return address
    found: str = request.getfixturevalue("postgres_url")
    return found


def test_I14_given_processes_that_claim_at_once_when_ten_are_left_then_exactly_ten_are_given(url: str) -> None:
    store = open_store(url, INSTRUMENTS, lambda: token_bytes(16))

    def add(r: Repositories) -> None:
        for number in range(1, PROCESSES * EACH + 1):
            r.people.add(s.person(number, telegram_id=number))

    asyncio.run(store.run(add))
    claimants = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMANT, url, str(1 + number * EACH), str(EACH), str(s.NOON)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    for one in claimants:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [tuple(map(int, one.communicate(timeout=120)[0].split())) for one in claimants]
    day, rows = asyncio.run(store.read(lambda r: (r.press_pass_days.get(TODAY), len(r.press_passes.held()))))
    store.close()

    assert sum(answered for _, answered in told) == 500
    assert sum(given for given, _ in told) == 10
    assert (day, rows) == (PressPassDay(TODAY, 10, 10), 10)
