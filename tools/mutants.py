"""Change the code of risk and XP in one place at a time, and count the changes that no test tells.

``python tools/mutants.py FOLDER`` works on copies in a new folder, for half an hour on two cores.
Functions are changed by mutmut, as pyproject.toml says. It leaves alone what stands outside of functions, and there
stand the figures of the policies: those are changed here, one step each. Every survivor must have its reason in
mutants.toml; one without fails the run. The decision is docs/decisions/0027-mutation-testing.md.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal, InvalidOperation
from importlib.metadata import version
from itertools import count
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["main"]

ROOT = Path(__file__).resolve().parents[1]
DOMAIN = Path("src/bitten_domain")
COPIED = ("src", "tests", "pyproject.toml")
LEAST_PERCENT = 85
FIGURE_SECONDS = 300
# mutmut's exit codes: pytest's own for failed and for broken, then those of a limit that was passed.
KILLED, TIMED_OUT = frozenset({1, 3}), frozenset({24, -24, 36, 152, 255})


class Mutant(NamedTuple):
    """One change.

    Args:
        module: file under src/bitten_domain.
        before, after: the changed lines, without indentation.
        is_text: only the content of a string differs.
        outcome: "killed", "timeout" or "survived".
    """

    module: str
    before: str
    after: str
    is_text: bool
    outcome: str


def main() -> int:
    """Run it; 1 when the score is below 85 % or a survivor has no reason."""
    parser = argparse.ArgumentParser(description="count the changes of risk and XP that no test tells")
    parser.add_argument("folder", type=Path, help="a new folder to work in, or that of a run, to write its page again")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes at once (all cores)")
    parser.add_argument("--write", type=Path, help="write the result page to this file")
    chosen = parser.parse_args()
    results = chosen.folder / "results.json"
    if not results.exists():
        chosen.folder.mkdir(parents=True)
        results.write_text(json.dumps(_run(chosen.folder, chosen.workers), indent=1), encoding="utf-8")
    run = json.loads(results.read_text(encoding="utf-8"))
    mutants = [Mutant(*fields) for fields in run["mutants"]]
    text, unexplained = _page(mutants, run["about"])
    sys.stdout.write(text)
    if chosen.write is not None:
        chosen.write.write_text(text, encoding="utf-8")
    for mutant in unexplained:
        print(f"no reason for {mutant.module}: {mutant.before!r} -> {mutant.after!r}", file=sys.stderr)
    return 1 if unexplained or _percent(mutants) < LEAST_PERCENT else 0


def _run(folder: Path, workers: int) -> dict[str, Any]:
    began, commit = time.monotonic(), _commit()
    copies = [folder / str(number) for number in range(workers)]
    for copy in copies:
        copy.mkdir()
        for name in COPIED:
            source, target = ROOT / name, copy / name
            shutil.copytree(source, target) if source.is_dir() else shutil.copy2(source, target)
    figures = _figures(copies)
    command = (str(Path(sys.executable).with_name("mutmut")), "run", "--max-children", str(workers))
    subprocess.run(command, cwd=copies[0], check=True, stdout=subprocess.DEVNULL)
    names = ("mutmut", "pytest", "hypothesis")
    about = (
        ("tool", ", ".join(f"{name} {version(name)}" for name in names)),
        ("version", f"bitten {version('bitten')} at {commit}, Python {platform.python_version()}"),
        ("day", time.strftime("%Y-%m-%d", time.gmtime())),
        ("time", f"{time.monotonic() - began:,.0f} s, {workers} processes"),
    )
    return {"about": about, "mutants": [*_functions(copies[0]), *figures]}


# ------------------------------------------------------------------------------------------------------------ functions


def _functions(folder: Path) -> Iterator[Mutant]:
    made = folder / "mutants"
    for meta in sorted((made / DOMAIN).rglob("*.py.meta")):
        codes: dict[str, int | None] = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        path = meta.with_suffix("")
        source = path.read_text(encoding="utf-8")
        lines = source.splitlines()
        found = {node.name: node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}
        for key, code in codes.items():
            name = key.rpartition(".")[2]
            one, other = found[re.sub(r"\d+$", "orig", name)], found[name]
            before, after = _changed(_lines_of(one, lines), _lines_of(other, lines))
            outcome = "killed" if code in KILLED else "timeout" if code in TIMED_OUT else "survived"
            module = path.relative_to(made / DOMAIN).as_posix()
            yield Mutant(module, before, after, _without_texts(one) == _without_texts(other), outcome)


def _lines_of(node: ast.FunctionDef, lines: Sequence[str]) -> list[str]:
    # From its docstring on: the names in the signatures differ.
    return [line.strip() for line in lines[node.body[0].lineno - 1 : node.end_lineno]]


def _changed(one: Sequence[str], other: Sequence[str]) -> tuple[str, str]:
    diff = list(difflib.ndiff(one, other))
    return " ".join(line[2:] for line in diff if line[0] == "-"), " ".join(line[2:] for line in diff if line[0] == "+")


def _without_texts(node: ast.FunctionDef) -> str:
    dumped = "".join(ast.dump(statement) for statement in node.body)
    return re.sub(r"Constant\(value=(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", "Constant(text", dumped)


# -------------------------------------------------------------------------------------------------------------- figures


def _figures(copies: Sequence[Path]) -> list[Mutant]:
    settings = tomllib.loads((copies[0] / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    command = (
        *(sys.executable, "-m", "pytest", "-x", "-q", "-n", "0"),
        *(*settings["pytest_add_cli_args"], *settings["pytest_add_cli_args_test_selection"]),
    )
    for copy in copies:
        if _outcome(command, copy) != "survived":
            raise SystemExit("the tests fail, or take too long, before anything is changed")
    changes = [
        (path.relative_to(copies[0]), source, changed)
        for pattern in settings["only_mutate"]
        for path in sorted(copies[0].glob(pattern.replace("/*", "/**/*.py")))
        for source in (path.read_text(encoding="utf-8"),)
        for changed in _changed_figures(source)
    ]
    free: Queue[Path] = Queue()
    for copy in copies:
        free.put(copy)

    def tried(change: tuple[Path, str, str]) -> Mutant:
        name, source, changed = change
        copy = free.get()
        try:
            (copy / name).write_text(changed, encoding="utf-8")
            outcome = _outcome(command, copy)
        finally:
            (copy / name).write_text(source, encoding="utf-8")
            free.put(copy)
        before, after = _changed(_stripped(source), _stripped(changed))
        return Mutant(name.relative_to(DOMAIN).as_posix(), before, after, is_text=False, outcome=outcome)

    with ThreadPoolExecutor(len(copies)) as pool:
        return list(pool.map(tried, changes))


def _outcome(command: Sequence[str], copy: Path) -> str:
    # Without kept bytecode: two changes within a second may leave a file as long and as old as it was.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, check=False, capture_output=True, timeout=FIGURE_SECONDS
        )
    except subprocess.TimeoutExpired:
        return "timeout"
    return "killed" if done.returncode else "survived"


def _stripped(source: str) -> list[str]:
    return [line.strip() for line in source.splitlines()]


def _changed_figures(source: str) -> Iterator[str]:
    """Change one figure or flag outside of functions at a time."""
    lines = source.splitlines(keepends=True)
    for node in _outside(ast.parse(source)):
        step = _step(node.value)
        if step is not None:
            row, line = node.lineno - 1, lines[node.lineno - 1].encode()
            changed = line[: node.col_offset] + step.encode() + line[node.end_col_offset :]
            yield "".join([*lines[:row], changed.decode(), *lines[row + 1 :]])


def _outside(node: ast.AST) -> Iterator[ast.Constant]:
    """Find constants outside of functions, decorators, annotations and docstrings."""
    if isinstance(node, ast.FunctionDef | ast.Lambda):
        return
    if isinstance(node, ast.Constant):
        yield node
    for name, child in ast.iter_fields(node):
        if name in {"annotation", "decorator_list"}:
            continue
        for each in child if isinstance(child, list) else [child]:
            if isinstance(each, ast.AST) and not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)):
                yield from _outside(each)


def _step(value: object) -> str | None:
    """Write a figure one step higher, a flag turned round; nothing for a text."""
    if isinstance(value, bool):
        return str(not value)
    if isinstance(value, int):
        return str(value + 1)
    try:
        figure = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None
    if figure is None or not figure.is_finite():
        return None
    return f'"{figure + Decimal(1).scaleb(int(figure.as_tuple().exponent))}"'


# ----------------------------------------------------------------------------------------------------------------- page


def _percent(mutants: Iterable[Mutant]) -> float:
    all_of_them = list(mutants)
    return 100 * sum(mutant.outcome != "survived" for mutant in all_of_them) / max(1, len(all_of_them))


def _page(mutants: list[Mutant], about: Iterable[tuple[str, str]]) -> tuple[str, list[Mutant]]:
    groups = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    survived = [mutant for mutant in mutants if mutant.outcome == "survived"]
    left = [mutant for mutant in survived if not mutant.is_text]
    behaviour = [mutant for mutant in mutants if not mutant.is_text]
    risk = [mutant for mutant in mutants if mutant.module.startswith("risk/")]
    rows = [
        _HEAD,
        f"| mutants | {len(mutants):,} |",
        f"| killed | {sum(mutant.outcome == 'killed' for mutant in mutants):,} |",
        f"| beyond their time | {sum(mutant.outcome == 'timeout' for mutant in mutants):,} |",
        f"| survived | {len(survived):,} |",
        f"| score | {_percent(mutants):.1f} % |",
        f"| score of risk | {_percent(risk):.1f} % |",
        f"| score of XP | {_percent(mutant for mutant in mutants if mutant not in risk):.1f} % |",
        f"| score without texts ({len(behaviour):,} mutants) | {_percent(behaviour):.1f} % |",
        *(f"| {what} | {said} |" for what, said in about),
        "",
        "| module | mutants | killed | beyond their time | survived | of them texts | score, % |",
        "|---|---|---|---|---|---|---|",
    ]
    for module in sorted({mutant.module for mutant in mutants}):
        ours = [mutant for mutant in mutants if mutant.module == module]
        told = [sum(mutant.outcome == outcome for mutant in ours) for outcome in ("killed", "timeout", "survived")]
        texts = sum(mutant.is_text and mutant.outcome == "survived" for mutant in ours)
        rows.append(f"| {module} | {len(ours)} | {' | '.join(map(str, told))} | {texts} | {_percent(ours):.1f} |")
    rows += ["", "## Survivors", "", _TEXTS.format(texts=len(survived) - len(left))]
    for why, places in ((group["why"], group["mutants"]) for group in groups.values()):
        known = {(module, after) for module, lines in places.items() for after in lines}
        here = [mutant for mutant in left if (mutant.module, mutant.after) in known]
        left = [mutant for mutant in left if mutant not in here]
        if here:
            rows += ["", why, "", "| module | from | to |", "|---|---|---|"]
            rows += [f"| {one.module} | {_code(one.before)} | {_code(one.after)} |" for one in here]
    return "\n".join(rows) + "\n", left


def _commit() -> str:
    git = shutil.which("git")
    if git is None:
        return "an unknown commit"
    command = (git, "describe", "--always", "--dirty")
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def _code(line: str) -> str:
    """Quote a line for a table."""
    fence = next("`" * ticks for ticks in count(1) if "`" * ticks not in line)
    return f"{fence}{line}{fence}".replace("|", "\\|")


_HEAD = """# Mutants: changes of risk and XP that no test tells

Written by `nox -s mutants`; not edited by hand. One place of `bitten_domain.risk` or `bitten_domain.progression.xp` is
changed, and the tests that reach it run; the change is killed when one fails. Functions are changed by mutmut, figures
and flags outside of them one step each. How, and why so, is in
[decision 27](../../decisions/0027-mutation-testing.md).

| what | figure |
|---|---|"""

_TEXTS = """{texts} survivors differ in nothing but the content of a string: what a refusal or an error says in words.
Texts with a figure or a choice in them are tested; other wording is no promise, and a test would only repeat it."""

if __name__ == "__main__":
    raise SystemExit(main())
