"""What every test may ask for."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings

from bitten_domain.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bitten_apps.testkit.postgres_databases import PostgresDatabases

__all__: list[str] = []

ROOT = Path(__file__).resolve().parent.parent

# No deadline: machines that run tests are shared, and a slow example is not a wrong one.
settings.register_profile("project", deadline=None, max_examples=30, print_blob=True)
# For a long look: pytest --hypothesis-profile=thorough. Tests that say their own number keep it.
settings.register_profile("thorough", deadline=None, max_examples=300, print_blob=True)
# For mutants: the same examples each time, nothing kept, and a failure is enough; a slow machine is no failure.
settings.register_profile(
    "mutants",
    deadline=None,
    max_examples=100,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("project")


@pytest.fixture(scope="session")
def project_root() -> Path:
    """Give the folder that holds pyproject.toml."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data(project_root: Path) -> Path:
    """Give the folder of real market data beside the project; skip, and say so, where there is none."""
    folder = project_root.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no real market data: ../shared/data is not there")
    return folder


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    """Give fresh databases on the server an environment variable names, else on one of our own; skip without either."""
    # Imported here: most tests need no driver, and start without one.
    from bitten_apps.testkit.postgres_databases import PostgresDatabases
    from bitten_apps.testkit.postgres_server import PostgresServer

    with ExitStack() as stack:
        url = os.environ.get("BITTEN_TEST_POSTGRES_URL")
        if url is None:
            try:
                url = stack.enter_context(PostgresServer()).url()
            except Unavailable as error:
                pytest.skip(f"{error}; BITTEN_TEST_POSTGRES_URL is not set either")
        yield stack.enter_context(PostgresDatabases(url, uuid4()))


@pytest.fixture
def postgres_url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    """Give the URL of a database with empty tables that nobody else uses."""
    with postgres_databases.migrated() as url:
        yield url
