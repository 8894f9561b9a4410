"""Modules are small, named for what they hold, and say what is public."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
MODULES = sorted(SOURCE.rglob("*.py"))

MOST_LINES = 400
MOST_MODULES = 14
VAGUE = frozenset({"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc", "base", "core"})


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def words_of(name: str) -> set[str]:
    """Split a snake_case or CamelCase name into lower-case words."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)}


def isort_key(name: str) -> tuple[int, list[tuple[int, str]]]:
    """Order names as the linter does: constants, classes, then the rest; numbers by value."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    parts = [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]
    return kind, parts


def public_names(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        target = (
            node.targets[0]
            if isinstance(node, ast.Assign)
            else node.target
            if isinstance(node, ast.AnnAssign)
            else None
        )
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if isinstance(target, ast.Name) and target.id == "__all__" and isinstance(value, ast.List | ast.Tuple):
            return [str(element.value) for element in value.elts if isinstance(element, ast.Constant)]
    return None


def undocumented(tree: ast.Module, public: set[str]) -> list[str]:
    missing = [] if ast.get_docstring(tree) or not tree.body else ["module"]
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name not in public:
            continue
        if not ast.get_docstring(node):
            missing.append(node.name)
        if isinstance(node, ast.ClassDef):
            missing += [
                f"{node.name}.{inner.name}"
                for inner in node.body
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)
                and not inner.name.startswith("_")
                and not ast.get_docstring(inner)
            ]
    return missing


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_given_a_module_when_counted_then_it_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < MOST_LINES


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_given_a_module_when_read_then_its_public_names_are_listed_sorted_and_there(path: Path) -> None:
    tree = tree_of(path)
    public = public_names(tree)

    if public is None and path.name == "__init__.py" and len(tree.body) <= 1:
        return  # a docstring alone offers no names
    assert public is not None, "no __all__"
    assert public == sorted(public, key=isort_key)
    assert len(public) == len(set(public))
    assert not any(name.startswith("_") and not name.startswith("__") for name in public)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_given_a_module_when_read_then_its_public_things_are_explained(path: Path) -> None:
    tree = tree_of(path)

    assert undocumented(tree, set(public_names(tree) or [])) == []


def test_given_files_folders_and_classes_when_named_then_no_name_is_vague() -> None:
    names = {part for path in MODULES for part in Path(name_of(path)).with_suffix("").parts}
    classes = {node.name for path in MODULES for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef)}

    assert sorted(name for name in names | classes if words_of(name) & VAGUE) == []


def test_given_a_folder_when_counted_then_it_holds_few_modules() -> None:
    folders = {path.parent for path in MODULES}
    # The vocabulary is one enumeration a file, the rules of risk one rule a file: long lists of short things.
    lists = {SOURCE / "bitten_domain" / "vocabulary", SOURCE / "bitten_domain" / "risk" / "rules"}

    crowded = {
        name_of(folder): count
        for folder in folders - lists
        if (count := sum(path.name != "__init__.py" for path in folder.glob("*.py"))) > MOST_MODULES
    }

    assert crowded == {}


def test_given_a_folder_of_modules_when_looked_at_then_it_is_a_package() -> None:
    folders = {path.parent for path in MODULES} - {SOURCE}

    assert sorted(name_of(folder) for folder in folders if not (folder / "__init__.py").is_file()) == []


@pytest.mark.parametrize("package", ["bitten_domain", "bitten_adapters", "bitten_apps"])
def test_given_a_package_when_shipped_then_it_says_that_it_is_typed(package: str) -> None:
    assert (SOURCE / package / "py.typed").is_file()


def test_given_classes_when_named_then_none_is_an_interface_by_prefix_or_an_implementation_by_suffix() -> None:
    classes = {node.name for path in MODULES for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef)}

    assert [name for name in classes if re.search(r"^I[A-Z][a-z]|^Abstract|Impl$|Mock", name)] == []
