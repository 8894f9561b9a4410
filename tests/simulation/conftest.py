"""A slice of the simulation, told once for all tests of a run, and a calm world for what is shown step by step."""

from __future__ import annotations

import pytest

from bitten_apps.testkit.simulation.calm import CalmWorld
from bitten_apps.testkit.simulation.proof.campaign import Campaign, run_campaign

STORIES = 12


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    """Tell the first stories, with every fault and two routers."""
    return run_campaign(range(1, STORIES + 1))


@pytest.fixture
def peace() -> CalmWorld:
    return CalmWorld()
