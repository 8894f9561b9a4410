"""Files and databases of privacy: whole or not at all, for their owner only, and never silent about damage."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.cryptography.blind_index import index_of
from bitten_adapters.cryptography.vault import vault_of
from bitten_adapters.files.privacy.erasure_list import FileErasureList
from bitten_adapters.files.privacy.export_shelf import FolderExportShelf
from bitten_adapters.sql.opening import open_store
from bitten_adapters.sql.privacy.person_data import SqlPersonData
from bitten_adapters.sql.privacy.scrub import SqlScrub
from bitten_adapters.sql.schema import upgrade
from bitten_apps.container import Container
from bitten_apps.settings import Settings, load_settings
from bitten_apps.testkit.unit_of_work.privacy_samples import erasure, sealed
from bitten_apps.testkit.unit_of_work.whole_store import add_everything, change_everything
from bitten_domain.errors import InvalidInput, Unavailable
from bitten_domain.membership.privacy import ErasureEntry, Place
from bitten_domain.values import INSTRUMENTS, UserId

if TYPE_CHECKING:
    from pathlib import Path

    from bitten_domain.ports.membership.person_data import PersonTable

ADMIN = UserId("user-1")
KEYS = ("11" * 32, "22" * 32)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# The list of those erased


def test_given_entries_when_added_then_each_person_is_listed_once_oldest_first_for_the_owner_only(
    tmp_path: Path,
) -> None:
    path = tmp_path / "list"
    listed = FileErasureList(path)

    counts = [listed.add(entries) for entries in ([erasure(2)], [erasure(1), ErasureEntry(erasure(2).user_id, 0)], [])]

    assert counts == [1, 1, 0]
    assert FileErasureList(path).all() == (erasure(1), erasure(2))
    assert mode_of(path) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["list"]


def test_given_no_list_when_read_then_it_is_empty(tmp_path: Path) -> None:
    assert FileErasureList(tmp_path / "none").all() == ()


@pytest.mark.parametrize("content", [b'["a"]\n', b'["a", 1', b"\xff\n", b'{"a": 1}\n', b"null\n"])
def test_given_a_damaged_list_when_read_or_added_to_then_it_says_so_and_stays_as_it_is(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "list"
    path.write_bytes(b'["user-1", 5]\n' + content)

    for asked in (FileErasureList(path).all, lambda: FileErasureList(path).add([erasure(1)])):
        with pytest.raises(InvalidInput, match="damaged"):
            asked()
    assert path.read_bytes() == b'["user-1", 5]\n' + content


def test_given_a_folder_that_is_not_there_when_an_entry_is_added_then_it_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        FileErasureList(tmp_path / "none" / "list").add([erasure(1)])


# Exports that wait


def test_given_an_export_when_laid_down_then_it_is_read_back_by_its_owner_and_dropped(tmp_path: Path) -> None:
    shelf = FolderExportShelf(tmp_path / "exports")
    shelf.put("export-1", sealed(1))
    shelf.put("export-1", sealed(2))
    shelf.put("export-2", sealed(3))

    found = shelf.read("export-1")
    modes = [mode_of(tmp_path / "exports"), *map(mode_of, (tmp_path / "exports").iterdir())]
    shelf.drop(["export-1", "export-1", "export-9"])

    assert found == sealed(2)
    assert modes == [0o700, 0o600, 0o600]
    assert (shelf.read("export-1"), shelf.read("export-2")) == (None, sealed(3))


@pytest.mark.parametrize("name", ["", "../vault", "a/b", "a.b", "x" * 65, "a\n"])
def test_given_a_name_that_is_no_exports_when_used_then_it_is_refused(tmp_path: Path, name: str) -> None:
    shelf = FolderExportShelf(tmp_path)

    with pytest.raises(InvalidInput):
        shelf.read(name)
    with pytest.raises(InvalidInput):
        shelf.put(name, sealed(1))
    with pytest.raises(InvalidInput):
        shelf.drop([name])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"[1]\nx", b'["key", "zz"]\nx', b"\xff\nx"])
def test_given_a_file_that_is_no_sealed_export_when_read_then_it_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "export-1.sealed").write_bytes(content)

    with pytest.raises(InvalidInput, match="no sealed export"):
        FolderExportShelf(tmp_path).read("export-1")


def test_given_files_of_two_ages_when_old_ones_are_dropped_then_nothing_else_goes(tmp_path: Path) -> None:
    shelf = FolderExportShelf(tmp_path)
    for name, at in (("old", 999), ("new", 1_000)):
        shelf.put(name, sealed(1))
        os.utime(tmp_path / f"{name}.sealed", (at, at))
    half = tmp_path / "x.sealed.77.new"
    half.write_bytes(b"")
    (tmp_path / "somebody else's").write_bytes(b"")
    for path in (half, tmp_path / "somebody else's"):
        os.utime(path, (5, 5))

    assert shelf.drop_before(1_000) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.sealed", "somebody else's"]
    assert FolderExportShelf(tmp_path / "none").drop_before(1_000) == 0


# Keys from the environment


def test_given_keys_as_text_when_taken_then_the_last_one_seals_and_the_others_open() -> None:
    here = Place("table", "column", "row")
    old, both = vault_of(KEYS[0], "here"), vault_of(",".join(KEYS), "here")

    assert both.open(old.seal(b"text", here), here) == b"text"
    assert both.key_id == vault_of(KEYS[1], "here").key_id != old.key_id
    assert index_of(KEYS[0], "here")("email", b"a") != index_of(KEYS[1], "here")("email", b"a")


@pytest.mark.parametrize("text", ["", "secret", "11" * 31, "11" * 33, f"{KEYS[0]},", f"{KEYS[0]};{KEYS[1]}"])
def test_given_what_are_no_keys_when_taken_then_it_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(InvalidInput, match="BITTEN_VAULT_KEYS: these are no keys") as refused:
        vault_of(text, "BITTEN_VAULT_KEYS")

    assert not text or text not in f"{refused.value}{refused.value.__cause__}{refused.value.__context__}"


def test_given_an_index_key_that_is_too_short_when_taken_then_it_is_refused_and_not_shown() -> None:
    with pytest.raises(InvalidInput, match="no key") as refused:
        index_of("ab" * 31, "BITTEN_INDEX_KEY")

    assert "abab" not in f"{refused.value}{refused.value.__cause__}"


def test_given_keys_in_the_environment_when_settings_are_shown_then_they_are_not(tmp_path: Path) -> None:
    settings = load_settings(
        {"BITTEN_HOME": str(tmp_path), "BITTEN_VAULT_KEYS": ",".join(KEYS), "BITTEN_INDEX_KEY": KEYS[0]}
    )

    assert "1111" not in f"{settings} {settings!r} {settings.model_dump()}"


def test_given_keys_in_the_environment_when_the_vault_is_opened_then_no_file_is_made_and_none_is_added(
    tmp_path: Path,
) -> None:
    settings = load_settings(
        {"BITTEN_HOME": str(tmp_path), "BITTEN_VAULT_KEYS": ",".join(KEYS), "BITTEN_INDEX_KEY": KEYS[0]}
    )
    with Container.settings.override(settings):
        assert Container.vault().key_id == vault_of(KEYS[1], "here").key_id
        assert Container.blind_index()("email", b"a") == index_of(KEYS[0], "here")("email", b"a")
        with pytest.raises(InvalidInput, match="the keys are not in a file"):
            Container.keyring().add()
    assert list(tmp_path.iterdir()) == []


def test_given_no_keys_when_first_needed_then_files_are_made_for_the_owner_only_and_rotated(tmp_path: Path) -> None:
    with Container.settings.override(Settings(home=tmp_path / "home")):
        first, again = Container.vault(), Container.vault()
        index = Container.blind_index()
        added = Container.keyring().add()
        Container.keyring().drop(first.key_id)
        newest = Container.vault()
        assert Container.blind_index()("email", b"a") == index("email", b"a")

    assert first.key_id == again.key_id != added
    assert newest.key_id == added
    assert [mode_of(tmp_path / "home" / name) for name in ("vault.keys", "index.key")] == [0o600, 0o600]


# Databases


def read(url: str) -> tuple[PersonTable, ...]:
    numbers = iter(range(1, 999))
    store = open_store(url, INSTRUMENTS, lambda: next(numbers).to_bytes(16, "big"))

    async def filled() -> None:
        await store.run(add_everything)
        await store.run(change_everything)

    try:
        asyncio.run(filled())
        return asyncio.run(SqlPersonData(url)(ADMIN))
    finally:
        store.close()


def test_given_the_same_store_on_both_databases_when_ones_data_is_read_then_it_is_the_same(
    tmp_path: Path, postgres_url: str
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    upgrade(url)

    ours, theirs = read(url), read(postgres_url)

    assert sorted(ours) == sorted(theirs)
    assert sum(len(table.rows) for table in ours) > 30


def test_given_somebody_nobody_knows_when_their_data_is_read_then_every_table_is_named_and_empty(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    upgrade(url)
    read(url)

    tables = asyncio.run(SqlPersonData(url)(UserId("nobody")))

    assert len(tables) > 25
    assert [table.name for table in tables if table.rows] == []


def test_given_a_row_of_somebodys_that_names_another_when_read_then_the_other_is_masked(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    upgrade(url)
    read(url)
    told = sqlite3.connect(tmp_path / "store.db")
    with told:
        told.execute(
            "INSERT INTO audit_log (at, actor, action, subject, detail) VALUES"
            " (1, 'user-2', 'STOP_SET', 'USER:user-1', '{}'), (2, 'user-1', 'RANK_GIVEN', 'user-2', '{}'),"
            " (3, 'user-2', 'RANK_GIVEN', 'user-3', '{}')"
        )
    told.close()

    tables = {table.name: table for table in asyncio.run(SqlPersonData(url)(ADMIN))}

    audit = [dict(zip(tables["audit_log"].columns, row, strict=True)) for row in tables["audit_log"].rows]
    rows = {(row["actor"], row["action"], row["subject"]) for row in audit}
    assert {("somebody else", "STOP_SET", "USER:user-1"), ("user-1", "RANK_GIVEN", "somebody else")} <= rows
    assert not any("user-2" in str(row) or "user-3" in str(row) for row in rows)


def test_given_a_store_that_is_being_written_when_scrubbed_then_it_is_unavailable_and_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bitten_adapters.sql.privacy.scrub._BUSY_SECONDS", 0.05)
    url = f"sqlite:///{tmp_path / 'store.db'}"
    upgrade(url)
    writer = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable, match="cannot be overwritten now"):
        asyncio.run(SqlScrub(url)())

    writer.execute("ROLLBACK")
    writer.close()
    asyncio.run(SqlScrub(url)())


def test_given_a_database_that_is_not_there_when_scrubbed_or_read_then_it_is_unavailable() -> None:
    url = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"

    with pytest.raises(Unavailable):
        asyncio.run(SqlScrub(url)())
    with pytest.raises(Unavailable):
        asyncio.run(SqlPersonData(url)(ADMIN))
