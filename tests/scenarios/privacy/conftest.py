"""Places with a store of each database, and two persons in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from bitten_adapters.sql.schema import upgrade
from bitten_apps.testkit.privacy.place import Place, new_place, plant_both

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bitten_apps.testkit.postgres_databases import PostgresDatabases

__all__: list[str] = []


@pytest.fixture(params=["sqlite", "postgres"])
def empty_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Give a place whose store is empty."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'store.db'}"
        upgrade(url)
    else:
        databases = cast("PostgresDatabases", request.getfixturevalue("postgres_databases"))
        url = databases.fresh()
    place = new_place(url, tmp_path)
    try:
        yield place
    finally:
        place.store.close()


@pytest.fixture
def place(empty_place: Place) -> Place:
    """Give a place with Ann and Ben in it."""
    plant_both(empty_place)
    return empty_place
