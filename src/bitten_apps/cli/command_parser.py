"""An argument parser that answers a slip with one line and a suggestion."""

from __future__ import annotations

import argparse
import difflib
import re
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["CommandParser", "UsageError", "nearest"]

_CHOICE = re.compile(r"argument (?P<option>\S+): invalid choice: '(?P<word>[^']*)' \(choose from (?P<known>.*)\)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


class UsageError(Exception):
    """The command line cannot be understood."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Propose the known word that looks most like a mistyped one, in any case, as a question; empty when none does."""
    by_lower = {each.lower(): each for each in known}
    found = difflib.get_close_matches(word.lower(), list(by_lower), n=1, cutoff=0.6)
    return f"; did you mean {by_lower[found[0]]}?" if found else ""


class CommandParser(argparse.ArgumentParser):
    """A parser whose errors are `UsageError` and whose options are written out, so that scripts stay true."""

    def __init__(self, *args: object, **options: object) -> None:
        options.setdefault("allow_abbrev", False)
        super().__init__(*args, **options)  # type: ignore[arg-type] # handed on as they came

    def parse_known_args(  # type: ignore[override] # narrower: a namespace is a plain one here
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse, and answer an option that no argument takes where its neighbours are known."""
        parsed, rest = super().parse_known_args(args, namespace)
        if rest:
            word = rest[0].partition("=")[0]
            hint = nearest(word, set(_OPTION.findall(self.format_help()))) if word.startswith("-") else ""
            self.error(f"unknown argument {word}{hint}")
        return parsed, rest

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the whole usage."""
        wrong = _CHOICE.fullmatch(message)
        if wrong:
            known = [word.strip("' ") for word in wrong["known"].split(",")]
            hint = nearest(wrong["word"], known) or f"; choose {', '.join(known)}"
            what = "unknown command" if wrong["option"] == "COMMAND" else f"{wrong['option']} cannot be"
            message = f"{what} {wrong['word']!r}{hint}"
        raise UsageError(f"{self.prog}: {message} (see {self.prog} --help)")
