"""The seed map names every system the project was asked for, and only paths that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEED_MAP = ROOT / "docs" / "reference" / "seed_map.md"

COMPONENT_FILES = (
    "bitten_core.py",
    "self_optimizing_tcs.py",
    "mt5_farm_adapter.py",
    "fire_router.py",
    "strategies/",
    "london_breakout.py",
    "mean_reversion.py",
    "momentum_continuation.py",
    "cross_asset_correlation.py",
    "risk_management.py",
    "telegram_router.py",
    "ui/",
    "xp_*.py",
    "analytics/",
)
SYSTEMS = (
    "Bot commands and messaging",
    "Press pass system",
    "Webhooks handler",
    "Web apps",
    "Rank access",
    "XP, achievements",
    "Risk manager and controls",
    "News system and scheduler",
    "Stealth protocol",
    "10-pair self-optimizer",
    "Signal generation",
    "Order flow analysis",
    "Market data processing",
    "Sentiment analysis",
    "News filter and blackouts",
    "PostgreSQL",
    "SQLite",
    "File system, JSON, CSV",
    "Redis cache",
    "MT5 brokers, multi-broker, failover",
    "News feeds, economic data",
    "Payment processors",
    "Funnel analysis",
    "Anomaly detection",
    "Reporting",
    "Database schema",
    "Backups",
    "Webhook security",
    "Input validation",
    "Encryption and hashing",
    "Privacy controls",
    "Docker, systemd",
    "Environment configuration",
    "Health monitoring",
    "Scaling",
    "Signals a day",
    "Response time",
    "Uptime",
    "Concurrent users",
)


def rows() -> list[list[str]]:
    lines = SEED_MAP.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in cells if not set(row[0]) <= {"-", " ", ":"} and row[0] != "asked for"]


@pytest.mark.parametrize("name", COMPONENT_FILES)
def test_given_a_file_of_the_seed_when_looked_up_then_the_map_says_where_it_went(name: str) -> None:
    assert any(f"`{name}`" in row[0] for row in rows())


@pytest.mark.parametrize("system", SYSTEMS)
def test_given_a_system_of_the_seed_when_looked_up_then_the_map_has_a_row_for_it(system: str) -> None:
    assert any(row[0].startswith(system) for row in rows())


def test_given_the_map_when_its_paths_are_followed_then_each_exists() -> None:
    named = re.findall(
        r"`((?:src|tests|docs|tools|benchmarks|\.ci)/[^`]*|noxfile\.py|pyproject\.toml)`", SEED_MAP.read_text("utf-8")
    )

    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_given_a_row_of_the_map_when_read_then_it_names_a_place_a_decision_or_the_milestone_it_waits_for() -> None:
    vague = [
        row[0]
        for row in rows()
        if len(row) != 3 or not ("`" in row[1] or "(../decisions/" in row[1] or row[1].startswith("planned: "))
    ]

    assert vague == []
