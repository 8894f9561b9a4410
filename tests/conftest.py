"""What every test may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

__all__: list[str] = []

ROOT = Path(__file__).resolve().parent.parent

# No deadline: machines that run tests are shared, and a slow example is not a wrong one.
settings.register_profile("project", deadline=None, max_examples=30, print_blob=True)
# For a long look: pytest --hypothesis-profile=thorough. Tests that say their own number keep it.
settings.register_profile("thorough", deadline=None, max_examples=300, print_blob=True)
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
