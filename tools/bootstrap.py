"""Set the project up on a machine that has only Python and pip, then run one thing.

::

    python tools/bootstrap.py demo [arguments of `bitten demo`]
    python tools/bootstrap.py tests [arguments of pytest]
    python tools/bootstrap.py run COMMAND [arguments]     any program of the environment
    python tools/bootstrap.py install [EXTRA]             only the environment

The environment is the folder `.venv` beside `pyproject.toml`; it is made once and brought up to date when
`pyproject.toml` changes. Nothing outside the project's folder is written. Only the standard library is used here,
because nothing else is there yet.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

__all__ = ["main"]

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv"
SCRIPTS = HOME / ("Scripts" if sys.platform == "win32" else "bin")
SUFFIX = ".exe" if sys.platform == "win32" else ""
# A file's tests stay together, so that what they share is made once; `-n 0` afterwards runs them in one process.
ON_EVERY_CORE = ["-n", "auto", "--dist", "loadfile"]


def main(arguments: list[str]) -> int:
    """Do what the first argument names and return the exit code of the program that was run."""
    if sys.version_info < OLDEST:
        print(
            f"BITTEN needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}", file=sys.stderr
        )
        return 2
    match arguments:
        case ["demo", *rest]:
            return install("") or run("bitten", ["demo", *rest])
        case ["tests", *rest]:
            return install("dev") or run("python", ["-m", "pytest", *ON_EVERY_CORE, *rest])
        case ["run", program, *rest]:
            return install("") or run(program, rest)
        case ["install"]:
            return install("")
        case ["install", extra]:
            return install(extra)
        case _:
            print(__doc__, file=sys.stderr)
            return 2


def run(program: str, arguments: list[str]) -> int:
    """Run a program of the environment in the project's folder."""
    return subprocess.run([SCRIPTS / f"{program}{SUFFIX}", *arguments], cwd=ROOT, check=False).returncode


def install(extra: str) -> int:
    """Make the environment, or bring it up to date, and return pip's exit code.

    Args:
        extra: the optional dependencies to install as well, such as ``dev``; empty for none.
    """
    wanted = f"{hashlib.sha256((ROOT / 'pyproject.toml').read_bytes()).hexdigest()} {sys.version_info[:2]} "
    stamp = HOME / f"installed{'-' + extra if extra else ''}"
    # The development environment holds all that the plain one does.
    if any(done.is_file() and done.read_text() == wanted for done in {stamp, HOME / "installed-dev"}):
        return 0
    print(f"Setting up {HOME.name} (once; pip downloads what pyproject.toml names) ...", file=sys.stderr)
    code = _create() or _pip([f"{ROOT}[{extra}]" if extra else str(ROOT)])
    if code == 0:
        stamp.write_text(wanted)
    return code


def _create() -> int:
    python = SCRIPTS / f"python{SUFFIX}"
    if not python.is_file():
        # Without pip inside: some systems ship Python without ensurepip, and the pip outside can install into it.
        venv.create(HOME, with_pip=False)
    return 0 if python.is_file() else 1


def _pip(what: list[str]) -> int:
    target = str(SCRIPTS / f"python{SUFFIX}")
    quiet = ["--quiet", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "--python", target, "install", *quiet, "--editable", *what]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
