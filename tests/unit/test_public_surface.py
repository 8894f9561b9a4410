"""The library's surface: every name is there, documented, in the reference, and loaded only when used."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import bitten_domain

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "library.md"


@pytest.mark.parametrize("name", bitten_domain.__all__)
def test_given_a_public_name_when_imported_then_it_is_there_and_documented(name: str) -> None:
    value = getattr(bitten_domain, name)

    if inspect.isclass(value) or inspect.isfunction(value):
        assert inspect.getdoc(value)
        assert value.__name__ == name


def test_given_the_reference_when_read_then_it_lists_the_surface_and_nothing_else() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(listed) == sorted(bitten_domain.__all__)


def test_given_the_surface_when_listed_then_editors_and_type_checkers_see_what_is_loaded() -> None:
    tree = ast.parse(Path(inspect.getsourcefile(bitten_domain) or "").read_text(encoding="utf-8"))
    typed = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bitten_domain.")
        for alias in node.names
    }

    assert sorted(typed) == dir(bitten_domain) == sorted(bitten_domain.__all__)
    for name, module in typed.items():
        assert getattr(sys.modules[str(module)], name) is getattr(bitten_domain, name)


def test_given_a_name_that_is_not_there_when_asked_then_it_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'guess'"):
        bitten_domain.guess  # noqa: B018


def test_given_a_bare_import_when_done_then_nothing_heavy_is_loaded() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, bitten_domain; print('numpy' in sys.modules, len(sys.modules))"],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.split()[0] == "False"
