"""Sessions that prove the project: ``nox`` runs the default ones, ``nox -s NAME`` one of them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["lint", "types", "imports", "docs", "tests"]

PYTHONS = ["3.11", "3.12", "3.13"]


def install(session: nox.Session) -> None:
    """Install the project with everything the sessions need."""
    session.install("-e", ".[dev]")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the test suite on each interpreter that is there; arguments after ``--`` go to pytest."""
    install(session)
    session.run("pytest", "-n", "auto", "--dist", "loadfile", *session.posargs)


@nox.session(python=PYTHONS[0])
def lint(session: nox.Session) -> None:
    """Check style and the banned calls."""
    install(session)
    session.run("ruff", "check", ".")


@nox.session(python=PYTHONS[0])
def types(session: nox.Session) -> None:
    """Check types, strictly, tests included."""
    install(session)
    session.run("mypy")


@nox.session(python=PYTHONS[0])
def imports(session: nox.Session) -> None:
    """Check the import contracts: hexagon, rings, independent adapters."""
    install(session)
    session.run("lint-imports", "--no-cache")


@nox.session(python=PYTHONS[0])
def docs(session: nox.Session) -> None:
    """Run the code blocks of the docs and check the paths they name."""
    install(session)
    session.run("pytest", "tests/architecture", "-k", "docs or seed_map", *session.posargs)


@nox.session(python=PYTHONS[0])
def bench(session: nox.Session) -> None:
    """Measure the engine and its baselines side by side, print the table of ratios and write it down."""
    session.install("-e", ".[dev,bench]")
    session.run("python", "benchmarks", *session.posargs)
    session.run("python", "benchmarks/store.py")


@nox.session(python=PYTHONS[0])
def simulate(session: nox.Session) -> None:
    """Tell a million fires in a world where everything fails, plant every bug, and write the result down."""
    install(session)
    page = "docs/reference/measurements/simulation.md"
    processes = str(os.cpu_count() or 1)
    session.run(
        *("python", "-m", "bitten_apps.testkit.simulation", "campaign", "--fires", "1000000"),
        *("--processes", processes, "--write", page, *session.posargs),
    )


@nox.session(python=PYTHONS[0])
def histories(session: nox.Session) -> None:
    """Draw a hundred thousand histories of people who trade and learn, plant every bug, and write the result down."""
    install(session)
    page = "docs/reference/measurements/histories.md"
    processes = str(os.cpu_count() or 1)
    session.run(
        *("python", "-m", "bitten_apps.testkit.histories", "--histories", "100000"),
        *("--processes", processes, "--write", page, *session.posargs),
    )


@nox.session(python=PYTHONS[0])
def kills(session: nox.Session) -> None:
    """Kill the process at every crossing and at 300 random moments on both databases, and write the result down."""
    install(session)
    page = "docs/reference/measurements/kills.md"
    processes = str(os.cpu_count() or 1)
    session.run(
        *("python", "-m", "bitten_apps.testkit.kills", "prove"),
        *("--processes", processes, "--write", page, *session.posargs),
    )


@nox.session(python=PYTHONS[0])
def crowd(session: nox.Session) -> None:
    """Fire from 64 workers and several processes at one account's limits on both databases, and write it down."""
    install(session)
    page = "docs/reference/measurements/crowd.md"
    session.run("python", "-m", "bitten_apps.testkit.crowd", "prove", "--write", page, *session.posargs)


@nox.session(python=PYTHONS[0])
def mutants(session: nox.Session) -> None:
    """Change risk and XP in one place at a time, count the changes no test tells, and write the result down."""
    session.install("-e", ".[dev,mutants]")
    page = "docs/reference/measurements/mutants.md"
    folder = Path(session.create_tmp()) / "copy"
    shutil.rmtree(folder, ignore_errors=True)
    session.run("python", "tools/mutants.py", str(folder), "--write", page, *session.posargs)
