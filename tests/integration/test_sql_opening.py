"""A URL names the store."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.sql import schema
from bitten_adapters.sql.opening import open_store
from bitten_apps.testkit.unit_of_work import samples
from bitten_domain.errors import InvalidInput
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from pathlib import Path


def salt() -> bytes:
    return bytes(16)


def kept(url: str) -> object:
    schema.upgrade(url)
    store = open_store(url, INSTRUMENTS, salt)

    async def scene() -> object:
        await store.run(samples.add_accounts)
        return await store.read(lambda r: r.accounts.get(samples.account_id()))

    try:
        return asyncio.run(scene())
    finally:
        store.close()


def test_given_the_url_of_a_file_when_opened_then_the_store_is_kept_there(tmp_path: Path) -> None:
    assert kept(f"sqlite:///{tmp_path / 'a store.db'}") == samples.account()
    assert (tmp_path / "a store.db").is_file()


def test_given_the_url_of_a_server_when_opened_then_the_store_is_kept_there(postgres_url: str) -> None:
    assert kept(postgres_url) == samples.account()


@pytest.mark.parametrize("url", ["", "store.db", "sqlite://", "mysql://host/store", "postgresql+asyncpg://host/store"])
def test_given_a_url_of_no_store_when_opened_then_it_says_which_there_are(url: str) -> None:
    with pytest.raises(InvalidInput, match="sqlite:///path"):
        open_store(url, INSTRUMENTS, salt)
