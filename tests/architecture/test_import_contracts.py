"""The import contracts of pyproject.toml hold, and the domain imports nothing that reads or changes the world."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from importlinter.cli import lint_imports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

# What of the standard library does I/O, or knows the time, chance, the environment or other threads.
WORLDLY = frozenset(
    {
        "asyncio",
        "concurrent",
        "ctypes",
        "fcntl",
        "getpass",
        "glob",
        "http",
        "importlib.metadata",
        "importlib.resources",
        "io",
        "locale",
        "logging",
        "mmap",
        "multiprocessing",
        "os",
        "pathlib",
        "platform",
        "random",
        "secrets",
        "shutil",
        "signal",
        "socket",
        "sqlite3",
        "ssl",
        "subprocess",
        "tempfile",
        "threading",
        "time",
        "urllib",
        "uuid",
    }
)
WORLDLY_CALLS = frozenset({"open", "print", "input", "exec", "eval", "breakpoint", "__import__"})
WORLDLY_ATTRIBUTES = frozenset(
    {"now", "utcnow", "today", "random", "fromfile", "tofile", "loadtxt", "savetxt", "memmap"}
)
CLOCK_OWNERS = frozenset({"datetime", "date", "np", "numpy"})


def modules(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_given_the_import_contracts_when_linted_then_all_are_kept(
    project_root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project_root)
    monkeypatch.setattr(sys, "path", [str(project_root / "src"), *sys.path])

    code = lint_imports(config_filename=str(project_root / "pyproject.toml"), no_cache=True, no_logo=True)

    assert code == 0, capsys.readouterr().out


def test_given_the_domain_when_scanned_then_it_imports_itself_the_standard_library_and_numpy(
    project_root: Path,
) -> None:
    allowed = {"bitten_domain", "numpy", *sys.stdlib_module_names}

    strangers = [
        f"{path.relative_to(project_root)}: {name}"
        for path, tree in modules(project_root / "src" / "bitten_domain")
        for name in imported(tree)
        if name.partition(".")[0] not in allowed
    ]

    assert strangers == []


def test_given_the_domain_when_scanned_then_it_has_no_way_to_the_world(project_root: Path) -> None:
    found = [
        f"{path.relative_to(project_root)}: imports {name}"
        for path, tree in modules(project_root / "src" / "bitten_domain")
        for name in imported(tree)
        if name in WORLDLY or name.partition(".")[0] in WORLDLY or name.startswith("numpy.random")
    ]

    assert found == []


def test_given_the_domain_when_scanned_then_it_reads_no_clock_draws_no_number_and_opens_no_file(
    project_root: Path,
) -> None:
    found: list[str] = []
    for path, tree in modules(project_root / "src" / "bitten_domain"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WORLDLY_CALLS:
                found.append(f"{path.relative_to(project_root)}:{node.lineno}: calls {node.func.id}")
            if (
                isinstance(node, ast.Attribute)
                and node.attr in WORLDLY_ATTRIBUTES
                and isinstance(node.value, ast.Name)
                and node.value.id in CLOCK_OWNERS
            ):
                found.append(f"{path.relative_to(project_root)}:{node.lineno}: {node.value.id}.{node.attr}")

    assert found == []


def test_given_the_domain_when_scanned_then_no_ring_imports_through_the_public_surface(project_root: Path) -> None:
    # The surface re-exports the rings; importing it from inside would be a circle.
    found = [
        f"{path.relative_to(project_root)}:{node.lineno}"
        for path, tree in modules(project_root / "src" / "bitten_domain")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "bitten_domain"
    ]

    assert found == []


def test_given_the_environment_when_looked_for_then_only_the_settings_read_it(project_root: Path) -> None:
    settings = project_root / "src" / "bitten_apps" / "settings.py"

    readers = [
        str(path.relative_to(project_root))
        for path, tree in modules(project_root / "src")
        for node in ast.walk(tree)
        if path != settings
        and isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    ]

    assert readers == []


def test_given_an_approved_order_when_looked_for_then_only_the_assessment_makes_one(project_root: Path) -> None:
    minters = {
        str(path.relative_to(project_root / "src").as_posix())
        for path, tree in modules(project_root / "src")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id == "ApprovedOrder")
            or (isinstance(node.func, ast.Attribute) and node.func.attr == "ApprovedOrder")
        )
    }

    assert minters <= {"bitten_domain/risk/assess.py"}
